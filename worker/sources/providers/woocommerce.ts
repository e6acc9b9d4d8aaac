import type { Json } from '../../../schema/touchpoint.ts';
import { utf8 } from '../../platform/hmac.ts';
import type { Delivery, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { isObject, misfit, noSettings, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';
import { api } from '../woocommerce/api.ts';
import { isReview, readCustomer, readReview } from '../woocommerce/customer.ts';
import { factId, type Notice } from '../woocommerce/notice.ts';
import { readOrder } from '../woocommerce/order.ts';

/**
 * WC_Webhook::generate_signature(): base64 HMAC-SHA256 of the body. The key is `wp_specialchars_decode(secret, ENT_QUOTES)`,
 * so that a secret with `&amp;` in it is another one than it looks.
 */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-WC-Webhook-Signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{body}',
  keys: (secret) => [...new Set([secret, decodeSpecialChars(secret)])].map(utf8),
};

/** The five characters WordPress escapes, in every spelling it knows, decoded once. */
function decodeSpecialChars(text: string): string {
  return text.replace(
    /&(?:(amp|#0*38|#[xX]0*26)|(lt|#0*60|#[xX]0*3[cC])|(gt|#0*62|#[xX]0*3[eE])|(quot|#0*34|#[xX]0*22)|#0*39|#[xX]0*27);/g,
    (_entity, amp, lt, gt, quot) => (amp ? '&' : lt ? '<' : gt ? '>' : quot ? '"' : "'"),
  );
}

const READERS: ReadonlyMap<string, (notice: Notice) => Translation> = new Map([
  ['order.created', readOrder],
  ['order.updated', readOrder],
  ['order.restored', readOrder],
  ['order.deleted', readOrder],
  ['customer.created', readCustomer],
  ['customer.updated', readCustomer],
  ['customer.deleted', readCustomer],
]);

const setup: readonly SetupStep[] = [
  { text: 'In WordPress open WooCommerce, Settings, the tab Advanced, then Webhooks, and choose "Add webhook".' },
  { text: 'Give it a name, set Status to "Active" and Topic to "Order created".' },
  { text: 'Paste this address into "Delivery URL".', copy: 'url' },
  { text: 'Paste this secret into "Secret". Leave the API version as it is and save.', copy: 'secret' },
  {
    text: 'Do the same, with the same address and secret, for the topics "Order updated", "Order deleted", "Order restored", "Customer created", "Customer updated" and "Customer deleted".',
  },
  {
    text: 'WooCommerce does not try again when a delivery fails, and turns a webhook off after five failures in a row: look at its status here now and then.',
  },
];

/** On saving a webhook WooCommerce sends `webhook_id=N`, unsigned and without its own headers, and wants 200 exactly. */
function handshake({ headers, body }: Delivery): { readonly note: string } | null {
  const isForm = (headers.get('Content-Type') ?? '').startsWith('application/x-www-form-urlencoded');
  const isBare = ![...headers.keys()].some((name) => name.toLowerCase().startsWith('x-wc-'));
  if (!isForm || !isBare || body.length > 40) return null;
  return /^webhook_id=\d+$/.test(new TextDecoder().decode(body)) ? { note: 'ping' } : null;
}

function translate(payload: Json, { headers, isTest }: Delivery, { bodyHash }: TranslateContext): Translation {
  const topic = textOf(headers.get('X-WC-Webhook-Topic'))?.toLowerCase() ?? '';
  // A delivery id is made of the webhook and the second: two orders in one second share it, so the body tells them apart.
  const delivery = textOf(headers.get('X-WC-Webhook-Delivery-ID')) ?? topic;
  const sent = `${delivery}:${bodyHash}`;
  const reader = READERS.get(topic);
  if (reader) {
    if (!isObject(payload)) return misfit('$', 'expected an object');
    // A sample is no fact of a shop.
    const fact = isTest ? null : factId(topic, payload);
    return reader({
      topic,
      payload,
      ...(fact === null ? { messageId: sent } : { messageId: fact, formerIds: [sent] }),
    });
  }
  if (isObject(payload) && isReview(payload)) return readReview({ topic, messageId: sent, payload });
  return { ok: true, ignored: topic === '' ? 'no topic' : topic };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, city, country, number } = samplePerson(seed);
  const at = new Date(now).toISOString().slice(0, 19);
  const body = JSON.stringify({
    id: number,
    number: String(number),
    status: 'processing',
    currency: 'EUR',
    total: '62.00',
    date_created_gmt: at,
    date_modified_gmt: at,
    date_paid_gmt: at,
    customer_id: 0,
    billing: { first_name: first, last_name: last, email, city, country },
    line_items: [{ name: 'Oak chopping board', sku: 'OAK-3', quantity: 2, total: '62.00' }],
    refunds: [],
  });
  const headers = {
    'Content-Type': 'application/json',
    'X-WC-Webhook-Topic': 'order.created',
    'X-WC-Webhook-Delivery-ID': `sample-${seed}`,
    ...(await signedHeaders(scheme, { secret, body, now })),
  };
  return { headers, body };
}

const woocommerce: Provider = {
  kind: 'woocommerce',
  title: 'WooCommerce',
  summary: 'Orders, refunds and customers of a WordPress shop.',
  group: 'shop',
  door: 'webhook',
  secret: 'from_us',
  setup,
  api,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  handshake,
  translate,
  sample,
};

export default woocommerce;
