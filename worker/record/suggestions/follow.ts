import { withRetry } from '../../platform/database.ts';
import { log } from '../../platform/log.ts';
import { neverJoins } from '../identity/never.ts';
import { keysOf, type MatchKey } from './keys.ts';
import { counted, MOST_HOLDERS, recountSuggestions } from './recount.ts';

/**
 * Keeps what fragments are found alike by, and who is: read off the touchpoint log from a cursor of its own, off the write path.
 * Emptying the three tables of `0017` and the cursor builds everything anew.
 */
const CURSOR = 'suggestions';
/** Touchpoints read in one step; the rest follow in the next. */
const STEP = 500;
const CURSOR_AT = `coalesce((SELECT seq FROM log_cursor WHERE name = '${CURSOR}'), 0)`;
const STALE = 'NOT NULL constraint failed: match_due.fragment_id';

type Row = {
  id: number;
  identifiers: string;
  name: string | null;
  name_rank: number | null;
  city: string | null;
  company: string | null;
  said_name: string | null;
  said_city: string | null;
  said_company: string | null;
  addresses: string;
  keys: string;
};
type Identifier = readonly [kind: string, value: string, scope: number, assurance: number];
type Address = readonly [likeness: string, assurance: number];
type Held = readonly [kind: MatchKey['kind'], key: string, isProven: number, value: string | null];

const field = (name: string, column = 'value'): string =>
  `(SELECT p.${column} FROM profile p WHERE p.fragment_id = n.id AND p.field = '${name}')`;

/** What staff say themselves, as long as it stands; it was said of the fragment, so that parting a record takes it along. */
const said = (name: string): string =>
  `(SELECT e.value FROM edit e WHERE e.fragment_id = n.id AND e.field = '${name}' AND e.is_over = 0 ORDER BY e.at DESC, e.id DESC LIMIT 1)`;

/** Addresses of a fragment that it is found by: the best assured, then the latest. */
const MOST_ADDRESSES = 5;

/** Fragments that something new may be known of, with what is known and the keys they have. */
const NEWS = `WITH news (id) AS MATERIALIZED (
    SELECT fragment_id FROM touchpoint WHERE seq > ?1 AND seq <= ?1 + ${STEP}
    UNION SELECT fragment_id FROM match_due WHERE id <= ?2)
  SELECT n.id,
    (SELECT json_group_array(json_array(i.kind, i.value, i.scope, i.assurance)) FROM identifier i
     WHERE i.fragment_id = n.id AND +i.kind IN ('email', 'phone', 'user_id')
       AND NOT ${neverJoins('i.value')}) AS identifiers,
    ${field('name')} AS name, ${field('name', 'assurance')} AS name_rank, ${field('city')} AS city, ${field('company')} AS company,
    ${said('name')} AS said_name, ${said('city')} AS said_city, ${said('company')} AS said_company,
    (SELECT json_group_array(json_array(a.likeness, a.assurance)) FROM (SELECT p.likeness, p.assurance FROM postal_address p
     WHERE p.fragment_id = n.id ORDER BY p.assurance DESC, p.last_at DESC, p.likeness LIMIT ${MOST_ADDRESSES}) a) AS addresses,
    (SELECT json_group_array(json_array(k.kind, k.key, k.is_proven, k.value)) FROM match_key k WHERE k.fragment_id = n.id) AS keys
  FROM news n`;

type Change = { readonly fragment: number; readonly gone: readonly MatchKey[]; readonly come: readonly MatchKey[] };

const same = (a: MatchKey, b: MatchKey): boolean =>
  a.kind === b.kind && a.key === b.key && a.isProven === b.isProven && a.value === b.value;

const texts = (...values: readonly (string | null)[]): string[] => values.filter((value) => value !== null);

/** What of the keys of a fragment has changed; null for nothing. */
function changeOf(row: Row): Change | null {
  const identifiers = JSON.parse(row.identifiers) as Identifier[];
  const held = (JSON.parse(row.keys) as Held[]).map(([kind, key, proven, value]) => ({
    kind,
    key,
    isProven: proven === 1,
    value,
  }));
  const now = keysOf({
    identifiers: identifiers.map(([kind, value, scope, rank]) => ({ kind, value, scope, isProven: rank > 1 })),
    names: [
      ...(row.name === null ? [] : [{ value: row.name, isProven: (row.name_rank ?? 0) > 1 }]),
      ...(row.said_name === null ? [] : [{ value: row.said_name, isProven: true }]),
    ],
    cities: texts(row.city, row.said_city),
    companies: texts(row.company, row.said_company),
    addresses: (JSON.parse(row.addresses) as Address[]).map(([likeness, rank]) => ({ likeness, isProven: rank > 1 })),
  });
  const gone = held.filter((one) => !now.some((other) => same(one, other)));
  const come = now.filter((one) => !held.some((other) => same(one, other)));
  return gone.length + come.length === 0 ? null : { fragment: row.id, gone, come };
}

