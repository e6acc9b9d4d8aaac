import type { Money } from '../../../schema/money.ts';
import type { OrderLine } from '../../../schema/touchpoint.ts';
import { parseStored } from '../../platform/json.ts';
import { CUSTOMER, definePart } from './part.ts';
import { PAST_ORDERS } from './past-orders.ts';

export type Order = {
  readonly id: string;
  readonly number: string | null;
  readonly sourceName: string;
  readonly status: 'cancelled' | 'deleted' | 'void' | 'refunded' | 'fulfilled' | 'paid' | 'placed';
  readonly total: Money | null;
  readonly refunded: Money | null;
  readonly placedAt: number | null;
  readonly lines: readonly OrderLine[];
  /** Of a past moment: the order has changed since, and what no contact tells of is as known today. */
  readonly isAsToday: boolean;
};

const ORDERS = `SELECT o.*, s.name AS source_name FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id JOIN source s ON s.id = o.source_id
  WHERE f.customer_id = ${CUSTOMER} ORDER BY coalesce(o.placed_at, o.as_of, o.person_as_of) DESC, o.external_id, o.source_id LIMIT 100`;

const PAST = `${PAST_ORDERS} ORDER BY stood_at DESC, o.external_id, o.source_id LIMIT 100`;

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
  is_later?: number;
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
  isAsToday: row.is_later === 1,
});

export const orders = definePart({ now: ORDERS, past: PAST }, (rows: readonly OrderRow[]) => rows.map(orderOf));
