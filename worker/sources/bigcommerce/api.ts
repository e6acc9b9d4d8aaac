import { moneyFromMajor } from '../../../schema/money.ts';
import { ask, askFor, goneFrom, nothing, orNothing, segment } from '../ask.ts';
import { email, identifiers, own, phone } from '../person.ts';
import { postal } from '../postal.ts';
import type { ApiContext, Asked, Completion, Lacking, ProviderApi } from '../provider-api.ts';
import { fullName, isObject, type JsonObject, knownTexts, listOf, objectOf, textOf, timeOf } from '../read.ts';
import { customerIdOf, readOrder, refundOf } from './order.ts';

/**
 * The Management API of BigCommerce: orders by V2, all else by V3, with the token of a store-level account in `X-Auth-Token`
 * (https://developer.bigcommerce.com/docs/start/authentication/api-accounts).
 */
const HOST = 'api.bigcommerce.com';
const HASH = /^[a-z0-9]{1,32}$/;

const addressOf = ({ credentials }: ApiContext, path: string): string =>
  `https://${HOST}/stores/${segment(credentials.storeHash ?? '')}${path}`;
const headersOf = ({ credentials }: ApiContext) => ({ 'x-auth-token': credentials.accessToken ?? '' });

const get = (context: ApiContext, path: string): Promise<Asked<JsonObject>> =>
  askFor(context, addressOf(context, path), headersOf(context));

/** The lines of an order are a list of their own, at most 250 a page; more are not kept. Without any, nothing is answered. */
const getLines = (context: ApiContext, id: string) =>
  ask(context, addressOf(context, `/v2/orders/${id}/products?limit=250`), { headers: headersOf(context) });

async function orderDetails(lacking: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const [orderId = '', refundId] = lacking.id.split(':').map(segment);
  const order = await get(context, `/v2/orders/${orderId}`);
  if (!order.ok) return order;
  const lines = await getLines(context, orderId);
  if (!lines.ok && !lines.isFinal) return lines;
  const refunds = refundId ? orNothing(await get(context, `/v3/orders/${orderId}/payment_actions/refunds`)) : nothing;
  if (!refunds.ok) return refunds;
  const told = readOrder(order.value, lines.ok ? lines.value.body : null, lacking, orderId);
  return { ok: true, value: { ...told, ...(refundId && refundOf(refunds.value, refundId, order.value)) } };
}

/**
 * `GET /v3/customers` filters; of somebody deleted the list is empty. An account is opened under any address, which nobody checks:
 * a claim. What is bought with it vouches for the address.
 */
async function customerDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `/v3/customers?id:in=${encodeURIComponent(id)}&include=addresses`);
  if (!asked.ok) return asked;
  const customer = listOf(asked.value.data).find(isObject);
  if (!customer) return goneFrom(HOST);
  const address = objectOf(listOf(customer.addresses)[0]);
  const country = textOf(address.country_code, 2)?.toUpperCase() ?? null;
  const person = {
    identifiers: identifiers(
      own('customer', id, 'asserted'),
      email(customer.email, 'claimed'),
      phone(customer.phone, country, 'claimed'),
    ),
    profile: knownTexts({
      name: fullName(customer.first_name, customer.last_name),
      company: textOf(customer.company),
      city: textOf(address.city),
      country,
    }),
    ...postal(...listOf(customer.addresses, 5)),
  };
  return { ok: true, value: { person, profileAsOf: timeOf(customer.date_modified) } };
}

/** A basket. Whose it is was typed in by somebody who did not buy: a claim. Whoever had signed in is known by their id. */
async function cartDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `/v3/carts/${segment(id)}`);
  if (!asked.ok) return asked;
  const cart = objectOf(asked.value.data);
  const customer = own('customer', customerIdOf(cart.customer_id), 'asserted');
  const person = { identifiers: identifiers(customer, email(cart.email, 'claimed')) };
  return { ok: true, value: { person, value: moneyFromMajor(cart.cart_amount, objectOf(cart.currency).code) } };
}

/** Anybody can type an address into the newsletter box. */
async function subscriberDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `/v3/customers/subscribers/${segment(id)}`);
  if (!asked.ok) return asked;
  const subscriber = objectOf(asked.value.data);
  const person = {
    identifiers: identifiers(email(subscriber.email, 'claimed')),
    profile: knownTexts({ name: fullName(subscriber.first_name, subscriber.last_name) }),
  };
  return { ok: true, value: { person } };
}

const DETAILS: ReadonlyMap<string, (lacking: Lacking, context: ApiContext) => Promise<Asked<Completion>>> = new Map([
  ['order', orderDetails],
  ['refund', orderDetails],
  ['customer', customerDetails],
  ['cart', cartDetails],
  ['subscriber', subscriberDetails],
]);

export const api: ProviderApi = {
  summary:
    'Fills in who ordered, what and for how much: BigCommerce tells only which order, customer or basket it was.',
  fields: [
    {
      name: 'storeHash',
      label: 'Store hash',
      hint: 'The part of the API path after /stores/, such as abc123xyz.',
      isSecret: false,
      pattern: HASH,
      misfit: 'is not a store hash: only small letters and digits, such as abc123xyz',
    },
    {
      name: 'accessToken',
      label: 'Access token',
      isSecret: true,
      pattern: /^[A-Za-z0-9]{10,200}$/,
      misfit: 'is not an access token: only letters and digits',
    },
  ],
  setup: [
    {
      text: 'In BigCommerce open Settings, then Store-level API accounts, and choose "Create API account" with the token type V2/V3. The account made for the secret will do as well.',
    },
    {
      text: 'Give it these scopes, all read-only: Orders, Customers, Carts. Save: a file with the words is downloaded.',
    },
    {
      text: 'Paste the "Access token" here. The "API path" in the same file ends in /stores/ and the store hash: paste the hash.',
    },
  ],
  hosts: () => [HOST],
  details: async (lacking, context) => (await DETAILS.get(lacking.resource)?.(lacking, context)) ?? goneFrom(HOST),
};