/**
 * Customers whose pairs may be others now: those of the fragments, and who counts among the holders of a key that changed, or did
 * before. `most` is how many that can be, and ?2 the greatest.
 */
const TOUCHED = `SELECT f.customer_id FROM fragment f WHERE f.id IN (SELECT value FROM json_each(?1, '$.fragments'))
  UNION SELECT f.customer_id FROM json_each(?1, '$.keys') k
    CROSS JOIN fragment f ON f.id IN ${counted("k.value ->> 'kind'", "k.value ->> 'key'", '?2')}`;

function statementsOf(db: D1Database, changes: readonly Change[]): D1PreparedStatement[] {
  if (changes.length === 0) return [];
  const rows = (of: 'gone' | 'come') =>
    JSON.stringify(changes.flatMap((change) => change[of].map((key) => ({ ...key, fragment: change.fragment }))));
  const counts = new Map<string, { kind: string; key: string; most: number }>();
  for (const { kind, key } of changes.flatMap(({ gone, come }) => [...gone, ...come])) {
    const count = counts.get(`${kind} ${key}`) ?? { kind, key, most: MOST_HOLDERS };
    counts.set(`${kind} ${key}`, { ...count, most: count.most + 1 });
  }
  const widest = Math.max(...[...counts.values()].map(({ most }) => most));
  const touched = JSON.stringify({ fragments: changes.map(({ fragment }) => fragment), keys: [...counts.values()] });
  return [
    db
      .prepare(
        `DELETE FROM match_key WHERE (kind, key, fragment_id) IN (
           SELECT k.value ->> 'kind', k.value ->> 'key', k.value ->> 'fragment' FROM json_each(?1) k)`,
      )
      .bind(rows('gone')),
    db
      .prepare(
        `INSERT INTO match_key (kind, key, fragment_id, is_proven, value)
         SELECT k.value ->> 'kind', k.value ->> 'key', k.value ->> 'fragment', k.value ->> 'isProven', k.value ->> 'value'
         FROM json_each(?1) k WHERE true ON CONFLICT (kind, key, fragment_id) DO UPDATE SET is_proven = excluded.is_proven, value = excluded.value`,
      )
      .bind(rows('come')),
    ...recountSuggestions(TOUCHED).map((sql) => db.prepare(sql).bind(touched, widest)),
  ];
}

/** Where the reading stands: one statement, nothing to do but for news. */
const STATE = `SELECT ${CURSOR_AT} AS at, coalesce((SELECT max(seq) FROM touchpoint), 0) AS last, coalesce((SELECT max(id) FROM (SELECT id FROM match_due ORDER BY id LIMIT ${STEP})), 0) AS due`;

/**
 * Follows the log one step: keys, pairs and the moved cursor are one batch, which fails as a whole when another has followed
 * meanwhile. True when there may be more to read.
 */
export async function followLikeness(db: D1Database): Promise<boolean> {
  const state = await db.prepare(STATE).first<{ at: number; last: number; due: number }>();
  if (!state || (state.at >= state.last && state.due === 0)) return false;
  const { results } = await db.prepare(NEWS).bind(state.at, state.due).all<Row>();
  const changes = results.flatMap((row) => changeOf(row) ?? []);
  const next = Math.min(state.last, state.at + STEP);
  try {
    await withRetry(() =>
      db.batch([
        db
          .prepare(
            `INSERT INTO match_due (fragment_id) SELECT NULL WHERE ${CURSOR_AT} <> ?1 OR (?2 > 0 AND NOT EXISTS (SELECT 1 FROM match_due WHERE id = ?2))`,
          )
          .bind(state.at, state.due),
        ...statementsOf(db, changes),
        db.prepare('DELETE FROM match_due WHERE id <= ?1').bind(state.due),
        db
          .prepare(
            `INSERT INTO log_cursor (name, seq) VALUES ('${CURSOR}', ?1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`,
          )
          .bind(next),
      ]),
    );
  } catch (error) {
    if (!(error instanceof Error && error.message.includes(STALE))) throw error;
    log('suggestions_followed_elsewhere', {});
    return true;
  }
  return next < state.last || state.due > 0;
}
