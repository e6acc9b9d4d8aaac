import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { Candidate } from '../../record/missing.ts';
import type { Translation } from '../provider.ts';
import { firstOf, isObject, type JsonObject, known, listOf, objectOf, textOf, timeOf } from '../read.ts';
import { factId, type Notice } from './notice.ts';
import { ORDER_TOPICS, readOrder, readRefund } from './order.ts';

/**
 * An order as the GraphQL Admin API shows it, put into the shape webhooks have, so that the same readers read both. A webhook
 * tells what happened; from an order as it stands now follows what must have happened to it.
 */

/** The number at the end of `gid://shopify/Order/1001`. */
const numberOf = (gid: Json | undefined): string | null => /\/(\d+)$/.exec(textOf(gid) ?? '')?.[1] ?? null;
const wordOf = (value: Json | undefined): string | null => textOf(value)?.toLowerCase() ?? null;
const amountOf = (set: Json | undefined): JsonObject => objectOf(objectOf(set).shopMoney);
const nodesOf = (connection: Json | undefined): readonly JsonObject[] =>
  listOf(objectOf(connection).nodes).filter(isObject);

const lineOf = (line: JsonObject): JsonObject => {
  const quantity = typeof line.quantity === 'number' && line.quantity > 0 ? line.quantity : 1;
  const { amount } = amountOf(line.originalTotalSet);
  const discounted = amountOf(line.discountedTotalSet).amount;
  const [full, paid] = [Number(textOf(amount) ?? Number.NaN), Number(textOf(discounted) ?? Number.NaN)];
  const isPriced = Number.isFinite(full) && Number.isFinite(paid);
  return {
    title: line.title ?? null,
    sku: line.sku ?? null,
    quantity,
    ...(isPriced && { price: (full / quantity).toFixed(6), total_discount: (full - paid).toFixed(6) }),
  };
};

/** Without its transactions a refund says what it came to in all. */
const refundOf = (orderId: string | null, refund: JsonObject): JsonObject => {
  const { amount, currencyCode } = amountOf(refund.totalRefundedSet);
  const isMoney = Number(textOf(amount) ?? 0) > 0;
  return {
    id: numberOf(refund.id),
    order_id: orderId,
    created_at: refund.createdAt ?? null,
    note: refund.note ?? null,
    transactions: isMoney
      ? [{ kind: 'refund', status: 'success', amount: amount ?? null, currency: currencyCode ?? null }]
      : [],
  };
};

function customerOf(customer: JsonObject): JsonObject | null {
  const id = numberOf(customer.id);
  if (id === null) return null;
  return { id, first_name: customer.firstName ?? null, last_name: customer.lastName ?? null };
}

function addressOf(address: JsonObject): JsonObject {
  return known({
    first_name: address.firstName ?? null,
    last_name: address.lastName ?? null,
    address1: address.address1 ?? null,
    address2: address.address2 ?? null,
    zip: address.zip ?? null,
    city: address.city ?? null,
    company: address.company ?? null,
    phone: address.phone ?? null,
    country_code: address.countryCodeV2 ?? null,
  });
}

/** The order in the words of a webhook's body. */
function webhookBodyOf(node: JsonObject): JsonObject {
  const id = numberOf(node.id);
  const total = amountOf(node.totalPriceSet);
  const customer = customerOf(objectOf(node.customer));
  return {
    id,
    admin_graphql_api_id: node.id ?? null,
    name: node.name ?? null,
    email: node.email ?? null,
    phone: node.phone ?? null,
    customer_locale: node.customerLocale ?? null,
    created_at: node.createdAt ?? null,
    processed_at: node.processedAt ?? null,
    updated_at: node.updatedAt ?? null,
    cancelled_at: node.cancelledAt ?? null,
    cancel_reason: wordOf(node.cancelReason),
    currency: total.currencyCode ?? null,
    total_price: total.amount ?? null,
    financial_status: wordOf(node.displayFinancialStatus),
    fulfillment_status: wordOf(node.displayFulfillmentStatus),
    test: node.test === true,
    source_name: node.sourceName ?? null,
    ...(customer && { customer }),
    billing_address: addressOf(objectOf(node.billingAddress)),
    line_items: nodesOf(node.lineItems).map(lineOf),
    refunds: listOf(node.refunds).map((refund) => refundOf(id, objectOf(refund))),
  };
}

const PAID: readonly string[] = ['paid', 'partially_refunded', 'refunded'];
const MONEY_IN: readonly string[] = ['sale', 'capture'];

/** When the last of the money came in; null for an order that is not paid. */
function paidAt(node: JsonObject, body: JsonObject): number | null {
  if (!PAID.includes(textOf(body.financial_status) ?? '')) return null;
  const times = listOf(node.transactions).flatMap((one) => {
    const { kind, status, processedAt } = objectOf(one);
    const isMoneyIn = MONEY_IN.includes(wordOf(kind) ?? '') && wordOf(status) === 'success';
    return isMoneyIn ? (timeOf(processedAt) ?? []) : [];
  });
  return times.length > 0 ? Math.max(...times) : firstOf(timeOf(node.processedAt), timeOf(node.createdAt));
}

function fulfilledAt(node: JsonObject, body: JsonObject): number | null {
  if (body.fulfillment_status !== 'fulfilled') return null;
  const times = listOf(node.fulfillments).flatMap((one) => timeOf(objectOf(one).createdAt) ?? []);
  return times.length > 0 ? Math.max(...times) : timeOf(node.updatedAt);
}

const touchpointsOf = (read: Translation): readonly TouchpointInput[] =>
  read.ok && 'touchpoints' in read ? read.touchpoints : [];

function read(topic: string, payload: JsonObject): readonly TouchpointInput[] {
  const messageId = factId(topic, payload);
  if (messageId === null) return [];
  const notice: Notice = { topic, messageId, payload, triggeredAt: null };
  const orderTopic = ORDER_TOPICS.get(topic);
  return touchpointsOf(orderTopic ? readOrder(notice, orderTopic) : readRefund(notice));
}

/** The same with a time of its own: the body as it stands now no longer has it. */
const at = (time: number, part: 'paidAt' | 'fulfilledAt') => (touchpoint: TouchpointInput) => ({
  ...touchpoint,
  occurredAt: time,
  ...(touchpoint.order && { order: { ...touchpoint.order, [part]: time } }),
});

/** Everything that must have happened to an order, and how it stands now. Null when it cannot be read. */
export function orderFacts(node: Json): readonly Candidate[] | null {
  if (!isObject(node)) return null;
  const body = webhookBodyOf(node);
  const placed = read('orders/create', body);
  const state = read('orders/updated', body);
  if (placed.length === 0 || state.length === 0) return null;
  const [paid, fulfilled] = [paidAt(node, body), fulfilledAt(node, body)];
  const once = [
    ...placed,
    ...(paid === null ? [] : read('orders/paid', body).map(at(paid, 'paidAt'))),
    ...(fulfilled === null ? [] : read('orders/fulfilled', body).map(at(fulfilled, 'fulfilledAt'))),
    ...(timeOf(body.cancelled_at) === null ? [] : read('orders/cancelled', body)),
    ...listOf(body.refunds).flatMap((refund) => read('refunds/create', objectOf(refund))),
  ];
  return [
    ...once.map((touchpoint) => ({ touchpoint, is: 'once' as const })),
    ...state.map((touchpoint) => ({ touchpoint, is: 'state' as const })),
  ];
}
