import type { ConsentState } from '../../schema/consent.ts';
import { PROFILE_FIELDS, type ProfileField } from '../../schema/customer.ts';
import type { Money } from '../../schema/money.ts';
import type { OrderLine } from '../../schema/touchpoint.ts';
import { Arguments } from '../platform/arguments.ts';
import { withRetry } from '../platform/database.ts';
import { parseStored } from '../platform/json.ts';
import { consentState } from './consent/standing.ts';
import {
  CONTACT,
  type CustomerFilter,
  type CustomerItem,
  type CustomerRow,
  conditionsOf,
  customerItem,
} from './customers.ts';
import { saidOf, stands } from './standing.ts';
import {
  SELECT_TOUCHPOINTS,
  type Touchpoint,
  type TouchpointFilter,
  type TouchpointRow,
  touchpointOf,
} from './timeline.ts';

/**
 * Whole lists, a page at a time: each page begins after the last key of the one before, so that neither the worker nor the
 * database holds more than one. The keys never change, unlike what lists are sorted by: nothing is passed over when somebody
 * is heard of while the list is read.
 */
export type Slice<T> = { readonly items: readonly T[]; readonly next: string | null };
/** Gives the slice after a key; null begins. */
export type Slices<T> = (after: string | null) => Promise<Slice<T>>;

/** Rows of one read. */
const STEP = 500;

/** A customer with what a list in another program would need. */
export type CustomerLine = CustomerItem & {
  readonly email: string | null;
  readonly phone: string | null;
  readonly profile: Readonly<Partial<Record<ProfileField, string>>>;
  /** The business's own fields, by key. */
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly ownerName: string | null;
  /** Whether they agreed to offers, by the ways these are sent; null where they have said nothing. */
  readonly offers: { readonly email: ConsentState | null; readonly sms: ConsentState | null };
};

const bestOf = (kind: 'email' | 'phone') =>
  `(SELECT x.value FROM fragment g CROSS JOIN identifier x ON x.fragment_id = g.id AND +x.kind = '${kind}'
     WHERE g.customer_id = c.id ORDER BY x.assurance DESC, x.last_at DESC, x.value LIMIT 1) AS ${kind}`;
const profileField = (field: ProfileField) =>
  `coalesce(${saidOf('c.id', field)}, (SELECT p.value FROM fragment g CROSS JOIN profile p ON p.fragment_id = g.id AND p.field = '${field}'
     WHERE g.customer_id = c.id ORDER BY p.assurance DESC, p.at DESC, p.value LIMIT 1)) AS profile_${field}`;

/** What staff say of them in the business's own fields and tags, and what sources tell of the former, as JSON objects by field. */
const OWN_WORDS = `(SELECT json_group_object(e.field, e.value) FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id
     AND (e.field GLOB 'x:*' OR e.field GLOB 'tag:*') WHERE f.customer_id = c.id AND ${stands('c.id')}) AS own_words,
  (SELECT json_group_object(field, value) FROM (
     SELECT p.field, p.value, row_number() OVER (PARTITION BY p.field ORDER BY p.assurance DESC, p.at DESC, p.value) AS place
     FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id AND p.field >= 'x:' AND p.field < 'x;'
     WHERE f.customer_id = c.id) WHERE place = 1) AS own_told`;
const OWNER = '(SELECT m.name FROM staff_member m WHERE m.public_id = c.owner) AS owner_name';

const OFFERS = (['email', 'sms'] as const)
  .map((channel) => `${consentState('c.id', 'marketing', channel)} AS offers_${channel}`)
  .join(', ');

/** What stands after a prefix in the names of some words, with the words. */
const wordsUnder = (words: Readonly<Record<string, string>>, prefix: string): [string, string][] =>
  Object.entries(words).flatMap(([field, value]) =>
    field.startsWith(prefix) ? [[field.slice(prefix.length), value]] : [],
  );

type LineRow = CustomerRow & {
  email: string | null;
  phone: string | null;
  own_words: string;
  own_told: string;
  owner_name: string | null;
  offers_email: ConsentState | null;
  offers_sms: ConsentState | null;
} & {
  [Field in ProfileField as `profile_${Field}`]: string | null;
};

const lineOf = (row: LineRow, words = parseStored<Record<string, string>>(row.own_words, {})): CustomerLine => ({
  ...customerItem(row),
  fields: Object.fromEntries(wordsUnder({ ...parseStored(row.own_told, {}), ...words }, 'x:')),
  tags: wordsUnder(words, 'tag:')
    .map(([tag]) => tag)
    .sort(),
  ownerName: row.owner_name,
  offers: { email: row.offers_email, sms: row.offers_sms },
  email: row.email,
  phone: row.phone,
  profile: Object.fromEntries(
    PROFILE_FIELDS.flatMap((field) => {
      const value = row[`profile_${field}`];
      return value === null ? [] : [[field, value]];
    }),
  ),
});

/** Cuts what was read with one row more than a step. */
function sliceOf<Row, T>(rows: readonly Row[], keyOf: (row: Row) => string, itemOf: (row: Row) => T): Slice<T> {
  const shown = rows.slice(0, STEP);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), next: rows.length > STEP && last ? keyOf(last) : null };
}

