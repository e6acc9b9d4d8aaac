import type { Money } from '../../../schema/money.ts';
import { CONTACT, type CustomerItem, type CustomerRow, type CustomerStats, customerItem } from '../customers.ts';
import {
  beyond,
  cutOf,
  isAtTop,
  type Place,
  SELECT_TOUCHPOINTS,
  type TimelinePart,
  type Touchpoint,
  type TouchpointRow,
} from '../timeline.ts';
import { type GroupKind, members } from './members.ts';

/** A member of a group as its page shows one. */
export type Member = CustomerItem & {
  readonly role: string | null;
  /** Who says that they belong to it: somebody of the staff, or a source. */
  readonly saidBy: 'staff' | 'source';
  /** Public id of the member of staff who looks after them. */
  readonly owner: string | null;
};

/** What a group comes to: the numbers of its members, read off their records and kept nowhere else. */
export type GroupNumbers = CustomerStats & { readonly members: number };

/** The latest score of a kind that any member gave. */
export type GroupScore = {
  readonly kind: string;
  readonly score: number;
  readonly answeredAt: number;
  readonly customerId: string;
  readonly customerName: string | null;
};

/** Who looks after members, and after how many. */
export type GroupOwner = { readonly id: string; readonly name: string; readonly members: number };

export type GroupView = {
  readonly numbers: GroupNumbers;
  /** Who looks after most of them first. */
  readonly owners: readonly GroupOwner[];
  /** Latest heard of first. */
  readonly members: readonly Member[];
  readonly hasMoreMembers: boolean;
  readonly scores: readonly GroupScore[];
  /** Of all members, latest happened first. */
  readonly timeline: readonly Touchpoint[];
  readonly hasMore: boolean;
  readonly hasNewer: boolean;
  /** Numbers of the orders in the timeline, by the ids their shops give them. */
  readonly orderNumbers: ReadonlyMap<string, string>;
};

const NOBODY: GroupNumbers = {
  members: 0,
  touchpoints: 0,
  orders: 0,
  revenue: [],
  firstTouchpointAt: null,
  lastTouchpointAt: null,
};

/** Groups by the internal ids in the JSON list ?1. */
const memberOf = (kind: GroupKind): string =>
  `WITH ${members(kind, `SELECT g.id, g.public_id FROM ${kind} g WHERE g.id IN (SELECT value FROM json_each(?1))`)}`;

const rowsOf = <Row>(result: D1Result | undefined): Row[] => (result?.results ?? []) as Row[];

type TotalRow = {
  group_id: number;
  members: number;
  touchpoints: number;
  orders: number;
  first_at: number | null;
  last_at: number | null;
};
type RevenueRow = { group_id: number; currency: string; amount: number };

const numberStatements = (db: D1Database, kind: GroupKind, ids: string): D1PreparedStatement[] =>
  [
    `${memberOf(kind)} SELECT m.group_id, count(*) AS members, sum(c.touchpoints) AS touchpoints, sum(c.orders) AS orders,
       min(c.first_at) AS first_at, max(c.last_at) AS last_at
     FROM member m CROSS JOIN customer c ON c.id = m.customer_id GROUP BY m.group_id`,
    `${memberOf(kind)} SELECT m.group_id, r.value ->> 'currency' AS currency, sum(r.value ->> 'amountMinor') AS amount
     FROM member m CROSS JOIN customer c ON c.id = m.customer_id CROSS JOIN json_each(c.revenue) r GROUP BY 1, 2 ORDER BY 1, 2`,
  ].map((sql) => db.prepare(sql).bind(ids));

function numbersFrom(totals: readonly TotalRow[], revenue: readonly RevenueRow[], id: number): GroupNumbers {
  const total = totals.find(({ group_id }) => group_id === id);
  if (!total) return NOBODY;
  const money: Money[] = revenue
    .filter(({ group_id }) => group_id === id)
    .map(({ currency, amount }) => ({ amountMinor: amount, currency }));
  return {
    members: total.members,
    touchpoints: total.touchpoints,
    orders: total.orders,
    revenue: money,
    firstTouchpointAt: total.first_at,
    lastTouchpointAt: total.last_at,
  };
}

/** The numbers of several groups by their internal ids, in one round trip. */
export async function numbersOf(
  db: D1Database,
  kind: GroupKind,
  ids: readonly number[],
): Promise<ReadonlyMap<number, GroupNumbers>> {
  if (ids.length === 0) return new Map();
  const [totals, revenue] = await db.batch(numberStatements(db, kind, JSON.stringify(ids)));
  return new Map(ids.map((id) => [id, numbersFrom(rowsOf(totals), rowsOf(revenue), id)]));
}

const MEMBERS = (kind: GroupKind): string => `${memberOf(kind)} SELECT c.*, ${CONTACT}, m.role, m.said_by
  FROM member m CROSS JOIN customer c ON c.id = m.customer_id ORDER BY c.last_at DESC, c.id DESC LIMIT ?2 OFFSET ?3`;

