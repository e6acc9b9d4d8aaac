import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { insertJobs } from '../platform/jobs.ts';
import { apiOf } from './details.ts';
import type { Misfit } from './provider.ts';
import { providers } from './providers.gen.ts';
import { RECONCILE } from './reconcile.ts';
import { providerOf, type Source } from './store.ts';

/** When sources are compared with their senders' lists: each hour, when the owner asks, and what came of it. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Each source has a minute of its own, so that not all ask at once. */
const shiftOf = (sourceId: number): number => ((sourceId * 7) % 60) * MINUTE_MS;

/** Kinds whose sender can be asked for a list, with the fields that have to be filled in first. */
const LISTING = JSON.stringify(
  providers.flatMap(({ kind, api }) =>
    api?.list ? [{ kind, fields: api.fields.filter((field) => !field.isOptional).map(({ name }) => name) }] : [],
  ),
);

/** Puts down this hour's comparison of every source that is due and is not being compared. Called by cron; one statement. */
export async function putComparisons({ db, clock }: Runtime): Promise<void> {
  await withRetry(() =>
    db
      .prepare(
        `INSERT INTO job (key, kind, payload, source_id, run_at, created_at)
         SELECT ?4 || ':' || s.id || ':' || cast((?2 - (s.id * 7 % 60) * ?3) / (60 * ?3) AS INTEGER), ?4, '{}', s.id, ?2, ?2
         FROM json_each(?1) k CROSS JOIN source s ON s.kind = k.value ->> 'kind'
         WHERE s.paused_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM json_each(k.value -> 'fields') f WHERE ifnull(s.credentials ->> f.value, '') = '')
           AND NOT EXISTS (SELECT 1 FROM job j WHERE j.source_id = s.id AND j.kind = ?4 AND j.done_at IS NULL AND j.dead_at IS NULL)
         ON CONFLICT (key) DO NOTHING`,
      )
      .bind(LISTING, clock.now(), MINUTE_MS, RECONCILE)
      .run(),
  );
}

export type Asking = { readonly ok: true } | { readonly ok: false; readonly misfits: readonly Misfit[] };
const refuse = (path: string, message: string): Asking => ({ ok: false, misfits: [{ path, message }] });

/**
 * Has a source compared now. `since` (epoch ms) goes back before what was compared so far, and before the source was added:
 * history that the sender still has is brought in.
 */
export async function compareNow(runtime: Runtime, source: Source, since: number | null = null): Promise<Asking> {
  if (!providerOf(source.kind)?.api?.list) return refuse('$', 'this sender has no list to compare with');
  if (!apiOf(source)) return refuse('$', 'the access to the sender’s own list is not filled in yet');
  if (source.pausedAt !== null) return refuse('$', 'the source is paused');
  const now = runtime.clock.now();
  if (since !== null && since > now) return refuse('$.since', 'lies in the future');
  const key = `${RECONCILE}:${source.id}:${runtime.clock.uuid()}`;
  const payload = since === null ? {} : { since };
  await withRetry(() => insertJobs(runtime.db, [{ key, kind: RECONCILE, payload, sourceId: source.id }], now).run());
  return { ok: true };
}

/** After its access was changed: what waits to be tried again need not wait, and a first comparison is put down. */
export async function compareAnew(runtime: Runtime, source: Source): Promise<void> {
  await runtime.db
    .prepare(
      `UPDATE job SET run_at = ?2 WHERE source_id = ?1 AND kind = ?3 AND done_at IS NULL AND dead_at IS NULL
         AND begun_at IS NULL AND run_at > ?2`,
    )
    .bind(source.id, runtime.clock.now(), RECONCILE)
    .run();
  await putComparisons(runtime);
}

/** What the page of a source says of it. Times are epoch ms. */
export type Comparison = {
  /** The access to the sender's list is filled in. */
  readonly isReady: boolean;
  readonly isRunning: boolean;
  /** Up to here the list was compared with what came; null before the first time. */
  readonly comparedTo: number | null;
  /** When a run last came to its end or handed on, and what it said. */
  readonly lastAt: number | null;
  readonly lastNote: string | null;
  /** When the next begins, or what failed is tried again; null when nothing will be. */
  readonly nextAt: number | null;
  /** What went wrong the last time, in plain words. */
  readonly error: string | null;
};

type Line = {
  run_at: number;
  begun_at: number | null;
  error: string | null;
  done_at: number | null;
  dead_at: number | null;
  attempts: number;
};

/** How comparing a source stands; null where its sender has no list. */
export async function comparisonOf({ db, clock }: Runtime, source: Source): Promise<Comparison | null> {
  if (!providerOf(source.kind)?.api?.list) return null;
  // The source's jobs by the unique key: `:` is followed by `;`.
  const { results } = await db
    .prepare(
      `SELECT run_at, begun_at, error, done_at, dead_at, attempts FROM job WHERE key > ?1 AND key < ?2
       ORDER BY coalesce(done_at, dead_at, 9e15) DESC LIMIT 3`,
    )
    .bind(`${RECONCILE}:${source.id}:`, `${RECONCILE}:${source.id};`)
    .all<Line>();
  const now = clock.now();
  const open = results.find(({ done_at, dead_at }) => done_at === null && dead_at === null);
  const done = results.find(({ done_at }) => done_at !== null);
  const ended = results.find(({ done_at, dead_at }) => done_at !== null || dead_at !== null);
  const isReady = apiOf(source) !== null;
  const shift = shiftOf(source.id);
  const nextHour = (Math.floor((now - shift) / HOUR_MS) + 1) * HOUR_MS + shift;
  return {
    isReady,
    isRunning: open !== undefined && open.begun_at !== null,
    comparedTo: source.reconciledTo,
    lastAt: done?.done_at ?? null,
    lastNote: done?.error ?? null,
    nextAt: isReady && source.pausedAt === null ? (open?.run_at ?? nextHour) : null,
    error: open?.error ?? (ended?.dead_at != null ? ended.error : null),
  };
}
