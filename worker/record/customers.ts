import { GLOBAL_KINDS } from '../../schema/customer.ts';
import { normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import type { Money } from '../../schema/money.ts';
import type { Stage } from '../../schema/vocabulary.ts';
import { Arguments } from '../platform/arguments.ts';
import { parseStored } from '../platform/json.ts';
import { decodeCursor, type Page, pageOf } from '../platform/page.ts';
import { matching, tidy } from './search.ts';
import { isAmong, LISTED_CUSTOMERS, type Population } from './segments/population.ts';
import { stands } from './standing.ts';

/** A customer as a list shows one. */
export type CustomerItem = {
  readonly id: string;
  readonly displayName: string | null;
  readonly party: string;
  /** Null while it is not worked out. */
  readonly stage: Stage | null;
  /** Epoch ms. */
  readonly stageSince: number | null;
  readonly relationship: string | null;
  /** Public id of the member of staff who looks after them. */
  readonly owner: string | null;
  /** Their best-assured e-mail address or phone number: tells people of one name apart. */
  readonly contact: string | null;
  readonly stats: CustomerStats;
  /** Epoch ms. */
  readonly createdAt: number;
};
export type CustomerStats = {
  readonly touchpoints: number;
  readonly orders: number;
  readonly revenue: readonly Money[];
  readonly firstTouchpointAt: number | null;
  readonly lastTouchpointAt: number | null;
};

export type CustomerRow = {
  id: number;
  public_id: string;
  display_name: string | null;
  party: string;
  stage: Stage | null;
  stage_since: number | null;
  relationship: string | null;
  owner: string | null;
  contact: string | null;
  is_known: number;
  touchpoints: number;
  first_at: number | null;
  last_at: number | null;
  orders: number;
  revenue: string;
  created_at: number;
};

/** The column `contact` of a customer `c`. */
export const CONTACT = `(SELECT x.value FROM fragment g CROSS JOIN identifier x ON x.fragment_id = g.id AND +x.kind IN ('email', 'phone')
    WHERE g.customer_id = c.id ORDER BY x.assurance DESC, x.kind, x.value LIMIT 1) AS contact`;

const statsOf = (row: CustomerRow): CustomerStats => ({
  touchpoints: row.touchpoints,
  orders: row.orders,
  revenue: parseStored<Money[]>(row.revenue, []),
  firstTouchpointAt: row.first_at,
  lastTouchpointAt: row.last_at,
});

export const customerItem = (row: CustomerRow): CustomerItem => ({
  id: row.public_id,
  displayName: row.display_name,
  party: row.party,
  stage: row.stage,
  stageSince: row.stage_since,
  relationship: row.relationship,
  owner: row.owner,
  contact: row.contact,
  stats: statsOf(row),
  createdAt: row.created_at,
});

export type CustomerFilter = {
  /** Part of a name, an address, an id or an order number, in any script. */
  readonly q?: string;
  /** Only those with at least one order, or with none. */
  readonly orders?: 'some' | 'none';
  /** Last heard of before this moment, epoch ms. */
  readonly quietSince?: number;
  /** Only those whose latest score on some question is unhappy: something is open for attention. */
  readonly attention?: boolean;
  /** Only those in one stage of the relationship. */
  readonly stage?: Stage;
  readonly party?: string;
  /** Looked after by this member of staff: a public id, or `none`. */
  readonly owner?: string;
  /** Has this tag, in small letters. */
  readonly tag?: string;
  /** Only those of a segment. */
  readonly among?: Population;
  readonly limit: number;
  readonly cursor?: string;
};

/** A subquery of the customers on whom a tag stands; `field` an SQL expression for its field of edits. */
const taggedWith = (field: string): string =>
  `SELECT f.customer_id FROM edit e INDEXED BY edit_by_value CROSS JOIN fragment f ON f.id = e.fragment_id
   WHERE e.field = ${field} AND e.value = '1' AND ${stands('f.customer_id')}`;

/** What a customer `c` has to be to pass a filter, as conditions of SQL. */
export function conditionsOf(filter: CustomerFilter, args: Arguments): string[] {
  const q = tidy(filter.q);
  return [
    LISTED_CUSTOMERS,
    ...(q ? [`c.id IN (${matching(q, args)})`] : []),
    ...(filter.orders ? [filter.orders === 'some' ? 'c.orders > 0' : 'c.orders = 0'] : []),
    ...(filter.quietSince === undefined ? [] : [`c.last_at < ${args.add(filter.quietSince)}`]),
    ...(filter.stage ? [`c.stage = ${args.add(filter.stage)}`] : []),
    ...(filter.party === undefined ? [] : [`c.party = ${args.add(filter.party)}`]),
    ...(filter.owner === undefined
      ? []
      : [filter.owner === 'none' ? 'c.owner IS NULL' : `c.owner = ${args.add(filter.owner)}`]),
    ...(filter.tag === undefined ? [] : [`c.id IN (${taggedWith(args.add(`tag:${filter.tag}`))})`]),
    ...(filter.attention
      ? [
          'c.id IN (SELECT f.customer_id FROM attention a JOIN fragment f ON f.id = a.fragment_id WHERE a.closed_at IS NULL)',
        ]
      : []),
    ...(filter.among ? [isAmong(filter.among, args)] : []),
  ];
}

/** Known customers, latest heard of first; by text, filters and keyset. Null when the cursor is none of ours. */
export async function listCustomers(db: D1Database, filter: CustomerFilter): Promise<Page<CustomerItem> | null> {
  const before = filter.cursor === undefined ? [] : decodeCursor(filter.cursor, 2);
  if (!before) return null;
  const args = new Arguments();
  const conditions = conditionsOf(filter, args);
  const [lastAt, id] = before;
  if (lastAt !== undefined && id !== undefined)
    conditions.push(`(c.last_at, c.id) < (${args.add(lastAt)}, ${args.add(id)})`);
  const { results } = await db
    .prepare(
      `SELECT c.*, ${CONTACT} FROM (
         SELECT c.* FROM customer c WHERE ${conditions.join(' AND ')}
         ORDER BY c.last_at DESC, c.id DESC LIMIT ${args.add(filter.limit + 1)}) c
       ORDER BY c.last_at DESC, c.id DESC`,
    )
    .bind(...args.values)
    .all<CustomerRow>();
  return pageOf(results, filter.limit, (row) => [row.last_at, row.id], customerItem);
}

/** How many known customers pass a filter, counted up to `most`: a list says "more than 1,000" without reading them all. */
export async function countMatching(
  db: D1Database,
  filter: Omit<CustomerFilter, 'limit' | 'cursor'>,
  most: number,
): Promise<number> {
  const args = new Arguments();
  const conditions = conditionsOf({ ...filter, limit: most }, args);
  const row = await db
    .prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM customer c WHERE ${conditions.join(' AND ')} LIMIT ${args.add(most)})`,
    )
    .bind(...args.values)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** How many customers are known in all. */
export async function countCustomers(db: D1Database): Promise<number> {
  const row = await db
    .prepare('SELECT count(*) AS n FROM customer WHERE is_known = 1 AND is_current = 1')
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** The value as identifiers are kept: an e-mail address or a phone number in its normal form, anything else as it is. */
function normalised(kind: string, value: string): string {
  if (kind === 'email') return normaliseEmail(value) ?? value;
  if (kind === 'phone') return normalisePhone(value) ?? value;
  return value;
}

/** All who hold an identifier, strongest assurance first. `kind` is `email`, `phone`, `user_id` or a provider's own noun. */
export async function customersByIdentifier(
  db: D1Database,
  kind: string,
  value: string,
  limit: number,
): Promise<CustomerItem[]> {
  const { results } = await db
    .prepare(
      `SELECT c.*, ${CONTACT}, max(i.assurance) AS strength FROM identifier i CROSS JOIN fragment f ON f.id = i.fragment_id
       CROSS JOIN customer c ON c.id = f.customer_id
       WHERE i.kind = ?1 AND i.value = ?2 GROUP BY c.id ORDER BY strength DESC, c.last_at DESC, c.id LIMIT ?3`,
    )
    .bind(kind, GLOBAL_KINDS.includes(kind) ? normalised(kind, value) : value, limit)
    .all<CustomerRow>();
  return results.map(customerItem);
}

/** Internal id of the customer a public id leads to: a former id leads to the record it became part of. Null for none. */
export async function customerIdOf(db: D1Database, publicId: string): Promise<number | null> {
  const row = await db
    .prepare('SELECT f.customer_id AS id FROM customer c JOIN fragment f ON f.id = c.id WHERE c.public_id = ?1')
    .bind(publicId)
    .first<{ id: number }>();
  return row?.id ?? null;
}
