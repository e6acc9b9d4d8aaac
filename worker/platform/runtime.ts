import { systemClock } from './clock.ts';
import { adminToken, type Bindings, type Runtime } from './env.ts';

/** What a request's or a minute's work is handed. */
export const runtimeOf = (env: Bindings): Runtime => ({
  db: env.DB,
  clock: systemClock,
  ingest: env.INGEST ?? null,
  files: env.FILES ?? null,
  tokenKey: adminToken(env),
  email: env.EMAIL ?? null,
});
