import * as z from 'zod';
import { jobTitle } from '../jobs.ts';
import type { Runtime } from '../platform/env.ts';
import { JOB_STATES, type JobLine, listJobs, retryJob, retryJobs } from '../platform/job-list.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { listSources, sourceById } from '../sources/store.ts';
import { fail, ok, operation } from './route.ts';
import { pageSchema, paging, time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Jobs';

const Job = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string().nullable().describe('What the kind is called'),
  state: z.enum(JOB_STATES),
  isRunning: z.boolean(),
  sourceId: z.string().nullable(),
  attempts: z.int(),
  error: z.string().nullable().describe('What went wrong the last time; of one that is done, what it came to'),
  createdAt: time,
  runAt: time.nullable().describe('When it is tried next'),
  endedAt: time.nullable().describe('When it was done or given up'),
});

async function itemsOf(runtime: Runtime, lines: readonly JobLine[]): Promise<z.input<typeof Job>[]> {
  const sources = lines.some(({ sourceId }) => sourceId !== null) ? await listSources(runtime) : [];
  const idOf = new Map(sources.map(({ id, publicId }) => [id, publicId]));
  return lines.map(({ id, sourceId, createdAt, runAt, endedAt, ...line }) => ({
    ...line,
    id: String(id),
    title: jobTitle(line.kind),
    sourceId: sourceId === null ? null : (idOf.get(sourceId) ?? null),
    createdAt: toTime(createdAt),
    runAt: toTimeOrNull(runAt),
    endedAt: toTimeOrNull(endedAt),
  }));
}

/** The internal id of a source that a caller names; undefined when there is none. */
async function internalId(runtime: Runtime, source: string | undefined): Promise<number | null | undefined> {
  return source === undefined ? null : (await sourceById(runtime, source))?.id;
}

export const jobOperations = [
  operation({
    method: 'get',
    path: '/jobs',
    id: 'listJobs',
    summary: 'Work in the background: what was given up, what waits, what is done',
    tag,
    query: z.object({ ...paging, state: z.enum(JOB_STATES).default('dead'), source: z.string().optional() }),
    response: pageSchema(Job),
    handle: async ({ runtime, query }) => {
      const sourceId = await internalId(runtime, query.source);
      if (sourceId === undefined) return fail(notFound('source'));
      const page = await listJobs(runtime.db, { ...query, sourceId }, runtime.clock.now());
      if (!page) return fail(invalid([{ path: 'query.cursor', message: 'is not a cursor of this list' }]));
      return ok({ items: await itemsOf(runtime, page.items), nextCursor: page.nextCursor });
    },
  }),
  operation({
    method: 'post',
    path: '/jobs/retry',
    id: 'retryJobs',
    summary: 'Try everything again that was given up, or what of it is of one kind or source',
    tag,
    body: z.strictObject({ source: z.string().optional(), kind: z.string().max(100).optional() }).default({}),
    response: z.object({ retried: z.int() }),
    handle: async ({ runtime, body }) => {
      const sourceId = await internalId(runtime, body.source);
      if (sourceId === undefined) return fail(notFound('source'));
      const { db, clock } = runtime;
      return ok({ retried: await retryJobs(db, { kind: body.kind ?? null, sourceId }, clock.now()) });
    },
  }),
  operation({
    method: 'post',
    path: '/jobs/{id}/retry',
    id: 'retryJob',
    summary: 'Try a job again that was given up',
    tag,
    params: z.object({ id: z.string().regex(/^\d{1,15}$/) }),
    response: z.object({ retried: z.int() }),
    handle: async ({ runtime, params }) => {
      const isRetried = await retryJob(runtime.db, Number(params.id), runtime.clock.now());
      return isRetried ? ok({ retried: 1 }) : fail(notFound('job that was given up'));
    },
  }),
];
