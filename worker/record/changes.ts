import { parseStored } from '../platform/json.ts';
import { decodeCursor, type Page, pageOf } from '../platform/page.ts';
import { STAFF } from './identity/rulings.ts';

/** One of two people a decision is about, as a source knows them. */
export type Party = {
  /** Public id of the record they belong to now. */
  readonly customerId: string;
  readonly name: string | null;
  readonly sourceName: string;
  /** What the source calls them: `customer:123`. */
  readonly key: string;
};

/** One line of the log of changes: what staff changed about a person. */
export type Change = {
  readonly id: string;
  /**
   * As in an edit: `name`, `x:<key>`, `tag:<tag>` …; `joined` and `kept_apart` for decisions of who is who ('1', null when taken
   * back); `consent:<purpose>:<channel>` for what staff noted that somebody said.
   */
  readonly field: string;
  /** What staff had said before; null where they had said nothing or taken it back. A member of staff by name. */
  readonly from: string | null;
  readonly to: string | null;
  /** What a source said where staff had said nothing; null where none did, or has said something else since. */
  readonly before: { readonly value: string; readonly sourceName: string } | null;
  /** Epoch ms. */
  readonly at: number;
  readonly untilAt: number | null;
  readonly actor: string;
  /** Their name, where the actor is a member of staff. */
  readonly actorName: string | null;
  readonly reason: string | null;
  /** What the organisation is called that a field is about. */
  readonly groupName: string | null;
  /** The two that were joined or kept apart; empty for all else. */
  readonly between: readonly Party[];
};

type Row = {
  rank: number;
  id: number;
  field: string;
  value: string | null;
  before: string | null;
  source_said: string | null;
  at: number;
  until_at: number | null;
  actor: string;
  actor_name: string | null;
  reason: string | null;
  group_name: string | null;
  parties: string | null;
};

/** What each kind of line is told apart by, beside the time: of one moment the first stands last. */
const [EDIT, TAKEN_BACK, DECIDED, CONSENT] = [0, 1, 2, 3];
const PREFIXES: Readonly<Record<number, string>> = {
  [TAKEN_BACK]: 'back-',
  [DECIDED]: 'decision-',
  [CONSENT]: 'consent-',
};

const changeOf = (row: Row): Change => ({
  id: `${PREFIXES[row.rank] ?? ''}${row.id}`,
  field: row.field,
  from: row.before,
  to: row.value,
  before: parseStored<Change['before']>(row.source_said, null),
  at: row.at,
  untilAt: row.until_at,
  actor: row.actor,
  actorName: row.actor_name,
  reason: row.reason,
  groupName: row.group_name,
  between: parseStored<readonly Party[]>(row.parties, []),
});

const EDITS = `SELECT ${EDIT} AS rank, e.id, e.at, e.field, e.value, lag(e.value) OVER (PARTITION BY e.field ORDER BY e.at, e.id) AS before,
    e.until_at, e.actor, e.reason, NULL AS a, NULL AS b
  FROM own CROSS JOIN edit e ON e.fragment_id = own.id`;

const FIELD = "iif(d.action = 'link', 'joined', 'kept_apart')";
/** Decisions of staff that have part in the record, and the taking back of them: two lines of the log. */
const decisions = (rank: number, value: string, at: string, actor: string, reason: string): string =>
  `SELECT ${rank}, d.id, d.${at}, ${FIELD}, ${value}, NULL, NULL, coalesce(d.${actor}, '${STAFF}'), ${reason}, d.fragment_a, d.fragment_b
   FROM part CROSS JOIN decision d ON d.id = part.id WHERE d.actor = '${STAFF}' AND d.${at} IS NOT NULL`;

