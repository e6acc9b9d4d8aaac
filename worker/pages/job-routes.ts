import { type Context, Hono } from 'hono';
import { nudge } from '../minute.ts';
import type { Bindings } from '../platform/env.ts';
import { retryJob, retryJobs } from '../platform/job-list.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { sourceById } from '../sources/store.ts';
import { noSuchPage, problemPage } from './errors.tsx';
import { formOf } from './form.ts';
import { jobsPage } from './jobs.tsx';
import { noticeOf } from './notices.ts';
import { pageResponse, seeOther } from './response.ts';

type Staff = Context<{ Bindings: Bindings }>;

/** Back to the list. What is to be tried again need not wait for the minute. */
function retried(c: Staff, count: number): Response {
  if (count > 0) c.executionCtx.waitUntil(nudge(c.env));
  return seeOther(`/jobs?done=${count > 0 ? 'retried' : 'retry_gone'}`);
}

async function retryAll(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const [kind, named] = [form.text('kind') || null, form.text('source')];
  const source = named ? await sourceById(runtime, named) : null;
  if (named && !source) return retried(c, 0);
  return retried(c, await retryJobs(runtime.db, { kind, sourceId: source?.id ?? null }, runtime.clock.now()));
}

async function retryOne(c: Staff): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const id = c.req.param('id') ?? '';
  return retried(c, /^\d{1,15}$/.test(id) && (await retryJob(db, Number(id), clock.now())) ? 1 : 0);
}

/** `/jobs`: looking after the work in the background. */
export const jobRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/jobs', async (c) => {
    const page = await jobsPage(runtimeOf(c.env), new URL(c.req.url).searchParams, noticeOf(c.req.query('done')));
    return page ? pageResponse(page) : problemPage(noSuchPage);
  })
  .post('/jobs/retry', retryAll)
  .post('/jobs/:id/retry', retryOne);
