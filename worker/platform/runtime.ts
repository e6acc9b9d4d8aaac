import { systemClock } from './clock.ts';
import type { Bindings, Runtime } from './env.ts';

/** What a request's or a minute's work is handed. */
export const runtimeOf = (env: Bindings): Runtime => ({ db: env.DB, clock: systemClock, ingest: env.INGEST ?? null });
