import { ORDER_COUNTS, ORDER_REVENUE } from '../../numbers.ts';
import { numberIs } from '../conditions.ts';
import type { About, Field, Sql } from '../field.ts';
import type { Test } from '../rule.ts';
import { numberField, timeField } from '../shapes.ts';

/** The orders of the customer `c` that count, as far as the index of their fragments. */
const THEIR_ORDERS = `fragment f CROSS JOIN orders o ON o.fragment_id = f.id WHERE f.customer_id = c.id AND ${ORDER_COUNTS}`;
/** When an order was made; one that counts has at least the time of its snapshot. */
export const ORDERED_AT = 'coalesce(o.placed_at, o.paid_at, o.as_of)';

/** A value of those who ordered at all: the others are passed by without a look at their orders. */
const ofBuyers = (expression: string): string =>
  `(CASE WHEN c.orders > 0 THEN (SELECT ${expression} FROM ${THEIR_ORDERS}) END)`;

/** Amounts compare within the currency that the rule names. `of` gives the amount in minor units for a bound currency. */
const moneyField = (about: About, of: (currency: string) => string): Field => ({
  ...about,
  kind: 'money',
  condition: (test: Test, _argument, sql: Sql) =>
    test.is === 'compare' && test.value.type === 'money'
      ? numberIs(of(sql.bind(test.value.currency)), test, sql)
      : 'c.orders > 0',
});

export const orderFields: readonly Field[] = [
  numberField(
    {
      name: 'orders',
      aliases: ['order count', 'number of orders', 'purchases'],
      title: 'Orders',
      help: 'How many orders count: none that is cancelled, void or deleted.',
      example: 'orders > 2',
      group: 'Orders',
      isAlwaysKnown: true,
    },
    'c.orders',
  ),
  moneyField(
    {
      name: 'revenue',
      aliases: ['spent', 'total spent', 'turnover'],
      title: 'Revenue',
      help: 'What their orders came to in one currency, net of refunds. Who never ordered in it brought 0.',
      example: 'revenue > 100 EUR',
      group: 'Orders',
      isAlwaysKnown: true,
    },
    (currency) =>
      `ifnull((SELECT m.value ->> 'amountMinor' FROM json_each(c.revenue) m WHERE m.value ->> 'currency' = ${currency}), 0)`,
  ),
  moneyField(
    {
      name: 'average order',
      aliases: ['average order value', 'aov'],
      title: 'Average order',
      help: 'Revenue in one currency by the number of orders in it.',
      example: 'average order >= 50 EUR',
      group: 'Orders',
    },
    (currency) =>
      `(CASE WHEN c.orders > 0 THEN (SELECT 1.0 * sum(${ORDER_REVENUE}) / count(*) FROM ${THEIR_ORDERS} AND o.currency = ${currency}) END)`,
  ),
  timeField(
    {
      name: 'first order',
      aliases: ['first purchase', 'first ordered'],
      title: 'First order',
      help: 'When they ordered for the first time.',
      example: 'first order within 30 days',
      group: 'Orders',
    },
    ofBuyers(`min(${ORDERED_AT})`),
  ),
  timeField(
    {
      name: 'last order',
      aliases: ['last purchase', 'last ordered', 'latest order'],
      title: 'Last order',
      help: 'When they ordered last.',
      example: 'last order before 6 months',
      group: 'Orders',
    },
    ofBuyers(`max(${ORDERED_AT})`),
  ),
  /**
   * The time since the last order by the mean time between two of theirs: 1 is when the next one would be due, 2 means that one
   * was left out. Unknown under two orders, and when all were made at one moment.
   */
  numberField(
    {
      name: 'overdue',
      aliases: ['order overdue'],
      title: 'Overdue',
      help: 'Time since their last order, counted in their own usual time between orders: 2 means twice as long as usual. Known from two orders on.',
      example: 'overdue > 2',
      group: 'Orders',
    },
    (sql) =>
      `(CASE WHEN c.orders > 1 THEN (SELECT 1.0 * (${sql.bind(sql.now)} - max(${ORDERED_AT})) * (count(*) - 1)
        / nullif(max(${ORDERED_AT}) - min(${ORDERED_AT}), 0) FROM ${THEIR_ORDERS}) END)`,
  ),
];
