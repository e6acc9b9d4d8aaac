import { type Assurance, assuranceOf, type ProfileField } from '../../schema/customer.ts';
import type { Money } from '../../schema/money.ts';
import type { OrderLine } from '../../schema/touchpoint.ts';
import { parseStored } from '../platform/json.ts';
import { type TalkRow, talksOf, talksStatement } from './conversations.ts';
import { CONTACT, type CustomerItem, type CustomerRow, customerItem } from './customers.ts';
import { type Effort, type EffortRow, effortOf, effortStatement } from './effort.ts';
import type { Reason } from './identity/partition.ts';
import { isConversation, type Thread, threadsOf } from './threads.ts';
import { type Touchpoint, type TouchpointRow, timelineStatement, touchpointOf } from './timeline.ts';

/** One relationship record: who it is, what is known, the numbers, the orders and the timeline. */
export type CustomerRecord = CustomerItem & {
  /** Internal id. */
  readonly key: number;
  readonly identifiers: readonly Identifier[];
  readonly profile: Readonly<Partial<Record<ProfileField, ProfileValue>>>;
  /** Latest score by kind of question. */
  readonly scores: readonly { readonly kind: string; readonly score: number; readonly answeredAt: number }[];
  readonly orders: readonly Order[];
  readonly suggestions: readonly Suggestion[];
  readonly attention: readonly Attention[];
  readonly formerIds: readonly string[];
  /** What the contacts that somebody handled took and cost. */
  readonly effort: Effort;
  /** A conversation stands there once, at its latest message. */
  readonly timeline: readonly Touchpoint[];
  /** Conversations by the `seq` of the contact that stands for them. */
  readonly conversations: ReadonlyMap<number, Thread>;
  /** There is more of the timeline after what is shown. */
  readonly hasMore: boolean;
};
export type Identifier = {
  readonly kind: string;
  readonly value: string;
  readonly assurance: Assurance;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
};
export type ProfileValue = { readonly value: string; readonly assurance: Assurance; readonly at: number };
export type Order = {
  readonly id: string;
  readonly number: string | null;
  readonly sourceName: string;
  readonly status: 'cancelled' | 'deleted' | 'void' | 'refunded' | 'fulfilled' | 'paid' | 'placed';
  readonly total: Money | null;
  readonly refunded: Money | null;
  readonly placedAt: number | null;
  readonly lines: readonly OrderLine[];
};
/** Another record that may be the same person, with the reason it was not joined. */
export type Suggestion = {
  readonly customerId: string;
  readonly displayName: string | null;
  readonly reason: Reason | { readonly rule: 'claimed_identifier'; readonly kind: string; readonly value: string };
};
export type Attention = { readonly id: number; readonly rule: string; readonly raisedAt: number; readonly seq: number };

/** Which part of the timeline to show. */
export type TimelineView = { readonly kinds?: readonly string[]; readonly limit: number; readonly offset: number };

/**
 * Who `?1` is. The statements below say CROSS JOIN where they mean JOIN: SQLite then keeps the order written, from the few
 * fragments of one customer outwards. Left to choose without statistics it reads every e-mail address there is.
 */
const CUSTOMER = '(SELECT f.customer_id FROM customer c JOIN fragment f ON f.id = c.id WHERE c.public_id = ?1)';

/** What names a person comes first, whoever says it: a hundred order ids must not push out an address that is only claimed. */
const IDENTIFIERS = `SELECT i.kind, i.value, max(i.assurance) AS assurance, s.public_id AS source_id, s.name AS source_name,
    min(i.first_at) AS first_at, max(i.last_at) AS last_at
  FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id JOIN source s ON s.id = f.source_id
  WHERE f.customer_id = ${CUSTOMER} GROUP BY i.kind, i.value, s.id
  ORDER BY i.kind IN ('email', 'phone', 'user_id', 'customer') DESC, assurance DESC, i.kind IN ('email', 'phone') DESC, i.kind, last_at DESC, i.value LIMIT 100`;

const PROFILE = `SELECT p.field, p.value, p.assurance, p.at FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id
  WHERE f.customer_id = ${CUSTOMER} ORDER BY p.assurance DESC, p.at DESC, p.value`;

/** The latest of each kind; of two at the same time the lower score, so that arrival does not decide. */
const SCORES = `SELECT kind, score, occurred_at AS at FROM (
    SELECT a.kind, a.score, a.occurred_at, row_number() OVER (PARTITION BY a.kind ORDER BY a.occurred_at DESC, a.score) AS place
    FROM fragment f CROSS JOIN answer a ON a.fragment_id = f.id WHERE f.customer_id = ${CUSTOMER})
  WHERE place = 1 ORDER BY kind`;

const ORDERS = `SELECT o.*, s.name AS source_name FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id JOIN source s ON s.id = o.source_id
  WHERE f.customer_id = ${CUSTOMER} ORDER BY coalesce(o.placed_at, o.as_of, o.person_as_of) DESC, o.external_id, o.source_id LIMIT 100`;

