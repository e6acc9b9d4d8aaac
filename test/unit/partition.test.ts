import { describe, expect, it } from 'vitest';
import type { Evidence, Fragment, Ruling } from '../../worker/record/identity/evidence.ts';
import { type Limits, USUAL } from '../../worker/record/identity/limits.ts';
import { type Partition, partition } from '../../worker/record/identity/partition.ts';
import { fc, runs } from '../support/chance.ts';

/** Who belongs together, held to its rules over thousands of small made-up neighbourhoods. */
const RUNS = { numRuns: runs(3000) };

type Neighbourhood = {
  readonly fragments: readonly Fragment[];
  readonly evidence: readonly Evidence[];
  readonly rulings: readonly Ruling[];
};

const SIZE = 7;
const index = fc.nat(SIZE - 1);
const fragments: readonly Fragment[] = Array.from({ length: SIZE }, (_, i) => ({
  id: i + 1,
  sourceId: 1 + (i % 2),
  key: `k${i}`,
}));

const shared: fc.Arbitrary<Evidence> = fc.record({
  fragmentId: index.map((i) => i + 1),
  kind: fc.constantFrom('email', 'phone', 'order'),
  value: fc.constantFrom('x', 'y', 'z'),
  scope: fc.constant(0),
  assurance: fc.constantFrom(2, 3),
  firstAt: fc.nat(3),
});
/** One customer id a fragment and namespace, as a shop gives them: it is the key of the fragment. */
const owned: fc.Arbitrary<Evidence> = fc
  .record({ i: index, id: fc.constantFrom('1', '2'), scope: fc.constantFrom(1, 2), firstAt: fc.nat(3) })
  .map(({ i, id, scope, firstAt }) => ({
    fragmentId: i + 1,
    kind: 'customer',
    value: id,
    scope,
    assurance: 2,
    firstAt,
  }));

const evidence = fc
  .tuple(
    fc.uniqueArray(shared, { maxLength: 14, selector: (e) => `${e.fragmentId} ${e.kind} ${e.value}` }),
    fc.uniqueArray(owned, { maxLength: 8, selector: (e) => `${e.fragmentId} ${e.scope}` }),
  )
  .map(([some, others]) => [...some, ...others]);

const pair = fc.tuple(index, index).filter(([a, b]) => a !== b);
const refusals = fc
  .array(pair, { maxLength: 3 })
  .map((pairs) => pairs.map(([a, b]): Ruling => ({ action: 'refuse', a: a + 1, b: b + 1 })));
const links = fc
  .array(pair, { maxLength: 2 })
  .map((pairs) => pairs.map(([a, b]): Ruling => ({ action: 'link', a: a + 1, b: b + 1 })));

const neighbourhood = (rulings: fc.Arbitrary<Ruling[]>): fc.Arbitrary<Neighbourhood> =>
  fc.record({ fragments: fc.constant(fragments), evidence, rulings });

/** Limits so tight that they bite in a neighbourhood of seven. */
const TIGHT: Limits = { email: 1, phone: 1, anonymous_id: 1, identifiers: 4, merges: 2 };
const run = ({ fragments, evidence, rulings }: Neighbourhood, limits?: Limits): Partition =>
  partition(fragments, evidence, rulings, limits);
const groupOf = (result: Partition, id: number): number =>
  result.groups.findIndex(({ fragmentIds }) => fragmentIds.includes(id));
const together = (result: Partition, a: number, b: number): boolean => groupOf(result, a) === groupOf(result, b);

/** What came out, told by names instead of numbers, in an order of its own. */
function named(result: Partition, fragments: readonly Fragment[]): unknown {
  const name = (id: number) => fragments.find((fragment) => fragment.id === id)?.key;
  return {
    groups: result.groups
      .map(({ customerId, fragmentIds }) => `${name(customerId)}: ${fragmentIds.map(name).sort().join()}`)
      .sort(),
    decided: result.decided.map((d) => ({ ...d, a: name(d.a), b: name(d.b) })),
  };
}

const EMAIL = { kind: 'email', value: 'shared@x.test', scope: 0, assurance: 2 } as const;

const held = (fragmentId: number, kind: string, value: string, over: Partial<Evidence> = {}): Evidence => ({
  fragmentId,
  kind,
  value,
  scope: 0,
  assurance: 3,
  firstAt: fragmentId,
  ...over,
});
const chain = (n: number) => Array.from({ length: n }, (_, i) => ({ id: i + 1, sourceId: i + 1, key: 'k' }));

