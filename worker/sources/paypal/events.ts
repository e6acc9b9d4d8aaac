import type { Assurance } from '../../../schema/customer.ts';
import type { Money } from '../../../schema/money.ts';
import { moneyFromMinor, withoutSign } from '../../../schema/money.ts';
import type { OrderFact, TouchpointInput } from '../../../schema/touchpoint.ts';
import { byMoney, own } from '../person.ts';
import type { Translation } from '../provider.ts';
import { firstOf, idOf, isObject, listOf, objectOf, textOf, timeOf } from '../read.ts';
import { base, changedAt, checkoutIdOf, linkedId, type Notice, payerOf, paypalMoney } from './notice.ts';

export type Reader = (notice: Notice) => Translation;

const one = (touchpoint: TouchpointInput): Translation => ({ ok: true, touchpoints: [touchpoint] });

/** The order fact, unless a shop that is a source as well keeps the order: its revenue would count twice. */
const orderPart = (notice: Notice, order: OrderFact): { readonly order?: OrderFact } =>
  notice.ownsOrders ? { order } : {};

function sumOf(amounts: readonly (Money | null)[]): Money | null {
  const known = amounts.filter((amount) => amount !== null);
  const currency = known[0]?.currency;
  const same = known.filter((amount) => amount.currency === currency);
  return moneyFromMinor(
    same.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    currency,
  );
}

/** The buyer has agreed to pay. The money moves with the capture, and it is the capture that refunds name: that is the order. */
const readApproved: Reader = (notice) => {
  const { resource, id } = notice;
  const units = listOf(resource.purchase_units).filter(isObject);
  return one({
    ...base(notice, { customId: textOf(units[0]?.custom_id), invoiceId: textOf(units[0]?.invoice_id) }),
    kind: 'order_placed',
    phase: 'sale',
    occurredAt: notice.createdAt,
    subject: `order:${id}`,
    value: sumOf(units.map((unit) => paypalMoney(unit.amount))),
    person: payerOf(notice, [own('checkout', id, 'asserted')], `checkout:${id}`, 'claimed'),
  });
};

/** Identifiers by which a payment, its checkout and its refunds find each other's payer. */
const paymentIdentifiers = ({ resource, id }: Notice) => [
  own('order', id, 'asserted'),
  own('checkout', checkoutIdOf(resource) ?? idOf(resource.parent_payment), 'asserted'),
  own('subscription', resource.billing_agreement_id, 'asserted'),
];

const readPaid: Reader = (notice) => {
  const { resource, id } = notice;
  const occurredAt = changedAt(notice);
  const total = paypalMoney(resource.amount);
  return one({
    ...base(notice, { orderId: id, subscriptionId: idOf(resource.billing_agreement_id) }),
    kind: 'order_paid',
    phase: 'sale',
    occurredAt,
    subject: `order:${id}`,
    value: total,
    person: payerOf(notice, paymentIdentifiers(notice), `order:${id}`, byMoney(total)),
    ...orderPart(notice, {
      id,
      number: textOf(resource.invoice_id) ?? textOf(resource.invoice_number),
      asOf: occurredAt,
      total,
      placedAt: firstOf(timeOf(resource.create_time), occurredAt),
      paidAt: occurredAt,
    }),
  });
};

const unpaid =
  (kind: 'payment_failed' | 'payment_authorized'): Reader =>
  (notice) => {
    const { resource, id } = notice;
    return one({
      ...base(notice, { reason: textOf(objectOf(resource.status_details).reason) ?? textOf(resource.reason_code) }),
      kind,
      phase: 'sale',
      occurredAt: changedAt(notice),
      subject: `order:${id}`,
      value: paypalMoney(resource.amount),
      person: payerOf(notice, paymentIdentifiers(notice), `order:${id}`, 'claimed'),
    });
  };

/** A refund, or a payment PayPal took back. Both name the payment: in a field, or in the link upwards. */
const givenBack =
  (reason: 'refunded' | 'reversed'): Reader =>
  (notice) => {
    const { resource, id } = notice;
    const orderId =
      idOf(resource.capture_id) ??
      idOf(resource.sale_id) ??
      linkedId(resource, 'up') ??
      linkedId(resource, 'capture') ??
      id;
    const occurredAt = changedAt(notice);
    // Refunds of the first API are negative.
    const amount = withoutSign(paypalMoney(resource.amount));
    return one({
      ...base(notice, { orderId, reason: reason === 'reversed' ? reason : null }),
      kind: 'order_refunded',
      direction: 'out',
      initiator: reason === 'reversed' ? 'third_party' : 'company',
      phase: 'service',
      occurredAt,
      subject: `order:${orderId}`,
      value: amount,
      text: textOf(resource.note_to_payer, 500),
      person: payerOf(
        notice,
        [own('order', orderId, 'asserted'), own('checkout', resource.parent_payment, 'asserted')],
        `order:${orderId}`,
        byMoney(amount),
      ),
      ...orderPart(notice, { id: orderId, asOf: occurredAt, refunds: amount ? [{ id, amount }] : [] }),
    });
  };