const FORMER = `SELECT c.public_id AS id FROM fragment f CROSS JOIN customer c ON c.id = f.id
  WHERE f.customer_id = ${CUSTOMER} AND f.id <> f.customer_id ORDER BY c.id LIMIT 1000`;

/** True unless a person has said of the customers of the fragments `f` and `g` that they are two. */
const NOT_KEPT_APART = (['a', 'b'] as const)
  .map(
    (
      mine,
    ) => `NOT EXISTS (SELECT 1 FROM fragment x CROSS JOIN decision d ON d.fragment_${mine} = x.id AND d.actor = 'staff'
        AND d.action = 'refuse' AND d.revoked_at IS NULL
      CROSS JOIN fragment y ON y.id = d.fragment_${mine === 'a' ? 'b' : 'a'} AND y.customer_id = g.customer_id WHERE x.customer_id = f.customer_id)`,
  )
  .join(' AND ');

/**
 * Who else holds what one side of the two only claims: a hint for a person, never a link. Best assured first and three to a
 * value, so that a stranger who claims an address a thousand times does not push out the one who has it. Ties go by the names
 * sources know them by, never by who came first.
 */
const CLAIMS = `SELECT id, display_name, kind, value FROM (
    SELECT c.public_id AS id, c.display_name, i.kind, i.value, max(o.assurance) AS assurance, max(o.last_at) AS last_at,
      min(printf('%012d %s', g.source_id, g.key)) AS known_as,
      row_number() OVER (PARTITION BY i.kind, i.value
        ORDER BY max(o.assurance) DESC, max(o.last_at) DESC, min(printf('%012d %s', g.source_id, g.key))) AS place
    FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind IN ('email', 'phone', 'user_id')
    CROSS JOIN identifier o ON o.kind = i.kind AND o.value = i.value AND o.scope = i.scope AND (o.may_link = 0 OR i.may_link = 0)
    CROSS JOIN fragment g ON g.id = o.fragment_id AND g.customer_id <> f.customer_id
    CROSS JOIN customer c ON c.id = g.customer_id
    WHERE f.customer_id = ${CUSTOMER} AND ${NOT_KEPT_APART} GROUP BY c.id, i.kind, i.value)
  WHERE place <= 3 ORDER BY assurance DESC, last_at DESC, known_as, kind, value LIMIT 20`;

const REFUSALS = `SELECT DISTINCT c.public_id AS id, c.display_name, d.evidence
  FROM fragment f CROSS JOIN decision d ON (d.fragment_a = f.id OR d.fragment_b = f.id)
    AND d.action = 'refuse' AND d.actor = 'rule' AND d.revoked_at IS NULL
  CROSS JOIN fragment g ON g.id = CASE d.fragment_a WHEN f.id THEN d.fragment_b ELSE d.fragment_a END
  CROSS JOIN customer c ON c.id = g.customer_id
  WHERE f.customer_id = ${CUSTOMER} AND g.customer_id <> f.customer_id ORDER BY d.id LIMIT 20`;

const ATTENTION = `SELECT a.id, a.rule, a.raised_at, a.touchpoint_seq AS seq FROM fragment f CROSS JOIN attention a ON a.fragment_id = f.id
  WHERE f.customer_id = ${CUSTOMER} AND a.closed_at IS NULL ORDER BY a.raised_at DESC LIMIT 20`;

type OrderRow = {
  external_id: string;
  number: string | null;
  source_name: string;
  total_minor: number | null;
  currency: string | null;
  lines: string | null;
  cancelled_at: number | null;
  is_void: number;
  placed_at: number | null;
  paid_at: number | null;
  fulfilled_at: number | null;
  is_deleted: number;
  refunded_minor: number;
};

function statusOf(row: OrderRow): Order['status'] {
  if (row.is_deleted) return 'deleted';
  if (row.cancelled_at !== null) return 'cancelled';
  if (row.is_void) return 'void';
  if (row.total_minor !== null && row.refunded_minor >= row.total_minor && row.refunded_minor > 0) return 'refunded';
  if (row.fulfilled_at !== null) return 'fulfilled';
  return row.paid_at !== null ? 'paid' : 'placed';
}

const orderOf = (row: OrderRow): Order => ({
  id: row.external_id,
  number: row.number,
  sourceName: row.source_name,
  status: statusOf(row),
  total: row.total_minor === null || !row.currency ? null : { amountMinor: row.total_minor, currency: row.currency },
  refunded: row.refunded_minor > 0 && row.currency ? { amountMinor: row.refunded_minor, currency: row.currency } : null,
  placedAt: row.placed_at,
  lines: parseStored<OrderLine[]>(row.lines, []),
});

type ProfileRow = { field: ProfileField; value: string; assurance: number; at: number };

/** The best value of each field; the rows come best first. */
function profileOf(rows: readonly ProfileRow[]): CustomerRecord['profile'] {
  const profile: Partial<Record<ProfileField, ProfileValue>> = {};
  for (const { field, value, assurance, at } of rows)
    profile[field] ??= { value, assurance: assuranceOf(assurance), at };
  return profile;
}

