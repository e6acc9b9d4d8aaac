import type { Json } from '../../../schema/touchpoint.ts';
import { api } from '../intercom/api.ts';
import { contact, message, type Reader, ticket } from '../intercom/notice.ts';
import type {
  Delivery,
  Greeting,
  Provider,
  SampleContext,
  SetupStep,
  TranslateContext,
  Translation,
} from '../provider.ts';
import { idOf, isObject, misfit, noSettings, objectOf, textOf, unixTimeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/** https://developers.intercom.com/docs/webhooks/webhook-notifications: `sha1=` and hex, keyed with the app's client secret. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-1',
  header: 'X-Hub-Signature',
  layout: { as: 'plain', prefix: 'sha1=' },
  encoding: 'hex',
  signed: '{body}',
};

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['contact.user.created', contact('customer_created')],
  ['contact.lead.created', contact('customer_created')],
  ['contact.user.updated', contact('customer_updated')],
  ['contact.lead.updated', contact('customer_updated')],
  ['contact.lead.signed_up', contact('customer_updated')],
  ['contact.lead.added_email', contact('customer_updated')],
  ['contact.email.updated', contact('customer_updated')],
  ['contact.unsubscribed', contact('email_unsubscribed')],
  ['contact.deleted', contact('customer_redacted')],
  ['ticket.created', ticket('ticket_created')],
  ['ticket.closed', ticket('ticket_solved')],
  ['conversation.user.created', message('customer')],
  ['conversation.user.replied', message('customer')],
  ['conversation.admin.replied', message('company')],
  ['conversation.admin.single.created', message('company')],
]);

const setup: readonly SetupStep[] = [
  {
    text: 'Open the Intercom Developer Hub (Settings, Integrations, Developer Hub), choose your app or "New app", and open Configure, then Webhooks.',
  },
  { text: 'Paste this address into "Endpoint URL".', copy: 'url' },
  {
    text: 'Choose these topics and save: contact.user.created, contact.user.updated, contact.lead.created, contact.lead.signed_up, contact.unsubscribed, contact.deleted, conversation.user.created, conversation.user.replied, conversation.admin.replied, ticket.created, ticket.closed.',
  },
  {
    text: 'Open "Basic information" of the same app, copy the "Client secret" and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'In Settings, Messenger, Security switch on "Enforce messenger security". Without it anybody can say in the Messenger that they are one of your users, and what they write is put on that user’s record here as well.',
  },
  { text: 'Choose "Send a test request" at Webhooks, or write to yourself in the Messenger.' },
];

/** Intercom looks whether the address answers before it is saved, without a body or a signature. */
const handshake = ({ method }: Delivery): Greeting | null => (method === 'HEAD' ? { note: 'address checked' } : null);

function translate(payload: Json, _delivery: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const topic = textOf(payload.topic) ?? 'no topic';
  const reader = READERS.get(topic);
  if (!reader) return { ok: true, ignored: topic };
  const item = objectOf(objectOf(payload.data).item);
  if (idOf(item.id) === null) return misfit('$.data.item.id', 'expected the id of what the notification is about');
  return reader({
    topic,
    messageId: idOf(payload.id) ?? `${topic}:${bodyHash}`,
    item,
    notifiedAt: unixTimeOf(payload.created_at),
  });
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const at = Math.floor(now / 1000);
  const body = JSON.stringify({
    type: 'notification_event',
    id: `notif_sample_${seed}`,
    topic: 'contact.user.created',
    created_at: at,
    data: {
      type: 'notification_event_data',
      item: {
        type: 'contact',
        id: `sample-${number}`,
        external_id: `u-${number}`,
        role: 'user',
        name: `${first} ${last}`,
        email,
        created_at: new Date(now).toISOString(),
        updated_at: new Date(now).toISOString(),
      },
    },
  });
  return {
    headers: { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) },
    body,
  };
}

const intercom: Provider = {
  kind: 'intercom',
  title: 'Intercom',
  summary: 'Contacts, conversations and tickets of Intercom.',
  group: 'message',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  handshake,
  translate,
  sample,
};

export default intercom;
