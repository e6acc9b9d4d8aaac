import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { Delivery, Misfit, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { isObject, listOf, misfit, noSettings, objectOf, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type Event, orderIdOf, readEvent } from '../standard-webhooks/event.ts';
import { kindOf } from '../standard-webhooks/kinds.ts';
import { asymmetricScheme, symmetricScheme } from '../standard-webhooks/scheme.ts';
import { anyOf, signatureVerifier, signedHeaders } from '../verify.ts';

const symmetric = symmetricScheme();

const setup: readonly SetupStep[] = [
  { text: 'For any system that sends Standard Webhooks (Svix and many others), and for your own programs.' },
  { text: 'Where that system asks for an endpoint or a URL, paste this address.', copy: 'url' },
  { text: 'Give it this secret to sign with.', copy: 'secret' },
  {
    text: 'If it makes the secret itself (whsec_…) or shows you a public key (whpk_…), paste that here as the secret instead.',
  },
  {
    text: 'Send events as {"type": "order.placed", "timestamp": "2026-01-31T12:00:00Z", "data": {"order_id": "1001", "email": "…", "amount": "49.90", "currency": "EUR"}}. Put several into "events" to send them at once.',
  },
  {
    text: 'An address is believed where something was bought with it or you say that you have had it confirmed: "email_verified": true. What comes from forms, bookings, tickets and baskets, or with "email_verified": false, is shown as a claim.',
  },
];

type Item = {
  readonly path: string;
  readonly type: string | null;
  readonly timestamp: Json | undefined;
  readonly data: Json;
};

/** The events of a body: one, or those of a list under `data` or `events`. */
function itemsOf(body: { readonly [key: string]: Json }): readonly Item[] {
  const type = textOf(body.type);
  const all = Number.POSITIVE_INFINITY;
  if (Array.isArray(body.events)) {
    return listOf(body.events, all).map((entry, index) => {
      const event = objectOf(entry);
      const data = event.data ?? event;
      return {
        path: `$.events[${index}]`,
        type: textOf(event.type) ?? type,
        timestamp: event.timestamp ?? body.timestamp,
        data,
      };
    });
  }
  if (Array.isArray(body.data)) {
    return listOf(body.data, all).map((data, index) => ({
      path: `$.data[${index}]`,
      type,
      timestamp: body.timestamp,
      data,
    }));
  }
  return [{ path: '$.data', type, timestamp: body.timestamp, data: body.data ?? {} }];
}

function translate(payload: Json, { headers }: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const id = textOf(headers.get('webhook-id')) ?? bodyHash;
  const items = itemsOf(payload);
  const touchpoints: TouchpointInput[] = [];
  const misfits: Misfit[] = [];
  for (const [index, { path, type, timestamp, data }] of items.entries()) {
    const kind = type === null ? null : kindOf(type);
    if (kind === null) continue;
    const messageId = items.length > 1 ? `${id}:${index}` : id;
    const event: Event = { messageId, kind, type: type ?? '', data: objectOf(data), timestamp };
    if (!isObject(data)) misfits.push({ path, message: 'expected an object' });
    else if (kind.startsWith('order_') && orderIdOf(event) === null) {
      misfits.push({ path: `${path}.order_id`, message: 'expected the id of the order' });
    } else touchpoints.push(readEvent(event));
  }
  if (misfits.length > 0) return { ok: false, misfits };
  return touchpoints.length > 0 ? { ok: true, touchpoints } : { ok: true, ignored: items[0]?.type ?? 'no type' };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, country, number } = samplePerson(seed);
  const body = JSON.stringify({
    type: 'order.placed',
    timestamp: new Date(now).toISOString(),
    data: {
      order_id: `A-${number}`,
      customer_id: `c-${number}`,
      email,
      name: `${first} ${last}`,
      country,
      amount: '73.20',
      currency: 'EUR',
    },
  });
  const id = `msg_sample_${seed}`;
  // With the sender's public key here, only the sender can sign.
  if (secret.startsWith('whpk_')) {
    return { headers: { 'Content-Type': 'application/json', 'webhook-id': id }, body, isUnsigned: true } as const;
  }
  const signature = await signedHeaders(symmetric, { secret, body, now, id });
  return { headers: { 'Content-Type': 'application/json', ...signature }, body };
}

const standardWebhooks: Provider = {
  kind: 'standard_webhooks',
  title: 'Standard Webhooks',
  summary: 'Any system, or your own program, that signs its webhooks by the open standard.',
  group: 'other',
  door: 'webhook',
  secret: 'from_us',
  setup,
  parseSettings: noSettings,
  verify: anyOf([signatureVerifier(symmetric), signatureVerifier(asymmetricScheme)]),
  translate,
  sample,
};

export default standardWebhooks;
