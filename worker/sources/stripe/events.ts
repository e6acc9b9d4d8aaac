import { withoutSign } from '../../../schema/money.ts';
import type { OrderFact, TouchpointInput } from '../../../schema/touchpoint.ts';
import { saying, tickOf } from '../consents.ts';
import { byMoney, goneKey, own } from '../person.ts';
import type { Translation } from '../provider.ts';
import { firstOf, type JsonObject, objectOf, textOf, unixTimeOf } from '../read.ts';
import { base, customerOf, type Notice, personOf, referenceOf, stripeMoney } from './notice.ts';

export type Reader = (notice: Notice) => Translation;

/**
 * From this version of the API on, invoices and charges no longer name each other's payment
 * (https://docs.stripe.com/changelog/basil): the invoice itself is then what a checkout and its payment have in common.
 */
const FIRST_VERSION_WITHOUT_LINKS = '2025-03-31';

const one = (touchpoint: TouchpointInput): Translation => ({ ok: true, touchpoints: [touchpoint] });
const ignore =
  (reason: string): Reader =>
  () => ({ ok: true, ignored: reason });

/**
 * The order a checkout belongs to. A checkout that begins a subscription is paid by its first invoice; where the two
 * cannot be told to be one, only the invoice counts as revenue.
 */
function sessionOrderId({ object, id, apiVersion }: Notice): string | null {
  const payment = referenceOf(object.payment_intent);
  if (apiVersion >= FIRST_VERSION_WITHOUT_LINKS) return referenceOf(object.invoice) ?? payment ?? id;
  return payment ?? (object.mode === 'subscription' ? null : id);
}

const checkoutCompleted: Reader = (notice) => {
  const { object, id, occurredAt } = notice;
  if (object.mode === 'setup') return { ok: true, ignored: 'checkout that only stores a card' };
  const isPaid = object.payment_status === 'paid' || notice.type === 'checkout.session.async_payment_succeeded';
  const total = stripeMoney(object.amount_total, object.currency);
  const orderId = sessionOrderId(notice);
  const order: OrderFact | null =
    orderId === null
      ? null
      : {
          id: orderId,
          asOf: occurredAt,
          total,
          placedAt: firstOf(unixTimeOf(object.created), occurredAt),
          paidAt: isPaid ? occurredAt : null,
          // A transfer that has not come; one that needs no money is none.
          isVoid: !isPaid && object.payment_status === 'unpaid',
        };
  return one({
    ...base(notice, { status: textOf(object.payment_status), mode: textOf(object.mode), orderId }),
    kind: isPaid ? 'order_paid' : 'order_placed',
    phase: 'sale',
    subject: `order:${orderId ?? id}`,
    value: total,
    person: personOf(
      object,
      [own('order', orderId, 'asserted'), own('checkout', id, 'asserted')],
      `order:${orderId ?? id}`,
      // A transfer is only announced here, and a free trial asks for no card.
      isPaid ? byMoney(total) : 'claimed',
    ),
    ...(order && { order }),
    ...saying(promotionsOf(object)),
  });
};

/** Whether the box for offers was ticked at the checkout, where the shop shows one. */
const promotionsOf = (session: JsonObject) => {
  const { promotions } = objectOf(session.consent);
  return tickOf(promotions === 'opt_in' ? true : promotions === 'opt_out' ? false : undefined);
};

/** The transfer a checkout waited for did not come: its order brings nothing, unless a later one pays it. */
const checkoutFailed: Reader = (notice) => {
  const { object, id, occurredAt } = notice;
  const orderId = sessionOrderId(notice);
  const total = stripeMoney(object.amount_total, object.currency);
  return one({
    ...base(notice, { status: textOf(object.payment_status), orderId }),
    kind: 'payment_failed',
    phase: 'sale',
    subject: `order:${orderId ?? id}`,
    value: total,
    person: personOf(
      object,
      [own('order', orderId, 'asserted'), own('checkout', id, 'asserted')],
      `order:${orderId ?? id}`,
      'claimed',
    ),
    ...(orderId !== null && { order: { id: orderId, asOf: occurredAt, total, isVoid: true } }),
  });
};

const checkoutExpired: Reader = (notice) => {
  const { object, id } = notice;
  // Nothing comes of it any more, so that nothing has to find it by its id.
  const person = personOf(object, [], `checkout:${id}`, 'claimed');
  return one({
    ...base(notice),
    kind: 'checkout_abandoned',
    phase: 'purchasing',
    subject: `checkout:${id}`,
    value: stripeMoney(object.amount_total, object.currency),
    person: { ...person, key: goneKey(person.identifiers, `checkout:${id}`) },
  });
};

/** `amount_refunded` is the sum so far, so that all refunds of a charge are one entry that grows. */
const chargeRefunded: Reader = (notice) => {
  const { object, id, occurredAt } = notice;
  const orderId = referenceOf(object.payment_intent) ?? id;
  const amount = withoutSign(stripeMoney(object.amount_refunded, object.currency));
  return one({
    ...base(notice, { orderId, partial: object.refunded === false ? true : null }),
    kind: 'order_refunded',
    direction: 'out',
    initiator: 'company',
    phase: 'service',
    subject: `order:${orderId}`,
    value: amount,
    // What was only authorised is let go as a refund.
    person: personOf(
      object,
      [own('order', orderId, 'asserted')],
      `order:${orderId}`,
      object.captured === false ? 'claimed' : byMoney(amount),
    ),
    order: { id: orderId, asOf: occurredAt, refunds: amount ? [{ id: `charge:${id}`, amount }] : [] },
  });
};

