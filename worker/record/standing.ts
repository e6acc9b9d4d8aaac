/**
 * What staff say of a person, and what of it stands: per field the latest word over the fragments of the customer whose time is not
 * up. A word of null is taken back: the sources speak again.
 */

/** The later of two words: by time, then by the order they were written in. */
const LATEST = 'ORDER BY e.at DESC, e.id DESC LIMIT 1';

/** An SQL expression: what staff say of one field of a customer (an SQL expression too); null where they say nothing. */
export const saidOf = (customer: string, field: string): string =>
  `(SELECT e.value FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = '${field}' AND e.is_over = 0
    WHERE f.customer_id = ${customer} ${LATEST})`;

/** Conditions under which the edit `e` of a fragment of `customer` is what stands of its field. */
export const stands = (customer: string): string =>
  `e.is_over = 0 AND e.value IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM fragment g CROSS JOIN edit n ON n.fragment_id = g.id AND n.field = e.field AND n.is_over = 0
     WHERE g.customer_id = ${customer} AND (n.at, n.id) > (e.at, e.id))`;

/** Kinds of touchpoint that make a prospect a customer, beside orders; the schema's triggers know them too. */
export const PAYING_KINDS = ['payment_succeeded', 'subscription_started', 'subscription_renewed'] as const;

/** What a customer is kept as: the word of staff, else what their orders and payments say. `customers` is a subquery over ?1. */
export const restateCustomers = (customers: string): string =>
  `UPDATE customer SET
     party = coalesce(${saidOf('customer.id', 'party')}, iif(customer.orders > 0
       OR EXISTS (SELECT 1 FROM fragment f WHERE f.customer_id = customer.id AND f.has_paid = 1), 'customer', 'prospect')),
     relationship = ${saidOf('customer.id', 'relationship')},
     owner = ${saidOf('customer.id', 'owner')}
   WHERE id IN (${customers})`;
