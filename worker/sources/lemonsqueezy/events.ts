import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import { type Money, moneyFromMinor, withoutSign } from '../../../schema/money.ts';
import type { Json, OrderFact, OrderLine, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
import { byMoney, email, identifiers, own, personKey } from '../person.ts';
import type { Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  NAME_LIMIT,
  numberOf,
  objectOf,
  textOf,
  timeOf,
} from '../read.ts';

/** One event of Lemon Squeezy: a JSON:API resource, with the name of what happened to it. */
export type Notice = {
  readonly event: string;
  readonly messageId: string;
  readonly id: string;
  readonly attributes: JsonObject;
};
export type Reader = (notice: Notice) => Translation;

const one = (touchpoint: TouchpointInput): Translation => ({ ok: true, touchpoints: [touchpoint] });
const ignore =
  (reason: string): Reader =>
  () => ({ ok: true, ignored: reason });

/** Amounts are whole numbers in the smallest unit. */
const money = ({ attributes }: Notice, field: string): Money | null =>
  moneyFromMinor(attributes[field], attributes.currency);

const base = (notice: Notice, data: { readonly [key: string]: Json } = {}) =>
  ({
    messageId: notice.messageId,
    channel: 'payment',
    direction: 'in',
    initiator: 'customer',
    data: known({
      externalId: notice.id,
      customerId: idOf(notice.attributes.customer_id),
      status: textOf(notice.attributes.status),
      test: notice.attributes.test_mode === true ? true : null,
      ...data,
    }),
  }) as const satisfies Partial<TouchpointInput>;

/** `assurance` is that of the customer as well: Lemon Squeezy finds it by the address somebody typed. */
function personOf(
  { attributes }: Notice,
  extra: readonly (IdentifierInput | null)[],
  fallback: string,
  assurance: Assurance,
): PersonInput {
  const list = identifiers(
    own('customer', attributes.customer_id, assurance),
    email(firstOf(attributes.user_email, attributes.email), assurance),
    ...extra,
  );
  const profile = knownTexts({
    name: textOf(attributes.user_name, NAME_LIMIT) ?? textOf(attributes.name, NAME_LIMIT),
    country: textOf(attributes.country, 2)?.toUpperCase() ?? null,
    city: textOf(attributes.city),
  });
  return { key: personKey(list, fallback), identifiers: list, profile };
}

const ORDER_KINDS: ReadonlyMap<string, CoreKind> = new Map<string, CoreKind>([
  ['paid', 'order_paid'],
  ['pending', 'order_placed'],
  ['failed', 'payment_failed'],
]);

function linesOf(notice: Notice): readonly OrderLine[] {
  const item = objectOf(notice.attributes.first_order_item);
  const title = textOf(item.product_name);
  if (title === null) return [];
  const quantity = numberOf(item.quantity) ?? 1;
  const price = moneyFromMinor(item.price, notice.attributes.currency);
  const amount = price && moneyFromMinor(price.amountMinor * quantity, price.currency);
  return [{ title, sku: idOf(item.variant_id), quantity, amountMinor: amount?.amountMinor ?? null }];
}

const readOrder: Reader = (notice) => {
  const { attributes, id } = notice;
  const status = textOf(attributes.status) ?? '';
  const kind = ORDER_KINDS.get(status);
  if (!kind) return { ok: true, ignored: `order with status ${status}` };
  const placedAt = timeOf(attributes.created_at);
  const total = money(notice, 'total');
  const number = idOf(attributes.order_number);
  const order: OrderFact = {
    id,
    number,
    asOf: firstOf(timeOf(attributes.updated_at), placedAt),
    total,
    lines: linesOf(notice),
    placedAt,
    paidAt: kind === 'order_paid' ? placedAt : null,
  };
  return one({
    ...base(notice, { number }),
    kind,
    phase: 'sale',
    occurredAt: placedAt,
    subject: `order:${id}`,
    value: total,
    person: personOf(
      notice,
      [own('order', id, 'asserted')],
      `order:${id}`,
      // What is free is ordered under any address.
      kind === 'order_paid' ? byMoney(total) : 'claimed',
    ),
    ...(kind !== 'payment_failed' && { order }),
  });
};

/** `refunded_amount` is the sum so far; older bodies have none and mean the whole order. */
const readRefund: Reader = (notice) => {
  const { attributes, id } = notice;
  const amount = withoutSign(money(notice, 'refunded_amount') ?? money(notice, 'total'));
  const occurredAt = firstOf(timeOf(attributes.refunded_at), timeOf(attributes.updated_at));
  return one({
    ...base(notice, { orderId: id, partial: attributes.status === 'partial_refund' ? true : null }),
    kind: 'order_refunded',
    direction: 'out',
    initiator: 'company',
    phase: 'service',
    occurredAt,
    subject: `order:${id}`,
    value: amount,
    person: personOf(notice, [own('order', id, 'asserted')], `order:${id}`, byMoney(amount)),
    order: { id, asOf: occurredAt, refunds: amount ? [{ id: `order:${id}`, amount }] : [] },
  });
};

/** Without a value: what a subscription brings comes with its order and its invoices. */
const subscription =
  (kind: 'subscription_started' | 'subscription_cancelled'): Reader =>
  (notice) => {
    const { attributes, id } = notice;
    return one({
      ...base(notice, { endsAt: textOf(attributes.ends_at), product: textOf(attributes.product_name) }),
      kind,
      phase: kind === 'subscription_started' ? 'sale' : 'service',
      occurredAt: timeOf(kind === 'subscription_started' ? attributes.created_at : attributes.updated_at),
      subject: `subscription:${id}`,
      // A trial is begun under any address; the order and the invoices that are paid vouch for theirs.
      person: personOf(notice, subscriptionIdentifiers(id, attributes.order_id), `subscription:${id}`, 'claimed'),
    });
  };

const subscriptionIdentifiers = (id: string | null, orderId: Json | undefined = null) => [
  own('subscription', id, 'asserted'),
  own('order', orderId, 'asserted'),
];

/** One that was cancelled runs out at the end of what was paid for: that was told when it was cancelled. */
const readExpired: Reader = (notice) =>
  notice.attributes.cancelled === true
    ? { ok: true, ignored: 'subscription_expired: told when it was cancelled' }
    : subscription('subscription_cancelled')(notice);

/** Invoices count from one like orders do. */
const invoiceOrderId = (id: string): string => `invoice-${id}`;

/** Each invoice after the first is an order of its own; the first is paid by the order that began the subscription. */
const readInvoicePaid: Reader = (notice) => {
  const { attributes, id } = notice;
  const reason = textOf(attributes.billing_reason) ?? '';
  if (reason === 'initial')
    return { ok: true, ignored: 'first invoice of a subscription: order_created tells the same' };
  const orderId = invoiceOrderId(id);
  const occurredAt = firstOf(timeOf(attributes.updated_at), timeOf(attributes.created_at));
  const total = money(notice, 'total');
  const order: OrderFact = {
    id: orderId,
    asOf: occurredAt,
    total,
    placedAt: timeOf(attributes.created_at),
    paidAt: occurredAt,
  };
  return one({
    ...base(notice, { orderId, billingReason: reason, subscriptionId: idOf(attributes.subscription_id) }),
    kind: reason === 'renewal' ? 'subscription_renewed' : 'payment_succeeded',
    phase: 'sale',
    occurredAt,
    subject: `order:${orderId}`,
    value: total,
    person: invoicePerson(notice, orderId, byMoney(total)),
    order,
  });
};

const readInvoiceFailed: Reader = (notice) => {
  const { attributes, id } = notice;
  const orderId = invoiceOrderId(id);
  return one({
    ...base(notice, { orderId, billingReason: textOf(attributes.billing_reason) }),
    kind: 'payment_failed',
    phase: 'sale',
    occurredAt: timeOf(attributes.updated_at),
    subject: `order:${orderId}`,
    value: money(notice, 'total'),
    person: invoicePerson(notice, orderId, 'claimed'),
  });
};

const readInvoiceRefunded: Reader = (notice) => {
  const { attributes, id } = notice;
  if (attributes.billing_reason === 'initial')
    return { ok: true, ignored: 'first invoice of a subscription: order_refunded tells the same' };
  const orderId = invoiceOrderId(id);
  const amount = withoutSign(money(notice, 'refunded_amount') ?? money(notice, 'total'));
  const occurredAt = firstOf(timeOf(attributes.refunded_at), timeOf(attributes.updated_at));
  return one({
    ...base(notice, { orderId }),
    kind: 'order_refunded',
    direction: 'out',
    initiator: 'company',
    phase: 'service',
    occurredAt,
    subject: `order:${orderId}`,
    value: amount,
    person: invoicePerson(notice, orderId, byMoney(amount)),
    order: { id: orderId, asOf: occurredAt, refunds: amount ? [{ id: orderId, amount }] : [] },
  });
};

const invoicePerson = (notice: Notice, orderId: string, assurance: Assurance): PersonInput =>
  personOf(
    notice,
    [own('order', orderId, 'asserted'), own('subscription', notice.attributes.subscription_id, 'asserted')],
    `order:${orderId}`,
    assurance,
  );

/** A customer who has brought nothing has signed up for mails, or taken what is free: under any address. */
const customer =
  (kind: 'customer_created' | 'customer_updated'): Reader =>
  (notice) => {
    const { attributes, id } = notice;
    return one({
      ...base(notice),
      kind,
      occurredAt: timeOf(kind === 'customer_created' ? attributes.created_at : attributes.updated_at),
      subject: `customer:${id}`,
      person: personOf(
        notice,
        [own('customer', id, 'asserted')],
        `customer:${id}`,
        (numberOf(attributes.total_revenue_currency) ?? 0) > 0 ? 'asserted' : 'claimed',
      ),
    });
  };

export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['order_created', readOrder],
  ['order_refunded', readRefund],
  ['subscription_created', subscription('subscription_started')],
  ['subscription_cancelled', subscription('subscription_cancelled')],
  ['subscription_expired', readExpired],
  ['subscription_payment_success', readInvoicePaid],
  [
    'subscription_payment_recovered',
    ignore('subscription_payment_recovered: subscription_payment_success tells the same'),
  ],
  ['subscription_payment_failed', readInvoiceFailed],
  ['subscription_payment_refunded', readInvoiceRefunded],
  ['customer_created', customer('customer_created')],
  ['customer_updated', customer('customer_updated')],
]);
