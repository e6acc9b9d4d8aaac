import type { OrderFact, TouchpointInput } from '../../schema/touchpoint.ts';
import { parseStored } from '../platform/json.ts';

/**
 * A fact that a sender was asked for, and how it may be on record already:
 * - `event`: under its own message id and no other;
 * - `once`: it happens once to the thing it is about, so that a touchpoint of its kind about that thing is the same fact, though
 *   an earlier version stored it under another id;
 * - `state`: an order as it stands now, on record once the order's row holds what it says, whichever touchpoints said so.
 */
export type Candidate = { readonly touchpoint: TouchpointInput; readonly is: 'event' | 'once' | 'state' };

type KnownOrder = {
  readonly external_id: string;
  readonly as_of: number | null;
  readonly total_minor: number | null;
  readonly currency: string | null;
  readonly cancelled_at: number | null;
  readonly is_void: number;
  readonly paid_at: number | null;
  readonly fulfilled_at: number | null;
  readonly is_deleted: number;
  /** Ids of its refunds, JSON. */
  readonly refunds: string;
};

/** The same fact under another id happened at the same time, but for clocks that run ahead. */
const CLOCKS_MS = 24 * 3600 * 1000;

const byMessage = (db: D1Database, sourceId: number, candidates: readonly Candidate[]) =>
  db
    .prepare(
      `SELECT t.message_id AS id FROM json_each(?2) m CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = m.value`,
    )
    .bind(sourceId, JSON.stringify(candidates.map(({ touchpoint }) => touchpoint.messageId)));

const ordersOf = (db: D1Database, sourceId: number, candidates: readonly Candidate[]) =>
  db
    .prepare(
      `SELECT o.external_id, o.as_of, o.total_minor, o.currency, o.cancelled_at, o.is_void, o.paid_at, o.fulfilled_at, o.is_deleted,
         (SELECT json_group_array(r.external_id) FROM refund r WHERE r.source_id = o.source_id AND r.order_id = o.external_id) AS refunds
       FROM json_each(?2) i CROSS JOIN orders o ON o.source_id = ?1 AND o.external_id = i.value`,
    )
    .bind(sourceId, JSON.stringify([...new Set(candidates.flatMap(({ touchpoint: t }) => t.order?.id ?? []))]));

/** Numbers (in the list) of those that stand there as a touchpoint of their kind about their thing at their time. */
const byKind = (db: D1Database, sourceId: number, candidates: readonly Candidate[]) =>
  db
    .prepare(
      `SELECT DISTINCT c.key AS at FROM json_each(?2) c
       CROSS JOIN identifier i ON i.kind = c.value ->> 'thing' AND i.value = c.value ->> 'id' AND i.scope = ?1
       CROSS JOIN touchpoint t ON t.fragment_id = i.fragment_id
         AND t.occurred_at BETWEEN (c.value ->> 'at') - ?3 AND (c.value ->> 'at') + ?3
       WHERE t.source_id = ?1 AND t.kind = c.value ->> 'kind' AND t.subject = c.value ->> 'subject'
         AND t.data ->> 'externalId' IS c.value ->> 'externalId'`,
    )
    .bind(
      sourceId,
      JSON.stringify(
        candidates.map(({ touchpoint: { kind, subject = '', occurredAt, data } }) => {
          const [thing, ...id] = subject.split(':');
          return { kind, subject, thing, id: id.join(':'), at: occurredAt ?? 0, externalId: data?.externalId ?? null };
        }),
      ),
      CLOCKS_MS,
    );

/** Whether anything came from a source under a message id that begins so. One look at an index. */
export async function hasMessages(db: D1Database, sourceId: number, prefix: string): Promise<boolean> {
  const row = await db
    .prepare('SELECT 1 AS found FROM touchpoint WHERE source_id = ?1 AND message_id >= ?2 AND message_id < ?3 LIMIT 1')
    .bind(sourceId, prefix, `${prefix}\uffff`)
    .first();
  return row !== null;
}

/** What an order fact says happened that the order's row does not know of. */
function hasHappened(order: OrderFact, known: KnownOrder | undefined): boolean {
  const refunds = parseStored<string[]>(known?.refunds ?? null, []);
  return (
    ((order.paidAt ?? null) !== null && (known?.paid_at ?? null) === null) ||
    ((order.fulfilledAt ?? null) !== null && (known?.fulfilled_at ?? null) === null) ||
    ((order.cancelledAt ?? null) !== null && (known?.cancelled_at ?? null) === null) ||
    (order.refunds ?? []).some(({ id }) => !refunds.includes(id))
  );
}

/** Whether its snapshot is newer than the row's and comes to something else: a sender touches orders for many reasons. */
function isChanged({ asOf, total, cancelledAt, isVoid }: OrderFact, known: KnownOrder): boolean {
  if (!total || asOf === null || (known.as_of !== null && asOf <= known.as_of)) return false;
  return (
    known.is_deleted === 1 ||
    total.amountMinor !== known.total_minor ||
    total.currency !== known.currency ||
    (cancelledAt ?? null) !== known.cancelled_at ||
    (isVoid ? 1 : 0) !== known.is_void
  );
}

/** Whether the row tells of a fact that happens once, though no touchpoint of its own stands for it. */
const isTold = ({ kind }: TouchpointInput, known: KnownOrder | undefined): boolean =>
  (kind === 'order_paid' && (known?.paid_at ?? null) !== null) ||
  (kind === 'order_fulfilled' && (known?.fulfilled_at ?? null) !== null);

/**
 * Those of the facts that are not on record, in the same order. Reads only: of two that look at once, the unique key lets
 * one write.
 */
export async function missingOf(
  db: D1Database,
  sourceId: number,
  candidates: readonly Candidate[],
): Promise<TouchpointInput[]> {
  if (candidates.length === 0) return [];
  const [messages, orders] = await db.batch<{ id: string } & KnownOrder>([
    byMessage(db, sourceId, candidates),
    ordersOf(db, sourceId, candidates),
  ]);
  const ids = new Set(messages?.results.map(({ id }) => id));
  const known = new Map(orders?.results.map((order) => [order.external_id, order]));
  const orderOf = ({ order }: TouchpointInput) => (order ? known.get(order.id) : undefined);

  const open = candidates.filter(({ touchpoint }) => !ids.has(touchpoint.messageId));
  const once = open.filter(({ touchpoint, is }) => is === 'once' && !isTold(touchpoint, orderOf(touchpoint)));
  const elsewhere = once.length > 0 ? await byKind(db, sourceId, once).all<{ at: number }>() : { results: [] };
  const found = new Set(elsewhere.results.map(({ at }) => once[at]));
  const missing = new Set<Candidate>(once.filter((candidate) => !found.has(candidate)));

  // What happened once and is added now carries the order as it stands; its state is then only news if it is an event itself.
  const carried = new Set([...missing].map(({ touchpoint }) => touchpoint.order?.id));
  for (const candidate of open) {
    const { touchpoint, is } = candidate;
    const { order, kind } = touchpoint;
    if (is === 'event') missing.add(candidate);
    if (is !== 'state' || !order) continue;
    const row = known.get(order.id);
    const isEvent = kind !== 'order_updated' && hasHappened(order, row);
    const isNews = !row || isChanged(order, row) || hasHappened(order, row);
    if (carried.has(order.id) ? isEvent : isNews) missing.add(candidate);
  }
  return candidates.filter((candidate) => missing.has(candidate)).map(({ touchpoint }) => touchpoint);
}
