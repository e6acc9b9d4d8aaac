import * as z from 'zod';
import type { Locale } from '../../schema/survey.ts';
import { STAGES } from '../../schema/vocabulary.ts';
import { factsOf } from '../insights/summary/facts.ts';
import { summaryOf } from '../insights/summary/summary.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { pastMoment } from '../record/customer/moment.ts';
import { type CustomerRecord, readCustomer } from '../record/customer.ts';
import {
  type CustomerStats,
  customerIdOf,
  customersByIdentifier,
  type CustomerItem as Item,
  listCustomers,
} from '../record/customers.ts';
import { listTouchpoints, type Touchpoint as Shown } from '../record/timeline.ts';
import { sourceById } from '../sources/store.ts';
import { amongOf, amongQuery } from './among.ts';
import { standingItem } from './consent-schema.ts';
import { fail, ok, operation } from './route.ts';
import { Customer, CustomerItem, moment, pageSchema, paging, Touchpoint, toTime, toTimeOrNull } from './schemas.ts';
import { WHO_FILTERS, whoFilter, whoOf } from './who-schema.ts';

const tag = 'Customers';
const byId = z.object({ id: z.string() });
const badCursor = invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]);

const statsItem = (stats: CustomerStats) => ({
  touchpoints: stats.touchpoints,
  orders: stats.orders,
  revenue: [...stats.revenue],
  firstTouchpointAt: toTimeOrNull(stats.firstTouchpointAt),
  lastTouchpointAt: toTimeOrNull(stats.lastTouchpointAt),
});

/** A customer as lists of the API give one. */
export const customerItem = (item: Item): z.input<typeof CustomerItem> => ({
  id: item.id,
  displayName: item.displayName,
  party: item.party,
  stage: item.stage,
  stageSince: toTimeOrNull(item.stageSince),
  contact: item.contact,
  stats: statsItem(item.stats),
  createdAt: toTime(item.createdAt),
});

const summaryItem = (text: string | null, language: Locale) => (text === null ? null : { text, language });

/** A record as the API gives it; `now` in epoch ms. */
export function customerOf(record: CustomerRecord, now: number, locale: Locale): z.input<typeof Customer> {
  const scores = Object.fromEntries(record.scores.map(({ kind, score }) => [kind, score]));
  return {
    ...customerItem(record),
    asOf: toTimeOrNull(record.at),
    summary: summaryItem(summaryOf(factsOf(record, now), locale), locale),
    ...whoOf(record, now),
    identifiers: record.identifiers.map(({ firstSeenAt, lastSeenAt, kind, value, assurance, sourceId }) => ({
      kind,
      value,
      assurance,
      sourceId,
      firstSeenAt: toTime(firstSeenAt),
      lastSeenAt: toTime(lastSeenAt),
    })),
    consent: record.consent.standing.map(standingItem),
    scores: { nps: null, csat: null, ces: null, ...scores },
    suggestions: record.suggestions.map(({ customerId, displayName, reason }) => ({
      customerId,
      displayName,
      reason: { ...reason },
    })),
    formerIds: [...record.formerIds],
  };
}

/** A touchpoint as the API gives it. */
export function touchpointItem(t: Shown): z.input<typeof Touchpoint> {
  const { seq: _seq, customerName: _customer, sourceName: _source, ...rest } = t;
  // The stored words were checked against the vocabulary when they came in.
  return { ...rest, occurredAt: toTime(t.occurredAt), receivedAt: toTime(t.receivedAt) } as z.input<typeof Touchpoint>;
}

export const customerOperations = [
  operation({
    method: 'get',
    path: '/customers',
    id: 'listCustomers',
    summary: 'Customers, latest heard of first; by text, or all who hold an identifier',
    tag,
    query: z.object({
      ...paging,
      q: z.string().max(200).optional().describe('Part of a name, address, id or order number, in any script'),
      identifier: z
        .string()
        .regex(/^[a-z_]+:.+$/, 'write kind:value, such as email:a@b.c')
        .optional()
        .describe('kind:value; strongest assurance first'),
      orders: z.enum(['some', 'none']).optional(),
      stage: z.enum(STAGES).optional(),
      ...WHO_FILTERS,
      ...amongQuery,
    }),
    response: pageSchema(CustomerItem),
    handle: async ({ runtime, query }) => {
      if (query.identifier !== undefined) {
        const [kind = ''] = query.identifier.split(':', 1);
        const found = await customersByIdentifier(
          runtime.db,
          kind,
          query.identifier.slice(kind.length + 1),
          query.limit,
        );
        return ok({ items: found.map(customerItem), nextCursor: null });
      }
      const among = await amongOf(runtime, query);
      if (!among.ok) return among;
      const page = await listCustomers(runtime.db, {
        ...among.value,
        limit: query.limit,
        ...(query.q !== undefined && { q: query.q }),
        ...(query.orders && { orders: query.orders }),
        ...(query.stage && { stage: query.stage }),
        ...whoFilter(query),
        ...(query.cursor !== undefined && { cursor: query.cursor }),
      });
      return page ? ok({ items: page.items.map(customerItem), nextCursor: page.nextCursor }) : fail(badCursor);
    },
  }),
  operation({
    method: 'get',
    path: '/customers/{id}',
    id: 'getCustomer',
    summary: 'One relationship record; a former id answers with the record it became part of',
    tag,
    params: byId,
    query: z.object({
      at: z
        .string()
        .max(40)
        .optional()
        .describe('As of a past moment: a date (the end of that day, UTC) or a date-time. See `asOf` of the answer'),
    }),
    response: Customer,
    handle: async ({ runtime, params, query, locale }) => {
      const now = runtime.clock.now();
      const moment = query.at === undefined ? null : pastMoment(query.at, now);
      if (moment?.ok === false) return fail(invalid([{ path: 'at', message: moment.message }]));
      const record = await readCustomer(runtime.db, params.id, { limit: 1, offset: 0, at: moment?.at ?? null });
      return record ? ok(customerOf(record, moment?.at ?? now, locale)) : fail(notFound('customer'));
    },
  }),
  operation({
    method: 'get',
    path: '/touchpoints',
    id: 'listTouchpoints',
    summary: 'Touchpoints, latest received first',
    tag: 'Touchpoints',
    query: z.object({
      ...paging,
      customer: z.string().optional().describe('Id of a customer'),
      kind: z.string().max(60).optional(),
      source: z.string().optional().describe('Id of a source'),
      from: moment.optional().describe('Happened at or after'),
      to: moment.optional().describe('Happened before'),
    }),
    response: pageSchema(Touchpoint),
    handle: async ({ runtime, query }) => {
      const customer = query.customer === undefined ? undefined : await customerIdOf(runtime.db, query.customer);
      if (customer === null) return fail(notFound('customer'));
      const source = query.source === undefined ? undefined : await sourceById(runtime, query.source);
      if (source === null) return fail(notFound('source'));
      const page = await listTouchpoints(runtime.db, {
        limit: query.limit,
        ...(customer !== undefined && { customer }),
        ...(source && { source: source.id }),
        ...(query.kind !== undefined && { kind: query.kind }),
        ...(query.from !== undefined && { from: query.from }),
        ...(query.to !== undefined && { to: query.to }),
        ...(query.cursor !== undefined && { cursor: query.cursor }),
      });
      return page ? ok({ items: page.items.map(touchpointItem), nextCursor: page.nextCursor }) : fail(badCursor);
    },
  }),
];