const SCORES = (kind: GroupKind): string => `${memberOf(kind)} SELECT kind, score, at, customer_id, customer_name FROM (
    SELECT a.kind, a.score, a.occurred_at AS at, c.public_id AS customer_id, c.display_name AS customer_name,
      row_number() OVER (PARTITION BY a.kind ORDER BY a.occurred_at DESC, a.score) AS place
    FROM member m CROSS JOIN customer c ON c.id = m.customer_id CROSS JOIN fragment f ON f.customer_id = c.id
    CROSS JOIN answer a ON a.fragment_id = f.id)
  WHERE place = 1 ORDER BY kind`;

const OWNERS = (kind: GroupKind): string => `${memberOf(kind)} SELECT s.public_id AS id, s.name, count(*) AS members
  FROM member m CROSS JOIN customer c ON c.id = m.customer_id CROSS JOIN staff_member s ON s.public_id = c.owner
  GROUP BY s.id ORDER BY members DESC, s.name, s.id LIMIT 20`;

/** Reads the index alone; only the rows that are shown are fetched. */
function shown(kind: GroupKind, place: Place | null): string {
  const way = place?.to === 'newer' ? 'ASC' : 'DESC';
  return `(${memberOf(kind)} SELECT x.seq FROM member m CROSS JOIN fragment g ON g.customer_id = m.customer_id
    CROSS JOIN touchpoint x ON x.fragment_id = g.id${place ? ` AND ${beyond(place, '?4', '?5')}` : ''}
    ORDER BY x.occurred_at ${way}, x.seq ${way} LIMIT ?2 OFFSET ?3)`;
}

/** What the shops call the orders in the timeline. */
const orderNumbers = (seqs: string): string => `SELECT o.external_id AS id, o.number FROM touchpoint t
  CROSS JOIN orders o ON o.source_id = t.source_id AND o.external_id = substr(t.subject, length('order:') + 1)
  WHERE t.seq IN ${seqs} AND t.subject GLOB 'order:*' AND o.number IS NOT NULL`;

/** A page of the timeline, and the numbers of the orders in it. */
function timelineStatements(db: D1Database, kind: GroupKind, ids: string, part: TimelinePart): D1PreparedStatement[] {
  const { limit, offset, place = null } = part;
  const seqs = shown(kind, place);
  const values = [ids, limit + 1, offset, ...(place ? [place.at, place.seq] : [])];
  return [
    `${SELECT_TOUCHPOINTS} WHERE t.seq IN ${seqs} ORDER BY t.occurred_at DESC, t.seq DESC`,
    orderNumbers(seqs),
  ].map((sql) => db.prepare(sql).bind(...values));
}

type MemberRow = CustomerRow & { role: string | null; said_by: 'staff' | 'source'; owner: string | null };
type ScoreRow = { kind: string; score: number; at: number; customer_id: string; customer_name: string | null };

const memberItem = (row: MemberRow): Member => ({
  ...customerItem(row),
  role: row.role,
  saidBy: row.said_by,
  owner: row.owner,
});

export type GroupPage = {
  readonly members: { readonly limit: number; readonly offset: number };
  readonly timeline: TimelinePart;
};

/** Everything of one group, by its internal id, in one round trip; two on the way back to the first page of its timeline. */
export async function readGroup(db: D1Database, kind: GroupKind, id: number, page: GroupPage): Promise<GroupView> {
  const ids = JSON.stringify([id]);
  const [totals, revenue, people, scores, owners, touchpoints, orders] = await db.batch([
    ...numberStatements(db, kind, ids),
    db.prepare(MEMBERS(kind)).bind(ids, page.members.limit + 1, page.members.offset),
    db.prepare(SCORES(kind)).bind(ids),
    db.prepare(OWNERS(kind)).bind(ids),
    ...timelineStatements(db, kind, ids, page.timeline),
  ]);
  if (isAtTop(rowsOf(touchpoints), page.timeline))
    return readGroup(db, kind, id, { ...page, timeline: { ...page.timeline, place: null } });
  const found = rowsOf<MemberRow>(people);
  return {
    numbers: numbersFrom(rowsOf(totals), rowsOf(revenue), id),
    owners: rowsOf<GroupOwner>(owners),
    members: found.slice(0, page.members.limit).map(memberItem),
    hasMoreMembers: found.length > page.members.limit,
    scores: rowsOf<ScoreRow>(scores).map(({ kind: question, score, at, customer_id, customer_name }) => ({
      kind: question,
      score,
      answeredAt: at,
      customerId: customer_id,
      customerName: customer_name,
    })),
    ...cutOf(rowsOf<TouchpointRow>(touchpoints), page.timeline),
    orderNumbers: new Map(
      rowsOf<{ id: string; number: string }>(orders).map(({ id: order, number }) => [order, number]),
    ),
  };
}
