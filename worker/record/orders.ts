import type { StampedRows } from './rows.ts';

/**
 * Folds facts of orders. Each part is a register of its own that only ever moves one way (the earliest time, the newest
 * snapshot, the greatest refund of an id), so any arrival order and any repetition end in the same row.
 *
 * A snapshot (total, currency, lines, cancelled, void) is replaced as a whole by a newer one; at the same time, the void one
 * stands, then the one cancelled last, then the greater total. A deletion holds until a snapshot is newer than it. The best
 * known person owns the order, then the one named last; at the same time, the first by name: what came first must not decide.
 *
 * A fact told again (an order paid, changed and paid once more) adds no touchpoint, but a newer snapshot it brings counts.
 */
export function upsertOrders(db: D1Database, orders: StampedRows['orders']): D1PreparedStatement {
  const snapshot = (row: string) =>
    `(${row}.as_of, ${row}.is_void, ifnull(${row}.cancelled_at, -1), ${row}.total_minor, ${row}.currency, ifnull(${row}.lines, ''))`;
  const isRetold = `(o.value ->> 'total' IS NOT NULL AND EXISTS (SELECT 1 FROM orders x
      WHERE x.source_id = o.value ->> 'source' AND x.external_id = o.value ->> 'id' AND x.as_of < o.value ->> 'asOf'))`;
  const isNewer = `(excluded.total_minor IS NOT NULL AND
      (orders.total_minor IS NULL OR ${snapshot('excluded')} > ${snapshot('orders')}))`;
  const keyOf = (row: string) => `(SELECT key FROM fragment WHERE id = ${row}.fragment_id)`;
  const knowsBetter = `((excluded.person_rank, excluded.person_as_of) > (orders.person_rank, orders.person_as_of)
      OR ((excluded.person_rank, excluded.person_as_of) = (orders.person_rank, orders.person_as_of)
        AND excluded.fragment_id <> orders.fragment_id AND ${keyOf('excluded')} < ${keyOf('orders')}))`;
  const newest = (column: string) =>
    `${column} = CASE WHEN ${isNewer} THEN excluded.${column} ELSE orders.${column} END`;
  const earliest = (column: string) =>
    `${column} = min(ifnull(orders.${column}, excluded.${column}), ifnull(excluded.${column}, orders.${column}))`;
  const greatest = (column: string) =>
    `${column} = max(ifnull(orders.${column}, excluded.${column}), ifnull(excluded.${column}, orders.${column}))`;
  const better = (column: string) =>
    `${column} = CASE WHEN ${knowsBetter} THEN excluded.${column} ELSE orders.${column} END`;
  return db
    .prepare(
      `INSERT INTO orders (source_id, external_id, fragment_id, person_rank, person_as_of, number, as_of, total_minor, currency,
         lines, cancelled_at, is_void, placed_at, paid_at, fulfilled_at, deleted_at)
       SELECT o.value ->> 'source', o.value ->> 'id', t.fragment_id, o.value ->> 'rank', o.value ->> 'asOf', o.value ->> 'number',
         iif(o.value ->> 'total' IS NULL, NULL, o.value ->> 'asOf'), o.value ->> 'total', o.value ->> 'currency', o.value ->> 'lines', o.value ->> 'cancelledAt', o.value ->> 'isVoid',
         o.value ->> 'placedAt', o.value ->> 'paidAt', o.value ->> 'fulfilledAt', o.value ->> 'deletedAt'
       FROM json_each(?1) o
       CROSS JOIN touchpoint t ON t.source_id = o.value ->> 'source' AND t.message_id = o.value ->> 'message'
       WHERE t.delivery_id = o.value ->> 'delivery' OR ${isRetold}
       ON CONFLICT (source_id, external_id) DO UPDATE SET
         ${['fragment_id', 'person_rank', 'person_as_of'].map(better).join(', ')},
         ${['as_of', 'total_minor', 'currency', 'lines', 'cancelled_at', 'is_void'].map(newest).join(', ')},
         ${['placed_at', 'paid_at', 'fulfilled_at'].map(earliest).join(', ')},
         ${['number', 'deleted_at'].map(greatest).join(', ')}`,
    )
    .bind(JSON.stringify(orders));
}

/**
 * A refund is known by its id; an amount that grows under one id is a running total and keeps the greatest. None is less than
 * nothing: it would add to what its order brings.
 */
export const upsertRefunds = (db: D1Database, refunds: StampedRows['refunds']): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO refund (source_id, order_id, external_id, amount_minor, currency)
       SELECT r.value ->> 'source', r.value ->> 'order', r.value ->> 'id', max(0, r.value ->> 'amount'), r.value ->> 'currency'
       FROM json_each(?1) r
       CROSS JOIN touchpoint t ON t.source_id = r.value ->> 'source' AND t.message_id = r.value ->> 'message'
       WHERE t.delivery_id = r.value ->> 'delivery'
       ON CONFLICT DO UPDATE SET amount_minor = excluded.amount_minor, currency = excluded.currency
       WHERE (excluded.amount_minor, excluded.currency) > (refund.amount_minor, refund.currency)`,
    )
    .bind(JSON.stringify(refunds));
