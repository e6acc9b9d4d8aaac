import { Arguments } from '../../platform/arguments.ts';
import { isAmong, LISTED_CUSTOMERS, type Population } from './population.ts';

/** How many customers a population has. */
export type Count = {
  readonly count: number;
  /** Customers it was asked of. */
  readonly asked: number;
  /** All who are known, counted up to one more than `MAX_ASKED`. */
  readonly known: number;
  /** False where there are so many customers that only those heard of latest were asked. */
  readonly isWhole: boolean;
};

/** A count is asked of so many customers at most, those heard of latest: what a question costs has an end. */
export const MAX_ASKED = 200_000;

/** Those who are asked: everybody, or the latest where there are more. */
const ASKED = `(SELECT x.* FROM customer x WHERE x.is_known = 1 AND x.is_current = 1 ORDER BY x.last_at DESC, x.id DESC LIMIT ${MAX_ASKED})`;

const knownStatement = (db: D1Database): D1PreparedStatement =>
  db.prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM customer c WHERE ${LISTED_CUSTOMERS} LIMIT ${MAX_ASKED + 1})`);

/** The statement that counts a population as `n`. */
export function countStatement(db: D1Database, population: Population, isWhole: boolean): D1PreparedStatement {
  const args = new Arguments();
  const condition = isAmong(population, args);
  // Whole, an index that leads to the few is begun with; among the latest it could not be.
  const from = isWhole ? 'customer' : ASKED;
  return db
    .prepare(`SELECT count(*) AS n FROM ${from} c WHERE ${LISTED_CUSTOMERS} AND ${condition}`)
    .bind(...args.values);
}

/** Counts populations, in two round trips however many they are. */
export async function countPopulations(db: D1Database, populations: readonly Population[]): Promise<readonly Count[]> {
  if (populations.length === 0) return [];
  const known = (await knownStatement(db).first<{ n: number }>())?.n ?? 0;
  const isWhole = known <= MAX_ASKED;
  const results = await db.batch<{ n: number }>(
    populations.map((population) => countStatement(db, population, isWhole)),
  );
  return results.map(({ results: [row] }) => ({
    count: row?.n ?? 0,
    asked: Math.min(known, MAX_ASKED),
    known,
    isWhole,
  }));
}

/** Counts one population. */
export async function countPopulation(db: D1Database, population: Population): Promise<Count> {
  const [count] = await countPopulations(db, [population]);
  return count ?? { count: 0, asked: 0, known: 0, isWhole: true };
}
