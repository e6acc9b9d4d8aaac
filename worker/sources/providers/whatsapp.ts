import * as v from 'valibot';
import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import type {
  Delivery,
  Greeting,
  Provider,
  SampleContext,
  SetupStep,
  TranslateContext,
  Translation,
  VerifyContext,
} from '../provider.ts';
import { isObject, listOf, misfit, objectOf, settingsParser, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';
import { readMessages, readStatuses } from '../whatsapp/messages.ts';

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started: `sha256=` and hex, of the raw body; no time is signed. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-Hub-Signature-256',
  layout: { as: 'plain', prefix: 'sha256=' },
  encoding: 'hex',
  signed: '{body}',
};

const Settings = v.strictObject({
  /** The word Meta says when it asks whether this address is ours. Without one it is the last part of the address. */
  verifyToken: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.minLength(8), v.maxLength(200))), null),
});

const setup: readonly SetupStep[] = [
  {
    text: 'On developers.facebook.com open your app, then App settings, Basic. Choose Show beside "App secret", copy it and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'Open WhatsApp, then Configuration, and choose Edit at Webhook. Paste this address into "Callback URL".',
    copy: 'url',
  },
  {
    text: 'As "Verify token" paste the last part of the address, what stands after the last slash. If you prefer a word of your own, set it here as "verifyToken" first.',
  },
  { text: 'Choose "Verify and save", then Manage, and subscribe to the field "messages".' },
  { text: 'Send a message to your business number: it appears here within a few seconds.' },
];

/** Meta asks once, by GET, and wants its challenge back as plain text. */
function handshake({ method, url }: Delivery, { settings }: VerifyContext): Greeting | null {
  const challenge = url.searchParams.get('hub.challenge') ?? '';
  if (method !== 'GET' || url.searchParams.get('hub.mode') !== 'subscribe' || !/^[\w.-]{1,200}$/.test(challenge))
    return null;
  const expected = textOf(settings.verifyToken) ?? url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  if (url.searchParams.get('hub.verify_token') !== expected) return null;
  return { note: 'address confirmed', body: challenge, contentType: 'text/plain' };
}

function translate(payload: Json, _delivery: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const all = Number.POSITIVE_INFINITY;
  const changes = listOf(payload.entry, all).flatMap((entry, outer) =>
    listOf(objectOf(entry).changes, all).map((raw, inner) => ({
      field: textOf(objectOf(raw).field),
      value: objectOf(objectOf(raw).value),
      position: `${bodyHash}:${outer}:${inner}`,
    })),
  );
  const touchpoints: readonly TouchpointInput[] = changes
    .filter(({ field }) => field === 'messages')
    .flatMap((change) => [...readMessages(change), ...readStatuses(change)]);
  if (touchpoints.length > 0) return { ok: true, touchpoints };
  const [first] = changes;
  return {
    ok: true,
    ignored: first?.field === 'messages' ? 'no message of a kind we keep' : (first?.field ?? 'no change'),
  };
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, number } = samplePerson(seed);
  // Ofcom keeps +44 7700 900000 to 900999 for fiction: nobody has them.
  const from = `447700900${String(number % 1000).padStart(3, '0')}`;
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: 'sample-account',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '447700900000', phone_number_id: '1' },
              contacts: [{ profile: { name: `${first} ${last}` }, wa_id: from }],
              messages: [
                {
                  id: `wamid.sample.${seed}`,
                  from,
                  timestamp: String(Math.floor(now / 1000)),
                  type: 'text',
                  text: { body: `Do you have lid ${number} in blue?` },
                },
              ],
            },
          },
        ],
      },
    ],
  });
  return {
    headers: { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) },
    body,
  };
}

const whatsapp: Provider = {
  kind: 'whatsapp',
  title: 'WhatsApp',
  summary: 'Messages of the WhatsApp Business Platform, and what becomes of yours.',
  group: 'message',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  parseSettings: settingsParser(Settings),
  verify: signatureVerifier(scheme),
  handshake,
  translate,
  sample,
};

export default whatsapp;
