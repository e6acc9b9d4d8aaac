import * as z from 'zod';
import type { Runtime } from '../platform/env.ts';
import { invalid, notFound, type Problem } from '../platform/problem.ts';
import {
  DECISIONS,
  decideSourceErasure,
  listSourceErasures,
  type SourceErasure,
} from '../reactions/source-erasures.ts';
import { type Certificate as Kept, listCertificates, readCertificate } from '../record/erasure/certificate.ts';
import { eraseCustomer } from '../record/erasure/erase.ts';
import { exportPerson } from '../record/erasure/export.ts';
import { MENTIONED } from '../record/erasure/mentions.ts';
import { ERASURE_REASONS, STAFF_REASONS } from '../record/erasure/reasons.ts';
import { COUNTED, dryRun, MAX_DAYS, MIN_DAYS, readRetention, setRetention } from '../record/erasure/retention.ts';
import { countTightened } from '../record/erasure/retention-preview.ts';
import { sweepErased } from '../record/erasure/sweep.ts';
import { fail, ok, operation } from './route.ts';
import { pageSchema, paging, time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Privacy';
const byId = z.object({ id: z.string() });

/** Steps of the search through bodies that an answer waits for; cron does the rest. */
const SWEEP_STEPS = 4;

const Certificate = z
  .object({
    id: z.string(),
    reason: z.enum(ERASURE_REASONS),
    erasedAt: time,
    people: z.int().describe('Records that went, those included that nothing but a claim of the same address named'),
    removed: z.array(z.object({ what: z.string(), table: z.string(), rows: z.int() })),
    keptRefusals: z
      .int()
      .describe('Refusals of their addresses that are kept as keyed hashes, so that these are not written to'),
    mentions: z
      .array(z.object({ what: z.enum(MENTIONED), id: z.string() }))
      .describe('Where something that staff wrote may still name them: look at it, nothing of it was taken away'),
    sweptAt: time.nullable().describe('When all kept bodies had been searched; null while that goes on'),
  })
  .describe('Shows that somebody was erased, and holds nothing personal');

const certificateItem = (kept: Kept): z.input<typeof Certificate> => ({
  ...kept,
  reason: ERASURE_REASONS.find((reason) => reason === kept.reason) ?? 'person_asked',
  removed: kept.removed.map((entry) => ({ ...entry })),
  mentions: kept.mentions.map((entry) => ({ ...entry })),
  erasedAt: toTime(kept.erasedAt),
  sweptAt: toTimeOrNull(kept.sweptAt),
});

const days = z.int().min(MIN_DAYS).max(MAX_DAYS).nullable();
const Retention = z.object({
  visitorDays: days.describe('After how many days anonymous visitors are erased'),
  inactiveDays: days.describe('After how many days without a word people are erased'),
  due: z
    .object({ visitors: z.int().nullable(), inactive: z.int().nullable() })
    .describe(`Records that would go now, counted up to ${COUNTED}; null where the rule is off`),
});

async function retentionOf(runtime: Runtime): Promise<z.input<typeof Retention>> {
  const { visitors, inactive } = await readRetention(runtime.db);
  return {
    visitorDays: visitors,
    inactiveDays: inactive,
    due: {
      visitors: visitors === null ? null : await dryRun(runtime, 'visitors', visitors),
      inactive: inactive === null ? null : await dryRun(runtime, 'inactive', inactive),
    },
  };
}

const unconfirmed = (count: number): Problem => ({
  status: 409,
  code: 'unconfirmed',
  title: 'People would be erased now',
  detail: `${count >= COUNTED ? 'At least ' : ''}${count} records would be erased for good. Send it again with "confirm": ${count}. Nothing was changed.`,
  errors: [{ path: 'confirm', message: `must be ${count}` }],
});

const RetentionChange = z.strictObject({
  visitorDays: days.optional(),
  inactiveDays: days.optional(),
  confirm: z
    .int()
    .min(0)
    .optional()
    .describe(
      'How many records the new or shortened rules may erase now: the number that the 409 answer tells. Not needed where that is none',
    ),
});

const SourceErasureItem = z.object({
  id: z.string(),
  source: z.string(),
  askedAt: time,
  dueAt: time.nullable().describe('When it begins by itself; null where it was stopped'),
  people: z.int().describe('Records it would take, in whole or in part'),
});
const sourceErasureItem = ({ id, sourceName, askedAt, dueAt, people }: SourceErasure) => ({
  id,
  source: sourceName,
  askedAt: toTime(askedAt),
  dueAt: toTimeOrNull(dueAt),
  people,
});

export const privacyOperations = [
  operation({
    method: 'delete',
    path: '/customers/{id}',
    id: 'eraseCustomer',
    summary: 'Erase a customer for good: what names them goes, figures stay, what happened before does not come back',
    tag,
    params: byId,
    query: z.object({ reason: z.enum(STAFF_REASONS).default('person_asked') }),
    response: Certificate,
    handle: async ({ runtime, params, query }) => {
      const erased = await eraseCustomer(runtime, params.id, query.reason);
      if (!erased) return fail(notFound('customer'));
      await sweepErased(runtime, SWEEP_STEPS);
      return ok(certificateItem((await readCertificate(runtime.db, erased.id)) ?? erased));
    },
  }),
  operation({
    method: 'get',
    path: '/customers/{id}/export',
    id: 'exportCustomer',
    summary: 'Everything held of one customer, table by table, claims marked as such',
    tag,
    params: byId,
    response: z.object({
      customerId: z.string(),
      displayName: z.string().nullable(),
      isPart: z.boolean().describe('There is more than this; never so for staff'),
      exportedAt: time,
      holdings: z.array(
        z.object({
          table: z.string(),
          title: z.string(),
          isCut: z.boolean().describe('There are more rows than one answer gives'),
          rows: z.array(z.record(z.string(), z.json())),
        }),
      ),
    }),
    handle: async ({ runtime, params }) => {
      const held = await exportPerson(runtime.db, params.id);
      if (!held) return fail(notFound('customer'));
      // Rows are JSON by their type; zod's own type of JSON is not readonly.
      const holdings = held.holdings.map((one) => ({
        ...one,
        rows: one.rows.map((row) => JSON.parse(JSON.stringify(row))),
      }));
      return ok({ ...held, exportedAt: toTime(runtime.clock.now()), holdings });
    },
  }),
  operation({
    method: 'get',
    path: '/retention',
    id: 'getRetention',
    summary: 'After how many days of silence people go by themselves, and how many would go now',
    tag,
    response: Retention,
    handle: async ({ runtime }) => ok(await retentionOf(runtime)),
  }),
  operation({
    method: 'patch',
    path: '/retention',
    id: 'setRetention',
    summary: 'Set the rules of retention; null switches one off. Where people would go now, their number is confirmed',
    tag,
    body: RetentionChange,
    response: Retention,
    conflict: 'People would be erased now: the detail tells how many, to be sent as `confirm`',
    handle: async ({ runtime, body }) => {
      const now = await readRetention(runtime.db);
      const wanted = {
        visitors: body.visitorDays === undefined ? now.visitors : body.visitorDays,
        inactive: body.inactiveDays === undefined ? now.inactive : body.inactiveDays,
      };
      const count = await countTightened(runtime, wanted);
      if (count > 0 && body.confirm !== count) return fail(unconfirmed(count));
      await setRetention(runtime, wanted);
      return ok(await retentionOf(runtime));
    },
  }),
  operation({
    method: 'get',
    path: '/erasures',
    id: 'listErasures',
    summary: 'Certificates of erasures, latest first',
    tag,
    query: z.object(paging),
    response: pageSchema(Certificate),
    handle: async ({ runtime, query }) => {
      const page = await listCertificates(runtime.db, query.limit, query.cursor);
      return page
        ? ok({ items: page.items.map(certificateItem), nextCursor: page.nextCursor })
        : fail(invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]));
    },
  }),
  operation({
    method: 'get',
    path: '/erasures/{id}',
    id: 'getErasure',
    summary: 'One certificate',
    tag,
    params: byId,
    response: Certificate,
    handle: async ({ runtime, params }) => {
      const kept = await readCertificate(runtime.db, params.id);
      return kept ? ok(certificateItem(kept)) : fail(notFound('erasure'));
    },
  }),
  operation({
    method: 'get',
    path: '/source-erasures',
    id: 'listSourceErasures',
    summary: 'Sources that asked to forget everybody they know, waiting or stopped',
    tag,
    response: z.object({ items: z.array(SourceErasureItem) }),
    handle: async ({ runtime }) => ok({ items: (await listSourceErasures(runtime)).map(sourceErasureItem) }),
  }),
  operation({
    method: 'post',
    path: '/source-erasures/{id}',
    id: 'decideSourceErasure',
    summary: 'Begin now what a source asked for, stop it, or begin what was stopped',
    tag,
    params: byId,
    body: z.strictObject({ decision: z.enum(DECISIONS) }),
    response: z.object({ items: z.array(SourceErasureItem) }),
    handle: async ({ runtime, params, body }) =>
      (await decideSourceErasure(runtime, params.id, body.decision))
        ? ok({ items: (await listSourceErasures(runtime)).map(sourceErasureItem) })
        : fail(notFound('waiting erasure of a source')),
  }),
];
