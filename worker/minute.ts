import { systemClock } from './platform/clock.ts';
import type { Bindings } from './platform/env.ts';
import { ensureMigrated } from './platform/migrate.ts';
import { followLog } from './reactions/follow.ts';
import { pruneDeliveries } from './record/deliveries.ts';
import { settleOverdue } from './record/identity/settle.ts';
import { runtimeOf } from './sources/doors.ts';

/** Steps of the log read in one minute's run; what is left waits for the next. */
const MAX_STEPS = 20;

/** What each minute does: finish what a request left, follow the log, let go of what is past its time. */
export async function runMinute(env: Bindings): Promise<void> {
  await ensureMigrated(env.DB);
  const runtime = runtimeOf(env);
  await settleOverdue(env.DB, systemClock);
  for (let step = 0; step < MAX_STEPS && (await followLog(runtime)); step++);
  await pruneDeliveries(env.DB, systemClock.now());
}
