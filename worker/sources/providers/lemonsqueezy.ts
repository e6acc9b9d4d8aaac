import type { Json } from '../../../schema/touchpoint.ts';
import { READERS } from '../lemonsqueezy/events.ts';
import type { Delivery, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { idOf, isObject, misfit, noSettings, objectOf, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/** https://docs.lemonsqueezy.com/help/webhooks/signing-requests: hex HMAC-SHA256 of the raw body; no time is signed. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-Signature',
  layout: { as: 'plain' },
  encoding: 'hex',
  signed: '{body}',
};

const setup: readonly SetupStep[] = [
  { text: 'In Lemon Squeezy open Settings, then Webhooks, and choose the plus sign.' },
  { text: 'Paste this address as the callback URL.', copy: 'url' },
  { text: 'Paste this secret as the signing secret.', copy: 'secret' },
  {
    text: 'Tick these events and save: order_created, order_refunded, subscription_created, subscription_cancelled, subscription_expired, subscription_payment_success, subscription_payment_failed, subscription_payment_refunded.',
  },
  { text: 'Make a purchase in test mode to try it. It is marked as a test here.' },
];

/** Nothing names a delivery, and its repetitions are the same to the byte: what was sent is the message id. */
function translate(payload: Json, { headers }: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  // The name in the body is signed, that in the header is not.
  const event = textOf(objectOf(payload.meta).event_name) ?? textOf(headers.get('X-Event-Name')) ?? 'no event_name';
  const reader = READERS.get(event);
  if (!reader) return { ok: true, ignored: event };
  const data = objectOf(payload.data);
  const id = idOf(data.id);
  if (id === null) return misfit('$.data.id', 'expected the id of what the event is about');
  return reader({ event, messageId: bodyHash, id, attributes: objectOf(data.attributes) });
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    meta: { event_name: 'order_created', test_mode: true },
    data: {
      type: 'orders',
      id: String(number),
      attributes: {
        customer_id: number + 1,
        order_number: number,
        identifier: `sample-${seed}`,
        user_name: `${first} ${last}`,
        user_email: email,
        currency: 'EUR',
        total: 2400,
        status: 'paid',
        first_order_item: { product_name: 'Watercolour course', variant_id: 12, price: 2400, quantity: 1 },
        created_at: at,
        updated_at: at,
        test_mode: true,
      },
    },
  });
  const headers = {
    'Content-Type': 'application/json',
    'X-Event-Name': 'order_created',
    ...(await signedHeaders(scheme, { secret, body, now })),
  };
  return { headers, body };
}

const lemonsqueezy: Provider = {
  kind: 'lemonsqueezy',
  title: 'Lemon Squeezy',
  summary: 'Orders, refunds and subscriptions of a Lemon Squeezy store.',
  group: 'payment',
  door: 'webhook',
  secret: 'from_us',
  setup,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default lemonsqueezy;
