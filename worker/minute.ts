import { systemClock } from './platform/clock.ts';
import type { Bindings } from './platform/env.ts';
import { logError } from './platform/log.ts';
import { ensureMigrated } from './platform/migrate.ts';
import { runtimeOf } from './platform/runtime.ts';
import { followLog } from './reactions/follow.ts';
import { pruneDeliveries } from './record/deliveries.ts';
import { settleOverdue } from './record/identity/settle.ts';

/** Steps of the log read in one minute's run; what is left waits for the next. */
const MAX_STEPS = 20;

/** What each minute does: finish what a request left, follow the log, let go of what is past its time. */
export async function runMinute(env: Bindings): Promise<void> {
  await ensureMigrated(env.DB);
  const runtime = runtimeOf(env);
  const follow = async () => {
    for (let step = 0; step < MAX_STEPS && (await followLog(runtime)); step++);
  };
  // Each for itself: one that fails must not keep the others from being done.
  await settleOverdue(env.DB, systemClock).catch(logError);
  await follow().catch(logError);
  await pruneDeliveries(env.DB, systemClock.now()).catch(logError);
}
