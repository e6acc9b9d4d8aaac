import { runMinute } from './minute.ts';
import type { Bindings } from './platform/env.ts';
import { runtimeOf } from './platform/runtime.ts';
import { nudge } from './reactions/follow.ts';
import { createApp } from './routes.ts';
import { receiveMail } from './sources/mail/door.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => runMinute(env),
  async email(message, env, context) {
    await receiveMail(message, env);
    context.waitUntil(nudge(runtimeOf(env)));
  },
} satisfies ExportedHandler<Bindings>;
