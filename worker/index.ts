import { runMinute } from './minute.ts';
import type { Bindings } from './platform/env.ts';
import { runQueue } from './queue.ts';
import { createApp } from './routes.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => runMinute(env),
  queue: (batch, env) => runQueue(batch, env),
} satisfies ExportedHandler<Bindings>;