/** Known customers that pass a filter, oldest known first. */
export const customerSlices =
  (db: D1Database, filter: Omit<CustomerFilter, 'limit' | 'cursor'>): Slices<CustomerLine> =>
  async (after) => {
    const args = new Arguments();
    const conditions = conditionsOf({ ...filter, limit: STEP }, args);
    const { results } = await withRetry(() =>
      db
        .prepare(
          `SELECT c.*, ${CONTACT}, ${bestOf('email')}, ${bestOf('phone')}, ${PROFILE_FIELDS.map(profileField).join(', ')}, ${OWN_WORDS}, ${OWNER}, ${OFFERS}
           FROM (SELECT c.* FROM customer c WHERE ${conditions.join(' AND ')} AND c.id > ${args.add(Number(after ?? 0))}
             ORDER BY c.id LIMIT ${args.add(STEP + 1)}) c ORDER BY c.id`,
        )
        .bind(...args.values)
        .all<LineRow>(),
    );
    return sliceOf(
      results,
      ({ id }) => String(id),
      (row) => lineOf(row),
    );
  };

/** Touchpoints in the order they were received. */
export const touchpointSlices =
  (db: D1Database, filter: Omit<TouchpointFilter, 'limit' | 'cursor'>): Slices<Touchpoint> =>
  async (after) => {
    const seen =
      filter.customer === undefined
        ? 'touchpoint x WHERE ?2 IS NULL'
        : 'fragment g CROSS JOIN touchpoint x ON x.fragment_id = g.id WHERE g.customer_id = ?2';
    const { results } = await withRetry(() =>
      db
        .prepare(
          `${SELECT_TOUCHPOINTS} WHERE t.seq IN (
             SELECT x.seq FROM ${seen} AND x.seq > ?1
               AND (?3 IS NULL OR x.kind = ?3) AND (?4 IS NULL OR x.source_id = ?4)
               AND (?5 IS NULL OR x.occurred_at >= ?5) AND (?6 IS NULL OR x.occurred_at < ?6)
             ORDER BY x.seq LIMIT ?7)
           ORDER BY t.seq`,
        )
        .bind(
          Number(after ?? 0),
          filter.customer ?? null,
          filter.kind ?? null,
          filter.source ?? null,
          filter.from ?? null,
          filter.to ?? null,
          STEP + 1,
        )
        .all<TouchpointRow>(),
    );
    return sliceOf(results, ({ seq }) => String(seq), touchpointOf);
  };

/** An order as a list shows one. Times are epoch ms. */
export type OrderItem = {
  readonly id: string;
  readonly number: string | null;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly customerContact: string | null;
  readonly total: Money | null;
  readonly refunded: Money | null;
  readonly placedAt: number | null;
  readonly paidAt: number | null;
  readonly fulfilledAt: number | null;
  readonly cancelledAt: number | null;
  /** False for what is cancelled, deleted, unpaid or a test. */
  readonly counts: boolean;
  readonly lines: readonly OrderLine[];
};

type OrderRow = {
  source_id: number;
  external_id: string;
  number: string | null;
  source_public_id: string;
  source_name: string;
  customer_public_id: string;
  display_name: string | null;
  contact: string | null;
  total_minor: number | null;
  currency: string | null;
  refunded_minor: number;
  placed_at: number | null;
  paid_at: number | null;
  fulfilled_at: number | null;
  cancelled_at: number | null;
  counts: number;
  lines: string | null;
};

const money = (amountMinor: number | null, currency: string | null): Money | null =>
  amountMinor === null || currency === null ? null : { amountMinor, currency };

const orderOf = (row: OrderRow): OrderItem => ({
  id: row.external_id,
  number: row.number,
  sourceId: row.source_public_id,
  sourceName: row.source_name,
  customerId: row.customer_public_id,
  customerName: row.display_name,
  customerContact: row.contact,
  total: money(row.total_minor, row.currency),
  refunded: row.refunded_minor > 0 ? money(row.refunded_minor, row.currency) : null,
  placedAt: row.placed_at,
  paidAt: row.paid_at,
  fulfilledAt: row.fulfilled_at,
  cancelledAt: row.cancelled_at,
  counts: row.counts === 1,
  lines: parseStored<OrderLine[]>(row.lines, []),
});

/** All orders, by source and id. `source` is internal. */
export const orderSlices =
  (db: D1Database, filter: { readonly source?: number }): Slices<OrderItem> =>
  async (after) => {
    const [source = 0, id = ''] = after === null ? [] : (JSON.parse(after) as [number, string]);
    const { results } = await withRetry(() =>
      db
        .prepare(
          `SELECT o.*, s.public_id AS source_public_id, s.name AS source_name, c.public_id AS customer_public_id, c.display_name, ${CONTACT}
           FROM (SELECT * FROM orders WHERE (source_id, external_id) > (?1, ?2) AND (?3 IS NULL OR source_id = ?3)
             ORDER BY source_id, external_id LIMIT ?4) o
           JOIN source s ON s.id = o.source_id JOIN fragment f ON f.id = o.fragment_id JOIN customer c ON c.id = f.customer_id
           ORDER BY o.source_id, o.external_id`,
        )
        .bind(source, id, filter.source ?? null, STEP + 1)
        .all<OrderRow>(),
    );
    return sliceOf(results, (row) => JSON.stringify([row.source_id, row.external_id]), orderOf);
  };
