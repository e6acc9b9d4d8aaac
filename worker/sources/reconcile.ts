import * as v from 'valibot';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import type { Runtime } from '../platform/env.ts';
import type { Job, JobHandler, JobOutcome, NewJob } from '../platform/jobs.ts';
import { append, MAX_TOUCHPOINTS } from '../record/append.ts';
import { type Candidate, hasMessages, missingOf } from '../record/missing.ts';
import { apiContext, apiOf, detailJobs } from './details.ts';
import type { Listing } from './provider-api.ts';
import { type Source, sourceByInternalId } from './store.ts';

/**
 * Compares a sender's own list with the record and fills in what no webhook brought. A run goes from a moment to now, a few
 * pages a job; each job hands on where the next begins, so that a long one outlives crashes and limits. Only when the last page
 * is durable does the source's `reconciled_to` move.
 */
export const RECONCILE = 'reconcile';

/** Pages asked for in one job, and how long it may take: well within the lease of a job. */
const PAGES = 5;
const BUDGET_MS = 45_000;
/** Looked at again by each run: clocks differ, and lists show some things late. */
const OVERLAP_MS = 3600 * 1000;

const Payload = v.object({
  /** Where the run begins, epoch ms; null until its first job says. */
  since: v.optional(v.nullable(v.number()), null),
  /** Facts from before are left alone: from before the source was added, or what the owner asked for. */
  floor: v.optional(v.nullable(v.number()), null),
  /** When the run began, epoch ms: so far everything is compared once it has ended. */
  startedAt: v.optional(v.nullable(v.number()), null),
  /** The key of its first job, and how many followed. */
  run: v.optional(v.nullable(v.string()), null),
  step: v.optional(v.number(), 0),
  page: v.optional(v.nullable(v.string()), null),
  seen: v.optional(v.number(), 0),
  orders: v.optional(v.number(), 0),
  events: v.optional(v.number(), 0),
  unread: v.optional(v.number(), 0),
});
type Run = {
  readonly since: number;
  readonly floor: number;
  readonly startedAt: number;
  readonly run: string;
  readonly step: number;
  readonly page: string | null;
  /** Facts looked at; orders and events filled in; things that could not be read. */
  readonly seen: number;
  readonly orders: number;
  readonly events: number;
  readonly unread: number;
};

function runOf(job: Job, source: Source, now: number): Run {
  const given = v.parse(Payload, job.payload);
  const from = source.reconciledTo ?? source.createdAt;
  const asked = given.since ?? from;
  return {
    ...given,
    // Never later than what was compared: the time between would be passed over for good.
    since: given.startedAt === null ? Math.min(asked, from) - OVERLAP_MS : asked,
    floor: given.floor ?? Math.min(asked, source.createdAt) - OVERLAP_MS,
    startedAt: given.startedAt ?? now,
    run: given.run ?? job.key,
  };
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What was filled in, in words; null for nothing. */
function filledIn({ orders, events }: Pick<Run, 'orders' | 'events'>): string | null {
  if (events === 0) return null;
  const what = orders > 0 ? `${plural(orders, 'order')} (${plural(events, 'event')})` : plural(events, 'event');
  return `${what} filled in that no webhook brought`;
}

function noteOf(run: Run): string {
  const unread = run.unread > 0 ? ` ${plural(run.unread, 'thing')} could not be read.` : '';
  return `${filledIn(run) ?? 'Nothing was missing'}; ${plural(run.seen, 'event')} compared.${unread}`;
}

/** Writes what is missing of a page; gives how many orders and events that came to. */
async function fillIn(
  runtime: Runtime,
  source: Source,
  facts: readonly Candidate[],
): Promise<Pick<Run, 'orders' | 'events'>> {
  let [orders, events] = [0, 0];
  for (let from = 0; from < facts.length; from += MAX_TOUCHPOINTS) {
    const part = facts.slice(from, from + MAX_TOUCHPOINTS);
    const touchpoints: readonly TouchpointInput[] = await missingOf(runtime.db, source.id, part);
    if (touchpoints.length === 0) continue;
    const filled = {
      orders: new Set(touchpoints.flatMap(({ order }) => order?.id ?? [])).size,
      events: touchpoints.length,
    };
    const jobs = detailJobs(source, touchpoints);
    const note = `${filledIn(filled)}.`;
    const { stored } = await append(runtime.db, runtime.clock, { sourceId: source.id, touchpoints, jobs, note });
    orders += Math.min(filled.orders, stored);
    events += stored;
  }
  return { orders, events };
}

const after = (run: Run, { facts, unread, next }: Listing, filled: Pick<Run, 'orders' | 'events'>): Run => ({
  ...run,
  page: next,
  seen: run.seen + facts.length,
  orders: run.orders + filled.orders,
  events: run.events + filled.events,
  unread: run.unread + unread,
});

const nextJob = (source: Source, run: Run, runAt: number): NewJob => ({
  key: `${run.run}+${run.step + 1}`,
  kind: RECONCILE,
  payload: { ...run, step: run.step + 1 },
  sourceId: source.id,
  runAt,
});

const handOn = (source: Source, run: Run, runAt: number): JobOutcome => ({
  outcome: 'done',
  note: `So far: ${noteOf(run)}`,
  next: [nextJob(source, run, runAt)],
});

/** Monotonic: a run that took long must not take back what a later one reached. */
const moveOn = (db: D1Database, source: Source, to: number): D1PreparedStatement =>
  db.prepare('UPDATE source SET reconciled_to = max(ifnull(reconciled_to, 0), ?2) WHERE id = ?1').bind(source.id, to);

/** A few pages of a run. */
export const reconcile: JobHandler = async (runtime, job) => {
  const source = job.sourceId === null ? null : await sourceByInternalId(runtime, job.sourceId);
  const api = source && apiOf(source);
  if (!source || !api?.list) return { outcome: 'done', note: 'There is no access to ask with.' };
  if (source.pausedAt !== null) return { outcome: 'done', note: 'This source is paused.' };
  if (api.notListedAfter !== undefined && (await hasMessages(runtime.db, source.id, api.notListedAfter)))
    return { outcome: 'done', note: 'Not compared: this sender lists what it has sent here under other ids.' };
  const began = runtime.clock.now();
  let run = runOf(job, source, began);
  for (let pages = 0; pages < PAGES && runtime.clock.now() - began < BUDGET_MS; pages++) {
    const asked = await api.list(run.since, run.page, apiContext(runtime, source, api));
    if (!asked.ok) {
      const afterMs = asked.afterMs ?? null;
      // No answer is final here: whatever is wrong, the owner can mend it. What was reached is handed on all the same.
      if (pages === 0) return { outcome: 'retry', error: asked.error, afterMs };
      return handOn(source, run, runtime.clock.now() + (afterMs ?? 0));
    }
    const { floor } = run;
    const facts = asked.value.facts.filter(({ touchpoint }) => (touchpoint.occurredAt ?? floor) >= floor);
    run = after(run, asked.value, await fillIn(runtime, source, facts));
    if (run.page === null)
      return { outcome: 'done', note: noteOf(run), effects: [moveOn(runtime.db, source, run.startedAt)] };
  }
  return handOn(source, run, runtime.clock.now());
};
