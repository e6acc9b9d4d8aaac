import { comingDays } from '../../../../schema/occasion.ts';
import { FIRST_ORDER, firstOrdersOn, saidOn } from '../../occasions.ts';
import type { Field, Sql } from '../field.ts';
import { spanOf, type Test } from '../rule.ts';

/** Days of the year that matter to somebody: on a day, or coming round within so many days from now. */

const DAY_MS = 24 * 3600 * 1000;
/** Looked ahead no further than a year: by then every day has come round. */
const MOST_DAYS = 366;

/** The days of the year that a test asks for, as the bound JSON list; null for any day at all. */
function daysOf(test: Test, sql: Sql): string | null {
  if (test.is !== 'time') return null;
  const ahead = sql.now - (spanOf(test, sql.now).from ?? sql.now);
  const days =
    'day' in test.moment
      ? [test.moment.day.slice(5)]
      : comingDays(sql.now, Math.min(Math.floor(ahead / DAY_MS), MOST_DAYS));
  return sql.bind(JSON.stringify(days));
}

/** Who has written down an occasion of that name. */
function saidIs(test: Test, what: string, sql: Sql): string {
  const field = sql.bind(`occasion:${what}`);
  const days = daysOf(test, sql);
  if (days === null)
    return `EXISTS (SELECT 1 FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = ${field} AND e.is_over = 0
      WHERE f.customer_id = c.id AND e.value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fragment g CROSS JOIN edit n
        ON n.fragment_id = g.id AND n.field = e.field AND n.is_over = 0 WHERE g.customer_id = c.id AND (n.at, n.id) > (e.at, e.id)))`;
  return `c.id IN (SELECT f.customer_id FROM json_each(${days}) d CROSS JOIN ${saidOn('d.value')} WHERE e.field = ${field})`;
}

/** The first moment of the day that is asked for, or of today: what was ordered before it comes round. */
const beforeOf = (test: Test, now: number): number =>
  test.is === 'time' && 'day' in test.moment ? Date.parse(test.moment.day) : Math.floor(now / DAY_MS) * DAY_MS;

function anniversaryIs(test: Test, sql: Sql): string {
  const days = daysOf(test, sql);
  const said = saidIs(test, FIRST_ORDER, sql);
  if (days === null) return `(c.orders > 0 OR ${said})`;
  const orders = firstOrdersOn('d.value', sql.bind(beforeOf(test, sql.now)));
  return `(c.id IN (SELECT f.customer_id FROM json_each(${days}) d CROSS JOIN ${orders}) OR ${said})`;
}

export const occasionFields: readonly Field[] = [
  {
    name: 'birthday',
    aliases: ['has birthday'],
    title: 'Birthday',
    help: 'Their birthday, where you have written it down; within so many days: it comes round by then.',
    example: 'birthday within 7 days',
    group: 'Who they are',
    kind: 'time',
    times: ['within', 'on'],
    condition: (test, _argument, sql) => saidIs(test, 'birthday', sql),
  },
  {
    name: 'anniversary',
    aliases: ['first order anniversary', 'order anniversary'],
    title: 'Anniversary',
    help: 'The day of their first order comes round within so many days, a year or more later.',
    example: 'anniversary within 7 days',
    group: 'Orders',
    kind: 'time',
    times: ['within', 'on'],
    condition: (test, _argument, sql) => anniversaryIs(test, sql),
  },
  {
    name: 'occasion',
    aliases: ['has occasion'],
    title: 'Occasion',
    help: 'A day of the year that matters to them; within so many days: it comes round by then.',
    example: 'occasion "birthday" within 7 days',
    group: 'Who they are',
    kind: 'event',
    times: ['within', 'on'],
    isAlwaysKnown: true,
    condition: (test, argument, sql) => saidIs(test, (argument ?? '').toLowerCase(), sql),
  },
];
