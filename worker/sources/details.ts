import * as v from 'valibot';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { fetchFrom } from '../platform/egress.ts';
import type { Runtime } from '../platform/env.ts';
import { type JobHandler, type NewJob, renewJobs } from '../platform/jobs.ts';
import { complete, countIncomplete, listIncomplete, readIncomplete } from '../record/complete.ts';
import type { ApiContext, ProviderApi } from './provider-api.ts';
import { providerOf, type Source, sourceByInternalId } from './store.ts';

/**
 * Details that a sender's webhooks leave out, fetched by durable jobs after the answer. The touchpoint is on record before;
 * without credentials it stands with what it has.
 */
export const DETAILS = 'details';
export const BACKFILL = 'details_backfill';

/** The provider's API and what it is asked with, null unless everything it needs is there. */
export function apiOf(source: Source): ProviderApi | null {
  const api = providerOf(source.kind)?.api;
  const isWhole = api?.fields.every(({ name, isOptional }) => isOptional || source.credentials[name]);
  return api && isWhole ? api : null;
}

/** What an API is handed: its credentials, and a way out to its own hosts. */
export const apiContext = ({ clock }: Runtime, source: Source, api: ProviderApi): ApiContext => ({
  credentials: source.credentials,
  settings: source.settings,
  now: clock.now(),
  fetch: fetchFrom(api.hosts(source.credentials)),
});

const detailJob = (sourceId: number, messageId: string): NewJob => ({
  key: `${DETAILS}:${sourceId}:${messageId}`,
  kind: DETAILS,
  payload: { messageId },
  sourceId,
});

/** The jobs that complete what a delivery brought; none where nobody can be asked. */
export function detailJobs(source: Source, touchpoints: readonly TouchpointInput[]): NewJob[] {
  const lacking = touchpoints.filter(({ needs }) => needs);
  return lacking.length > 0 && apiOf(source)?.details
    ? lacking.map(({ messageId }) => detailJob(source.id, messageId))
    : [];
}

/** Asks again for everything of a source that is still incomplete: after its token was set. `run` tells two times apart. */
export const backfillJob = (source: Source, run: string, after = ''): NewJob => ({
  key: `${BACKFILL}:${source.id}:${run}:${after}`,
  kind: BACKFILL,
  payload: { run, after },
  sourceId: source.id,
});

const DetailPayload = v.object({ messageId: v.string() });
const BackfillPayload = v.object({ run: v.string(), after: v.string() });

/** Completes one touchpoint. */
export const fetchDetails: JobHandler = async (runtime, job) => {
  const { messageId } = v.parse(DetailPayload, job.payload);
  const source = job.sourceId === null ? null : await sourceByInternalId(runtime, job.sourceId);
  const api = source && apiOf(source);
  if (!source || !api?.details) return { outcome: 'dead', error: 'This source has no access token to ask with.' };
  const target = await readIncomplete(runtime.db, source.id, messageId);
  if (!target) return { outcome: 'done', note: 'Nothing is missing.' };
  const { need, kind, occurredAt } = target;
  const asked = await api.details({ ...need, kind, occurredAt }, apiContext(runtime, source, api));
  if (!asked.ok)
    return asked.isFinal
      ? { outcome: 'dead', error: asked.error }
      : { outcome: 'retry', error: asked.error, afterMs: asked.afterMs ?? null };
  await complete(runtime, target, asked.value);
  return { outcome: 'done' };
};

/** Puts a job down for each touchpoint of a source that lacks something, a part of them at a time. */
export const backfillDetails: JobHandler = async (runtime, job) => {
  const { run, after } = v.parse(BackfillPayload, job.payload);
  const source = job.sourceId === null ? null : await sourceByInternalId(runtime, job.sourceId);
  if (!source || !apiOf(source)?.details) return { outcome: 'done', note: 'There is no access token to ask with.' };
  const part = await listIncomplete(runtime.db, source.id, after);
  const jobs = part.found.map(({ messageId }) => detailJob(source.id, messageId));
  return {
    outcome: 'done',
    note: `${jobs.length} to ask for.`,
    // Renewed: an earlier one may have given up, or wait for hours because the token was wrong.
    effects: jobs.length > 0 ? [renewJobs(runtime.db, jobs, runtime.clock.now())] : [],
    next: part.after === null ? [] : [backfillJob(source, run, part.after)],
  };
};

/** Jobs that are counted for a page; "and more" beyond. */
const COUNTED_JOBS = 1000;

/** How a source stands with what its webhooks leave out. */
export type Lack = {
  /** False when nobody can be asked: a token is missing. */
  readonly canAsk: boolean;
  /** Among the latest 5,000 contacts of all sources. */
  readonly lacking: number;
  /** Questions that wait for their turn or for another attempt, and those given up; at most 1,000 together. */
  readonly waiting: number;
  readonly givenUp: number;
  /** What one of them that failed was told, in plain words. */
  readonly error: string | null;
};

/** Tells the page of a source what is missing and why; null for a sender whose webhooks leave nothing out. */
export async function lackOf({ db }: Runtime, source: Source): Promise<Lack | null> {
  if (!providerOf(source.kind)?.api?.details) return null;
  const [lacking, jobs] = await Promise.all([
    countIncomplete(db, source.id),
    db
      .prepare(
        `SELECT count(*) FILTER (WHERE dead_at IS NULL) AS waiting, count(dead_at) AS givenUp,
           (SELECT error FROM job WHERE source_id = ?1 AND done_at IS NULL AND kind = ?2 AND error IS NOT NULL LIMIT 1) AS error
         FROM (SELECT dead_at FROM job WHERE source_id = ?1 AND done_at IS NULL AND kind = ?2 LIMIT ?3)`,
      )
      .bind(source.id, DETAILS, COUNTED_JOBS)
      .first<{ waiting: number; givenUp: number; error: string | null }>(),
  ]);
  const { waiting = 0, givenUp = 0, error = null } = jobs ?? {};
  return { canAsk: apiOf(source) !== null, lacking, waiting, givenUp, error };
}
