import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import { type Money, moneyFromMajor, moneyFromMinor } from '../../../schema/money.ts';
import type { OrderFact, OrderLine } from '../../../schema/touchpoint.ts';
import { askFor, goneFrom, segment } from '../ask.ts';
import { booked, email, identifiers, own, phone } from '../person.ts';
import { postal } from '../postal.ts';
import type { ApiContext, Asked, Completion, KnownPerson, Lacking, ProviderApi } from '../provider-api.ts';
import {
  firstOf,
  fullName,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  NAME_LIMIT,
  numberOf,
  objectOf,
  orderLine,
  plainText,
  textOf,
  unixTimeOf,
} from '../read.ts';

/**
 * https://docs.ecwid.com/api-reference/rest-api: amounts are decimals in major units of the store's one currency, which only
 * its profile names.
 */
const HOST = 'app.ecwid.com';

const get = (context: ApiContext, path: string): Promise<Asked<JsonObject>> => {
  const { storeId = '', accessToken = '' } = context.credentials;
  const headers = { authorization: `Bearer ${accessToken}` };
  return askFor(context, `https://${HOST}/api/v3/${segment(storeId)}${path}`, headers);
};

/** The code of the store's currency. */
async function getCurrency(context: ApiContext): Promise<Asked<string | null>> {
  const asked = await get(context, '/profile?responseFields=formatsAndUnits(currency)');
  return asked.ok ? { ok: true, value: textOf(objectOf(asked.value.formatsAndUnits).currency, 3) } : asked;
}

/**
 * The person of an order, a basket or a customer: `billingPerson` is who pays, `shippingPerson` who gets it. `assurance` is that
 * of what they typed; a store counts among its customers whoever has signed up for mails.
 */
function personOf(thing: JsonObject, customer: IdentifierInput | null, assurance: Assurance): KnownPerson {
  const people = [objectOf(thing.billingPerson), objectOf(thing.shippingPerson)];
  const country = firstOf(...people.map(({ countryCode }) => textOf(countryCode, 2)?.toUpperCase()));
  const names = people.map((one) => firstOf(textOf(one.name, NAME_LIMIT), fullName(one.firstName, one.lastName)));
  return {
    identifiers: identifiers(
      customer,
      email(thing.email, assurance),
      ...people.map((one) => phone(one.phone, country, assurance)),
    ),
    profile: knownTexts({
      name: firstOf(...names, textOf(thing.name, NAME_LIMIT)),
      company: firstOf(...people.map(({ companyName }) => textOf(companyName))),
      city: firstOf(...people.map(({ city }) => textOf(city))),
      country,
      language: textOf(thing.lang, 35),
    }),
    ...postal(...people),
  };
}

/** Prices are for one piece, before what is taken off the whole order. */
const linesOf = (order: JsonObject, currency: string | null): OrderLine[] =>
  listOf(order.items).flatMap((item) => {
    const { name, sku, quantity, price } = objectOf(item);
    const pieces = numberOf(quantity) ?? 1;
    const line = orderLine({ title: textOf(name), sku: textOf(sku), quantity: pieces, total: price, currency });
    if (!line) return [];
    const amount = line.amountMinor === null ? null : moneyFromMinor(Math.round(line.amountMinor * pieces), currency);
    return [{ ...line, amountMinor: amount?.amountMinor ?? null }];
  });

const FULFILLED: readonly string[] = ['SHIPPED', 'DELIVERED', 'READY_FOR_PICKUP'];
const PAID: readonly string[] = ['PAID', 'REFUNDED', 'PARTIALLY_REFUNDED'];

