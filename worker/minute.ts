import { putDigests } from './digests/put.ts';
import { jobHandlers } from './jobs.ts';
import { pruneConfirmations } from './outbox/confirm.ts';
import { pruneMails } from './outbox/mails.ts';
import { systemClock } from './platform/clock.ts';
import type { Bindings } from './platform/env.ts';
import { pruneJobs, runJobs } from './platform/jobs.ts';
import { logError } from './platform/log.ts';
import { ensureMigrated } from './platform/migrate.ts';
import { runtimeOf } from './platform/runtime.ts';
import { followDecisions } from './reactions/decisions.ts';
import { raiseEndings } from './reactions/endings.ts';
import { followLog } from './reactions/follow.ts';
import { endEdits } from './record/edits.ts';
import { keepRetention } from './record/erasure/retention.ts';
import { sweepErased } from './record/erasure/sweep.ts';
import { settleOverdue } from './record/identity/settle.ts';
import { fillFields } from './record/own-fields/fill.ts';
import { followOrders } from './record/products/follow.ts';
import { pruneDeliveries } from './record/retention.ts';
import { followStages } from './record/stages/follow.ts';
import { followLikeness } from './record/suggestions/follow.ts';
import { putComparisons } from './sources/comparisons.ts';
import { pruneRefusals } from './sources/imports/store.ts';
import { pruneProofs } from './sources/proofs.ts';

/** Steps of the log read in one minute's run; what is left waits for the next. */
const MAX_STEPS = 20;
/** Jobs begun in one minute's run. */
const MAX_JOBS = 40;
/** Steps of the search for what is left of the erased. */
const MAX_SWEEPS = 20;
/** Steps of the rules by which people go. */
const MAX_RETENTION = 5;

/** What each minute does: finish what a request left, follow the log, let go of what is past its time. */
export async function runMinute(env: Bindings): Promise<void> {
  await ensureMigrated(env.DB);
  const runtime = runtimeOf(env);
  const retain = async () => {
    for (let step = 0; step < MAX_RETENTION && (await keepRetention(runtime)); step++);
  };
  const follow = async (one: () => Promise<boolean>) => {
    for (let step = 0; step < MAX_STEPS && (await one()); step++);
  };
  // Each for itself: one that fails must not keep the others from being done.
  await settleOverdue(env.DB, systemClock).catch(logError);
  await follow(() => endEdits(runtime)).catch(logError);
  await follow(() => followLog(runtime)).catch(logError);
  await follow(() => followDecisions(runtime)).catch(logError);
  await follow(() => followOrders(env.DB)).catch(logError);
  await follow(() => followLikeness(env.DB)).catch(logError);
  await follow(() => followStages(runtime)).catch(logError);
  await follow(() => fillFields(env.DB)).catch(logError);
  await raiseEndings(runtime).catch(logError);
  await putComparisons(runtime).catch(logError);
  await putDigests(runtime).catch(logError);
  await runJobs(runtime, jobHandlers, MAX_JOBS).catch(logError);
  await retain().catch(logError);
  await sweepErased(runtime, MAX_SWEEPS).catch(logError);
  await pruneDeliveries(env.DB, systemClock.now()).catch(logError);
  await pruneRefusals(env.DB, systemClock.now()).catch(logError);
  await pruneJobs(runtime).catch(logError);
  await pruneProofs(runtime).catch(logError);
  await pruneMails(runtime).catch(logError);
  await pruneConfirmations(runtime).catch(logError);
}

const NUDGE_MS = 1000;
const NUDGED_JOBS = 5;
let lastNudge = 0;

/**
 * After something came in: follows the log and does what is due now rather than within the minute, at most once a second. A
 * hint: whatever is not done by it is done by cron, which is also why nothing is lost when it fails.
 */
export async function nudge(env: Bindings): Promise<void> {
  const runtime = runtimeOf(env);
  const now = runtime.clock.now();
  if (now - lastNudge < NUDGE_MS) return;
  lastNudge = now;
  await followLog(runtime).catch(logError);
  await followLikeness(env.DB).catch(logError);
  await fillFields(env.DB).catch(logError);
  await runJobs(runtime, jobHandlers, NUDGED_JOBS).catch(logError);
}
