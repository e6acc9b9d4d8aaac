import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import { type CloudEvent, eventsOf } from '../cloudevents/modes.ts';
import { credentialHeaders, verifyCredentials } from '../credentials.ts';
import type { Delivery, Greeting, Misfit, Provider, SetupStep, Translation } from '../provider.ts';
import { noSettings, objectOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type Event, orderIdOf, readEvent } from '../standard-webhooks/event.ts';
import { kindOf } from '../standard-webhooks/kinds.ts';

const setup: readonly SetupStep[] = [
  {
    text: 'For any system that sends CloudEvents over HTTP: Azure Event Grid, Knative, Google Eventarc, your own programs.',
  },
  { text: 'Where that system asks for an endpoint or a sink, paste this address.', copy: 'url' },
  {
    text: 'CloudEvents are not signed: who knows the address can send. Set a secret here to demand it besides, as "Authorization: Bearer …", as a password ("user:password"), or as ?access_token=… at the end of the address.',
    copy: 'secret',
  },
  {
    text: 'Name events like "com.example.order.placed" and give them "data" such as {"order_id": "1001", "email": "…", "amount": "49.90", "currency": "EUR"}.',
  },
];

/**
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection: a sender asks by OPTIONS
 * whether it may deliver, and names itself. Whoever has the address may; how fast is up to them.
 */
function handshake({ method, headers }: Delivery): Greeting | null {
  const origin = headers.get('WebHook-Request-Origin')?.trim();
  if (method !== 'OPTIONS' || !origin || !/^[\x21-\x7e]{1,255}$/.test(origin)) return null;
  const asksForRate = headers.has('WebHook-Request-Rate');
  return {
    note: `asked by ${origin}`,
    headers: {
      Allow: 'POST',
      'WebHook-Allowed-Origin': origin,
      ...(asksForRate && { 'WebHook-Allowed-Rate': '*' }),
    },
  };
}

/** Section 3.2 of the same: the token may stand in the query, for senders that cannot set headers. */
const verify: Provider['verify'] = (delivery, context) => {
  const token = delivery.url.searchParams.get('access_token');
  if (token === null || delivery.headers.has('Authorization') || !/^[\x21-\x7e]+$/.test(token))
    return verifyCredentials(delivery, context);
  const headers = new Headers(delivery.headers);
  headers.set('Authorization', `Bearer ${token}`);
  return verifyCredentials({ ...delivery, headers }, context);
};

/** `source` and `id` together name an event (section 3.1 of the specification). What it is about may stand beside its data. */
const eventOf = (event: CloudEvent, kind: NonNullable<ReturnType<typeof kindOf>>): Event => {
  const data = objectOf(event.data);
  return {
    messageId: `${event.source}#${event.id}`,
    kind,
    type: event.type,
    timestamp: event.time,
    data: event.subject === null || data.id !== undefined ? data : { ...data, id: event.subject },
  };
};

function translate(payload: Json, delivery: Delivery): Translation {
  const { events, misfits: unread } = eventsOf(payload, delivery);
  const touchpoints: TouchpointInput[] = [];
  const misfits: Misfit[] = [...unread];
  for (const event of events) {
    const kind = kindOf(event.type);
    if (kind === null) continue;
    const read = eventOf(event, kind);
    if (kind.startsWith('order_') && orderIdOf(read) === null)
      misfits.push({
        path: `${event.path === 'ce-' ? '$' : `${event.path}.data`}.order_id`,
        message: 'expected the id of the order',
      });
    else touchpoints.push(readEvent(read));
  }
  if (misfits.length > 0) return { ok: false, misfits };
  return touchpoints.length > 0 ? { ok: true, touchpoints } : { ok: true, ignored: events[0]?.type ?? 'no event' };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, country, number } = samplePerson(seed);
  const body = JSON.stringify({
    specversion: '1.0',
    id: `sample-${seed}`,
    source: '/rapport/sample',
    type: 'com.example.order.placed',
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data: {
      order_id: `A-${number}`,
      customer_id: `c-${number}`,
      email,
      name: `${first} ${last}`,
      country,
      amount: '58.00',
      currency: 'EUR',
    },
  });
  return { headers: { 'Content-Type': 'application/cloudevents+json', ...credentialHeaders(secret) }, body };
}

const cloudevents: Provider = {
  kind: 'cloudevents',
  title: 'CloudEvents',
  summary: 'Any system that sends events by the CNCF standard, one by one or in batches.',
  group: 'other',
  door: 'webhook',
  secret: 'optional',
  setup,
  parseSettings: noSettings,
  verify,
  handshake,
  translate,
  sample,
};

export default cloudevents;
