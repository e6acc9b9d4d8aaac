import { type Money, moneyFromMajor, moneyFromMinor, withoutSign } from '../../../schema/money.ts';
import type { OrderFact, OrderLine, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
import { byMoney, identifiers, own } from '../person.ts';
import type { Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  isObject,
  type JsonObject,
  known,
  listOf,
  misfit,
  numberOf,
  orderLine,
  plainText,
  textOf,
} from '../read.ts';
import { customerIdOf, gmtTime, idsOf, type Notice, personOf } from './notice.ts';

/** WooCommerce has no topics for paid, fulfilled or cancelled: the status tells, as it stands when the webhook is sent. */
const KIND_OF_STATUS: ReadonlyMap<string, CoreKind> = new Map<string, CoreKind>([
  ['processing', 'order_paid'],
  ['completed', 'order_fulfilled'],
  ['cancelled', 'order_cancelled'],
  ['refunded', 'order_refunded'],
]);

/** A basket that has been written down as an order, before anybody ordered. */
const DRAFTS: readonly string[] = ['checkout-draft', 'auto-draft', 'draft'];

/** Statuses in which an order brings nothing; `on-hold` waits for a transfer that mostly comes, and counts. */
const BRINGS_NOTHING: readonly string[] = ['pending', 'failed', 'trash', ...DRAFTS];

export function readOrder(notice: Notice): Translation {
  const { payload, topic } = notice;
  const id = idOf(payload.id);
  if (id === null) return misfit('$.id', 'expected the id of the order');
  const status = textOf(payload.status);
  if (topic === 'order.deleted') return { ok: true, touchpoints: [deletedOrder(notice, id)] };
  if (status !== null && DRAFTS.includes(status)) return { ok: true, ignored: `order with status ${status}` };
  const order = orderFact(payload, id);
  const kind = kindOf(topic, status, order);
  const isByCustomer = kind === 'order_placed' || kind === 'order_paid';
  const occurredAt = gmtTime(topic === 'order.created' ? payload.date_created_gmt : payload.date_modified_gmt);
  const touchpoint: TouchpointInput = {
    ...idsOf(notice),
    kind,
    channel: 'shop',
    direction: isByCustomer ? 'in' : 'out',
    initiator: isByCustomer ? 'customer' : 'company',
    phase: kind === 'order_refunded' ? 'service' : 'sale',
    occurredAt: firstOf(occurredAt, order.asOf),
    subject: `order:${id}`,
    value: (kind === 'order_refunded' ? refundedOf(order) : null) ?? order.total ?? null,
    text: kind === 'order_placed' ? plainText(payload.customer_note) : null,
    person: personOf(
      payload,
      identifiers(own('order', id, 'asserted')),
      `order:${id}`,
      isBought(order, status) ? 'asserted' : 'claimed',
    ),
    order,
    data: known({
      externalId: id,
      customerId: customerIdOf(payload),
      number: textOf(payload.number),
      status,
      paymentMethod: plainText(payload.payment_method_title, 100),
    }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

/** Statuses in which the shop delivers, or has: what is not paid by then is paid at the door or against a bill. */
const DELIVERED: readonly string[] = ['processing', 'completed'];

/** Any other order shows no more than what somebody typed: not paid yet, called off before it was, or free. */
const isBought = ({ paidAt, total }: OrderFact, status: string | null): boolean =>
  byMoney(total) === 'asserted' && (paidAt != null || DELIVERED.includes(status ?? ''));

function kindOf(topic: string, status: string | null, order: OrderFact): CoreKind {
  if (topic === 'order.created') return 'order_placed';
  // A part that is given back leaves the status alone and only shows among the refunds.
  const hasRefunds = (order.refunds ?? []).length > 0 && status !== 'cancelled';
  return hasRefunds ? 'order_refunded' : (KIND_OF_STATUS.get(status ?? '') ?? 'order_updated');
}

/** The body of a deletion holds the id and nothing else, not even a time. */
const deletedOrder = (notice: Notice, id: string): TouchpointInput => ({
  ...idsOf(notice),
  kind: 'order_deleted',
  channel: 'shop',
  direction: 'out',
  initiator: 'company',
  phase: 'sale',
  occurredAt: null,
  subject: `order:${id}`,
  person: personOf({}, identifiers(own('order', id, 'asserted')), `order:${id}`, 'asserted'),
  order: { id, asOf: null, deleted: true },
  data: { externalId: id },
});

/**
 * Times have whole seconds, and a checkout that pays at once is saved as pending and as paid within one: the pending one is
 * what was before, whatever comes last.
 */
function asOfOrder(payload: JsonObject): number | null {
  const changedAt = firstOf(gmtTime(payload.date_modified_gmt), gmtTime(payload.date_created_gmt));
  return changedAt !== null && payload.status === 'pending' ? changedAt - 1 : changedAt;
}

function orderFact(payload: JsonObject, id: string): OrderFact {
  const asOf = asOfOrder(payload);
  return {
    id,
    number: textOf(payload.number) ?? id,
    asOf,
    total: moneyFromMajor(payload.total, payload.currency),
    lines: linesOf(payload),
    placedAt: gmtTime(payload.date_created_gmt),
    paidAt: gmtTime(payload.date_paid_gmt),
    fulfilledAt: gmtTime(payload.date_completed_gmt),
    // There is no field for it; a cancelled order is seldom touched again.
    cancelledAt: payload.status === 'cancelled' ? asOf : null,
    isVoid: BRINGS_NOTHING.includes(textOf(payload.status) ?? ''),
    refunds: refundsOf(payload),
  };
}

const linesOf = (payload: JsonObject): readonly OrderLine[] =>
  listOf(payload.line_items).flatMap((line) => {
    if (!isObject(line)) return [];
    const title = plainText(line.name, 200);
    const { sku, quantity, total } = line;
    return (
      orderLine({ title, sku: textOf(sku), quantity: numberOf(quantity), total, currency: textOf(payload.currency) }) ??
      []
    );
  });

/** Totals of refunds are negative. */
const refundsOf = (payload: JsonObject): NonNullable<OrderFact['refunds']> =>
  listOf(payload.refunds).flatMap((refund) => {
    const id = isObject(refund) ? idOf(refund.id) : null;
    const total = isObject(refund) ? moneyFromMajor(refund.total, payload.currency) : null;
    const amount = withoutSign(total);
    return id !== null && amount ? [{ id, amount }] : [];
  });

const refundedOf = ({ refunds = [] }: OrderFact): Money | null =>
  moneyFromMinor(
    refunds.reduce((sum, { amount }) => sum + amount.amountMinor, 0),
    refunds[0]?.amount.currency,
  );
