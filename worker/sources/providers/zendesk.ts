import type { Json } from '../../../schema/touchpoint.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { firstOf, idOf, isObject, misfit, noSettings, objectOf, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';
import { api } from '../zendesk/api.ts';
import { commentAdded, messageAdded, type Reader, statusChanged, ticketCreated, user } from '../zendesk/event.ts';

/** https://developer.zendesk.com/documentation/webhooks/verifying/: base64 HMAC-SHA256 of the ISO time and the body, nothing between. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-Zendesk-Webhook-Signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{timestamp}{body}',
  timestamp: { header: 'X-Zendesk-Webhook-Signature-Timestamp', unit: 'iso', toleranceSeconds: 300 },
};

const PREFIX = 'zen:event-type:';
/** With a slash in the reference of a few user events. */
const ANY_PREFIX = /^zen:event-type[:/]/;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['ticket.created', ticketCreated],
  ['ticket.status_changed', statusChanged],
  ['ticket.comment_added', commentAdded],
  ['messaging_ticket.message_added', messageAdded],
  ['user.created', user('customer_created')],
  ['user.name_changed', user('customer_updated')],
  ['user.external_id_changed', user('customer_updated')],
  ['user.identity_created', user('customer_updated')],
  ['user.identity_changed', user('customer_updated')],
  ['user.deleted', user('customer_redacted')],
]);

const setup: readonly SetupStep[] = [
  {
    text: 'In the Zendesk Admin Center open Apps and integrations, then Webhooks, and choose "Create webhook", then "Zendesk events".',
  },
  {
    text: 'Choose these events: Ticket created, Ticket status changed, Ticket comment added, Messaging ticket message added, User created, User name changed, User identity created, User deleted.',
  },
  {
    text: 'Paste this address into "Endpoint URL", with the method POST, the format JSON and no authentication, and choose "Create webhook".',
    copy: 'url',
  },
  {
    text: 'On the page of the new webhook choose "Reveal secret" beside "Signing secret", copy it and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'Write a ticket to try it. "Test webhook" before the webhook is saved signs with another secret and is refused: that is no fault of yours.',
  },
];

function translate(payload: Json, _delivery: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  // Webhooks of triggers and automations have a body their owner wrote, and no type.
  const type = textOf(payload.type)?.replace(ANY_PREFIX, '') ?? 'no event type';
  const reader = READERS.get(type);
  if (!reader) return { ok: true, ignored: type };
  const detail = objectOf(payload.detail);
  const id = firstOf(idOf(detail.id), textOf(textOf(payload.subject)?.split(':').at(-1)));
  if (id === null) return misfit('$.detail.id', 'expected the id of what the event is about');
  return reader({
    type,
    messageId: idOf(payload.id) ?? `${type}:${id}:${bodyHash}`,
    id,
    occurredAt: timeOf(payload.time),
    detail,
    event: objectOf(payload.event),
  });
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    type: `${PREFIX}user.created`,
    zendesk_event_version: '2022-11-06',
    id: `sample-${seed}`,
    time: at,
    subject: `zen:user:${number}`,
    detail: { id: String(number), email, name: `${first} ${last}`, role: 'end-user', created_at: at, updated_at: at },
    event: {},
  });
  return {
    headers: { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) },
    body,
  };
}

const zendesk: Provider = {
  kind: 'zendesk',
  title: 'Zendesk',
  summary: 'Tickets, messages and users of Zendesk.',
  group: 'message',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default zendesk;
