import type { Clock } from '../../platform/clock.ts';
import { withRetry } from '../../platform/database.ts';
import { reindexCustomers, renameCustomers } from '../numbers.ts';
import { resolveIdentity } from './resolve.ts';

/**
 * What a change has left to work out about a fragment: `label`, what its customer is called and found by; `place`, whom it
 * belongs to. Triggers of the schema put it down in the batch of the change.
 */
export type PersonWork = readonly [fragmentId: number, reason: 'label' | 'place'];

const CUSTOMERS = 'SELECT f.customer_id FROM fragment f WHERE f.id IN (SELECT value FROM json_each(?1))';

/** Names and indexes the customers of some fragments anew, from what is true when the batch runs. Bears repetition. */
async function relabel(db: D1Database, fragmentIds: readonly number[]): Promise<void> {
  const ids = JSON.stringify(fragmentIds);
  const done = "DELETE FROM person_work WHERE reason = 'label' AND fragment_id IN (SELECT value FROM json_each(?1))";
  const statements = [renameCustomers(CUSTOMERS), ...reindexCustomers(CUSTOMERS), done];
  await withRetry(() => db.batch(statements.map((sql) => db.prepare(sql).bind(ids))));
}

/** Does what is left to do. Placing names and indexes as well, so only the rest is labelled. */
export async function settle(db: D1Database, clock: Clock, work: readonly PersonWork[]): Promise<void> {
  const toPlace = new Set(work.filter(([, reason]) => reason === 'place').map(([fragmentId]) => fragmentId));
  const toLabel = new Set(work.map(([fragmentId]) => fragmentId).filter((fragmentId) => !toPlace.has(fragmentId)));
  if (toLabel.size > 0) await relabel(db, [...toLabel]);
  // One at a time: the seeds of different people would be read as one component.
  for (const fragmentId of toPlace) await resolveIdentity(db, clock, [fragmentId]);
}

/** Does what requests that ended too early have left, oldest first. Called by cron. */
export async function settleOverdue(db: D1Database, clock: Clock): Promise<number> {
  const { results } = await db
    .prepare('SELECT fragment_id, reason FROM person_work ORDER BY id LIMIT 200')
    .all<{ fragment_id: number; reason: 'label' | 'place' }>();
  await settle(
    db,
    clock,
    results.map(({ fragment_id, reason }) => [fragment_id, reason] as const),
  );
  return results.length;
}