type IdentifierRow = {
  kind: string;
  value: string;
  assurance: number;
  source_id: string;
  source_name: string;
  first_at: number;
  last_at: number;
};

const identifierOf = (row: IdentifierRow): Identifier => ({
  kind: row.kind,
  value: row.value,
  assurance: assuranceOf(row.assurance),
  sourceId: row.source_id,
  sourceName: row.source_name,
  firstSeenAt: row.first_at,
  lastSeenAt: row.last_at,
});

type ClaimRow = { id: string; display_name: string | null; kind: string; value: string };
type RefusalRow = { id: string; display_name: string | null; evidence: string };

function suggestionsOf(claims: readonly ClaimRow[], refusals: readonly RefusalRow[]): Suggestion[] {
  return [
    ...refusals.map(({ id, display_name, evidence }) => ({
      customerId: id,
      displayName: display_name,
      reason: JSON.parse(evidence) as Reason,
    })),
    ...claims.map(({ id, display_name, kind, value }) => ({
      customerId: id,
      displayName: display_name,
      reason: { rule: 'claimed_identifier' as const, kind, value },
    })),
  ];
}

/**
 * The whole record of a customer in one round trip, or two where there are conversations to fold. `publicId` may be a former one. Null when there is no such customer.
 */
export async function readCustomer(
  db: D1Database,
  publicId: string,
  view: TimelineView,
): Promise<CustomerRecord | null> {
  const kinds = view.kinds ? 'AND x.kind IN (SELECT value FROM json_each(?4))' : 'AND ?4 IS NULL';
  const timelineWithout = (folded: readonly number[]): D1PreparedStatement => {
    const without = folded.length > 0 ? `${kinds} AND x.seq NOT IN (SELECT value FROM json_each(?5))` : kinds;
    const list = view.kinds ? JSON.stringify(view.kinds) : null;
    const values = [
      publicId,
      view.limit + 1,
      view.offset,
      list,
      ...(folded.length > 0 ? [JSON.stringify(folded)] : []),
    ];
    return db.prepare(timelineStatement(CUSTOMER, without)).bind(...values);
  };
  const [customer, identifiers, profile, scores, orders, former, claims, refusals, attention, effort, talks, whole] =
    await db.batch([
      db.prepare(`SELECT c.*, ${CONTACT} FROM customer c WHERE c.id = ${CUSTOMER}`).bind(publicId),
      ...[IDENTIFIERS, PROFILE, SCORES, ORDERS, FORMER, CLAIMS, REFUSALS, ATTENTION, effortStatement(CUSTOMER)].map(
        (sql) => db.prepare(sql).bind(publicId),
      ),
      db.prepare(talksStatement(CUSTOMER)).bind(publicId),
      timelineWithout([]),
    ]);
  const row = rowsOf<CustomerRow>(customer)[0];
  if (!row) return null;
  const conversations = conversationsOf(rowsOf<TalkRow>(talks));
  const folded = [...conversations].flatMap(([shown, { seqs }]) => seqs.filter((seq) => seq !== shown));
  // Only with something to fold the timeline is read again without it, so that its pages stay full.
  const touchpoints =
    folded.length > 0 ? (await timelineWithout(folded).all<TouchpointRow>()).results : rowsOf<TouchpointRow>(whole);
  return {
    ...customerItem(row),
    key: row.id,
    identifiers: rowsOf<IdentifierRow>(identifiers).map(identifierOf),
    profile: profileOf(rowsOf<ProfileRow>(profile)),
    scores: rowsOf<{ kind: string; score: number; at: number }>(scores).map(({ kind, score, at }) => ({
      kind,
      score,
      answeredAt: at,
    })),
    orders: rowsOf<OrderRow>(orders).map(orderOf),
    suggestions: suggestionsOf(rowsOf<ClaimRow>(claims), rowsOf<RefusalRow>(refusals)),
    attention: rowsOf<{ id: number; rule: string; raised_at: number; seq: number }>(attention).map((a) => ({
      id: a.id,
      rule: a.rule,
      raisedAt: a.raised_at,
      seq: a.seq,
    })),
    formerIds: rowsOf<{ id: string }>(former).map(({ id }) => id),
    effort: effortOf(rowsOf<EffortRow>(effort)),
    timeline: touchpoints.slice(0, view.limit).map(touchpointOf),
    conversations,
    hasMore: touchpoints.length > view.limit,
  };
}

/** Conversations by the contact that stands for them: the one of their latest message. */
function conversationsOf(rows: readonly TalkRow[]): ReadonlyMap<number, Thread> {
  const threads = threadsOf(talksOf(rows)).filter(isConversation);
  return new Map(threads.map((thread) => [thread.messages.at(-1)?.seq ?? 0, thread]));
}

/** Rows of one statement of a batch: their shape is that of the SELECT beside which the type stands. */
function rowsOf<Row>(result: D1Result | undefined): Row[] {
  return (result?.results ?? []) as Row[];
}
