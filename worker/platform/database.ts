import { log } from './log.ts';

/**
 * Messages of D1 after which the same idempotent work may be tried again at once, and those after which pressing on makes
 * it worse. Source: developers.cloudflare.com/d1/observability/debug-d1, "Error list".
 */
const TRANSIENT = [
  'Network connection lost',
  'storage caused object to be reset',
  'reset because its code was updated',
  'Cannot resolve D1 DB due to transient issue',
  "Can't read from request stream",
  'SQLITE_BUSY',
  'database is locked',
];
const OVERLOADED = ['overloaded', 'exceeded timeout', 'memory limit', 'CPU time limit', 'too many requests queued'];

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 25;

/** The database could not take the work now; nothing was half done. Becomes 503 with Retry-After. */
export class DatabaseBusy extends Error {
  override readonly name = 'DatabaseBusy';
}

const says = (error: unknown, messages: readonly string[]): boolean =>
  error instanceof Error && messages.some((message) => error.message.includes(message));

/** True for errors of the database itself rather than of what it was asked. */
export const isDatabaseTrouble = (error: unknown): boolean => says(error, TRANSIENT) || says(error, OVERLOADED);

/**
 * Runs idempotent database work, again after a passing fault, with growing and jittered pauses.
 * D1 never retries a write itself, and a fault may come after the commit: whatever is passed here must bear repetition.
 * `alsoAfter` names further messages that a new attempt can mend.
 * @throws DatabaseBusy when the fault stays or the database says that it is overloaded.
 */
export async function withRetry<T>(work: () => Promise<T>, alsoAfter: readonly string[] = []): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseTrouble(error) && !says(error, alsoAfter)) throw error;
      if (attempt >= ATTEMPTS || says(error, OVERLOADED)) throw new DatabaseBusy('database busy', { cause: error });
      log('database_retry', { attempt, message: error instanceof Error ? error.message : '' });
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
