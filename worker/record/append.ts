import type { TouchpointInput } from '../../schema/touchpoint.ts';
import type { Clock } from '../platform/clock.ts';
import { withRetry } from '../platform/database.ts';
import { insertJobs, type NewJob } from '../platform/jobs.ts';
import { parseStored } from '../platform/json.ts';
import { logError } from '../platform/log.ts';
import { ID_TAKEN, recordDelivery, type StoredResult } from './deliveries.ts';
import { type PersonWork, settle } from './identity/settle.ts';
import { upsertOrders, upsertRefunds } from './orders.ts';
import { insertPeople, upsertIdentifiers, upsertProfiles } from './people.ts';
import { type Rows, rowsOf } from './rows.ts';
import { insertAnswers, insertTouchpoints } from './touchpoints.ts';

/** Touchpoints of one request. At most this many go into one batch. */
export const MAX_TOUCHPOINTS = 500;

export type Append = {
  readonly sourceId: number;
  readonly touchpoints: readonly TouchpointInput[];
  /** All of them belong to this fragment, whoever they name: what staff log on a record they have before them. */
  readonly fragmentId?: number;
  /** Work that follows from them, put down in the same batch. */
  readonly jobs?: readonly NewJob[];
  /** The headers a replay needs, JSON, and the raw body: kept in the delivery log beside the outcome. */
  readonly headers?: string | null;
  readonly body?: Uint8Array | null;
  /** What to say of it in the delivery log, where it did not come through a door. */
  readonly note?: string;
};
export type Appended = {
  readonly deliveryId: number;
  /** Touchpoints that were new; the rest had been stored before. */
  readonly stored: number;
};

function statementsOf(db: D1Database, work: Append, rows: Rows, delivery: number, now: number): D1PreparedStatement[] {
  const { sourceId, fragmentId, jobs = [] } = work;
  return [
    ...(fragmentId === undefined ? [insertPeople(db, sourceId, rows.people, now)] : []),
    insertTouchpoints(db, { sourceId, delivery, receivedAt: now, fragmentId: fragmentId ?? null }, rows.touchpoints),
    ...(rows.identifiers.length > 0 ? [upsertIdentifiers(db, sourceId, rows.identifiers, delivery)] : []),
    ...(rows.profiles.length > 0 ? [upsertProfiles(db, sourceId, rows.profiles, delivery)] : []),
    ...(rows.orders.length > 0 ? [upsertOrders(db, sourceId, rows.orders, delivery)] : []),
    ...(rows.refunds.length > 0 ? [upsertRefunds(db, sourceId, rows.refunds, delivery)] : []),
    ...(rows.answers.length > 0 ? [insertAnswers(db, sourceId, rows.answers, delivery)] : []),
    ...(jobs.length > 0 ? [insertJobs(db, jobs, now)] : []),
    recordDelivery(db, {
      id: delivery,
      sourceId,
      headers: work.headers ?? null,
      body: work.body ?? null,
      reason: work.note ?? null,
      messages: rows.touchpoints.map((touchpoint) => touchpoint.message),
      keys: rows.people.map((person) => person.key),
    }),
  ];
}

/**
 * The one way into the record: touchpoints, fragments, identifiers, orders and kept numbers in one batch, all or nothing.
 * For somebody known that is one round trip. What the batch learned about who belongs together, or what somebody is called,
 * is durable with it and worked out before this returns; should the process end in between, the minute's cron does it.
 * @throws DatabaseBusy when the database cannot take the work; nothing was half done and the sender may try again.
 */
export async function append(db: D1Database, clock: Clock, work: Append): Promise<Appended> {
  if (work.touchpoints.length > MAX_TOUCHPOINTS)
    throw new RangeError(`more than ${MAX_TOUCHPOINTS} touchpoints at once`);
  const now = clock.now();
  const rows = rowsOf(work.touchpoints, work.sourceId, now, clock.uuid);
  const { deliveryId, result } = await withRetry(async () => {
    // A new id for each attempt: an earlier one may have been committed before its answer was lost.
    const deliveryId = clock.deliveryId();
    const results = await db.batch<StoredResult>(statementsOf(db, work, rows, deliveryId, now));
    return { deliveryId, result: results.at(-1)?.results[0] };
  }, ID_TAKEN);
  const pending = parseStored<PersonWork[]>(result?.work ?? null, []);
  // What was sent is stored. That its people could not be placed now is no reason to have it sent again: cron places them.
  if (pending.length > 0) await settle(db, clock, pending).catch(logError);
  return { deliveryId, stored: result?.stored ?? 0 };
}
