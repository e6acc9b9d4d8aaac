import { afterAll, describe, expect, it } from 'vitest';
import { Arguments } from '../../worker/platform/arguments.ts';
import { mergeCustomers, revokeDecision } from '../../worker/record/identity/rulings.ts';
import { previewRules, stageNow } from '../../worker/record/stages/preview.ts';
import { RULED, type RuleTexts, readRules, readVersions, saveVersion } from '../../worker/record/stages/rules.ts';
import { fc, runs } from '../support/chance.ts';
import { makeWorld, stillClock } from '../support/record.ts';
import { BEGIN, coursesOf, DAY, events, settleStages, tell } from '../support/relationships.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { defaultRules } from '../support/stages.ts';

/** Stages as the worker keeps them, over random relationships. */
const { worker, run } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);
const RUNS = runs(20);
const settings = { numRuns: RUNS };
const delivered = defaultRules();

const NUMBERS = ['touchpoints', 'two-way contacts', 'orders', 'overdue', 'subscriptions', 'referrals', 'nps'];
const TIMES = ['first touchpoint', 'last touchpoint', 'first order', 'last order', 'happened "page_viewed"'];
const FLAGS = [
  'account closed',
  'unsubscribed',
  'complaint lost',
  'nps known',
  'overdue unknown',
  'happened "form_submitted"',
];
const test: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...NUMBERS),
      fc.constantFrom('<', '<=', '=', '!=', '>=', '>'),
      fc.constantFrom(0, 1, 1.5, 2, 3, 9),
    )
    .map((t) => t.join(' ')),
  fc
    .tuple(
      fc.constantFrom(...TIMES),
      fc.constantFrom('before 90 days', 'within 200 days', 'before 2026-06-01', 'since 2026-03-01'),
    )
    .map((t) => t.join(' ')),
  fc.constantFrom(...FLAGS),
);
const { rule } = fc.letrec<{ rule: string }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'rule' },
    test,
    fc.tuple(tie('rule'), fc.constantFrom('and', 'or'), tie('rule')).map(([a, how, b]) => `(${a}) ${how} (${b})`),
    tie('rule').map((one) => `not (${one})`),
  ),
}));
const texts: fc.Arbitrary<RuleTexts> = fc.record({
  dissolution: rule,
  commitment: rule,
  expansion: rule,
  exploration: rule,
});

const sourceOf = async (): Promise<{ sourceId: number; salt: string }> => {
  const { sources, salt } = await makeWorld(db);
  return { sourceId: sources.shop, salt };
};
const indexed = <T extends object>(list: readonly T[]) => list.map((one, index) => ({ ...one, index }));
const save = (next: RuleTexts, at: number) =>
  saveVersion(db, at, { texts: next, note: '', actor: 'test', isForPast: true });

/** Stages as they are kept, and as the SQL of segments says them. */
async function bothWays(next: RuleTexts, now: number) {
  const read = readRules(next);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const args = new Arguments();
  const { results } = await db
    .prepare(
      `SELECT c.id, c.stage AS kept, ${stageNow(read.rules, args, now)} AS asked FROM customer c WHERE c.is_known = 1 AND c.is_current = 1`,
    )
    .bind(...args.values)
    .all<{ id: number; kept: string; asked: string }>();
  return results;
}