/** What was written for each part of a record is one word of one person. */
const CONSENTS = `SELECT ${CONSENT}, max(k.id), k.recorded_at, 'consent:' || k.purpose || ':' || k.channel, k.state, NULL, NULL,
    coalesce(k.proof ->> 'by', '${STAFF}'), k.proof ->> 'note', NULL, NULL
  FROM own CROSS JOIN consent k ON k.fragment_id = own.id WHERE k.basis = 'staff' AND k.source_id IS NULL
  GROUP BY k.purpose, k.channel, k.state, k.at, k.recorded_at, k.proof`;

const LINES = `WITH own (id) AS (SELECT f.id FROM fragment f WHERE f.customer_id = ?1),
  part (id) AS (SELECT d.id FROM own CROSS JOIN decision d ON d.fragment_a = own.id
    UNION SELECT d.id FROM own CROSS JOIN decision d ON d.fragment_b = own.id),
  line AS (${EDITS}
    UNION ALL ${decisions(DECIDED, "'1'", 'decided_at', 'decided_by', "d.evidence ->> 'reason'")}
    UNION ALL ${decisions(TAKEN_BACK, 'NULL', 'revoked_at', 'revoked_by', 'd.revoke_reason')}
    UNION ALL ${CONSENTS}),
  shown AS (SELECT * FROM line WHERE (at, rank, id) < (?2, ?3, ?4) ORDER BY at DESC, rank DESC, id DESC LIMIT ?5)`;

/** A value as people read it: an owner by name. */
const nameOf = (column: string): string =>
  `iif(e.field = 'owner', coalesce((SELECT o.name FROM staff_member o WHERE o.public_id = e.${column}), e.${column}), e.${column}) AS ${column}`;

/** A source keeps its latest word only: what it said after the change tells nothing of before. */
const SOURCE_SAID = `iif(e.rank = ${EDIT} AND e.before IS NULL, (
    SELECT json_object('value', p.value, 'sourceName', s.name) FROM own CROSS JOIN profile p ON p.fragment_id = own.id AND p.field = e.field
    CROSS JOIN fragment f ON f.id = own.id CROSS JOIN source s ON s.id = f.source_id
    WHERE p.at <= e.at ORDER BY p.assurance DESC, p.at DESC, p.value LIMIT 1), NULL)`;

const party = (side: 'a' | 'b'): string =>
  `(SELECT json_object('customerId', c.public_id, 'sourceName', s.name, 'key', f.key,
      'name', (SELECT p.value FROM profile p WHERE p.fragment_id = f.id AND p.field = 'name' ORDER BY p.assurance DESC, p.at DESC, p.value LIMIT 1))
    FROM fragment f CROSS JOIN customer c ON c.id = f.customer_id CROSS JOIN source s ON s.id = f.source_id WHERE f.id = e.${side})`;

/** What staff changed about the customer with an internal id, latest first. Null when the cursor is none of ours. */
export async function listChanges(
  db: D1Database,
  customer: number,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<Change> | null> {
  const before = cursor === undefined ? [Number.MAX_SAFE_INTEGER, 0, 0] : decodeCursor(cursor, 3);
  if (!before) return null;
  const { results } = await db
    .prepare(
      `${LINES}
       SELECT e.rank, e.id, e.field, ${nameOf('value')}, ${nameOf('before')}, ${SOURCE_SAID} AS source_said, e.at, e.until_at, e.actor,
         m.name AS actor_name, e.reason, g.name AS group_name,
         iif(e.a IS NULL, NULL, json_array(json(${party('a')}), json(${party('b')}))) AS parties
       FROM shown e LEFT JOIN staff_member m ON m.public_id = e.actor
       LEFT JOIN organisation g ON e.field = 'organisation:' || g.public_id AND g.public_id = substr(e.field, 14)
       ORDER BY e.at DESC, e.rank DESC, e.id DESC`,
    )
    .bind(customer, before[0] ?? 0, before[1] ?? 0, before[2] ?? 0, limit + 1)
    .all<Row>();
  return pageOf(results, limit, (row) => [row.at, row.rank, row.id], changeOf);
}