/**
 * An invoice that is paid through PayPal brings a payment of its own: both are one order, named by the payment. Its dates
 * have no offset and are not read.
 */
const readInvoice: Reader = (outer) => {
  // The second API wraps the invoice once more.
  const wrapped = outer.resource.invoice;
  const resource = isObject(wrapped) ? wrapped : outer.resource;
  const notice: Notice = { ...outer, resource, id: idOf(resource.id) ?? outer.id };
  const detail = objectOf(resource.detail);
  const transactions = objectOf(resource.payments).transactions;
  const [payment] = [...listOf(resource.payments), ...listOf(transactions)].filter(isObject);
  const orderId = idOf(payment?.transaction_id) ?? idOf(payment?.payment_id) ?? notice.id;
  const total = paypalMoney(resource.total_amount) ?? paypalMoney(resource.amount);
  const number = textOf(resource.number) ?? textOf(detail.invoice_number);
  const occurredAt = notice.createdAt;
  return one({
    ...base(notice, { orderId, number }),
    kind: 'order_paid',
    phase: 'sale',
    occurredAt,
    subject: `order:${orderId}`,
    value: total,
    person: payerOf(
      notice,
      [own('order', orderId, 'asserted'), own('invoice', notice.id, 'asserted')],
      `invoice:${notice.id}`,
      // The business wrote it, and it is paid.
      'asserted',
    ),
    ...orderPart(notice, { id: orderId, number, asOf: occurredAt, total, placedAt: occurredAt, paidAt: occurredAt }),
  });
};

/**
 * Whether a subscription has brought money: a trial is begun, and a first payment fails, under any address. Its last payment stands
 * in the second API under `billing_info`, in the first under `agreement_details`.
 */
const bySubscription = ({ resource }: Notice): Assurance =>
  byMoney(
    paypalMoney(objectOf(objectOf(resource.billing_info).last_payment).amount) ??
      paypalMoney(objectOf(resource.agreement_details).last_payment_amount),
  );

/** Without a value: what a subscription brings comes with its payments. */
const subscription =
  (kind: 'subscription_started' | 'subscription_cancelled' | 'payment_failed'): Reader =>
  (notice) => {
    const { resource, id } = notice;
    return one({
      ...base(notice, { planId: textOf(resource.plan_id), customerNote: textOf(resource.status_change_note, 500) }),
      kind,
      phase: kind === 'subscription_cancelled' ? 'service' : 'sale',
      occurredAt: notice.createdAt,
      subject: `subscription:${id}`,
      person: payerOf(notice, [own('subscription', id, 'asserted')], `subscription:${id}`, bySubscription(notice)),
    });
  };

/** In the second API an agreement is made before the buyer has said yes; in the first it is active at once. */
const readAgreement: Reader = (notice) =>
  textOf(notice.resource.state)?.toLowerCase() === 'active'
    ? subscription('subscription_started')(notice)
    : { ok: true, ignored: `${notice.type}: not approved yet` };

export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['CHECKOUT.ORDER.APPROVED', readApproved],
  ['PAYMENT.CAPTURE.COMPLETED', readPaid],
  ['PAYMENT.SALE.COMPLETED', readPaid],
  ['PAYMENT.CAPTURE.DENIED', unpaid('payment_failed')],
  ['PAYMENT.CAPTURE.DECLINED', unpaid('payment_failed')],
  ['PAYMENT.SALE.DENIED', unpaid('payment_failed')],
  ['PAYMENT.AUTHORIZATION.CREATED', unpaid('payment_authorized')],
  ['PAYMENT.CAPTURE.REFUNDED', givenBack('refunded')],
  ['PAYMENT.SALE.REFUNDED', givenBack('refunded')],
  ['PAYMENT.CAPTURE.REVERSED', givenBack('reversed')],
  ['PAYMENT.SALE.REVERSED', givenBack('reversed')],
  ['INVOICING.INVOICE.PAID', readInvoice],
  ['BILLING.SUBSCRIPTION.CREATED', readAgreement],
  ['BILLING.SUBSCRIPTION.ACTIVATED', subscription('subscription_started')],
  ['BILLING.SUBSCRIPTION.CANCELLED', subscription('subscription_cancelled')],
  ['BILLING.SUBSCRIPTION.EXPIRED', subscription('subscription_cancelled')],
  ['BILLING.SUBSCRIPTION.PAYMENT.FAILED', subscription('payment_failed')],
]);
