import * as z from 'zod';
import { PROFILE_FIELDS } from '../../schema/customer.ts';
import { STAGES } from '../../schema/vocabulary.ts';
import { notFound } from '../platform/problem.ts';
import { listFields } from '../record/custom-fields.ts';
import { customerIdOf } from '../record/customers.ts';
import { customerSlices, orderSlices, type Slices, touchpointSlices } from '../record/exports.ts';
import { importById, type Refusal, refusalsOf } from '../sources/imports/store.ts';
import { sourceById } from '../sources/store.ts';
import { amongOf, amongQuery } from './among.ts';
import { DOWNLOADS, download, FORMATS } from './download.ts';
import { customerListing, orderListing, refusalListing, touchpointListing } from './listings.ts';
import { fail, ok, operation } from './route.ts';
import { CustomerItem, Money, moment, Touchpoint, time } from './schemas.ts';
import { WHO_FILTERS, whoFilter } from './who-schema.ts';

const tag = 'Exports';
const format = z
  .enum(FORMATS)
  .default('json')
  .describe('json is one array, ndjson an object a line, csv for spreadsheets');
const DAY_MS = 24 * 3600 * 1000;
const REFUSALS = 500;

const Order = z.object({
  id: z.string(),
  number: z.string().nullable(),
  sourceId: z.string(),
  sourceName: z.string(),
  customerId: z.string(),
  customerName: z.string().nullable(),
  customerContact: z.string().nullable(),
  total: Money.nullable(),
  refunded: Money.nullable(),
  placedAt: time.nullable(),
  paidAt: time.nullable(),
  fulfilledAt: time.nullable(),
  cancelledAt: time.nullable(),
  counts: z.boolean().describe('Whether its total is revenue'),
  lines: z.array(
    z.object({
      title: z.string(),
      sku: z.string().nullable(),
      quantity: z.number(),
      amountMinor: z.int().nullable(),
    }),
  ),
});

/** The response itself stands in for the value that its schema describes. */
const whole = <T>(response: Response): T => response as unknown as T;

export const exportOperations = [
  operation({
    method: 'get',
    path: '/exports/customers',
    id: 'exportCustomers',
    summary: 'All customers that pass the filters of the list, as a stream',
    tag,
    downloads: DOWNLOADS,
    query: z.object({
      format,
      q: z.string().max(200).optional().describe('As in the list'),
      orders: z.enum(['some', 'none']).optional(),
      quiet: z.coerce.number().int().min(1).max(3650).optional().describe('Not heard of for so many days'),
      attention: z.literal('1').optional().describe('Only those for whom something waits for a person'),
      stage: z.enum(STAGES).optional(),
      ...WHO_FILTERS,
      ...amongQuery,
    }),
    response: z.array(
      CustomerItem.extend({
        email: z.string().nullable(),
        phone: z.string().nullable(),
        profile: z.partialRecord(z.enum(PROFILE_FIELDS), z.string()),
        relationship: z.string().nullable(),
        owner: z.string().nullable().describe('By name'),
        offers: z
          .object({ email: z.enum(['granted', 'denied']).nullable(), sms: z.enum(['granted', 'denied']).nullable() })
          .describe('Whether they agreed to offers; null where they have said nothing'),
        tags: z.array(z.string()),
        fields: z.record(z.string(), z.string()).describe('Your own fields, by key'),
      }),
    ),
    handle: async ({ runtime, query: { q, orders, quiet, attention, stage, format, segment, where, ...who } }) => {
      const among = await amongOf(runtime, { segment, where });
      if (!among.ok) return among;
      const slices = customerSlices(runtime.db, {
        ...among.value,
        ...(q !== undefined && { q }),
        ...(orders && { orders }),
        ...(quiet !== undefined && { quietSince: runtime.clock.now() - quiet * DAY_MS }),
        ...(attention && { attention: true }),
        ...(stage && { stage }),
        ...whoFilter(who),
      });
      return ok(whole(await download(format, customerListing(await listFields(runtime.db)), slices)));
    },
  }),
  operation({
    method: 'get',
    path: '/exports/touchpoints',
    id: 'exportTouchpoints',
    summary: 'All touchpoints that pass the filters of the list, as a stream, oldest received first',
    tag,
    downloads: DOWNLOADS,
    query: z.object({
      format,
      customer: z.string().optional().describe('Id of a customer'),
      kind: z.string().max(60).optional(),
      source: z.string().optional().describe('Id of a source'),
      from: moment.optional().describe('Happened at or after'),
      to: moment.optional().describe('Happened before'),
    }),
    response: z.array(Touchpoint),
    handle: async ({ runtime, query }) => {
      const customer = query.customer === undefined ? undefined : await customerIdOf(runtime.db, query.customer);
      if (customer === null) return fail(notFound('customer'));
      const source = query.source === undefined ? undefined : await sourceById(runtime, query.source);
      if (source === null) return fail(notFound('source'));
      const slices = touchpointSlices(runtime.db, {
        ...(customer !== undefined && { customer }),
        ...(source && { source: source.id }),
        ...(query.kind !== undefined && { kind: query.kind }),
        ...(query.from !== undefined && { from: query.from }),
        ...(query.to !== undefined && { to: query.to }),
      });
      return ok(whole(await download(query.format, touchpointListing, slices)));
    },
  }),
  operation({
    method: 'get',
    path: '/exports/orders',
    id: 'exportOrders',
    summary: 'All orders, as a stream',
    tag,
    downloads: DOWNLOADS,
    query: z.object({ format, source: z.string().optional().describe('Id of a source') }),
    response: z.array(Order),
    handle: async ({ runtime, query }) => {
      const source = query.source === undefined ? undefined : await sourceById(runtime, query.source);
      if (source === null) return fail(notFound('source'));
      const slices = orderSlices(runtime.db, source ? { source: source.id } : {});
      return ok(whole(await download(query.format, orderListing, slices)));
    },
  }),
  operation({
    method: 'get',
    path: '/imports/{id}/refused',
    id: 'exportRefused',
    summary: 'The rows of an import that were not taken, with the reason, as a stream; mend them and import them',
    tag: 'Imports',
    downloads: DOWNLOADS,
    params: z.object({ id: z.string() }),
    query: z.object({ format }),
    response: z.array(
      z.object({ line: z.int(), field: z.string().nullable(), message: z.string(), cells: z.array(z.string()) }),
    ),
    handle: async ({ runtime, params, query }) => {
      const given = await importById(runtime, params.id);
      if (!given) return fail(notFound('import'));
      const slices: Slices<Refusal> = async (after) => {
        const items = await refusalsOf(runtime, given.id, Number(after ?? 0), REFUSALS);
        return { items, next: items.length === REFUSALS ? String(items.at(-1)?.line) : null };
      };
      return ok(whole(await download(query.format, refusalListing(given), slices)));
    },
  }),
];
