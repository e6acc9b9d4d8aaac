import type { Json } from '../../../schema/touchpoint.ts';
import { READERS } from '../paddle/events.ts';
import type { Provider, SetupStep, Translation } from '../provider.ts';
import { idOf, isObject, misfit, noSettings, objectOf, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/**
 * https://developer.paddle.com/webhooks/signature-verification: hex HMAC-SHA256 of time, colon and body; one h1 for each
 * secret in use. Its SDK allows five seconds, which a slow line outlives; a copy that comes later is a duplicate anyway.
 */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'Paddle-Signature',
  layout: { as: 'pairs', separator: ';', signature: 'h1', timestamp: 'ts' },
  encoding: 'hex',
  signed: '{timestamp}:{body}',
  timestamp: { unit: 'seconds', toleranceSeconds: 300 },
};

const setup: readonly SetupStep[] = [
  { text: 'In Paddle open Developer tools, then Notifications, and choose "New destination".' },
  { text: 'Take "Webhook" as the type and paste this address as the URL.', copy: 'url' },
  {
    text: 'Tick these events and save: transaction.completed, transaction.payment_failed, adjustment.created, adjustment.updated, subscription.created, subscription.canceled, customer.created, customer.updated, address.created, address.updated.',
  },
  {
    text: 'Open the menu (…) of the new destination, choose "Edit destination", copy the secret key and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'Paddle names a buyer by id, and tells the e-mail address only in the customer events: leave those ticked, or sales stay without a name.',
  },
];

function translate(payload: Json): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.event_type) ?? 'no event_type';
  const reader = READERS.get(type);
  if (!reader) return { ok: true, ignored: type };
  const messageId = idOf(payload.event_id);
  if (messageId === null) return misfit('$.event_id', 'expected the id of the event');
  const object = objectOf(payload.data);
  const id = idOf(object.id);
  if (id === null) return misfit('$.data.id', 'expected the id of what the event is about');
  return reader({ type, messageId, occurredAt: timeOf(payload.occurred_at), object, id });
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    event_id: `evt_sample_${seed}`,
    event_type: 'customer.created',
    occurred_at: at,
    notification_id: `ntf_sample_${seed}`,
    data: {
      id: `ctm_sample_${number}`,
      name: `${first} ${last}`,
      email,
      locale: 'en',
      status: 'active',
      marketing_consent: true,
      created_at: at,
      updated_at: at,
    },
  });
  const headers = { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) };
  return { headers, body };
}

const paddle: Provider = {
  kind: 'paddle',
  title: 'Paddle',
  summary: 'Sales, refunds, subscriptions and customers of Paddle Billing.',
  group: 'payment',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default paddle;