describe('stages', () => {
  it('are the same by the fold over the past and by the SQL over the present, for any rules', async () => {
    await fc.assert(
      fc.asyncProperty(events(4, 25), texts, fc.nat(400), async (list, next, later) => {
        const { sourceId, salt } = await sourceOf();
        const now = BEGIN + (401 + later) * DAY;
        await save(next, now);
        await tell(db, sourceId, indexed(list), salt);
        await settleStages(db, now);
        const both = await bothWays(next, now);
        expect(both.length).toBeGreaterThan(0);
        expect(both.filter(({ kept, asked }) => kept !== asked)).toEqual([]);
      }),
      settings,
    );
    await save(delivered.texts, BEGIN);
  }, 240_000);

  it('do not depend on the order in which touchpoints arrive, nor on when they were looked at', async () => {
    await fc.assert(
      fc.asyncProperty(
        events(3, 20).chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(indexed(list), { minLength: list.length })),
        ),
        fc.nat(300),
        async ([list, shuffled], later) => {
          const now = BEGIN + (401 + later) * DAY;
          const [one, other] = [await sourceOf(), await sourceOf()];
          await tell(db, one.sourceId, indexed(list), one.salt);
          await settleStages(db, now);
          const half = shuffled.length >> 1;
          await tell(db, other.sourceId, shuffled.slice(0, half), other.salt);
          await settleStages(db, BEGIN + 401 * DAY);
          await tell(db, other.sourceId, shuffled.slice(half), other.salt);
          await settleStages(db, now);
          const told = (await coursesOf(db, one.sourceId)).replaceAll(one.salt, 'SALT');
          expect((await coursesOf(db, other.sourceId)).replaceAll(other.salt, 'SALT')).toBe(told);
        },
      ),
      settings,
    );
  }, 240_000);

  it('are byte for byte as before when a merge is taken back', async () => {
    const now = BEGIN + 500 * DAY;
    const runtime = { db, clock: stillClock(now) };
    await fc.assert(
      fc.asyncProperty(events(2, 20), async (list) => {
        const { sourceId, salt } = await sourceOf();
        await tell(
          db,
          sourceId,
          indexed([
            ...list,
            { person: 0, kind: 'page_viewed', hour: 1, number: 0, isOurs: false },
            { person: 1, kind: 'page_viewed', hour: 2, number: 0, isOurs: false },
          ]),
          salt,
        );
        await settleStages(db, now);
        const before = await coursesOf(db, sourceId);
        const { results } = await db
          .prepare('SELECT c.public_id AS id FROM fragment f JOIN customer c ON c.id = f.id WHERE f.source_id = ?1')
          .bind(sourceId)
          .all<{ id: string }>();
        const [one, other] = results;
        const merged = await mergeCustomers(runtime, one?.id ?? '', other?.id ?? '', { reason: 'test' });
        if (!merged.ok) throw new Error('not merged');
        await settleStages(db, now);
        const { results: rows } = await db
          .prepare(
            'SELECT count(DISTINCT s.customer_id) AS n FROM stage_change s JOIN fragment f ON f.id = s.customer_id WHERE f.source_id = ?1',
          )
          .bind(sourceId)
          .all<{ n: number }>();
        expect(rows[0]?.n).toBe(1);
        await revokeDecision(runtime, Number(merged.decisionId), { reason: 'test' });
        await settleStages(db, now);
        expect(await coursesOf(db, sourceId)).toBe(before);
      }),
      settings,
    );
  }, 240_000);

  it('move as the preview said when the rules are saved', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (next) => {
        const now = BEGIN + 900 * DAY;
        const { sourceId, salt } = await sourceOf();
        const list = fc.sample(events(8, 60), { numRuns: 1, seed: 7 })[0] ?? [];
        await tell(db, sourceId, indexed(list), salt);
        await settleStages(db, now);
        const read = readRules(next);
        if (!read.ok) throw new Error(JSON.stringify(read.faults));
        const before = new Map((await bothWays(next, now)).map(({ id, kept }) => [id, kept]));
        const preview = await previewRules(db, read.rules, now);
        await save(next, now);
        await settleStages(db, now);
        const moved = (await bothWays(next, now)).filter(({ id, kept }) => before.get(id) !== kept);
        expect(preview.total).toBe(moved.length);
        expect(preview.customers).toBe(before.size);
        for (const move of preview.moves) {
          expect(moved.filter(({ id, kept }) => before.get(id) === move.from && kept === move.to).length).toBe(
            move.count,
          );
          expect(move.examples.length).toBe(Math.min(3, move.count));
        }
      }),
      { ...settings, numRuns: Math.ceil(RUNS / 2) },
    );
    await save(delivered.texts, BEGIN);
  }, 240_000);

  it('change by time alone, for nobody but those whose time has come', async () => {
    const { sourceId, salt } = await sourceOf();
    const order = { person: 0, kind: 'order_placed', hour: 24, number: 1, isOurs: false } as const;
    await tell(db, sourceId, indexed([order]), salt);
    await settleStages(db, BEGIN + 10 * DAY);
    const stageOf = async () =>
      (
        await db
          .prepare('SELECT c.stage FROM fragment f JOIN customer c ON c.id = f.customer_id WHERE f.source_id = ?1')
          .bind(sourceId)
          .first<{ stage: string }>()
      )?.stage;
    expect(await stageOf()).toBe('exploration');
    await settleStages(db, BEGIN + 271 * DAY);
    expect(await stageOf()).toBe('exploration');
    await settleStages(db, BEGIN + 271 * DAY + 1);
    expect(await stageOf()).toBe('dissolution');
  });

  it('keep every version of their rules', async () => {
    const versions = await readVersions(db);
    expect(versions.at(-1)?.texts).toEqual(delivered.texts);
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => versions.length - index));
    expect(RULED.every((stage) => versions[0]?.texts[stage] === delivered.texts[stage])).toBe(true);
  });
});
