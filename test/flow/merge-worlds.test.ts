import { afterAll, describe, expect, it } from 'vitest';
import { writeEdits } from '../../worker/record/edits.ts';
import { keepApart, mergeCustomers, revokeDecision } from '../../worker/record/identity/rulings.ts';
import { segmentWords } from '../../worker/record/segments/fields.ts';
import { parseRule } from '../../worker/record/segments/language.ts';
import { followLikeness } from '../../worker/record/suggestions/follow.ts';
import { fc, patience, runs } from '../support/chance.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { exactlyOf, makeWorld, stillClock, type World, writeFacts } from '../support/record.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { facts } from '../support/world.ts';

/** Merging and taking back, over random worlds and random decisions: everything can be undone, in any order. */
const { worker, raw: run } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);
const runtime = { db, clock: stillClock() };
const by = { reason: 'property' };

type Act = { readonly what: 'merge' | 'apart'; readonly one: number; readonly other: number };
const acts = fc.array(
  fc.record<Act>({ what: fc.constantFrom('merge', 'merge', 'apart'), one: fc.nat(20), other: fc.nat(20) }),
  { minLength: 1, maxLength: 6 },
);

type Word = { readonly of: number; readonly field: string; readonly value: string | null };
/** What staff said of people before anything was decided. */
const words = fc.array(
  fc.record<Word>({
    of: fc.nat(20),
    field: fc.constantFrom('name', 'party', 'relationship', 'owner', 'tag:vip', 'x:size'),
    value: fc.constantFrom('partner', 'community', null),
  }),
  { maxLength: 4 },
);

const idsOf = async ({ sources }: World): Promise<string[]> =>
  (
    await db
      .prepare(
        'SELECT c.public_id AS id FROM fragment f JOIN customer c ON c.id = f.id WHERE f.source_id IN (SELECT value FROM json_each(?1)) ORDER BY f.id',
      )
      .bind(JSON.stringify(Object.values(sources)))
      .all<{ id: string }>()
  ).results.map(({ id }) => id);

/** Each touchpoint of a world belongs to one customer, and the counts of those add up. */
async function counted({ sources }: World): Promise<boolean> {
  const row = await db
    .prepare(
      `SELECT (SELECT count(*) FROM touchpoint WHERE source_id IN (SELECT value FROM json_each(?1))) AS written,
         (SELECT sum(c.touchpoints) FROM customer c WHERE c.id IN (
           SELECT customer_id FROM fragment WHERE source_id IN (SELECT value FROM json_each(?1)))) AS counted`,
    )
    .bind(JSON.stringify(Object.values(sources)))
    .first<{ written: number; counted: number }>();
  return row?.written === row?.counted;
}

async function decide(ids: readonly string[], { what, one, other }: Act): Promise<string | null> {
  const [a = '', b = ''] = [ids[one % ids.length], ids[other % ids.length]];
  const result = await (what === 'merge' ? mergeCustomers : keepApart)(runtime, a, b, by);
  return result.ok ? result.decisionId : null;
}

/** Pairs suggested among the people of a world, by the ids they have for good. */
async function suggestedIn({ sources }: World): Promise<string> {
  const { results } = await db
    .prepare(
      `SELECT a.public_id AS a, b.public_id AS b, s.evidence, s.score FROM fragment f CROSS JOIN suggestion s ON s.customer_a = f.id
       JOIN customer a ON a.id = s.customer_a JOIN customer b ON b.id = s.customer_b
       WHERE f.source_id IN (SELECT value FROM json_each(?1)) ORDER BY 1, 2`,
    )
    .bind(JSON.stringify(Object.values(sources)))
    .all();
  return JSON.stringify(results);
}

const parsed = parseRule('orders > 0 or touchpoints > 2', segmentWords);
if (!parsed.ok) throw new Error(parsed.errors[0].message);
const RULE = parsed.rule;

/** Worlds, and sequences of decisions in each: one that is undone leaves the world for the next. */
const WORLDS = runs(15);
const SEQUENCES = Number(process.env.SEQUENCES ?? 4);
type Sequence = { readonly decisions: readonly Act[]; readonly order: readonly number[] };
const sequences = fc.array(
  fc.record<Sequence>({ decisions: acts, order: fc.array(fc.nat(100), { minLength: 6, maxLength: 6 }) }),
  { minLength: SEQUENCES, maxLength: SEQUENCES },
);

async function decideAndTakeBack(world: World, ids: readonly string[], { decisions, order }: Sequence): Promise<void> {
  const made: string[] = [];
  for (const act of decisions) {
    const id = await decide(ids, act);
    if (id !== null && !made.includes(id)) made.push(id);
    expect(await counted(world)).toBe(true);
  }
  // A later decision on the same two may have replaced an earlier one already.
  for (const key of order.slice(0, made.length))
    await revokeDecision(runtime, Number(made.splice(key % made.length, 1)[0]), by);
}

describe('what staff decide', () => {
  it(
    'is undone by taking it back, in any order, to the last byte',
    async () => {
      await fc.assert(
        fc.asyncProperty(facts(8), words, sequences, async (given, said, all) => {
          const world = await makeWorld(db);
          await writeFacts(
            db,
            world,
            given.map((fact, index) => ({ ...fact, index })),
          );
          const ids = await idsOf(world);
          for (const { of, field, value } of said)
            await writeEdits(runtime, ids[of % ids.length] ?? '', [{ field, value }], { actor: 'staff', reason: null });
          while (await followLikeness(db));
          const before = [await exactlyOf(db, world, RULE), await suggestedIn(world)];
          for (const sequence of all) {
            await decideAndTakeBack(world, ids, sequence);
            expect([await exactlyOf(db, world, RULE), await suggestedIn(world)]).toEqual(before);
          }
        }),
        { numRuns: WORLDS },
      );
      expect(await drift(queryOf(db))).toEqual([]);
    },
    patience(240_000 * Math.ceil(SEQUENCES / 4)),
  );

  it(
    'is undone one by one, the latest first: each time all stands as it did before that one decision',
    async () => {
      await fc.assert(
        fc.asyncProperty(facts(8), acts, async (given, decisions) => {
          const world = await makeWorld(db);
          await writeFacts(
            db,
            world,
            given.map((fact, index) => ({ ...fact, index })),
          );
          const ids = await idsOf(world);
          const made: { readonly id: string; readonly before: unknown }[] = [];
          for (const act of decisions) {
            const before = await exactlyOf(db, world, RULE);
            const id = await decide(ids, act);
            // What says again what stands changes nothing, and there is nothing to take back.
            if (id !== null && !made.some((one) => one.id === id)) made.push({ id, before });
          }
          for (const { id, before } of made.reverse()) {
            await revokeDecision(runtime, Number(id), by);
            expect(await exactlyOf(db, world, RULE)).toEqual(before);
          }
        }),
        { numRuns: WORLDS },
      );
    },
    patience(600_000),
  );
});
