import { type Money, moneyFromMajor, moneyFromMinor } from '../../../schema/money.ts';
import type { Json, OrderFact, OrderLine } from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
import { fieldOf, firstOf, idOf, isObject, type JsonObject, listOf, NAME_LIMIT, numberOf, textOf } from '../read.ts';

/** https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed */

const currencyOf = (properties: JsonObject, usual: string): Json => fieldOf(properties, 'currency') ?? usual;

/** What an event is worth: `total` has shipping and tax in it, `revenue` has not, `value` is for what was not sold. */
export const amountOf = (properties: JsonObject, usual: string): Money | null =>
  firstOf(
    ...['total', 'revenue', 'value'].map((name) =>
      moneyFromMajor(fieldOf(properties, name), currencyOf(properties, usual)),
    ),
  );

export const orderIdOf = (properties: JsonObject): string | null =>
  idOf(fieldOf(properties, 'order_id') ?? fieldOf(properties, 'orderId'));

function lineOf(product: Json, currency: Json): OrderLine | null {
  if (!isObject(product)) return null;
  const sku = textOf(fieldOf(product, 'sku')) ?? idOf(fieldOf(product, 'product_id'));
  const title = textOf(fieldOf(product, 'name'), NAME_LIMIT) ?? sku;
  if (title === null) return null;
  const quantity = numberOf(fieldOf(product, 'quantity')) ?? 1;
  const price = moneyFromMajor(fieldOf(product, 'price'), currency);
  const total = price && moneyFromMinor(Math.round(price.amountMinor * quantity), price.currency);
  return { title, sku, quantity, amountMinor: total?.amountMinor ?? null };
}

export type OrderEvent = {
  readonly kind: CoreKind;
  readonly properties: JsonObject;
  readonly messageId: string;
  readonly occurredAt: number | null;
  /** Currency of amounts that name none. */
  readonly currency: string;
};

/** What an event says of an order; null when it is about none or does not say which. */
export function orderFactOf({ kind, properties, messageId, occurredAt, currency }: OrderEvent): OrderFact | null {
  const id = orderIdOf(properties);
  if (id === null || !kind.startsWith('order_')) return null;
  const amount = amountOf(properties, currency);
  if (kind === 'order_refunded') {
    const refund = idOf(fieldOf(properties, 'refund_id')) ?? messageId;
    return { id, asOf: occurredAt, refunds: amount ? [{ id: refund, amount }] : [] };
  }
  const named = currencyOf(properties, currency);
  const at = (...kinds: readonly CoreKind[]): number | null => (kinds.includes(kind) ? occurredAt : null);
  return {
    id,
    number: textOf(fieldOf(properties, 'order_number')),
    asOf: occurredAt,
    total: amount,
    lines: listOf(fieldOf(properties, 'products')).flatMap((product) => lineOf(product, named) ?? []),
    placedAt: at('order_placed', 'order_paid'),
    paidAt: at('order_paid'),
    fulfilledAt: at('order_fulfilled'),
    cancelledAt: at('order_cancelled'),
    ...(kind === 'order_deleted' && { deleted: true }),
  };
}
