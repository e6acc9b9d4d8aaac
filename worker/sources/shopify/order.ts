import { type Money, moneyFromMajor, moneyFromMinor, withoutSign } from '../../../schema/money.ts';
import type { Json, OrderFact, OrderLine, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
import { booked, byMoney, own } from '../person.ts';
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
  objectOf,
  textOf,
  timeOf,
} from '../read.ts';
import { consentOf, consentsOf } from './consent.ts';
import { idsOf, type Notice, personOf, resourceId, timeFrom } from './notice.ts';

type OrderTopic = {
  readonly kind: CoreKind;
  /** Fields that tell when it happened, best first. */
  readonly times: readonly string[];
  readonly by: 'customer' | 'company';
};

export const ORDER_TOPICS: ReadonlyMap<string, OrderTopic> = new Map<string, OrderTopic>([
  ['orders/create', { kind: 'order_placed', times: ['created_at', 'processed_at', 'updated_at'], by: 'customer' }],
  // `processed_at` is the order's time; the payment is what changed it last.
  ['orders/paid', { kind: 'order_paid', times: ['updated_at', 'processed_at', 'created_at'], by: 'customer' }],
  ['orders/fulfilled', { kind: 'order_fulfilled', times: ['updated_at', 'closed_at', 'created_at'], by: 'company' }],
  ['orders/partially_fulfilled', { kind: 'order_fulfilled', times: ['updated_at', 'created_at'], by: 'company' }],
  ['orders/updated', { kind: 'order_updated', times: ['updated_at', 'created_at'], by: 'company' }],
  ['orders/cancelled', { kind: 'order_cancelled', times: ['cancelled_at', 'updated_at', 'created_at'], by: 'company' }],
  ['orders/delete', { kind: 'order_deleted', times: ['updated_at'], by: 'company' }],
]);

