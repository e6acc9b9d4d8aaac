import type { TouchpointInput } from '../../schema/touchpoint.ts';
import type { Clock } from '../platform/clock.ts';
import { withRetry } from '../platform/database.ts';
import { insertDelivery, markDuplicate } from './deliveries.ts';
import { resolveIdentity } from './identity/resolve.ts';
import { enqueueIdentityWork, pendingIdentityWork } from './identity/work.ts';
import { addNewTouchpoints, NAMING_KINDS, recountOrders, reindexCustomers, renameCustomers } from './numbers.ts';
import { refoldRefunds, upsertOrders, upsertRefunds } from './orders.ts';
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
  /** The headers a replay needs, JSON, and the raw body: kept in the delivery log beside the outcome. */
  readonly headers?: string | null;
  readonly body?: Uint8Array | null;
};
export type Appended = {
  readonly deliveryId: number;
  /** Touchpoints that were new; the rest had been stored before. */
  readonly stored: number;
};

/** Customers with a fragment that something new was learned about in the delivery ?1. */
const RENEWED = `SELECT f.customer_id FROM fragment f WHERE f.id IN (
    SELECT t.fragment_id FROM touchpoint t WHERE t.seq > (SELECT after_seq FROM delivery WHERE id = ?1))`;

/**
 * Of these, the ones that the delivery gave a new name or a new identifier to be named by: only they are written anew.
 * Driven by the rows that came (?3), never by all that a customer has.
 */
const RELABELLED = `SELECT f.customer_id
    FROM json_each(?3) j
    CROSS JOIN touchpoint t ON t.source_id = ?2 AND t.message_id = j.value ->> 'message'
    CROSS JOIN identifier i ON i.kind = j.value ->> 'kind' AND i.value = j.value ->> 'value'
      AND i.scope = j.value ->> 'scope' AND i.fragment_id = t.fragment_id
    CROSS JOIN fragment f ON f.id = t.fragment_id
    CROSS JOIN customer c ON c.id = f.customer_id
    WHERE i.added_seq > (SELECT after_seq FROM delivery WHERE id = ?1) AND (i.kind IN (${NAMING_KINDS}) OR c.display_name IS NULL)
  UNION
  SELECT f.customer_id FROM touchpoint t JOIN profile p ON p.fragment_id = t.fragment_id JOIN fragment f ON f.id = t.fragment_id
    WHERE t.seq > (SELECT after_seq FROM delivery WHERE id = ?1) AND p.changed_seq > (SELECT after_seq FROM delivery WHERE id = ?1)`;

function orderStatements(db: D1Database, sourceId: number, rows: Rows, delivery: number): D1PreparedStatement[] {
  if (rows.orders.length === 0) return [];
  return [
    upsertOrders(db, sourceId, rows.orders, delivery),
    ...(rows.refunds.length > 0 ? [upsertRefunds(db, sourceId, rows.refunds, delivery)] : []),
    refoldRefunds(
      db,
      sourceId,
      rows.orders.map((order) => order.id),
    ),
    db.prepare(recountOrders(RENEWED)).bind(delivery),
  ];
}

function personStatements(db: D1Database, sourceId: number, rows: Rows, delivery: number): D1PreparedStatement[] {
  if (rows.identifiers.length === 0 && rows.profiles.length === 0) return [];
  const identifiers = JSON.stringify(rows.identifiers);
  const relabel = [renameCustomers(RELABELLED), ...reindexCustomers(RELABELLED)];
  return [
    ...relabel.map((sql) => db.prepare(sql).bind(delivery, sourceId, identifiers)),
    enqueueIdentityWork(db, sourceId, rows.identifiers, delivery),
  ];
}

function statementsOf(
  db: D1Database,
  append: Append,
  rows: Rows,
  delivery: number,
  now: number,
): D1PreparedStatement[] {
  const { sourceId } = append;
  return [
    insertDelivery(db, {
      id: delivery,
      sourceId,
      outcome: 'accepted',
      headers: append.headers ?? null,
      body: append.body ?? null,
    }),
    ...(append.fragmentId === undefined ? insertPeople(db, sourceId, rows.people, now) : []),
    insertTouchpoints(
      db,
      { sourceId, delivery, receivedAt: now, fragmentId: append.fragmentId ?? null },
      rows.touchpoints,
    ),
    addNewTouchpoints(db, delivery),
    ...(rows.identifiers.length > 0 ? [upsertIdentifiers(db, sourceId, rows.identifiers, delivery)] : []),
    ...(rows.profiles.length > 0 ? [upsertProfiles(db, sourceId, rows.profiles, delivery)] : []),
    ...orderStatements(db, sourceId, rows, delivery),
    ...(rows.answers.length > 0 ? [insertAnswers(db, sourceId, rows.answers, delivery)] : []),
    ...personStatements(db, sourceId, rows, delivery),
    markDuplicate(db, delivery),
    pendingIdentityWork(
      db,
      sourceId,
      rows.people.map((person) => person.key),
      delivery,
    ),
  ];
}

/**
 * The one way into the record: touchpoints, fragments, identifiers, orders and kept numbers in one batch, all or nothing.
 * What the batch learned about who belongs together is durable with it and worked out before this returns; should the
 * process end in between, the next touch or the minute's cron does it.
 * @throws DatabaseBusy when the database cannot take the work; nothing was half done and the sender may try again.
 */
export async function append(db: D1Database, clock: Clock, work: Append): Promise<Appended> {
  if (work.touchpoints.length > MAX_TOUCHPOINTS)
    throw new RangeError(`more than ${MAX_TOUCHPOINTS} touchpoints at once`);
  const now = clock.now();
  const rows = rowsOf(work.touchpoints, work.sourceId, now, clock.uuid);
  const { deliveryId, outcome } = await withRetry(async () => {
    // A new id for each attempt: an earlier one may have been committed before its answer was lost.
    const deliveryId = clock.deliveryId();
    const results = await db.batch<{ stored: number; pending: string }>(statementsOf(db, work, rows, deliveryId, now));
    return { deliveryId, outcome: results.at(-1)?.results[0] };
  });
  const pending = JSON.parse(outcome?.pending ?? '[]') as number[];
  if (pending.length > 0) await resolveIdentity(db, clock, pending);
  return { deliveryId, stored: outcome?.stored ?? 0 };
}
