import type { Clock } from '../../platform/clock.ts';
import { withRetry } from '../../platform/database.ts';
import { logError } from '../../platform/log.ts';
import { reindexCustomers, renameCustomers } from '../numbers.ts';
import { restateCustomers } from '../standing.ts';
import { resolveIdentity } from './resolve.ts';

/**
 * What a change has left to work out about a fragment: `label`, what its customer is called and found by; `place`, whom it
 * belongs to. Triggers of the schema put it down in the batch of the change.
 */
export type PersonWork = readonly [fragmentId: number, reason: 'label' | 'place'];

/** Fragments whose people are worked out in one step. */
const SEEDS = 50;

const CUSTOMERS = 'SELECT f.customer_id FROM fragment f WHERE f.id IN (SELECT value FROM json_each(?1))';

/** Names and indexes the customers of some fragments anew, from what is true when the batch runs. Bears repetition. */
async function relabel(db: D1Database, fragmentIds: readonly number[]): Promise<void> {
  const ids = JSON.stringify(fragmentIds);
  const done = "DELETE FROM person_work WHERE reason = 'label' AND fragment_id IN (SELECT value FROM json_each(?1))";
  const statements = [renameCustomers(CUSTOMERS), restateCustomers(CUSTOMERS), ...reindexCustomers(CUSTOMERS), done];
  await withRetry(() => db.batch(statements.map((sql) => db.prepare(sql).bind(ids))));
}

/** Does what is left to do. Placing names and indexes as well, so only the rest is labelled. */
export async function settle(db: D1Database, clock: Clock, work: readonly PersonWork[]): Promise<void> {
  const toPlace = new Set(work.filter(([, reason]) => reason === 'place').map(([fragmentId]) => fragmentId));
  const toLabel = new Set(work.map(([fragmentId]) => fragmentId).filter((fragmentId) => !toPlace.has(fragmentId)));
  if (toLabel.size > 0) await relabel(db, [...toLabel]);
  // Many people at once are placed as one set: those that nothing connects do not touch each other in it.
  while (toPlace.size > 0) {
    const seeds = [...toPlace].slice(0, SEEDS);
    const placed = await resolveIdentity(db, clock, seeds);
    for (const fragmentId of [...seeds, ...placed]) toPlace.delete(fragmentId);
  }
}

/**
 * Does what requests that ended too early have left, oldest first. Called by cron. What cannot be done is logged and stays: it must
 * not keep the rest, and all else that the minute does, from being done.
 */
export async function settleOverdue(db: D1Database, clock: Clock): Promise<number> {
  const { results } = await db
    .prepare('SELECT fragment_id FROM person_work GROUP BY fragment_id ORDER BY min(id) LIMIT 200')
    .all<{ fragment_id: number }>();
  let done = 0;
  for (const { fragment_id } of results) {
    try {
      // Placing names and indexes as well, whatever was asked for.
      await settle(db, clock, [[fragment_id, 'place']]);
      done++;
    } catch (error) {
      logError(error);
    }
  }
  return done;
}
