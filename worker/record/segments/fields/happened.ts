import { CHANNELS } from '../../../../schema/vocabulary.ts';
import { textIs, textIsOneOf, timeIs } from '../conditions.ts';
import type { Field, Sql } from '../field.ts';
import { spanOf, type Test } from '../rule.ts';
import { ORDERED_AT } from './orders.ts';

/**
 * Those with a touchpoint that fits. Who was last heard of before the time asked for has none, which the index of those listed
 * tells without a look at the log.
 */
function withTouchpoint(condition: string, test: Test, sql: Sql): string {
  const time = test.is === 'time' ? ` AND ${timeIs('t.occurred_at', test, sql)}` : '';
  const { from, to } = test.is === 'time' ? spanOf(test, sql.now) : { from: null, to: null };
  const late = from === null ? '' : `c.last_at >= ${sql.bind(from)} AND `;
  const early = to === null ? '' : `c.first_at < ${sql.bind(to)} AND `;
  return `(${late}${early}EXISTS (SELECT 1 FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id${time}
    WHERE f.customer_id = c.id AND ${condition}))`;
}

/** Those who bought one of the products that fit, by the index of lines. */
function buyers(products: string, test: Test, sql: Sql): string {
  const orders =
    test.is === 'time' ? ' CROSS JOIN orders o ON o.source_id = l.source_id AND o.external_id = l.external_id' : '';
  const time = test.is === 'time' ? ` AND ${timeIs(ORDERED_AT, test, sql)}` : '';
  return `c.id IN (SELECT f.customer_id FROM product p CROSS JOIN order_line l ON l.product_id = p.id${orders}
    CROSS JOIN fragment f ON f.id = l.fragment_id WHERE ${products}${time})`;
}

export const happenedFields: readonly Field[] = [
  {
    name: 'bought',
    aliases: ['bought product', 'ordered'],
    title: 'Bought',
    help: 'A product in one of their orders that count, by its SKU or its whole title; with a time, ordered then.',
    example: 'bought "Green tea" within 6 months',
    group: 'What happened',
    kind: 'event',
    condition: (test, argument, sql) => {
      if (argument === null) return 'c.orders > 0';
      const texts = [argument];
      return buyers(`(${textIsOneOf('p.title', texts, sql)} OR ${textIsOneOf('p.sku', texts, sql)})`, test, sql);
    },
  },
  {
    name: 'bought like',
    aliases: ['bought something like', 'ordered like', 'bought containing'],
    title: 'Bought like',
    help: 'A product whose title has these words in it.',
    example: 'bought like "tea"',
    group: 'What happened',
    kind: 'event',
    condition: (test, argument, sql) =>
      argument === null ? 'c.orders > 0' : buyers(`instr(lower(p.title), lower(${sql.bind(argument)})) > 0`, test, sql),
  },
  {
    name: 'happened',
    aliases: ['kind', 'kind happened', 'touchpoint of kind'],
    title: 'Happened',
    help: 'A touchpoint of a kind, such as email_bounced, payment_failed or call_logged.',
    example: 'happened "email_bounced" within 30 days',
    group: 'What happened',
    kind: 'event',
    isAlwaysKnown: true,
    condition: (test, argument, sql) =>
      withTouchpoint(`t.kind = ${sql.bind((argument ?? '').toLowerCase().replaceAll(/[\s-]/g, '_'))}`, test, sql),
  },
  {
    name: 'wrote',
    aliases: ['said', 'words'],
    title: 'Wrote',
    help: 'Words in a message, an answer or a note. With a time it is quicker: the texts are read one by one.',
    example: 'wrote "invoice" within 90 days',
    group: 'What happened',
    kind: 'event',
    isAlwaysKnown: true,
    condition: (test, argument, sql) =>
      withTouchpoint(
        `t.text IS NOT NULL AND ${textIs('t.text', { is: 'match', how: 'contains', value: argument ?? '' }, sql)}`,
        test,
        sql,
      ),
  },
  {
    name: 'used',
    aliases: ['channel', 'channel used', 'used channel'],
    title: 'Channel used',
    help: `A touchpoint by a channel: ${CHANNELS.join(', ')}.`,
    example: 'used "phone" within 90 days',
    group: 'What happened',
    kind: 'event',
    choices: CHANNELS,
    isAlwaysKnown: true,
    condition: (test, argument, sql) => withTouchpoint(`t.channel = ${sql.bind(argument ?? '')}`, test, sql),
  },
];