function factOf(order: JsonObject, id: string, currency: string | null, total: Money | null): OrderFact {
  const placedAt = unixTimeOf(order.createTimestamp);
  const asOf = firstOf(unixTimeOf(order.updateTimestamp), placedAt);
  const payment = textOf(order.paymentStatus) ?? '';
  const refunded = moneyFromMajor(order.refundedAmount, currency);
  return {
    id,
    number: firstOf(textOf(order.id), id),
    asOf,
    total,
    lines: linesOf(order, currency),
    placedAt,
    // Since when is not told: by the last change at the latest.
    paidAt: PAID.includes(payment) ? asOf : null,
    fulfilledAt: FULFILLED.includes(textOf(order.fulfillmentStatus) ?? '') ? asOf : null,
    cancelledAt: payment === 'CANCELLED' ? asOf : null,
    isVoid: payment === 'INCOMPLETE',
    // A sum so far, and the same for all refunds of the order.
    refunds: refunded && refunded.amountMinor > 0 ? [{ id: 'refunded', amount: refunded }] : [],
  };
}

/** `id` is the order's code (`XJ12H`) where the webhook gave one; on record it stands under the number webhooks know it by. */
async function orderDetails({ id, kind }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const [code = '', webhookId = code] = id.split(':');
  const asked = await get(context, `/orders/${segment(code)}`);
  if (!asked.ok) return asked;
  const currency = await getCurrency(context);
  if (!currency.ok) return currency;
  const order = asked.value;
  const total = moneyFromMajor(order.total, currency.value);
  const fact = factOf(order, webhookId, currency.value, total);
  const assurance = fact.isVoid ? 'claimed' : 'asserted';
  const person = personOf(order, own('customer', order.customerId, assurance), assurance);
  return {
    ok: true,
    value: {
      person,
      profileAsOf: fact.asOf,
      order: fact,
      value: kind === 'order_refunded' ? (fact.refunds?.[0]?.amount ?? null) : total,
      text: kind === 'order_placed' ? plainText(order.orderComments) : null,
      data: known({ number: textOf(order.id), paymentMethod: plainText(order.paymentMethod, 100) }),
    },
  };
}

/** A basket that was left; whose it is was typed in by somebody who did not buy. */
async function cartDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `/carts/${segment(id)}`);
  if (!asked.ok) return asked;
  const currency = await getCurrency(context);
  if (!currency.ok) return currency;
  const cart = asked.value;
  const person = booked(cart.customerId, cart.email) ?? personOf(cart, null, 'claimed');
  return { ok: true, value: { person, value: moneyFromMajor(cart.total, currency.value) } };
}

async function customerDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `/customers/${segment(id)}`);
  if (!asked.ok) return asked;
  const person = personOf(asked.value, own('customer', id, 'asserted'), 'claimed');
  return { ok: true, value: { person } };
}

const DETAILS: ReadonlyMap<string, (lacking: Lacking, context: ApiContext) => Promise<Asked<Completion>>> = new Map([
  ['order', orderDetails],
  ['cart', cartDetails],
  ['customer', customerDetails],
]);

export const api: ProviderApi = {
  summary: 'Fills in who ordered, what and for how much: Ecwid tells which order or customer it was, and its status.',
  fields: [
    {
      name: 'storeId',
      label: 'Store ID',
      hint: 'The number at the bottom of every page of your Ecwid admin.',
      isSecret: false,
      pattern: /^\d{1,12}$/,
      misfit: 'is not a store ID: only digits',
    },
    {
      name: 'accessToken',
      label: 'Secret token',
      isSecret: true,
      pattern: /^secret_[A-Za-z0-9]{10,200}$/,
      misfit: 'is not a secret token: it begins with secret_',
    },
  ],
  setup: [
    {
      text: 'Open my.ecwid.com, add /cp#develop-apps to its address, and open the app whose webhooks come here. Its access scopes need read_orders, read_customers and read_store_profile, and nothing that writes.',
    },
    { text: 'On the page "Details" of the app copy the "Secret token" (it begins with secret_) and paste it here.' },
    { text: 'The store ID stands at the bottom of every page of the Ecwid admin, and is the number in your webhooks.' },
  ],
  hosts: () => [HOST],
  details: async (lacking, context) => (await DETAILS.get(lacking.resource)?.(lacking, context)) ?? goneFrom(HOST),
};
