import * as z from 'zod';
import { invalid, notFound } from '../platform/problem.ts';
import { type Certificate as Kept, listCertificates, readCertificate } from '../record/erasure/certificate.ts';
import { eraseCustomer } from '../record/erasure/erase.ts';
import { ERASURE_REASONS, STAFF_REASONS } from '../record/erasure/reasons.ts';
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
    sweptAt: time.nullable().describe('When all kept bodies had been searched; null while that goes on'),
  })
  .describe('Shows that somebody was erased, and holds nothing personal');

const certificateItem = (kept: Kept): z.input<typeof Certificate> => ({
  ...kept,
  reason: ERASURE_REASONS.find((reason) => reason === kept.reason) ?? 'person_asked',
  removed: kept.removed.map((entry) => ({ ...entry })),
  erasedAt: toTime(kept.erasedAt),
  sweptAt: toTimeOrNull(kept.sweptAt),
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
];
