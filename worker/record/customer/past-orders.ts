import { CUSTOMER } from './part.ts';

/**
 * Orders as they stood at a past moment `?2`, as far as the log of contacts and the times kept with an order tell it. An order
 * keeps its newest state alone, so of one that has changed since, its amount and whether it was cancelled or deleted are what the
 * last contact about it by then says, its refunds those that a contact by then tells of, and its steps count once their time had
 * come. Its lines, and whether it was void, are as known today: `is_later` says so.
 */

/** What the contacts about each order tell of the time until `?2`. */
const TOLD = `SELECT o.source_id, o.external_id, min(t.occurred_at) AS first_at,
    max(t.occurred_at) FILTER (WHERE t.occurred_at <= ?2) AS last_at,
    max(t.occurred_at) FILTER (WHERE t.kind = 'order_deleted' AND t.occurred_at <= ?2) AS deleted_at,
    total(t.value_minor) FILTER (WHERE t.kind = 'order_refunded' AND t.occurred_at <= ?2 AND t.currency = o.currency) AS refunded,
    count(t.value_minor) FILTER (WHERE t.kind GLOB 'order_*' AND t.kind <> 'order_refunded') AS amounts,
    count(*) FILTER (WHERE t.kind = 'order_refunded' AND t.occurred_at <= ?2) AS refunds_then,
    count(*) FILTER (WHERE t.kind = 'order_refunded' AND t.occurred_at > ?2) AS refunds_later
  FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id AND t.subject GLOB 'order:*'
  CROSS JOIN orders o ON o.source_id = t.source_id AND o.external_id = substr(t.subject, 7)
  WHERE f.customer_id = ${CUSTOMER} GROUP BY o.source_id, o.external_id`;

/** The amount of the last contact about each order by then; of two at one time the greater, as orders are folded. */
const AMOUNTS = `SELECT source_id, subject, value_minor, currency, kind, occurred_at FROM (
    SELECT t.source_id, t.subject, t.value_minor, t.currency, t.kind, t.occurred_at,
      row_number() OVER (PARTITION BY t.source_id, t.subject 
        ORDER BY t.occurred_at DESC, t.kind = 'order_cancelled' DESC, t.value_minor DESC, t.currency DESC) AS place
    FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id AND t.occurred_at <= ?2
      AND t.kind GLOB 'order_*' AND t.kind <> 'order_refunded' AND t.subject GLOB 'order:*' AND t.value_minor IS NOT NULL
    WHERE f.customer_id = ${CUSTOMER}) WHERE place = 1`;

/** As of then; where contacts tell amounts but none had by then, it was not known. Where they tell none at all it is as today. */
const amountOf = (column: string, told: string): string =>
  `CASE WHEN o.as_of > ?2 AND (a.value_minor IS NOT NULL OR told.amounts > 0) THEN a.${told} ELSE o.${column} END AS ${column}`;

/** A column that holds a time, once it had come. */
const cameBy = (column: string): string => `iif(o.${column} <= ?2, o.${column}, NULL) AS ${column}`;

/** The latest deletion by then; a newer state of the order means that the shop had restored it. */
const DELETED = 'coalesce(told.deleted_at, iif(o.deleted_at <= ?2, o.deleted_at, NULL))';

/** Orders of `?1` by `?2`, with the columns of `orders` that a record shows. */
export const PAST_ORDERS = `SELECT o.source_id, o.external_id, o.number, o.lines, s.name AS source_name,
    coalesce(iif(o.placed_at <= ?2, o.placed_at, NULL), iif(o.as_of <= ?2, o.as_of, a.occurred_at), told.last_at, o.person_as_of) AS stood_at,
    coalesce(o.as_of > ?2, 0) AS is_later,
    ${amountOf('total_minor', 'value_minor')}, ${amountOf('currency', 'currency')},
    ${['placed_at', 'paid_at', 'fulfilled_at'].map(cameBy).join(', ')},
    CASE WHEN o.cancelled_at <= ?2 THEN o.cancelled_at WHEN o.as_of > ?2 AND a.kind = 'order_cancelled' THEN a.occurred_at END AS cancelled_at,
    iif(o.as_of > ?2 AND o.paid_at <= ?2, 0, o.is_void) AS is_void,
    coalesce(${DELETED} >= coalesce(iif(o.as_of <= ?2, o.as_of, a.occurred_at), ${DELETED}), 0) AS is_deleted,
    CASE WHEN told.refunds_later > 0 THEN min(o.refunded_minor, CAST(told.refunded AS INTEGER))
      WHEN told.refunds_then > 0 OR o.as_of <= ?2 THEN o.refunded_minor ELSE 0 END AS refunded_minor
  FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id CROSS JOIN source s ON s.id = o.source_id
  LEFT JOIN (${TOLD}) told ON told.source_id = o.source_id AND told.external_id = o.external_id
  LEFT JOIN (${AMOUNTS}) a ON a.source_id = o.source_id AND a.subject = 'order:' || o.external_id
  WHERE f.customer_id = ${CUSTOMER}
    AND min(coalesce(o.placed_at, told.first_at, o.as_of, o.person_as_of), coalesce(told.first_at, o.placed_at, o.as_of, o.person_as_of)) <= ?2`;
