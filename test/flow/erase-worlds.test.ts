import { afterAll, describe, expect, it } from 'vitest';
import { readCustomer } from '../../worker/record/customer.ts';
import { eraseCustomer } from '../../worker/record/erasure/erase.ts';
import { fc, patience, runs } from '../support/chance.ts';
import { makeWorld, stillClock, type World, writeFacts } from '../support/record.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { facts } from '../support/world.ts';

/** Erasing one person of random worlds: whoever has nothing to do with them is as before, to the last byte. */
const { worker, run } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);
const runtime = { db, clock: stillClock() };

type Holding = { readonly customer: string; readonly fragment: number; readonly what: string };
/** Who holds which identifier, whoever says so, over the sources of a world. */
const holdingsOf = async ({ sources }: World): Promise<Holding[]> =>
  (
    await db
      .prepare(
        `SELECT c.public_id AS customer, f.id AS fragment, coalesce(i.kind || ':' || i.value || ':' || i.scope, 'nothing ' || f.id) AS what
         FROM fragment f JOIN customer c ON c.id = f.customer_id LEFT JOIN identifier i ON i.fragment_id = f.id
         WHERE f.source_id IN (SELECT value FROM json_each(?1)) ORDER BY f.id, what`,
      )
      .bind(JSON.stringify(Object.values(sources)))
      .all<Holding>()
  ).results;

/** Customers that anything connects with one, over any number of steps. */
function around(victim: string, holdings: readonly Holding[]): ReadonlySet<string> {
  const found = new Set([victim]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    const held = new Set(holdings.filter(({ customer }) => found.has(customer)).map(({ what }) => what));
    for (const { customer, what } of holdings) if (held.has(what)) found.add(customer);
  }
  return found;
}

const recordsOf = async (ids: readonly string[]): Promise<string> =>
  JSON.stringify(await Promise.all(ids.map((id) => readCustomer(db, id, { limit: 100, offset: 0 }))));

describe('erasing somebody of a random world', () => {
  it(
    'leaves the records of all who have nothing to do with them as they were, and nothing of theirs',
    async () => {
      await fc.assert(
        fc.asyncProperty(facts(8), facts(5), fc.nat(50), async (given, elsewhere, pick) => {
          const [world, other] = [await makeWorld(db), await makeWorld(db)];
          await writeFacts(
            db,
            world,
            given.map((fact, index) => ({ ...fact, index })),
          );
          await writeFacts(
            db,
            other,
            elsewhere.map((fact, index) => ({ ...fact, index })),
          );
          const holdings = [...(await holdingsOf(world)), ...(await holdingsOf(other))];
          const victim = holdings[pick % holdings.length]?.customer ?? '';
          const near = around(victim, holdings);
          const others = [...new Set(holdings.map(({ customer }) => customer))].filter((id) => !near.has(id));
          const theirs = holdings.filter(({ customer }) => customer === victim).map(({ fragment }) => fragment);
          const before = await recordsOf(others);

          expect(await eraseCustomer(runtime, victim, 'person_asked')).not.toBeNull();
          expect(await recordsOf(others)).toBe(before);
          const left = await db
            .prepare(
              ['identifier', 'profile', 'consent', 'suppression']
                .map(
                  (table) =>
                    `SELECT '${table}' AS name FROM ${table} WHERE fragment_id IN (SELECT value FROM json_each(?1))`,
                )
                .join(' UNION ALL '),
            )
            .bind(JSON.stringify(theirs))
            .all();
          expect(left.results).toEqual([]);
          expect(await readCustomer(db, victim, { limit: 1, offset: 0 })).toBeNull();
        }),
        { numRuns: runs(40) },
      );
    },
    patience(240_000),
  );
});
