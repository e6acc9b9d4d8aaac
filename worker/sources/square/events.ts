import type { OrderFact } from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
import { optOutMark, saying } from '../consents.ts';
import { byMoney, own } from '../person.ts';
import type { Translation } from '../provider.ts';
import { firstOf, idOf, isObject, known, listOf, misfit, objectOf, TEXT_LIMIT, textOf, timeOf } from '../read.ts';
import { base, buyerOf, customerOf, type Notice, squareMoney } from './notice.ts';

export type Reader = (notice: Notice) => Translation;

const CUSTOMER_KINDS: ReadonlyMap<string, CoreKind> = new Map<string, CoreKind>([
  ['customer.created', 'customer_created'],
  ['customer.updated', 'customer_updated'],
  ['customer.deleted', 'customer_redacted'],
]);

const readCustomer: Reader = (notice) => {
  const { object, id, type } = notice;
  const kind = CUSTOMER_KINDS.get(type) ?? 'customer_updated';
  const times = kind === 'customer_created' ? [object.created_at, object.updated_at] : [object.updated_at];
  const unsubscribed = objectOf(object.preferences).email_unsubscribed;
  const email = unsubscribed === true ? 'unsubscribed' : unsubscribed === false ? 'not_unsubscribed' : null;
  const touchpoint = {
    ...base(notice, {
      reason: kind === 'customer_redacted' ? 'deleted_at_source' : null,
      birthday: textOf(object.birthday),
      consent: email === null ? null : { email: { state: email } },
    }),
    kind,
    // A deletion carries the time of the last change before it.
    occurredAt: kind === 'customer_redacted' ? notice.createdAt : firstOf(...times.map(timeOf), notice.createdAt),
    subject: `customer:${id}`,
    person: customerOf(object, id),
    ...(kind !== 'customer_redacted' && saying(optOutMark(unsubscribed))),
  };
  return { ok: true, touchpoints: [touchpoint] };
};

