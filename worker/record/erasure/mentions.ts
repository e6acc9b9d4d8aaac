import { parseStored } from '../../platform/json.ts';
import { stands } from './needles.ts';
import type { Plan } from './plan.ts';

/**
 * What staff wrote elsewhere and names somebody who is erased: a segment called after them, a note on somebody else. It may say much
 * besides, so nothing of it is taken away: it is listed for staff to look at.
 */
export const MENTIONED = ['segment', 'organisation', 'field', 'stages', 'customer'] as const;
/** Where it stands: a kind of thing and its public id. */
export type Mention = { readonly what: (typeof MENTIONED)[number]; readonly id: string };
/** The same with what it is called now. */
export type NamedMention = Mention & { readonly name: string | null };

/** Names of fewer letters stand in too many words of others. */
const MIN_LENGTH = 4;
/** A single word of a name is looked for when it is as long as this: shorter ones are the names of many. */
const MIN_WORD = 6;
/** So many are listed; whoever is named in more places is known to those who wrote them. */
const MOST = 100;

const LISTED = '(SELECT value FROM json_each(?1))';
/** The text holds one of the words in ?2, roughly: letters beyond ASCII are told apart by their size here. */
const holds = (text: string): string =>
  `EXISTS (SELECT 1 FROM json_each(?2) n WHERE instr(${text}, n.value) > 0 OR instr(lower(${text}), n.value) > 0)`;
const lines = (...columns: readonly string[]): string =>
  columns.map((column) => `coalesce(${column}, '')`).join(' || char(10) || ');

/** Texts of one kind of thing: its public id, and what staff wrote there. */
const place = (what: Mention['what'], id: string, text: string, from: string): string =>
  `SELECT '${what}' AS what, ${id} AS id, ${text} AS text FROM ${from} AND ${holds(text)}`;

const OF_OTHERS = 'JOIN fragment f ON f.id = x.fragment_id JOIN customer c ON c.id = f.customer_id';
const PLACES = [
  place('segment', 's.public_id', lines('s.name', 's.rule'), 'segment s WHERE true'),
  // One that only a source speaks of is named by that source, and goes where it is of nobody else.
  place(
    'organisation',
    'o.public_id',
    lines('o.name'),
    "organisation o WHERE o.deleted_at IS NULL AND o.named_by <> 'source'",
  ),
  place('field', 'd.key', lines('d.label', 'd.choices'), 'custom_field d WHERE true'),
  place(
    'stages',
    'r.version',
    lines('r.rules', 'r.note'),
    'stage_rules r WHERE r.version = (SELECT max(version) FROM stage_rules)',
  ),
  place(
    'customer',
    'c.public_id',
    lines('x.value', 'x.reason'),
    `edit x ${OF_OTHERS} WHERE x.fragment_id NOT IN ${LISTED}`,
  ),
  place(
    'customer',
    'c.public_id',
    lines('x.text', 'x.subject', "x.data ->> 'result'", "x.data ->> 'title'"),
    `touchpoint x INDEXED BY touchpoint_handled ${OF_OTHERS} WHERE x.handler IS NOT NULL AND x.fragment_id NOT IN ${LISTED}`,
  ),
  place(
    'customer',
    'c.public_id',
    lines('x.evidence', 'x.revoke_reason'),
    `decision x JOIN fragment f ON f.id = x.fragment_a JOIN customer c ON c.id = f.customer_id
     WHERE x.actor <> 'rule' AND x.fragment_a NOT IN ${LISTED} AND x.fragment_b NOT IN ${LISTED}`,
  ),
];

const NAMES = `SELECT p.value FROM json_each(?1) x CROSS JOIN profile p ON p.fragment_id = x.value AND p.field = 'name'
  UNION SELECT e.value FROM json_each(?1) x CROSS JOIN edit e ON e.fragment_id = x.value AND e.field = 'name' AND e.value IS NOT NULL`;

const isNaming = ({ kind, value }: Plan['values'][number]): boolean =>
  kind !== 'anonymous_id' && value.length >= MIN_WORD;

/** What they are called, as it may be written: whole names, the longer words of them, addresses and numbers. */
async function wordsOf(db: D1Database, ids: string, { values }: Plan): Promise<string[]> {
  const { results } = await db.prepare(NAMES).bind(ids).all<{ value: string }>();
  const names = results.map(({ value }) => value.trim()).filter(({ length }) => length >= MIN_LENGTH);
  const parts = names.flatMap((name) => name.split(/[\s,]+/)).filter(({ length }) => length >= MIN_WORD);
  return [...new Set([...names, ...parts, ...values.filter(isNaming).map(({ value }) => value)])];
}

/** Where they are named, at most a hundred places. Reads only. */
export async function findMentions(db: D1Database, plan: Plan): Promise<Mention[]> {
  const ids = JSON.stringify(plan.fragments.map(({ id }) => id));
  const words = await wordsOf(db, ids, plan);
  if (words.length === 0) return [];
  const written = JSON.stringify([...new Set(words.flatMap((word) => [word, word.toLowerCase(), word.toUpperCase()]))]);
  const found = await db.batch<Mention & { text: string }>(
    PLACES.map((sql) => db.prepare(`SELECT * FROM (${sql}) WHERE ?1 = ?1 LIMIT ${MOST}`).bind(ids, written)),
  );
  const needles = words.map((word) => ({ text: word.toLowerCase(), isBounded: true }));
  const hits = found
    .flatMap(({ results }) => results)
    .filter(({ text }) => needles.some((needle) => stands(text, needle)))
    .map(({ what, id }) => ({ what, id: String(id) }));
  return [...new Map(hits.map((hit) => [`${hit.what} ${hit.id}`, hit])).values()].slice(0, MOST);
}

/** What a certificate has kept of them. */
export const mentionsIn = (stored: string | null): readonly Mention[] => parseStored<Mention[]>(stored, []);

const NOW = `SELECT 'segment' AS what, public_id AS id, name FROM segment WHERE public_id IN ${LISTED}
  UNION ALL SELECT 'organisation', public_id, name FROM organisation WHERE deleted_at IS NULL AND public_id IN ${LISTED}
  UNION ALL SELECT 'field', key, label FROM custom_field WHERE key IN ${LISTED}
  UNION ALL SELECT 'customer', public_id, display_name FROM customer WHERE public_id IN ${LISTED}`;

/** Those of them that are still there, as they are called now. */
export async function nameMentions(db: D1Database, mentions: readonly Mention[]): Promise<NamedMention[]> {
  if (mentions.length === 0) return [];
  const { results } = await db
    .prepare(NOW)
    .bind(JSON.stringify(mentions.map(({ id }) => id)))
    .all<NamedMention>();
  return mentions.flatMap((mention) => {
    if (mention.what === 'stages') return [{ ...mention, name: null }];
    const now = results.find(({ what, id }) => what === mention.what && id === mention.id);
    return now ? [now] : [];
  });
}
