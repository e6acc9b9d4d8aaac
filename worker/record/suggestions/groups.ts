import { MATCH_KINDS, type MatchKind, POSTAL, SHORT } from './keys.ts';
import { bitOf, counted, MOST_HOLDERS, TELLS } from './recount.ts';

/** Three or more records that share one value: one matter to decide rather than a pair for each two of them. */

/** A row of the table `suggestion`. */
export type PairRow = {
  readonly customer_a: number;
  readonly customer_b: number;
  readonly evidence: number;
  readonly score: number;
};
export type GroupOfPairs = {
  /** What all of them share; more than one where the same records share it. */
  readonly shared: readonly { readonly kind: MatchKind; readonly value: string | null }[];
  /** Best first. */
  readonly pairs: readonly PairRow[];
};

/** Fewer are a pair. */
const FEWEST = 3;
/** Values looked at for one page of pairs. */
const MOST_KEYS = 300;

type KeyRow = { kind: MatchKind; key: string; value: string | null; members: string };

/** Values that three or more customers have, of the customers in ?1, with who has them. ?2 is a kind, or all where it is empty. */
const SHARED = `SELECT k.kind, k.key, k.value, json_group_array(DISTINCT g.customer_id) AS members FROM (
    SELECT DISTINCT m.kind, m.key, m.value FROM json_each(?1) c CROSS JOIN fragment f ON f.customer_id = c.value
    CROSS JOIN match_key m ON m.fragment_id = f.id
    WHERE m.kind <> '${POSTAL}' AND (?2 = '' OR m.kind = ?2) AND m.value IS NOT '${SHORT}' AND ${TELLS}
    ORDER BY m.kind, m.key LIMIT ${MOST_KEYS}) k
  CROSS JOIN match_key o ON o.kind = k.kind AND o.key = k.key AND o.fragment_id IN ${counted('k.kind', 'k.key')}
  CROSS JOIN fragment g ON g.id = o.fragment_id
  GROUP BY k.kind, k.key HAVING count(DISTINCT g.customer_id) >= ${FEWEST}`;

/** Pairs suggested among the customers in ?1. */
const AMONG = `SELECT s.customer_a, s.customer_b, s.evidence, s.score FROM json_each(?1) x CROSS JOIN suggestion s ON s.customer_a = x.value
  WHERE s.customer_b IN (SELECT value FROM json_each(?1))`;

/** The order of the list: what says most first, of equals the newest. */
export const before = (a: PairRow, b: PairRow): number =>
  b.score - a.score || b.customer_a - a.customer_a || b.customer_b - a.customer_b;

const customersOf = (pairs: readonly PairRow[]): number[] => [
  ...new Set(pairs.flatMap(({ customer_a, customer_b }) => [customer_a, customer_b])),
];
export const nameOfPair = ({ customer_a, customer_b }: PairRow): string => `${customer_a} ${customer_b}`;

/** The pairs of one value. What staff keep apart is none of them, nor what only one side of a mailbox shares. */
function pairsOf({ kind, members }: KeyRow, all: readonly PairRow[]): readonly PairRow[] {
  const among = new Set(JSON.parse(members) as number[]);
  return all.filter(
    ({ customer_a, customer_b, evidence }) =>
      among.has(customer_a) && among.has(customer_b) && (evidence & bitOf(kind)) > 0,
  );
}

/** What a value is shown as: names and places are told by the people themselves. */
const shownValue = ({ kind, value }: KeyRow): string | null =>
  kind === 'email' || kind === 'phone' || kind === 'user_id' ? value : null;

/** One group of those that hold the same pairs, and none that is part of another. */
function widest(groups: readonly GroupOfPairs[]): GroupOfPairs[] {
  const byPairs = new Map<string, GroupOfPairs>();
  for (const group of groups) {
    const name = group.pairs.map(nameOfPair).join();
    const other = byPairs.get(name);
    byPairs.set(name, other ? { ...other, shared: [...other.shared, ...group.shared] } : group);
  }
  const all = [...byPairs.values()].map((group) => ({ group, names: new Set(group.pairs.map(nameOfPair)) }));
  const isPart = (names: ReadonlySet<string>, of: ReadonlySet<string>): boolean =>
    names.size < of.size && [...names].every((name) => of.has(name));
  return all.filter(({ names }) => !all.some((other) => isPart(names, other.names))).map(({ group }) => group);
}

/**
 * The groups that pairs of the list belong to, whole: also with pairs that stand further down. Of one kind of evidence where the
 * list is.
 */
export async function groupsOf(
  db: D1Database,
  rows: readonly PairRow[],
  kind: MatchKind | undefined,
): Promise<readonly GroupOfPairs[]> {
  if (rows.length === 0) return [];
  const { results: keys } = await db
    .prepare(SHARED)
    .bind(JSON.stringify(customersOf(rows)), kind ?? '')
    .all<KeyRow>();
  if (keys.length === 0) return [];
  const members = [...new Set(keys.flatMap((key) => JSON.parse(key.members) as number[]))];
  const { results: pairs } = await db.prepare(AMONG).bind(JSON.stringify(members)).all<PairRow>();
  const sorted = [...pairs].sort(before);
  const order = (key: KeyRow): number => MATCH_KINDS.indexOf(key.kind);
  const groups = [...keys]
    .sort((a, b) => order(a) - order(b) || (a.key < b.key ? -1 : 1))
    .map((key) => ({ shared: [{ kind: key.kind, value: shownValue(key) }], pairs: pairsOf(key, sorted) }))
    .filter((group) => customersOf(group.pairs).length >= FEWEST);
  return widest(groups);
}

/** Most records of one group: so many who have a value for sure, and so many who claim it. */
export const MOST_IN_GROUP = 2 * MOST_HOLDERS;
