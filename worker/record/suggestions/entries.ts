import { decodeCursor, encodeCursor, type Page } from '../../platform/page.ts';
import { type GroupOfPairs, groupsOf, nameOfPair, type PairRow } from './groups.ts';
import type { MatchKind } from './keys.ts';
import { readPairs, type Suggested, type SuggestionFilter, suggestedOf } from './list.ts';
import { type Person, readPeople } from './people.ts';

/** What staff are asked: about two records, or about three and more that share a value. */
export type Entry =
  | { readonly what: 'pair'; readonly pair: Suggested }
  | { readonly what: 'group'; readonly group: SuggestedGroup };
export type SuggestedGroup = {
  readonly shared: readonly { readonly kind: MatchKind; readonly value: string | null }[];
  /** The record seen first stands first. */
  readonly people: readonly Person[];
  /** Best first. */
  readonly pairs: readonly Suggested[];
};

type Told = { readonly row: PairRow; readonly groups: readonly GroupOfPairs[] | null };

/** Pairs read at once, and how often: a group of twelve is sixty-six of them. */
const CHUNK = 80;
const MOST_CHUNKS = 4;

const keyOf = ({ score, customer_a, customer_b }: PairRow) => [score, customer_a, customer_b] as const;

/** What each pair of the list stands for: itself, the groups it is the best pair of, or, within a group told before, nothing. */
function tell(rows: readonly PairRow[], groups: readonly GroupOfPairs[]): Told[] {
  const inGroup = new Set(groups.flatMap(({ pairs }) => pairs.map(nameOfPair)));
  return rows.flatMap((row): Told[] => {
    const name = nameOfPair(row);
    if (!inGroup.has(name)) return [{ row, groups: null }];
    const led = groups.filter(({ pairs: [first] }) => first && nameOfPair(first) === name);
    return led.length > 0 ? [{ row, groups: led }] : [];
  });
}

function entriesOf({ row, groups }: Told, people: ReadonlyMap<number, Person>): Entry[] {
  const pairOf = (one: PairRow): Suggested[] => [suggestedOf(one, people) ?? []].flat();
  if (!groups) return pairOf(row).map((pair) => ({ what: 'pair', pair }));
  return groups.map(({ shared, pairs }) => {
    const ids = [...new Set(pairs.flatMap((one) => [one.customer_a, one.customer_b]))].sort((a, b) => a - b);
    const members = ids.flatMap((id) => people.get(id) ?? []);
    return { what: 'group', group: { shared, people: members, pairs: pairs.flatMap(pairOf) } };
  });
}

/**
 * The list of suggestions with the pairs of a group as one entry, in the place of the best of them. A page may be shorter than
 * asked for though more follow. Null when the cursor is none of ours.
 */
export async function listEntries(
  db: D1Database,
  { limit, cursor, evidence }: SuggestionFilter,
): Promise<Page<Entry> | null> {
  const start = cursor === undefined ? null : decodeCursor(cursor, 3);
  if (cursor !== undefined && !start) return null;
  const told: Told[] = [];
  let after: readonly number[] | null = start;
  for (let chunk = 0; chunk < MOST_CHUNKS && told.length < limit; chunk++) {
    const rows: readonly PairRow[] = await readPairs(db, { limit: CHUNK, after, evidence });
    told.push(...tell(rows, await groupsOf(db, rows, evidence)));
    const last = rows.at(-1);
    after = last && rows.length === CHUNK ? keyOf(last) : null;
    if (after === null) break;
  }
  const shown = told.slice(0, limit);
  const next = told.length > limit ? (shown.at(-1)?.row ?? null) : null;
  const people = await readPeople(
    db,
    shown.flatMap(({ row, groups }) => [row, ...(groups ?? []).flatMap(({ pairs }) => pairs)].flatMap(bothOf)),
  );
  const nextKey = next ? keyOf(next) : after;
  return {
    items: shown.flatMap((one) => entriesOf(one, people)),
    nextCursor: nextKey === null ? null : encodeCursor(nextKey),
  };
}

const bothOf = ({ customer_a, customer_b }: PairRow): number[] => [customer_a, customer_b];
