import { GLOBAL_KINDS, UNIQUE_KINDS } from '../../schema/customer.ts';
import { saidOf, stands } from './standing.ts';

/**
 * The numbers kept on a customer. Triggers of the schema write them in the batch that changes them; the statements here
 * recompute them from what they count, for customers whose fragments have moved.
 */

/** What an order brings in: nothing unless it counts (0001 says which do), never less than nothing. Wants `orders o` in scope. */
export const ORDER_COUNTS = 'o.counts = 1';
export const ORDER_REVENUE = 'max(0, o.total_minor - o.refunded_minor)';

/** Kinds of identifier that a person is named and found by, as an SQL list. */
export const NAMING_KINDS = [...GLOBAL_KINDS, ...UNIQUE_KINDS].map((kind) => `'${kind}'`).join(', ');

/** Recomputes what a customer's orders come to. `customers` is a subquery of customer ids over the parameter ?1. */
export const recountOrders = (customers: string): string =>
  `UPDATE customer SET (orders, revenue) = (
     SELECT coalesce(sum(count), 0),
            coalesce(json_group_array(json_object('amountMinor', amount, 'currency', currency) ORDER BY currency)
              FILTER (WHERE currency IS NOT NULL), '[]')
     FROM (SELECT o.currency, count(*) AS count, sum(${ORDER_REVENUE}) AS amount
           FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id
           WHERE f.customer_id = customer.id AND ${ORDER_COUNTS} GROUP BY o.currency))
   WHERE id IN (${customers})`;

/** Recounts touchpoints from the log: for customers whose fragments have moved. */
export const recountTouchpoints = (customers: string): string =>
  `UPDATE customer SET (touchpoints, first_at, last_at) = (
     SELECT count(*), min(t.occurred_at), max(t.occurred_at)
     FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id WHERE f.customer_id = customer.id)
   WHERE id IN (${customers})`;

/** A name to show, and whether anything identifies the person: what staff say, then best assured, then newest. */
export const renameCustomers = (customers: string): string =>
  `UPDATE customer SET
     display_name = coalesce(${saidOf('customer.id', 'name')},
       (SELECT p.value FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id AND p.field = 'name'
        WHERE f.customer_id = customer.id ORDER BY p.assurance DESC, p.at DESC, p.value LIMIT 1),
       (SELECT i.value FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind IN ('email', 'phone')
        WHERE f.customer_id = customer.id ORDER BY i.assurance DESC, i.kind, i.value LIMIT 1)),
     is_known = EXISTS (SELECT 1 FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id
       WHERE f.customer_id = customer.id AND i.kind <> 'anonymous_id'),
     is_current = EXISTS (SELECT 1 FROM fragment f WHERE f.customer_id = customer.id)
   WHERE id IN (${customers})`;

/** What staff say that people are looked for by. */
const SEARCHED_EDITS = "(e.field IN ('name', 'company', 'city') OR e.field GLOB 'x:*' OR e.field GLOB 'tag:*')";
/** Of a tag its name is looked for: what is said of it is only that it is theirs. */
const SEARCHED_WORD = "iif(e.field GLOB 'tag:*', substr(e.field, 5), e.value)";

/**
 * What a customer can be found by: names, addresses, ids, towns and tags, in one text. Order numbers have an index of their own, so that
 * a customer of a thousand orders is not written anew with each.
 */
export const reindexCustomers = (customers: string): readonly string[] => [
  `DELETE FROM customer_search WHERE rowid IN (${customers})`,
  `INSERT INTO customer_search (rowid, text)
   SELECT c.id, (
     SELECT group_concat(word, char(10)) FROM (
       SELECT p.value AS word FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id
         WHERE f.customer_id = c.id AND (p.field IN ('name', 'company', 'city') OR p.field GLOB 'x:*')
       UNION SELECT i.value FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id
         WHERE f.customer_id = c.id AND +i.kind IN (${NAMING_KINDS})
       UNION SELECT ${SEARCHED_WORD} FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND ${SEARCHED_EDITS}
         WHERE f.customer_id = c.id AND ${stands('c.id')}))
   FROM customer c WHERE c.id IN (${customers}) AND c.is_known = 1 AND c.is_current = 1`,
];
