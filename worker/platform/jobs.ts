import type { Json } from '../../schema/touchpoint.ts';
import { withRetry } from './database.ts';
import type { Runtime } from './env.ts';
import { parseStored } from './json.ts';
import { log, logError } from './log.ts';

/**
 * Durable jobs: a row with a key, put down in the batch of what it follows from, drained by cron and by a nudge after an
 * answer. A key makes a job happen once, for as long as its row is kept; a job that fails is tried again with growing pauses,
 * and one that keeps failing waits for a person among the dead letters.
 */
export type NewJob = {
  /** Unique among all jobs: `details:<source>:<message>`. */
  readonly key: string;
  /** Names the handler. */
  readonly kind: string;
  readonly payload: Json;
  readonly sourceId?: number | null;
  /** Epoch ms; at once when absent. */
  readonly runAt?: number;
};

export type Job = {
  readonly id: number;
  readonly key: string;
  readonly kind: string;
  readonly payload: Json;
  readonly sourceId: number | null;
  /** Times it was begun, this one included. */
  readonly attempts: number;
};

/**
 * How an attempt ended. `effects` are written in one batch with the job's own mark, so that neither stands without the other;
 * `next` are jobs that follow from it, in the same batch.
 */
export type JobOutcome =
  | {
      readonly outcome: 'done';
      readonly effects?: readonly D1PreparedStatement[];
      readonly next?: readonly NewJob[];
      /** What the job came to, for its line. */
      readonly note?: string;
    }
  | {
      readonly outcome: 'retry';
      /** In plain words, without secrets: people read it. */
      readonly error: string;
      /** How long the other side asked us to wait. */
      readonly afterMs?: number | null;
    }
  /** No attempt can mend it. */
  | { readonly outcome: 'dead'; readonly error: string };

export type JobHandler = (runtime: Runtime, job: Job) => Promise<JobOutcome>;
export type JobHandlers = Readonly<Record<string, JobHandler>>;
/** Handlers by kind, each with what people call its work: “Ask the sender for …”. */
export type JobKinds = Readonly<Record<string, { readonly title: string; readonly handler: JobHandler }>>;

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

/** A job begun is out of reach for so long: should the process end, another takes it up then. */
export const LEASE_MS = 120 * SECOND_MS;
/** With the pauses below the last attempt comes some 26 hours after the first. */
export const MAX_ATTEMPTS = 15;
/** Rows of finished jobs are kept so long: their keys keep a repetition from doing the work again. */
const DONE_DAYS = 30;

/**
 * The pause after an attempt, in ms: 15 s, doubled each time, at most 6 h, spread by a fifth so that what failed together does
 * not come back together. `random` is from 0 to 1.
 */
export function backoffMs(attempts: number, random: number): number {
  const pause = Math.min(15 * SECOND_MS * 2 ** (attempts - 1), 6 * HOUR_MS);
  return Math.round(pause * (0.9 + 0.2 * random));
}

/** Puts jobs down; those whose key is there already stay as they are. For the batch of what they follow from. */
export const insertJobs = (db: D1Database, jobs: readonly NewJob[], now: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO job (key, kind, payload, source_id, run_at, created_at)
       SELECT j.value ->> 'key', j.value ->> 'kind', j.value ->> 'payload', j.value ->> 'sourceId', coalesce(j.value ->> 'runAt', ?2), ?2
       FROM json_each(?1) j WHERE true
       ON CONFLICT (key) DO NOTHING`,
    )
    .bind(JSON.stringify(jobs.map((job) => ({ ...job, payload: JSON.stringify(job.payload) }))), now);

/**
 * Puts jobs down anew: those whose key is there, waiting, done or given up, are due again now. For when what they failed for may
 * have been mended. One that is being done at this moment may be done twice, as after any lease.
 */
export const renewJobs = (db: D1Database, jobs: readonly NewJob[], now: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO job (key, kind, payload, source_id, run_at, created_at)
       SELECT j.value ->> 'key', j.value ->> 'kind', j.value ->> 'payload', j.value ->> 'sourceId', coalesce(j.value ->> 'runAt', ?2), ?2
       FROM json_each(?1) j WHERE true
       ON CONFLICT (key) DO UPDATE SET run_at = excluded.run_at, error = NULL, done_at = NULL, dead_at = NULL,
         attempts = iif(done_at IS NULL AND dead_at IS NULL, attempts, 0)`,
    )
    .bind(JSON.stringify(jobs.map((job) => ({ ...job, payload: JSON.stringify(job.payload) }))), now);

type JobRow = { id: number; key: string; kind: string; payload: string; source_id: number | null; attempts: number };

