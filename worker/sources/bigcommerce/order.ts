import type { Assurance } from '../../../schema/customer.ts';
import { moneyFromMajor } from '../../../schema/money.ts';
import type { Json, OrderFact, OrderLine } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, phone } from '../person.ts';
import { postal } from '../postal.ts';
import type { Completion, KnownPerson, Lacking } from '../provider-api.ts';
import {
  firstOf,
  fullName,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  numberOf,
  objectOf,
  orderLine,
  plainText,
  textOf,
} from '../read.ts';

/** Orders of BigCommerce as its API V2 tells them (docs: Orders V2, "Get an Order"). Amounts are decimals in major units. */

/** Statuses in which an order brings nothing: never finished at the till, or declined. Awaiting payment mostly comes, and counts. */
const BRINGS_NOTHING: readonly string[] = ['0', '1', '6'];
const CANCELLED = '5';
const FULFILLED: readonly string[] = ['2', '10'];
const PAID: readonly string[] = ['captured', 'paid', 'partially refunded', 'refunded'];

const RFC_2822 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/;

/** Epoch ms of a date of the API V2: `Tue, 05 Mar 2024 21:40:11 +0000`. */
export function mailTimeOf(value: Json | undefined): number | null {
  const time = typeof value === 'string' && RFC_2822.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) && time > 0 ? time : null;
}

/** 0 stands for a guest. */
export const customerIdOf = (value: Json | undefined): string | null => {
  const id = idOf(value);
  return id === '0' ? null : id;
};

/** Who has signed in is known by their id; the rest was typed, and is worth something where the order came about. */
function buyerOf(order: JsonObject, assurance: Assurance): KnownPerson {
  const billing = objectOf(order.billing_address);
  const country = textOf(billing.country_iso2, 2)?.toUpperCase() ?? null;
  return {
    identifiers: identifiers(
      own('customer', customerIdOf(order.customer_id), 'asserted'),
      email(billing.email, assurance),
      phone(billing.phone, country, assurance),
    ),
    profile: knownTexts({
      name: fullName(billing.first_name, billing.last_name),
      company: textOf(billing.company),
      city: textOf(billing.city),
      country,
      language: textOf(order.customer_locale, 35),
    }),
    ...postal(billing),
  };
}

const linesOf = (products: Json, currency: string | null): OrderLine[] =>
  listOf(products).flatMap((product) => {
    const { name, sku, quantity, total_inc_tax } = objectOf(product);
    const facts = {
      title: textOf(name),
      sku: textOf(sku),
      quantity: numberOf(quantity),
      total: total_inc_tax,
      currency,
    };
    return orderLine(facts) ?? [];
  });

/**
 * What an order and its lines tell. The default currency is the one that was paid in, the other only for show. Of the times only
 * two are told; that something had happened by the last change is the most that can be said of the others.
 */
export function readOrder(order: JsonObject, products: Json, lacking: Lacking, orderId: string): Completion {
  const currency = firstOf(textOf(order.default_currency_code, 3), textOf(order.currency_code, 3));
  const asOf = firstOf(mailTimeOf(order.date_modified), mailTimeOf(order.date_created), lacking.occurredAt);
  const status = idOf(order.status_id) ?? '';
  const total = moneyFromMajor(order.total_inc_tax, currency);
  const refunded = moneyFromMajor(order.refunded_amount, currency);
  const isPaid = PAID.includes(textOf(order.payment_status)?.toLowerCase() ?? '');
  const fact: OrderFact = {
    id: orderId,
    number: orderId,
    asOf,
    total,
    lines: linesOf(products, currency),
    placedAt: mailTimeOf(order.date_created),
    paidAt: isPaid ? asOf : null,
    fulfilledAt: firstOf(mailTimeOf(order.date_shipped), FULFILLED.includes(status) ? asOf : null),
    cancelledAt: status === CANCELLED ? asOf : null,
    isVoid: BRINGS_NOTHING.includes(status),
    ...(order.is_deleted === true && { deleted: true }),
    // A sum so far, and the same for all refunds of the order.
    refunds: refunded && refunded.amountMinor > 0 ? [{ id: 'refunded', amount: refunded }] : [],
  };
  return {
    person: buyerOf(order, fact.isVoid ? 'claimed' : 'asserted'),
    profileAsOf: asOf,
    order: fact,
    value: lacking.kind === 'order_refunded' ? null : total,
    text: lacking.kind === 'order_placed' ? plainText(order.customer_message) : null,
    data: known({ status: textOf(order.status), paymentMethod: plainText(order.payment_method, 100) }),
  };
}

/** What one refund came to: `GET /v3/orders/{id}/payment_actions/refunds` lists all of an order. */
export function refundOf(answer: JsonObject, refundId: string, order: JsonObject): Pick<Completion, 'value' | 'text'> {
  const refund = listOf(answer.data)
    .map(objectOf)
    .find(({ id }) => idOf(id) === refundId);
  const currency = firstOf(textOf(order.default_currency_code, 3), textOf(order.currency_code, 3));
  return { value: moneyFromMajor(refund?.total_amount, currency), text: plainText(refund?.reason, 500) };
}
