import { afterAll, describe, expect, it } from 'vitest';
import { fc, patience, runs } from '../support/chance.ts';
import { startCompared } from '../support/compared.ts';
import type { Deed } from '../support/lists/till.ts';
import { drift } from '../support/numbers.ts';
import { seeded } from '../support/random.ts';
import { linesOf, type Source } from '../support/shop.ts';
import type { Signed } from '../support/sign.ts';

/**
 * What no webhook brought is filled in from the sender's own list, and nothing is there twice, whatever came when. Each API is a
 * stand-in of ours; the worker asks it as it would the real one.
 */
const {
  worker,
  query,
  idOf,
  minute,
  compare,
  standing,
  deliverAll,
  touchpointsOf,
  ordersOf,
  openShopify,
  openWoo,
  strangers,
} = await startCompared();
afterAll(() => worker.dispose());

const kindsOf = async (source: Source) => (await touchpointsOf(source)).map(({ kind }) => kind).sort();

describe.each([
  ['shopify', openShopify, ['order_paid', 'order_placed', 'order_refunded']],
  ['woocommerce', openWoo, ['order_placed', 'order_refunded']],
] as const)('a shop at %s', (_kind, open, lost) => {
  it('whose webhooks were lost has its orders filled in, once', async () => {
    const { source, till, connect } = await open();
    till.place(4850);
    till.wait(60);
    till.change(1001, 'paid');
    till.wait(60);
    till.change(1001, 'refunded', 850);
    await connect();
    await compare(source);
    expect(await kindsOf(source)).toEqual(lost);
    expect(await ordersOf(source)).toMatchObject([
      { external_id: '1001', total_minor: 4850, refunded_minor: 850, paid: 1, counts: 1 },
    ]);
    const [line] = await linesOf(worker, source);
    expect(line).toMatchObject({ outcome: 'accepted', stored: lost.length, canReplay: false });
    expect(line?.reason).toMatch(/^1 order \(\d events\) filled in that no webhook brought\.$/);
    expect(await compare(source)).toMatchObject({
      error: null,
      lastNote: expect.stringMatching(/^Nothing was missing/),
    });
    expect(await kindsOf(source)).toEqual(lost);
  });

  it('that lost nothing gets not a single row, but for how far it was compared', async () => {
    const { source, till, send, connect } = await open();
    for (const cents of [1000, 2000, 3000]) await deliverAll(source, send(till.place(cents)));
    till.wait(5);
    await deliverAll(source, send(till.change(1002, 'paid')));
    till.wait(5);
    await deliverAll(source, send(till.change(1002, 'refunded', 500)));
    await connect();
    await minute();
    const count = async () =>
      query(
        `SELECT (SELECT count(*) FROM touchpoint) t, (SELECT count(*) FROM delivery) d, (SELECT count(*) FROM orders) o,
         (SELECT count(*) FROM identifier) i, (SELECT count(*) FROM fragment) f, (SELECT count(*) FROM profile) p,
         (SELECT max(as_of) FROM orders) a, (SELECT count(*) FROM person_work) w`,
      );
    const before = await count();
    const { lastNote, comparedTo } = await compare(source);
    expect(lastNote).toMatch(/^Nothing was missing; \d+ events compared\.$/);
    expect(Date.now() - Date.parse(comparedTo ?? '')).toBeLessThan(60_000);
    expect(await count()).toEqual(before);
  });

  it('has a thousand orders of history brought in, page by page', async () => {
    const { source, till, connect } = await open();
    for (let n = 0; n < 1000; n++) {
      till.place(1000 + n);
      // Many in one second, some alone.
      if (n % 7 === 0) till.wait(n % 3);
    }
    await connect();
    await compare(source);
    expect((await ordersOf(source)).length).toBe(1000);
    expect(await kindsOf(source)).toEqual(Array(1000).fill('order_placed'));
    const [sum] = await query<{ n: number }>(
      `SELECT sum(total_minor) AS n FROM orders WHERE source_id = ${await idOf(source)}`,
    );
    expect(sum?.n).toBe(1000 * 1000 + (999 * 1000) / 2);
    expect((await standing(source)).lastNote).toMatch(/^1000 orders \(1000 events\) filled in/);
  }, 60_000);

  it('has orders compared that share the second a comparison ended at', async () => {
    const { source, till, connect } = await open();
    await connect();
    till.place(1000);
    await compare(source);
    till.place(2000);
    till.change(1001, 'changed', 50);
    await compare(source);
    expect(await ordersOf(source)).toMatchObject([{ external_id: '1001' }, { external_id: '1002', total_minor: 2000 }]);
  });
});

