import { nudge, runMinute } from './minute.ts';
import type { Bindings } from './platform/env.ts';
import { runQueue } from './queue.ts';
import { createApp } from './routes.ts';
import { receiveMail } from './sources/mail/door.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => runMinute(env),
  queue: (batch, env) => runQueue(batch, env),
  async email(message, env, context) {
    await receiveMail(message, env);
    context.waitUntil(nudge(env));
  },
} satisfies ExportedHandler<Bindings>;
