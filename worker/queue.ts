import { nudge } from './minute.ts';
import type { Bindings } from './platform/env.ts';
import { logError } from './platform/log.ts';
import { ensureMigrated } from './platform/migrate.ts';
import { runtimeOf } from './platform/runtime.ts';
import { bury, postpone, takeIn } from './sources/ingest.ts';

/** The queue of what could not be written is named like this, whatever the name before it. */
const DEAD = /-dead$/;

/** Takes a batch of the queue: what the doors put there, or what was given up. */
export async function runQueue({ queue, messages }: MessageBatch<unknown>, env: Bindings): Promise<void> {
  try {
    await ensureMigrated(env.DB);
  } catch (error) {
    logError(error);
    for (const message of messages) postpone(message);
    return;
  }
  if (DEAD.test(queue)) return bury(runtimeOf(env), messages);
  await takeIn(runtimeOf(env), messages);
  // The next batch waits for this one to end.
  await nudge(env);
}
