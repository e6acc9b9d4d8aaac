import type { Json } from '../../../schema/touchpoint.ts';
import type { Delivery, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { isObject, type JsonObject, misfit, noSettings, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { api } from '../shopify/api.ts';
import { readCheckout, readCustomer, readPrivacyRequest, readShopRedaction } from '../shopify/customer.ts';
import { factId, type Notice } from '../shopify/notice.ts';
import { ORDER_TOPICS, readFulfilment, readOrder, readRefund } from '../shopify/order.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/** https://shopify.dev/docs/apps/build/webhooks/subscribe/https: base64 HMAC-SHA256 of the raw body; no time is signed. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-Shopify-Hmac-Sha256',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{body}',
};

/** Topics beside those of orders, each with its reader. */
const READERS: ReadonlyMap<string, (notice: Notice) => Translation> = new Map([
  ['fulfillments/create', readFulfilment],
  ['fulfillments/update', readFulfilment],
  ['refunds/create', readRefund],
  ['checkouts/create', readCheckout],
  ['checkouts/update', readCheckout],
  ['customers/create', readCustomer],
  ['customers/update', readCustomer],
  ['customers/enable', readCustomer],
  ['customers/disable', readCustomer],
  ['customers/delete', readCustomer],
  ['customers/redact', readPrivacyRequest],
  ['shop/redact', readShopRedaction],
  ['customers/data_request', readPrivacyRequest],
]);

const setup: readonly SetupStep[] = [
  { text: 'In your Shopify admin open Settings, then Notifications, then Webhooks at the end of the page.' },
  { text: 'Choose "Create webhook". Take the event "Order creation" and the format JSON.' },
  { text: 'Paste this address into the field URL and save.', copy: 'url' },
  {
    text: 'Do the same, with the same address, for: Order payment, Order fulfillment, Order update, Order cancellation, Refund create, Checkout creation, Checkout update, Customer creation, Customer update.',
  },
  {
    text: 'Under the list Shopify writes "Your webhooks will be signed with" and a long word. Copy that word and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'Place a small order to try it. Shopify\'s own "Send test notification" signs with another secret and is refused: that is no fault of yours.',
  },
];

/**
 * What the event is known by: the fact itself where the body tells it. Else `X-Shopify-Event-Id`, which is the same for one
 * event in all subscriptions; without it the id of the delivery, which retries keep. A sample is no fact of a shop.
 */
function idsOf(topic: string, payload: JsonObject, { headers, isTest }: Delivery, bodyHash: string) {
  const id = textOf(headers.get('X-Shopify-Event-Id')) ?? textOf(headers.get('X-Shopify-Webhook-Id')) ?? bodyHash;
  const sent = `${topic}:${id}`;
  const fact = isTest ? null : factId(topic, payload);
  return fact === null ? { messageId: sent } : { messageId: fact, formerIds: [sent] };
}

function translate(payload: Json, delivery: Delivery, { bodyHash }: TranslateContext): Translation {
  const { headers } = delivery;
  const topic = textOf(headers.get('X-Shopify-Topic'))?.toLowerCase() ?? null;
  if (topic === null) return misfit('X-Shopify-Topic', 'expected this header to name the topic');
  const orderTopic = ORDER_TOPICS.get(topic);
  const reader = READERS.get(topic);
  if (!orderTopic && !reader) return { ok: true, ignored: topic };
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const triggeredAt = timeOf(headers.get('X-Shopify-Triggered-At'));
  const notice: Notice = { topic, ...idsOf(topic, payload, delivery, bodyHash), payload, triggeredAt };
  if (orderTopic) return readOrder(notice, orderTopic);
  return reader ? reader(notice) : { ok: true, ignored: topic };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, city, country, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const address = { first_name: first, last_name: last, city, country_code: country };
  const body = JSON.stringify({
    id: 7_000_000_000_000 + number,
    admin_graphql_api_id: `gid://shopify/Order/${7_000_000_000_000 + number}`,
    name: `#${number}`,
    order_number: number,
    email,
    created_at: at,
    updated_at: at,
    currency: 'EUR',
    total_price: '48.50',
    financial_status: 'paid',
    customer: { id: 8_000_000_000_000 + number, email, first_name: first, last_name: last },
    billing_address: address,
    line_items: [
      { title: 'Enamel teapot', sku: 'TEA-2', quantity: 1, price: '34.00', total_discount: '0.00' },
      { title: 'Linen towel', sku: 'LIN-7', quantity: 2, price: '7.25', total_discount: '0.00' },
    ],
  });
  const headers = {
    'Content-Type': 'application/json',
    'X-Shopify-Topic': 'orders/create',
    'X-Shopify-Event-Id': `sample-${seed}`,
    'X-Shopify-Triggered-At': at,
    ...(await signedHeaders(scheme, { secret, body, now })),
  };
  return { headers, body };
}

const shopify: Provider = {
  kind: 'shopify',
  title: 'Shopify',
  summary: 'Orders, refunds, checkouts and customers of a Shopify shop.',
  group: 'shop',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default shopify;