describe('whatever comes when', () => {
  const deeds: readonly Exclude<Deed, 'placed'>[] = ['paid', 'changed', 'fulfilled', 'refunded', 'cancelled'];
  const step = fc.record({
    what: fc.constantFrom('place', 'change', 'change', 'change', 'reconcile', 'late'),
    deed: fc.constantFrom(...deeds),
    pick: fc.nat(100),
    seconds: fc.constantFrom(0, 1, 40),
    fate: fc.constantFrom('now', 'now', 'twice', 'late', 'lost'),
  });
  type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
  type Shop = Awaited<ReturnType<typeof openShopify | typeof openWoo>>;

  /** What a step does at a shop's till. */
  function happen({ till }: Shop, { what, deed, pick, seconds }: Step) {
    till.wait(seconds);
    if (what === 'place') return till.place(1000 + pick);
    const ids = [...till.orders.keys()];
    return till.change(ids[pick % Math.max(1, ids.length)] ?? 0, deed, 10 + pick);
  }

  /** Goes through the steps: one shop gets every webhook at once, the other what fate brings, and is compared. */
  async function live(steps: readonly Step[], compared: Shop, plain: Shop) {
    const kept: Record<'late' | 'lost', Signed[]> = { late: [], lost: [] };
    for (const one of steps) {
      const { what, fate } = one;
      if (what === 'reconcile') await compare(compared.source);
      else if (what === 'late') await deliverAll(compared.source, kept.late.splice(0, 1));
      else {
        const webhooks = compared.send(happen(compared, one));
        if (fate === 'late' || fate === 'lost') kept[fate].push(...webhooks);
        else await deliverAll(compared.source, fate === 'twice' ? [...webhooks, ...webhooks] : webhooks);
        await deliverAll(plain.source, plain.send(happen(plain, one)));
      }
    }
    return kept;
  }

  it.each([
    ['shopify', openShopify],
    ['woocommerce', openWoo],
  ] as const)(
    '%s: comparing leaves what webhooks alone would have left',
    async (_kind, open) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), fc.nat(), async (steps, seed) => {
          const [compared, plain] = [await open(), await open()];
          await compared.connect();
          const { late, lost } = await live(steps, compared, plain);
          await compare(compared.source);
          await compare(compared.source);
          await deliverAll(compared.source, seeded(seed).shuffle(late));
          // Totals are right though some never came, and nothing is there that no webhook would have told.
          expect(await ordersOf(compared.source)).toEqual(await ordersOf(plain.source));
          const told = new Set((await touchpointsOf(plain.source)).map(({ message_id }) => message_id));
          expect((await touchpointsOf(compared.source)).filter(({ message_id }) => !told.has(message_id))).toEqual([]);
          // Those that never came, come after all.
          await deliverAll(compared.source, seeded(seed).shuffle(lost));
          await compare(compared.source);
          expect(await touchpointsOf(compared.source)).toEqual(await touchpointsOf(plain.source));
          expect(await ordersOf(compared.source)).toEqual(await ordersOf(plain.source));
        }),
        { numRuns: runs(10) },
      );
      expect(await drift(query)).toEqual([]);
    },
    patience(240_000),
  );
});

it('asks nobody but the shops', () => {
  expect(strangers).toEqual([]);
});