/** Takes jobs that are due, oldest first: from now on nobody else gets them until the lease ends. */
async function claim({ db, clock }: Runtime, limit: number): Promise<Job[]> {
  const now = clock.now();
  const { results } = await db
    .prepare(
      `UPDATE job SET attempts = attempts + 1, run_at = ?1 + ?2, begun_at = ?1
       WHERE id IN (SELECT id FROM job WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= ?1 ORDER BY run_at, id LIMIT ?3)
       RETURNING id, key, kind, payload, source_id, attempts`,
    )
    .bind(now, LEASE_MS, limit)
    .all<JobRow>();
  return results
    .map((row) => ({
      id: row.id,
      key: row.key,
      kind: row.kind,
      payload: parseStored<Json>(row.payload, null),
      sourceId: row.source_id,
      attempts: row.attempts,
    }))
    .sort((a, b) => a.id - b.id);
}

const MAX_ERROR = 500;

const OVERTAKEN = 'NOT NULL constraint failed: job.key';

/**
 * Fails the batch it begins when the job is not this attempt's any more: done, gone, or begun anew after the lease. A NULL where
 * none may be.
 */
const stillOurs = (db: D1Database, { id, attempts }: Job): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO job (key, kind, payload, run_at, created_at) SELECT NULL, '', '', 0, 0
       WHERE NOT EXISTS (SELECT 1 FROM job WHERE id = ?1 AND attempts = ?2 AND done_at IS NULL)`,
    )
    .bind(id, attempts);

/** What an attempt writes. All of it or nothing: one that came back after its lease must not add to a later one, or undo it. */
function marksOf({ db, clock }: Runtime, job: Job, ended: JobOutcome): D1PreparedStatement[] {
  const now = clock.now();
  const mark = (set: string, ...values: unknown[]) =>
    db.prepare(`UPDATE job SET ${set}, begun_at = NULL WHERE id = ?1`).bind(job.id, ...values);
  const first = stillOurs(db, job);
  if (ended.outcome === 'done') {
    const { effects = [], next = [], note } = ended;
    return [
      first,
      ...effects,
      ...(next.length > 0 ? [insertJobs(db, next, now)] : []),
      mark('done_at = ?2, error = ?3', now, note?.slice(0, MAX_ERROR) ?? null),
    ];
  }
  const error = ended.error.slice(0, MAX_ERROR).toWellFormed();
  if (ended.outcome === 'dead' || job.attempts >= MAX_ATTEMPTS)
    return [first, mark('dead_at = ?2, error = ?3', now, error)];
  const pause = Math.max(backoffMs(job.attempts, Math.random()), ended.afterMs ?? 0);
  return [first, mark('run_at = ?2, error = ?3', now + pause, error)];
}

/** Does one job. A surprise is an attempt that failed: it is logged, and the line says what to quote. */
async function attempt(runtime: Runtime, handlers: JobHandlers, job: Job): Promise<JobOutcome> {
  const handler = Object.hasOwn(handlers, job.kind) ? handlers[job.kind] : undefined;
  if (!handler) return { outcome: 'dead', error: `Nothing here does jobs of the kind ${job.kind}.` };
  try {
    return await handler(runtime, job);
  } catch (error) {
    return { outcome: 'retry', error: `Something went wrong here; it was logged as ${logError(error)}.` };
  }
}

async function perform(runtime: Runtime, handlers: JobHandlers, job: Job): Promise<void> {
  const ended = await attempt(runtime, handlers, job);
  try {
    await withRetry(() => runtime.db.batch(marksOf(runtime, job, ended)));
  } catch (error) {
    if (!(error instanceof Error && error.message.includes(OVERTAKEN))) throw error;
    return log('job_overtaken', { key: job.key, attempts: job.attempts });
  }
  if (ended.outcome !== 'done') log('job_failed', { key: job.key, attempts: job.attempts, error: ended.error });
}

/** Jobs done beside each other: most of their time is waiting for somebody else's API. */
const ABREAST = 5;

/**
 * Does up to `limit` jobs that are due and answers how many it took. Several may run this at once: each job is taken by one.
 */
export async function runJobs(runtime: Runtime, handlers: JobHandlers, limit = 20): Promise<number> {
  let taken = 0;
  while (taken < limit) {
    const jobs = await claim(runtime, Math.min(ABREAST, limit - taken));
    if (jobs.length === 0) break;
    taken += jobs.length;
    // Each for itself: what one could not write down comes back when its lease ends.
    await Promise.all(jobs.map((job) => perform(runtime, handlers, job).catch(logError)));
  }
  return taken;
}

/** Lets go of the rows of jobs long done. Called by cron. */
export async function pruneJobs({ db, clock }: Runtime): Promise<void> {
  await db
    .prepare('DELETE FROM job WHERE id IN (SELECT id FROM job WHERE done_at < ?1 LIMIT 1000)')
    .bind(clock.now() - DONE_DAYS * 24 * HOUR_MS)
    .run();
}
