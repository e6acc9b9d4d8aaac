import { systemClock } from './platform/clock.ts';
import type { Bindings } from './platform/env.ts';
import { ensureMigrated } from './platform/migrate.ts';
import { followLog } from './reactions/follow.ts';
import { pruneDeliveries } from './record/deliveries.ts';
import { resolveOverdue } from './record/identity/resolve.ts';
import { createApp } from './routes.ts';
import { runtimeOf } from './sources/doors.ts';

const app = createApp();
/** Steps of the log read in one minute's run; what is left waits for the next. */
const MAX_STEPS = 20;

export default {
  fetch: app.fetch,

  /** Every minute: finish what a request left, follow the log, let go of what is past its time. */
  async scheduled(_controller, env) {
    await ensureMigrated(env.DB);
    const runtime = runtimeOf(env);
    await resolveOverdue(env.DB, systemClock);
    for (let step = 0; step < MAX_STEPS && (await followLog(runtime)); step++);
    await pruneDeliveries(env.DB, systemClock.now());
  },
} satisfies ExportedHandler<Bindings>;