/** Events of orders name the order and its state; the rest has to be asked for. */
const readOrder: Reader = (notice) => {
  const { object, type } = notice;
  const id = idOf(object.order_id) ?? notice.id;
  const state = textOf(object.state);
  if (state === 'DRAFT') return { ok: true, ignored: 'order with state DRAFT' };
  const updates = listOf(object.fulfillment_update).filter(isObject);
  const isFulfilled = updates.some((update) => update.new_state === 'COMPLETED');
  const placedAt = timeOf(object.created_at);
  const occurredAt = firstOf(
    type === 'order.created' ? placedAt : timeOf(object.updated_at),
    placedAt,
    notice.createdAt,
  );
  const isCancelled = type === 'order.updated' && state === 'CANCELED';
  const kind = orderKind(type, isCancelled, isFulfilled);
  const isByCustomer = kind === 'order_placed';
  const order: OrderFact = {
    id,
    asOf: occurredAt,
    placedAt,
    fulfilledAt: isFulfilled ? occurredAt : null,
    cancelledAt: isCancelled ? occurredAt : null,
  };
  const touchpoint = {
    ...base({ ...notice, id }, { newState: textOf(updates.at(-1)?.new_state) }),
    kind,
    direction: isByCustomer ? 'in' : 'out',
    initiator: isByCustomer ? 'customer' : 'company',
    phase: 'sale',
    occurredAt,
    subject: `order:${id}`,
    person: buyerOf(object, [own('order', id, 'asserted')], `order:${id}`),
    order,
    needs: { resource: 'order', id },
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

function orderKind(type: string, isCancelled: boolean, isFulfilled: boolean): CoreKind {
  if (type === 'order.created') return 'order_placed';
  if (isCancelled) return 'order_cancelled';
  return isFulfilled ? 'order_fulfilled' : 'order_updated';
}

const PAYMENT_KINDS: ReadonlyMap<string, CoreKind> = new Map<string, CoreKind>([
  ['APPROVED', 'payment_authorized'],
  ['COMPLETED', 'order_paid'],
  ['FAILED', 'payment_failed'],
]);

/**
 * A payment is told of again with each change, so that what became of it is its message id, not the event. What was given
 * back is a sum on the payment: the refund's own event names another order, one that Square opens for the return.
 * An order paid in parts shows the last part as its total until its details are known.
 */
const readPayment: Reader = (notice) => {
  const { object, id, type } = notice;
  const status = textOf(object.status) ?? '';
  const refunded = squareMoney(object.refunded_money);
  const isRefund = refunded !== null && refunded.amountMinor > 0;
  const kind = isRefund ? 'order_refunded' : PAYMENT_KINDS.get(status);
  if (!kind) return { ok: true, ignored: `payment with status ${status}` };
  const orderId = idOf(object.order_id) ?? id;
  const total = squareMoney(object.total_money) ?? squareMoney(object.amount_money);
  const times = type === 'payment.created' ? [object.created_at] : [object.updated_at, object.created_at];
  const occurredAt = firstOf(...times.map(timeOf), notice.createdAt);
  const order: OrderFact = {
    id: orderId,
    // Since when the sum has stood so: what changes on a payment later is not the order's total, which its own details tell.
    asOf: firstOf(timeOf(object.created_at), occurredAt),
    ...(status === 'COMPLETED' && { total }),
    paidAt: kind === 'order_paid' ? occurredAt : null,
    refunds: isRefund ? [{ id: `payment:${id}`, amount: refunded }] : [],
  };
  const touchpoint = {
    ...base(notice, { orderId, sourceType: textOf(object.source_type), receiptNumber: textOf(object.receipt_number) }),
    messageId: `payment:${id}:${isRefund ? `refunded:${refunded.amountMinor}` : status}`,
    kind,
    ...(isRefund && ({ direction: 'out', initiator: 'company' } as const)),
    phase: isRefund ? 'service' : 'sale',
    occurredAt,
    subject: `order:${orderId}`,
    value: isRefund ? refunded : total,
    text: textOf(object.note, TEXT_LIMIT),
    person: buyerOf(
      object,
      [own('order', orderId, 'asserted')],
      `order:${orderId}`,
      kind === 'order_paid' || isRefund ? byMoney(total) : 'claimed',
    ),
    order,
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

/** Statuses of https://developer.squareup.com/reference/square/objects/BookingStatus that take a booking back. */
const CALLED_OFF: readonly string[] = ['CANCELLED_BY_CUSTOMER', 'CANCELLED_BY_SELLER', 'DECLINED'];

const readBooking: Reader = (notice) => {
  const { object, id, type } = notice;
  const status = textOf(object.status) ?? '';
  const isCancelled = CALLED_OFF.includes(status);
  if (type === 'booking.updated' && !isCancelled) return { ok: true, ignored: `booking.updated with status ${status}` };
  const isByCustomer = !isCancelled || status === 'CANCELLED_BY_CUSTOMER';
  const touchpoint = {
    ...base(notice, { startsAt: textOf(object.start_at) }),
    kind: isCancelled ? 'meeting_cancelled' : 'meeting_booked',
    channel: 'meeting',
    direction: isByCustomer ? 'in' : 'out',
    initiator: isByCustomer ? 'customer' : 'company',
    occurredAt: firstOf(timeOf(isCancelled ? object.updated_at : object.created_at), notice.createdAt),
    subject: `meeting:${id}`,
    text: textOf(object.customer_note, TEXT_LIMIT),
    person: buyerOf(object, [own('booking', id, 'asserted')], `booking:${id}`),
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

const readSubscription: Reader = (notice) => {
  const { object, id, type } = notice;
  const isCancelled = textOf(object.canceled_date) !== null || object.status === 'CANCELED';
  if (type === 'subscription.updated' && !isCancelled) return { ok: true, ignored: type };
  const touchpoint = {
    ...base(notice, known({ endsAt: textOf(object.canceled_date) })),
    messageId: `subscription:${id}:${isCancelled ? `cancelled:${textOf(object.canceled_date) ?? ''}` : 'started'}`,
    kind: isCancelled ? 'subscription_cancelled' : 'subscription_started',
    phase: isCancelled ? 'service' : 'sale',
    occurredAt: firstOf(isCancelled ? null : timeOf(object.created_at), notice.createdAt),
    subject: `subscription:${id}`,
    person: buyerOf(object, [own('subscription', id, 'asserted')], `subscription:${id}`),
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['customer.created', readCustomer],
  ['customer.updated', readCustomer],
  ['customer.deleted', readCustomer],
  ['order.created', readOrder],
  ['order.updated', readOrder],
  ['order.fulfillment.updated', readOrder],
  ['payment.created', readPayment],
  ['payment.updated', readPayment],
  ['booking.created', readBooking],
  ['booking.updated', readBooking],
  ['subscription.created', readSubscription],
  ['subscription.updated', readSubscription],
]);

/** The resource of an event: the one entry of `data.object`, under a name that follows the type. */
export function noticeOf(payload: Parameters<typeof objectOf>[0], type: string): Notice | ReturnType<typeof misfit> {
  const event = objectOf(payload);
  const data = objectOf(event.data);
  const object = Object.values(objectOf(data.object)).find(isObject) ?? {};
  const eventId = idOf(event.event_id);
  if (eventId === null) return misfit('$.event_id', 'expected the id of the event');
  // In samples of Square itself `data.id` differs from the id of the payment that is sent with it.
  const id = idOf(object.id) ?? idOf(data.id);
  if (id === null) return misfit('$.data.id', 'expected the id of what the event is about');
  return { type, eventId, createdAt: timeOf(event.created_at), object, id };
}
