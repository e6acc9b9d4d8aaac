import { decodeCursor, type Page, pageOf } from '../../platform/page.ts';
import { type Comparison, compare } from '../identity/compare.ts';
import type { PairRow } from './groups.ts';
import type { MatchKind } from './keys.ts';
import { type Person, readPeople } from './people.ts';
import { bitOf, kindsOf } from './recount.ts';

/** Two records that may be one, with what speaks for it and against. Nothing joins them but a person. */
export type Suggested = {
  readonly people: readonly [Person, Person];
  readonly evidence: readonly MatchKind[];
  readonly comparison: Comparison;
};
export type SuggestionFilter = {
  readonly limit: number;
  readonly cursor?: string;
  /** Only those that rest on it, beside whatever else. */
  readonly evidence?: MatchKind;
};

/** Pairs in the order of the list, from behind one on. */
export async function readPairs(
  db: D1Database,
  {
    limit,
    after,
    evidence,
  }: {
    readonly limit: number;
    readonly after: readonly number[] | null;
    readonly evidence?: MatchKind | undefined;
  },
): Promise<readonly PairRow[]> {
  const { results } = await db
    .prepare(
      `SELECT customer_a, customer_b, evidence, score FROM suggestion
       WHERE (?2 = 0 OR evidence & ?2) ${after ? 'AND (score, customer_a, customer_b) < (?3, ?4, ?5)' : ''}
       ORDER BY score DESC, customer_a DESC, customer_b DESC LIMIT ?1`,
    )
    .bind(limit, evidence ? bitOf(evidence) : 0, ...(after ?? []))
    .all<PairRow>();
  return results;
}

/** What says most first, of equals the newest. Null when the cursor is none of ours. */
export async function listSuggestions(
  db: D1Database,
  { limit, cursor, evidence }: SuggestionFilter,
): Promise<Page<Suggested> | null> {
  const after = cursor === undefined ? null : decodeCursor(cursor, 3);
  if (cursor !== undefined && !after) return null;
  const results = await readPairs(db, { limit: limit + 1, after, evidence });
  const people = await readPeople(
    db,
    results.flatMap(({ customer_a, customer_b }) => [customer_a, customer_b]),
  );
  const page = pageOf(
    results,
    limit,
    (row) => [row.score, row.customer_a, row.customer_b],
    (row) => suggestedOf(row, people),
  );
  return { ...page, items: page.items.flatMap((item) => item ?? []) };
}

/** The record seen first stands first. */
export function suggestedOf(row: PairRow, people: ReadonlyMap<number, Person>): Suggested | null {
  const [a, b] = [people.get(row.customer_a), people.get(row.customer_b)];
  if (!a || !b) return null;
  return { people: [a, b], evidence: kindsOf(row.evidence), comparison: compare(a, b) };
}

/** Counted so far: beyond it the number changes no decision. */
export const COUNTED = 1000;

/** How many wait, up to COUNTED. */
export async function countSuggestions(db: D1Database, evidence?: MatchKind): Promise<number> {
  const row = await db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM suggestion WHERE ?1 = 0 OR evidence & ?1 LIMIT ${COUNTED})`)
    .bind(evidence ? bitOf(evidence) : 0)
    .first<{ n: number }>();
  return row?.n ?? 0;
}
