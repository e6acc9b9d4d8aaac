import { withoutSign } from '../../../schema/money.ts';
import type { OrderFact, OrderLine } from '../../../schema/touchpoint.ts';
import { saying, tickOf } from '../consents.ts';
import { own } from '../person.ts';
import type { Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  isObject,
  type JsonObject,
  listOf,
  misfit,
  numberOf,
  objectOf,
  textOf,
  timeOf,
} from '../read.ts';
import { base, customerOf, type Notice, paddleMoney, personOf, residentOf } from './notice.ts';

export type Reader = (notice: Notice) => Translation;

const ignore =
  (reason: string): Reader =>
  () => ({ ok: true, ignored: reason });

const linesOf = (details: JsonObject, currency: string | null): readonly OrderLine[] =>
  listOf(details.line_items).flatMap((line) => {
    const title = isObject(line) ? textOf(objectOf(line.product).name) : null;
    if (!isObject(line) || title === null) return [];
    const amount = paddleMoney(objectOf(line.totals).total, currency);
    const sku = textOf(line.price_id);
    return [{ title, sku, quantity: numberOf(line.quantity) ?? 1, amountMinor: amount?.amountMinor ?? null }];
  });

/** A transaction is the order: one for each sale and for each renewal of a subscription. A free one (a trial) is none. */
const readCompleted: Reader = (notice) => {
  const { object, id, occurredAt } = notice;
  const details = objectOf(object.details);
  const totals = objectOf(details.totals);
  const total = paddleMoney(totals.grand_total, firstOf(totals.currency_code, object.currency_code));
  const number = textOf(object.invoice_number);
  const subscription = idOf(object.subscription_id);
  const order: OrderFact = {
    id,
    number,
    asOf: firstOf(timeOf(object.updated_at), occurredAt),
    total,
    lines: linesOf(details, total?.currency ?? null),
    placedAt: firstOf(timeOf(object.created_at), occurredAt),
    paidAt: occurredAt,
  };
  const touchpoint = {
    ...base(notice, { number, subscriptionId: subscription, origin: textOf(object.origin) }),
    kind: 'order_paid',
    phase: 'sale',
    subject: `order:${id}`,
    value: total,
    person: personOf(
      notice,
      [own('order', id, 'asserted'), own('subscription', subscription, 'asserted')],
      `order:${id}`,
    ),
    ...(total && total.amountMinor > 0 && { order }),
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

const readFailed: Reader = (notice) => {
  const { object, id } = notice;
  const totals = objectOf(objectOf(object.details).totals);
  const [attempt] = listOf(object.payments).filter(isObject);
  const subscription = idOf(object.subscription_id);
  const touchpoint = {
    ...base(notice, { failureCode: textOf(attempt?.error_code), subscriptionId: subscription }),
    kind: 'payment_failed',
    phase: 'sale',
    subject: `order:${id}`,
    value: paddleMoney(totals.grand_total, firstOf(totals.currency_code, object.currency_code)),
    // A first payment that fails is whoever tried; a renewal that fails is the customer's.
    person: personOf(
      notice,
      [own('order', id, 'asserted'), own('subscription', subscription, 'asserted')],
      `order:${id}`,
      subscription === null ? 'claimed' : 'asserted',
    ),
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

/** Adjustments by which money goes back; credits stay with Paddle and are set against the next bill. */
const GIVES_BACK: readonly string[] = ['refund', 'chargeback'];

/** Paddle reviews refunds: one that is asked for is told, and counts only once it is approved. */
const readAdjustment: Reader = (notice) => {
  const { object, id, occurredAt, type } = notice;
  const action = textOf(object.action) ?? '';
  const status = textOf(object.status) ?? '';
  if (!GIVES_BACK.includes(action)) return { ok: true, ignored: `adjustment with action ${action}` };
  const isApproved = status === 'approved';
  if (type === 'adjustment.updated' && !isApproved) return { ok: true, ignored: `adjustment with status ${status}` };
  const orderId = idOf(object.transaction_id);
  if (orderId === null) return misfit('$.data.transaction_id', 'expected the id of the transaction that is refunded');
  const totals = objectOf(object.totals);
  const amount = withoutSign(paddleMoney(totals.total, firstOf(totals.currency_code, object.currency_code)));
  const touchpoint = {
    ...base(notice, {
      orderId,
      action,
      reason: textOf(object.reason),
      partial: object.type === 'partial' ? true : null,
    }),
    kind: 'order_refunded',
    direction: 'out',
    initiator: action === 'chargeback' ? 'customer' : 'company',
    phase: 'service',
    subject: `order:${orderId}`,
    value: amount,
    person: personOf(notice, [own('order', orderId, 'asserted')], `order:${orderId}`),
    order: { id: orderId, asOf: occurredAt, refunds: isApproved && amount ? [{ id, amount }] : [] },
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

/** Without a value: what a subscription brings comes with its transactions. */
const subscription =
  (kind: 'subscription_started' | 'subscription_cancelled'): Reader =>
  (notice) => {
    const { object, id } = notice;
    const period = objectOf(object.current_billing_period);
    const touchpoint = {
      ...base(notice, {
        canceledAt: isoOf(timeOf(object.canceled_at)),
        endsAt: isoOf(firstOf(timeOf(period.ends_at), timeOf(object.next_billed_at))),
      }),
      kind,
      phase: kind === 'subscription_started' ? 'sale' : 'service',
      subject: `subscription:${id}`,
      person: personOf(notice, [own('subscription', id, 'asserted')], `subscription:${id}`),
    } as const;
    return { ok: true, touchpoints: [touchpoint] };
  };

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

const customer =
  (kind: 'customer_created' | 'customer_updated'): Reader =>
  (notice) => {
    const consent = notice.object.marketing_consent;
    const state = typeof consent === 'boolean' ? (consent ? 'subscribed' : 'not_subscribed') : null;
    const touchpoint = {
      ...base(notice, { consent: state === null ? null : { email: { state } } }),
      kind,
      subject: `customer:${notice.id}`,
      person: customerOf(notice),
      ...saying(tickOf(consent)),
    } as const;
    return { ok: true, touchpoints: [touchpoint] };
  };

/** Where a customer is billed. */
const readAddress: Reader = (notice) => {
  const customerId = idOf(notice.object.customer_id);
  if (customerId === null) return misfit('$.data.customer_id', 'expected the id of the customer whose address it is');
  const touchpoint = {
    ...base(notice),
    kind: 'customer_updated',
    subject: `customer:${customerId}`,
    person: residentOf(notice, customerId),
  } as const;
  return { ok: true, touchpoints: [touchpoint] };
};

export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['transaction.completed', readCompleted],
  ['transaction.paid', ignore('transaction.paid: transaction.completed tells the same')],
  ['transaction.payment_failed', readFailed],
  ['adjustment.created', readAdjustment],
  ['adjustment.updated', readAdjustment],
  ['subscription.created', subscription('subscription_started')],
  ['subscription.canceled', subscription('subscription_cancelled')],
  ['customer.created', customer('customer_created')],
  ['customer.imported', customer('customer_created')],
  ['customer.updated', customer('customer_updated')],
  ['address.created', readAddress],
  ['address.updated', readAddress],
]);