describe('who belongs together', () => {
  it('does not depend on the order in which anything is read, nor on the numbers fragments were given', () => {
    const shuffled = neighbourhood(refusals).chain((one) =>
      fc.record({
        one: fc.constant(one),
        evidence: fc.shuffledSubarray([...one.evidence], { minLength: one.evidence.length }),
        ids: fc.shuffledSubarray(
          fragments.map(({ id }) => id * 10),
          { minLength: SIZE },
        ),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ one, evidence, ids }) => {
        const renumber = (id: number) => ids[id - 1] ?? 0;
        const others = one.fragments.map((f) => ({ ...f, id: renumber(f.id) })).sort((a, b) => a.id - b.id);
        const other = {
          fragments: others,
          evidence: evidence.map((e) => ({ ...e, fragmentId: renumber(e.fragmentId) })),
          rulings: one.rulings.map((r) => ({ ...r, a: renumber(r.a), b: renumber(r.b) })),
        };
        for (const limits of [USUAL, TIGHT])
          expect(named(run(other, limits), others)).toEqual(named(run(one, limits), one.fragments));
      }),
      RUNS,
    );
  });

  it('puts each fragment into one group, led by one of its own', () => {
    fc.assert(
      fc.property(neighbourhood(fc.tuple(refusals, links).map(([a, b]) => [...a, ...b])), (one) => {
        const { groups } = run(one);
        expect(groups.flatMap(({ fragmentIds }) => fragmentIds).sort()).toEqual(fragments.map(({ id }) => id));
        for (const { customerId, fragmentIds } of groups) expect(fragmentIds).toContain(customerId);
      }),
      RUNS,
    );
  });

  it('never holds two ids of one namespace unless staff said so', () => {
    fc.assert(
      fc.property(neighbourhood(refusals), (one) => {
        for (const { fragmentIds } of run(one).groups) {
          const ids = one.evidence.filter((e) => e.kind === 'customer' && fragmentIds.includes(e.fragmentId));
          for (const scope of [1, 2]) {
            expect(new Set(ids.filter((e) => e.scope === scope).map((e) => e.value)).size).toBeLessThan(2);
          }
        }
      }),
      RUNS,
    );
  });

  it('joins only over a value that both hold, and writes down which', () => {
    fc.assert(
      fc.property(neighbourhood(refusals), (one) => {
        const result = run(one);
        const holds = (id: number, kind: string, value: string) =>
          one.evidence.some((e) => e.fragmentId === id && e.kind === kind && e.value === value);
        for (const { a, b, reason } of result.decided) {
          expect(holds(a, reason.kind, reason.value) && holds(b, reason.kind, reason.value)).toBe(true);
        }
        // A group of n is held together by exactly n - 1 of the links.
        const joins = result.decided.filter(({ action }) => action === 'link');
        expect(joins).toHaveLength(SIZE - result.groups.length);
        for (const { a, b } of joins) expect(together(result, a, b)).toBe(true);
      }),
      RUNS,
    );
  });

  it('never joins what a person has kept apart', () => {
    fc.assert(
      fc.property(neighbourhood(refusals), (one) => {
        const result = run(one);
        for (const { a, b } of one.rulings) expect(together(result, a, b)).toBe(false);
      }),
      RUNS,
    );
  });

  it('always joins what a person has joined', () => {
    fc.assert(
      fc.property(neighbourhood(links), (one) => {
        const result = run(one);
        for (const { a, b } of one.rulings) expect(together(result, a, b)).toBe(true);
      }),
      RUNS,
    );
  });

  it('keeps two holders of one value apart only for a reason that it names', () => {
    fc.assert(
      fc.property(neighbourhood(fc.constant([])), (one) => {
        const result = run(one);
        for (const x of one.evidence) {
          for (const y of one.evidence) {
            const isShared = x.kind === y.kind && x.value === y.value && x.scope === y.scope;
            if (!isShared || together(result, x.fragmentId, y.fragmentId)) continue;
            const refusal = result.decided.find(
              ({ action, a, b }) =>
                action === 'refuse' && [a, b].sort().join() === [x.fragmentId, y.fragmentId].sort().join(),
            );
            expect(['differing_id', 'ambiguous', 'second_address']).toContain(refusal?.reason.rule);
            if (refusal?.reason.rule === 'differing_id') expect(refusal.reason.ids.length).toBeGreaterThan(1);
          }
        }
      }),
      RUNS,
    );
  });

  it('holds together however many sources know the same address', () => {
    const crowd = Array.from({ length: 60 }, (_, i) => ({ id: i + 1, sourceId: i + 1, key: 'k' }));
    const held = crowd.map(({ id }): Evidence => ({ ...EMAIL, fragmentId: id, firstAt: id }));
    expect(partition(crowd, held, []).groups).toHaveLength(1);
  });

  it('links nobody by a value that several people of one source hold', () => {
    const fragments = [1, 2, 3].map((id) => ({ id, sourceId: id === 3 ? 2 : 1, key: `customer:${id}` }));
    const evidence = fragments.flatMap(({ id, sourceId }): Evidence[] => [
      { ...EMAIL, fragmentId: id, firstAt: id },
      { ...EMAIL, kind: 'customer', value: String(id), scope: sourceId, fragmentId: id, firstAt: id },
    ]);
    const { groups, decided } = partition(fragments, evidence, []);
    expect(groups).toHaveLength(3);
    expect(decided.map(({ action, reason }) => [action, reason.rule]).sort()).toEqual([
      ['refuse', 'ambiguous'],
      ['refuse', 'ambiguous'],
      ['refuse', 'differing_id'],
    ]);
  });

  it('joins the others all the same, whoever of one source holds the value, too', () => {
    const among = (rivals: number, others: number) => {
      const fragments = Array.from({ length: rivals + others }, (_, i) => ({
        id: i + 1,
        sourceId: i < rivals ? 1 : 1 + i,
        key: `customer:${i}`,
      }));
      const evidence = fragments.flatMap(({ id, sourceId }): Evidence[] => [
        { ...EMAIL, fragmentId: id, firstAt: id },
        ...(sourceId === 1
          ? [{ ...EMAIL, kind: 'customer', value: String(id), scope: 1, fragmentId: id, firstAt: id }]
          : []),
      ]);
      return partition(fragments, evidence, []);
    };
    for (const [rivals, others] of [
      [2, 2],
      [3, 5],
      [30, 30],
      [2, 60],
    ] as const) {
      const { groups } = among(rivals, others);
      expect(groups.map(({ fragmentIds }) => fragmentIds.length).sort((a, b) => a - b)).toEqual([
        ...Array.from({ length: rivals }, () => 1),
        others,
      ]);
    }
  });

  it('is changed for nobody by an address that a fragment has after another and nobody has proven', () => {
    const later = fc.record({ i: index, value: fc.constantFrom('x', 'y', 'z'), firstAt: fc.nat(3) });
    fc.assert(
      fc.property(neighbourhood(refusals), later, (one, { i, value, firstAt }) => {
        const held = one.evidence.filter(({ fragmentId, kind }) => fragmentId === i + 1 && kind === 'email');
        fc.pre(held.length > 0 && held.every((e) => e.value !== value));
        const second = { ...EMAIL, value, fragmentId: i + 1, firstAt: 4 + firstAt };
        const [before, after] = [one.evidence, [...one.evidence, second]].map((evidence) =>
          partition(one.fragments, evidence, one.rulings).groups.map(({ fragmentIds }) => fragmentIds),
        );
        expect(after).toEqual(before);
      }),
      RUNS,
    );
  });

  it('joins by an address after another once it is proven', () => {
    const people = chain(2);
    const by = (assurance: number) => [
      held(1, 'email', 'own@x.test', { assurance: 2, firstAt: 1 }),
      held(1, 'email', 'shared@x.test', { assurance, firstAt: 2 }),
      held(2, 'email', 'shared@x.test', { assurance: 2, firstAt: 3 }),
    ];
    expect(partition(people, by(2), []).decided).toEqual([
      { action: 'refuse', a: 1, b: 2, reason: { rule: 'second_address', kind: 'email', value: 'shared@x.test' } },
    ]);
    expect(partition(people, by(3), []).groups).toHaveLength(1);
  });

  it('keeps apart who share a telephone and have addresses of their own', () => {
    const fragments = [1, 2].map((id) => ({ id, sourceId: id, key: 'k' }));
    const phone = { ...EMAIL, kind: 'phone', value: '+48222222222' };
    const own = (fragmentId: number, value: string): Evidence[] => [
      { ...phone, fragmentId, firstAt: 1 },
      { ...EMAIL, value, fragmentId, firstAt: 1 },
    ];
    const family = partition(fragments, [...own(1, 'mother@x.test'), ...own(2, 'son@x.test')], []);
    expect(family.groups).toHaveLength(2);
    expect(family.decided).toMatchObject([{ action: 'refuse', reason: { rule: 'differing_id', namespace: 'email' } }]);
    const oneWithout = partition(fragments, [...own(1, 'mother@x.test'), { ...phone, fragmentId: 2, firstAt: 1 }], []);
    expect(oneWithout.groups).toHaveLength(1);
  });

  it('lets the customer lead who was seen first', () => {
    const seen = (fragmentId: number, firstAt: number): Evidence => ({
      fragmentId,
      kind: 'email',
      value: 'a@b.example',
      scope: 0,
      assurance: 2,
      firstAt,
    });
    const [, , third] = fragments;
    const { groups } = partition(fragments.slice(0, 3), [seen(1, 30), seen(2, 20), seen(3, 10)], []);
    expect(groups).toEqual([{ customerId: third?.id, fragmentIds: [1, 2, 3] }]);
  });

  it('prefers proof to assertion, and older evidence to newer, where it cannot have both', () => {
    const of = (fragmentId: number, kind: string, value: string, assurance: number, firstAt: number): Evidence => ({
      fragmentId,
      kind,
      value,
      scope: 0,
      assurance,
      firstAt,
    });
    const contested = (left: [number, number], right: [number, number]) =>
      partition(
        fragments.slice(0, 3),
        [
          of(1, 'customer', '1', 2, 0),
          of(3, 'customer', '2', 2, 0),
          of(1, 'email', 'l@x.example', ...left),
          of(2, 'email', 'l@x.example', ...left),
          of(2, 'email', 'r@x.example', ...right),
          of(3, 'email', 'r@x.example', ...right),
        ],
        [],
      );
    expect(together(contested([2, 5], [3, 9]), 2, 3)).toBe(true);
    expect(together(contested([2, 5], [2, 9]), 1, 2)).toBe(true);
  });

  it('never makes one of more than a person has, and says which limit it was', () => {
    fc.assert(
      fc.property(neighbourhood(fc.constant([])), (one) => {
        const result = run(one, TIGHT);
        for (const { fragmentIds } of result.groups) expect(fragmentIds.length).toBeLessThanOrEqual(TIGHT.merges + 1);
        for (const { reason } of result.decided)
          if (reason.rule === 'over_limit') expect(reason.most).toBe(TIGHT[reason.limit]);
      }),
      RUNS,
    );
  });

  it('links by the sixth proven address of a year to nobody, and by another year’s all the same', () => {
    const YEAR = 365 * 24 * 3600 * 1000;
    const people = chain(2);
    const of = (spread: number) => [
      ...[1, 2, 3, 4, 5].map((i) => held(1, 'email', `a${i}@x.test`, { firstAt: i * spread })),
      held(1, 'email', 'shared@x.test', { firstAt: 6 * spread }),
      held(2, 'email', 'shared@x.test', { firstAt: 6 * spread }),
    ];
    expect(partition(people, of(1), []).decided).toEqual([
      {
        action: 'refuse',
        a: 1,
        b: 2,
        reason: { rule: 'over_limit', kind: 'email', value: 'shared@x.test', limit: 'email', most: 5 },
      },
    ]);
    expect(partition(people, of(YEAR), []).groups).toHaveLength(1);
    // An id of theirs says more than addresses, and is not stopped by how many there are.
    const known = [held(1, 'user_id', 'u'), held(2, 'user_id', 'u')];
    expect(partition(people, [...of(1), ...known], []).groups).toHaveLength(1);
  });

  it('joins at most a hundred parts to one record, however many hold the value', () => {
    const crowd = chain(150);
    const { groups } = partition(
      crowd,
      crowd.map(({ id }) => held(id, 'email', 'test@x.test')),
      [],
    );
    expect(Math.max(...groups.map(({ fragmentIds }) => fragmentIds.length))).toBe(101);
  });

  it('follows an id of a source before an address, and that before a telephone, where it cannot have all', () => {
    const people = chain(3);
    const ids = [held(1, 'customer', '1', { scope: 9 }), held(3, 'customer', '2', { scope: 9 })];
    const by = (left: string, right: string) =>
      partition(people, [...ids, held(1, left, 'l'), held(2, left, 'l'), held(2, right, 'r'), held(3, right, 'r')], []);
    expect(together(by('email', 'user_id'), 2, 3)).toBe(true);
    expect(together(by('phone', 'email'), 2, 3)).toBe(true);
  });
});
