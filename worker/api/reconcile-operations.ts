import * as z from 'zod';
import { invalid, notFound } from '../platform/problem.ts';
import { type Comparison, compareNow, comparisonOf } from '../sources/comparisons.ts';
import { sourceById } from '../sources/store.ts';
import { fail, ok, operation } from './route.ts';
import { toTimeOrNull } from './schemas.ts';

const tag = 'Sources';
const byId = z.object({ id: z.string() });
const time = z.iso.datetime().nullable();

const Reconciliation = z.object({
  canReconcile: z.boolean().describe('The sender has a list to compare with'),
  isReady: z.boolean().describe('The access to that list is filled in'),
  isRunning: z.boolean(),
  comparedTo: time.describe('Up to here everything the sender lists is on record'),
  lastAt: time,
  lastNote: z.string().nullable().describe('What the last run came to, in words'),
  nextAt: time,
  error: z.string().nullable().describe('What went wrong the last time, in words'),
});

const NONE: Comparison = {
  isReady: false,
  isRunning: false,
  comparedTo: null,
  lastAt: null,
  lastNote: null,
  nextAt: null,
  error: null,
};

function reconciliationOf(found: Comparison | null): z.input<typeof Reconciliation> {
  const { comparedTo, lastAt, nextAt, ...rest } = found ?? NONE;
  return {
    canReconcile: found !== null,
    ...rest,
    comparedTo: toTimeOrNull(comparedTo),
    lastAt: toTimeOrNull(lastAt),
    nextAt: toTimeOrNull(nextAt),
  };
}

export const reconcileOperations = [
  operation({
    method: 'get',
    path: '/sources/{id}/reconcile',
    id: 'getReconciliation',
    summary: 'How far a source was compared with its sender’s own list',
    tag,
    params: byId,
    response: Reconciliation,
    handle: async ({ runtime, params }) => {
      const source = await sourceById(runtime, params.id);
      return source ? ok(reconciliationOf(await comparisonOf(runtime, source))) : fail(notFound('source'));
    },
  }),
  operation({
    method: 'post',
    path: '/sources/{id}/reconcile',
    id: 'reconcileSource',
    summary: 'Compare a source with its sender’s own list now; `since` also brings in older history',
    tag,
    params: byId,
    body: z.strictObject({ since: z.iso.datetime({ offset: true }).optional() }),
    response: Reconciliation,
    status: 202,
    handle: async ({ runtime, params, body }) => {
      const source = await sourceById(runtime, params.id);
      if (!source) return fail(notFound('source'));
      const asked = await compareNow(runtime, source, body.since === undefined ? null : Date.parse(body.since));
      return asked.ok ? ok(reconciliationOf(await comparisonOf(runtime, source))) : fail(invalid(asked.misfits));
    },
  }),
];