/** A touchpoint of an order resource. */
export function readOrder(notice: Notice, topic: OrderTopic): Translation {
  const { payload } = notice;
  const id = resourceId(payload);
  if (id === null) return misfit('$.id', 'expected the id of the order');
  const occurredAt = timeFrom(notice, topic.times);
  const isByCustomer =
    topic.by === 'customer' || (notice.topic === 'orders/cancelled' && payload.cancel_reason === 'customer');
  const touchpoint: TouchpointInput = {
    ...idsOf(notice),
    kind: topic.kind,
    channel: 'shop',
    direction: isByCustomer ? 'in' : 'out',
    initiator: isByCustomer ? 'customer' : 'company',
    phase: 'sale',
    occurredAt,
    subject: `order:${id}`,
    value: totalOf(payload),
    ...whoseOf(payload, id),
    order: orderFact(notice, id, occurredAt),
    data: orderData(notice, id),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

const orderIdentifiers = (id: string, payload: JsonObject) => [
  own('order', id, 'asserted'),
  own('checkout', payload.checkout_token, 'asserted'),
];

/** Where staff make an order themselves: at the till, or as a draft. */
const BY_STAFF: readonly string[] = ['pos', 'shopify_draft_order'];
/** Where money was captured, if only a part of it, or was and went back. */
const CAPTURED: readonly string[] = ['paid', 'partially_paid', 'partially_refunded', 'refunded'];

/**
 * True unless it is paid, delivered against a bill, or made by staff: what costs nothing, waits for a transfer, was let go or is a
 * test is ordered under any address, as a form is sent.
 */
function isTyped(payload: JsonObject): boolean {
  if (payload.test === true) return true;
  if (BY_STAFF.includes(textOf(payload.source_name) ?? '')) return false;
  const status = textOf(payload.financial_status) ?? '';
  const isBilled = payload.fulfillment_status === 'fulfilled' && status === 'pending' && !textOf(payload.cancelled_at);
  return byMoney(totalOf(payload)) === 'claimed' || !(CAPTURED.includes(status) || isBilled);
}

/** Whose order it is, and what they agreed to with it. */
function whoseOf(payload: JsonObject, id: string): Pick<TouchpointInput, 'person' | 'consents'> {
  const customer = objectOf(payload.customer);
  const books = isTyped(payload) ? booked(resourceId(customer), payload.email) : null;
  if (books) return { person: books };
  const assurance = isTyped(payload) ? 'claimed' : 'asserted';
  const person = personOf(payload, orderIdentifiers(id, payload), `order:${id}`, assurance);
  return { person, ...consentsOf(customer, payload) };
}

const totalOf = (payload: JsonObject): Money | null =>
  moneyFromMajor(firstOf(payload.total_price, payload.current_total_price), payload.currency);

function orderFact(notice: Notice, id: string, occurredAt: number | null): OrderFact {
  const { topic, payload } = notice;
  if (topic === 'orders/delete') return { id, asOf: occurredAt, deleted: true };
  // Shops that charge at checkout place and pay in one moment, and need not subscribe to `orders/paid`.
  const isPaidAtOnce = topic === 'orders/create' && payload.financial_status === 'paid';
  return {
    id,
    number: textOf(payload.name) ?? idOf(payload.order_number),
    asOf: firstOf(timeOf(payload.updated_at), occurredAt),
    total: totalOf(payload),
    lines: linesOf(payload),
    placedAt: firstOf(timeOf(payload.created_at), timeOf(payload.processed_at)),
    paidAt: topic === 'orders/paid' || isPaidAtOnce ? occurredAt : null,
    fulfilledAt: topic === 'orders/fulfilled' ? occurredAt : null,
    cancelledAt: timeOf(payload.cancelled_at),
    // A test, or a payment that was authorized and let go.
    isVoid: payload.test === true || payload.financial_status === 'voided',
    refunds: listOf(payload.refunds).flatMap((refund) => (isObject(refund) ? refundsOf(refund) : [])),
  };
}

function linesOf(payload: JsonObject): readonly OrderLine[] {
  return listOf(payload.line_items).flatMap((line) => {
    const title = isObject(line) ? (textOf(line.title) ?? textOf(line.name)) : null;
    if (!isObject(line) || title === null) return [];
    const quantity = numberOf(line.quantity) ?? 1;
    const price = moneyFromMajor(line.price, payload.currency);
    const discount = moneyFromMajor(line.total_discount, payload.currency);
    const amount = price && moneyFromMinor(price.amountMinor * quantity - (discount?.amountMinor ?? 0), price.currency);
    return [{ title, sku: textOf(line.sku), quantity, amountMinor: amount?.amountMinor ?? null }];
  });
}

function orderData(notice: Notice, id: string): { readonly [key: string]: Json } {
  const { topic, payload } = notice;
  return known({
    externalId: id,
    customerId: resourceId(isObject(payload.customer) ? payload.customer : {}),
    number: textOf(payload.name) ?? idOf(payload.order_number),
    partial: topic === 'orders/partially_fulfilled' ? true : null,
    financialStatus: textOf(payload.financial_status),
    fulfillmentStatus: textOf(payload.fulfillment_status),
    cancelReason: textOf(payload.cancel_reason),
    test: payload.test === true ? true : null,
    consent: consentOf(isObject(payload.customer) ? payload.customer : {}, payload),
  });
}

/** Whether a fulfilment reached, or is on its way to, the customer. */
const LOST_FULFILMENTS: readonly string[] = ['cancelled', 'error', 'failure'];

/** A fulfilment names its order and mostly the e-mail address, and has no money. */
export function readFulfilment(notice: Notice): Translation {
  const { payload } = notice;
  const orderId = idOf(payload.order_id);
  if (orderId === null) return misfit('$.order_id', 'expected the id of the order that is fulfilled');
  const isFulfilled = !LOST_FULFILMENTS.includes(textOf(payload.status) ?? '');
  const isUpdate = notice.topic === 'fulfillments/update';
  const occurredAt = timeFrom(notice, isUpdate ? ['updated_at', 'created_at'] : ['created_at', 'updated_at']);
  const touchpoint: TouchpointInput = {
    ...idsOf(notice),
    kind: isFulfilled ? 'order_fulfilled' : 'order_updated',
    channel: 'shop',
    direction: 'out',
    initiator: 'company',
    phase: 'sale',
    occurredAt,
    subject: `order:${orderId}`,
    // It cannot tell whether the order was paid, which is who vouches for the address.
    person: personOf(payload, [own('order', orderId, 'asserted')], `order:${orderId}`, 'claimed'),
    order: { id: orderId, asOf: occurredAt, fulfilledAt: isFulfilled ? occurredAt : null },
    data: known({
      externalId: resourceId(payload),
      orderId,
      status: textOf(payload.status),
      shipmentStatus: textOf(payload.shipment_status),
      carrier: textOf(payload.tracking_company),
      trackingNumber: textOf(payload.tracking_number),
    }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

/** A refund names its order and nobody; the order's person is found by the order id. */
export function readRefund(notice: Notice): Translation {
  const { payload } = notice;
  const id = resourceId(payload);
  const orderId = idOf(payload.order_id);
  if (id === null) return misfit('$.id', 'expected the id of the refund');
  if (orderId === null) return misfit('$.order_id', 'expected the id of the order that is refunded');
  const refunds = refundsOf(payload);
  const occurredAt = timeFrom(notice, ['created_at', 'processed_at']);
  const touchpoint: TouchpointInput = {
    ...idsOf(notice),
    kind: 'order_refunded',
    channel: 'shop',
    direction: 'out',
    initiator: 'company',
    phase: 'service',
    occurredAt,
    subject: `order:${orderId}`,
    value: refunds[0]?.amount ?? null,
    text: textOf(payload.note, 5000),
    person: personOf({}, [own('order', orderId, 'asserted')], `order:${orderId}`),
    order: { id: orderId, asOf: occurredAt, refunds },
    data: { externalId: id, orderId },
  };
  return { ok: true, touchpoints: [touchpoint] };
}

/** The money a refund returned: its refund transactions that did not fail. None when it only put goods back in stock. */
function refundsOf(refund: JsonObject): NonNullable<OrderFact['refunds']> {
  const id = resourceId(refund);
  const returned = listOf(refund.transactions).flatMap((transaction) => {
    if (!isObject(transaction) || transaction.kind !== 'refund') return [];
    if (transaction.status === 'failure' || transaction.status === 'error') return [];
    const amount = withoutSign(moneyFromMajor(transaction.amount, transaction.currency));
    return amount ? [amount] : [];
  });
  const currency = returned[0]?.currency;
  const sum = returned
    .filter((money) => money.currency === currency)
    .reduce((total, money) => total + money.amountMinor, 0);
  const amount = moneyFromMinor(sum, currency);
  return id !== null && amount !== null ? [{ id, amount }] : [];
}