/** Payments carry no order: whatever asked for the money (a shop, a checkout, an invoice) brings the revenue. */
const payment =
  (kind: 'payment_succeeded' | 'payment_failed' | 'payment_authorized', amountField: string): Reader =>
  (notice) => {
    const { object } = notice;
    const orderId = referenceOf(object.payment_intent) ?? notice.id;
    const failure = objectOf(object.last_payment_error);
    const value = stripeMoney(firstOf(object[amountField], object.amount), object.currency);
    return one({
      ...base(notice, {
        status: textOf(object.status),
        failureCode: textOf(failure.code),
        declineCode: textOf(failure.decline_code),
      }),
      kind,
      phase: 'sale',
      subject: `order:${orderId}`,
      value,
      text: textOf(failure.message, 500),
      person: personOf(
        object,
        [own('order', orderId, 'asserted')],
        `order:${orderId}`,
        kind === 'payment_succeeded' ? byMoney(value) : 'claimed',
      ),
    });
  };

const invoiceOrderId = ({ object, id }: Notice): string =>
  referenceOf(object.payment_intent) ?? referenceOf(object.charge) ?? id;

/** An invoice is the order of a subscription: it is where recurring revenue shows. A free one (a trial) is no order. */
const invoicePaid: Reader = (notice) => {
  const { object, occurredAt } = notice;
  const orderId = invoiceOrderId(notice);
  const total = stripeMoney(object.amount_paid, object.currency);
  const paidAt = firstOf(unixTimeOf(objectOf(object.status_transitions).paid_at), occurredAt);
  const order: OrderFact = {
    id: orderId,
    number: textOf(object.number),
    asOf: occurredAt,
    total,
    placedAt: firstOf(unixTimeOf(object.created), paidAt),
    paidAt,
  };
  return one({
    ...base(notice, { orderId, number: textOf(object.number), billingReason: textOf(object.billing_reason) }),
    kind: 'payment_succeeded',
    phase: 'sale',
    subject: `order:${orderId}`,
    value: total,
    person: personOf(object, [own('order', orderId, 'asserted')], `order:${orderId}`, byMoney(total)),
    ...(total && total.amountMinor > 0 && { order }),
  });
};

const invoiceFailed: Reader = (notice) => {
  const { object } = notice;
  const orderId = invoiceOrderId(notice);
  return one({
    ...base(notice, { orderId, number: textOf(object.number), billingReason: textOf(object.billing_reason) }),
    kind: 'payment_failed',
    phase: 'sale',
    subject: `order:${orderId}`,
    value: stripeMoney(object.amount_due, object.currency),
    person: personOf(object, [own('order', orderId, 'asserted')], `order:${orderId}`, 'claimed'),
  });
};

const customer =
  (kind: 'customer_created' | 'customer_updated' | 'customer_redacted'): Reader =>
  (notice) =>
    one({
      ...base(notice, { reason: kind === 'customer_redacted' ? 'deleted_at_source' : null }),
      kind,
      subject: `customer:${notice.id}`,
      person: customerOf(notice.object, notice.id),
    });

/** Without a value: what a subscription brings comes with its invoices. */
const subscription =
  (kind: 'subscription_started' | 'subscription_cancelled'): Reader =>
  (notice) => {
    const { object, id } = notice;
    const cancellation = objectOf(object.cancellation_details);
    return one({
      ...base(notice, {
        status: textOf(object.status),
        canceledAt: isoOf(unixTimeOf(object.canceled_at)),
        endsAt: isoOf(
          firstOf(unixTimeOf(object.ended_at), unixTimeOf(object.cancel_at), unixTimeOf(object.current_period_end)),
        ),
        cancelReason: textOf(cancellation.feedback) ?? textOf(cancellation.reason),
      }),
      kind,
      phase: kind === 'subscription_started' ? 'sale' : 'service',
      subject: `subscription:${id}`,
      value: null,
      text: textOf(cancellation.comment, 5000),
      person: personOf(object, [own('subscription', id, 'asserted')], `subscription:${id}`, 'claimed'),
    });
  };

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

/** Only the moment somebody cancels at the end of the period; price changes, renewals and trials are not ours to tell. */
const subscriptionUpdated: Reader = (notice) => {
  const { object, previous } = notice;
  const isCancelled = object.cancel_at_period_end === true && previous.cancel_at_period_end === false;
  return isCancelled ? subscription('subscription_cancelled')(notice) : { ok: true, ignored: notice.type };
};

export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['checkout.session.completed', checkoutCompleted],
  ['checkout.session.async_payment_succeeded', checkoutCompleted],
  ['checkout.session.async_payment_failed', checkoutFailed],
  ['checkout.session.expired', checkoutExpired],
  ['charge.refunded', chargeRefunded],
  ['refund.created', ignore('refund.created: charge.refunded tells the same')],
  ['payment_intent.succeeded', payment('payment_succeeded', 'amount_received')],
  ['payment_intent.payment_failed', payment('payment_failed', 'amount')],
  ['payment_intent.amount_capturable_updated', payment('payment_authorized', 'amount_capturable')],
  ['invoice.paid', invoicePaid],
  ['invoice.payment_succeeded', ignore('invoice.payment_succeeded: invoice.paid tells the same')],
  ['invoice.payment_failed', invoiceFailed],
  ['customer.created', customer('customer_created')],
  ['customer.updated', customer('customer_updated')],
  ['customer.deleted', customer('customer_redacted')],
  ['customer.subscription.created', subscription('subscription_started')],
  ['customer.subscription.updated', subscriptionUpdated],
  ['customer.subscription.deleted', subscription('subscription_cancelled')],
]);
