import type { Json } from '../../../schema/touchpoint.ts';
import { readForm } from '../../platform/body.ts';
import { utf8 } from '../../platform/hmac.ts';
import { parseJson } from '../../platform/json.ts';
import { isFormDelivery, readMailForm } from '../mail/form.ts';
import type { MailMessage } from '../mail/message.ts';
import { mailToldOf, prepareTold, translateTold } from '../mail/service.ts';
import { isMailBody, MAIL_BODY, mailIn, undisguised } from '../mail/wire.ts';
import { type MailKind, mailIdOf, mailTimeOf, mailTouchpoint } from '../mail-event.ts';
import { mailgunMailer } from '../mailers/mailgun.ts';
import type {
  Delivery,
  PrepareContext,
  Prepared,
  Provider,
  SampleContext,
  SetupStep,
  TranslateContext,
  Translation,
  VerifyContext,
} from '../provider.ts';
import {
  epochTimeOf,
  firstOf,
  idOf,
  isObject,
  type JsonObject,
  listOf,
  misfit,
  noSettings,
  numberOf,
  objectOf,
  textOf,
  unixTimeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders, withBodyFields } from '../verify.ts';

/**
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks: hex HMAC-SHA256 of time and token, which
 * stand in the body beside their signature. The signed time is that of the event, and a delivery is tried for eight hours.
 */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'x-mailgun-signature',
  layout: { as: 'plain' },
  encoding: 'hex',
  signed: '{timestamp}{id}',
  idHeader: 'x-mailgun-token',
  timestamp: { header: 'x-mailgun-timestamp', unit: 'seconds', toleranceSeconds: 24 * 3600 },
};

/** Webhooks have the three in an object; mail that a route forwards has them among the fields of its form. */
const signatureOf = (body: JsonObject): JsonObject => (isObject(body.signature) ? body.signature : body);

const verifyJson = withBodyFields((body) => {
  const { signature, token, timestamp } = signatureOf(body);
  return { 'x-mailgun-signature': signature, 'x-mailgun-token': token, 'x-mailgun-timestamp': timestamp };
}, signatureVerifier(scheme));

async function verify(delivery: Delivery, context: VerifyContext) {
  const contentType = delivery.headers.get('content-type') ?? '';
  const fields = contentType.includes('form') ? await readForm(delivery.body, contentType) : null;
  return verifyJson(fields ? { ...delivery, body: utf8(JSON.stringify(fields)) } : delivery, context);
}

const setup: readonly SetupStep[] = [
  { text: 'In Mailgun open Send, then Sending, then Webhooks, choose your domain at the top and then "Add webhook".' },
  {
    text: 'Paste this address as the URL for each of these events: Delivered Messages, Opened Messages, Clicked Messages, Permanent Failure, Temporary Failure, Spam Complaints, Unsubscribes.',
    copy: 'url',
  },
  {
    text: 'On the same page find "HTTP webhook signing key" (also under Settings, API security). Copy it and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'To have the mails people write to you here as well, open Receiving, choose "Create route", take "Forward" and paste the same address. They appear as conversations; who wrote stays a claim, since the signature does not cover the mail.',
  },
  { text: 'Choose "Test webhook", or send yourself a mail: it appears here within a few seconds.' },
];

const KINDS: ReadonlyMap<string, MailKind> = new Map([
  ['accepted', 'email_sent'],
  ['delivered', 'email_delivered'],
  ['opened', 'email_opened'],
  ['clicked', 'email_clicked'],
  ['failed', 'email_bounced'],
  ['complained', 'email_complained'],
  ['unsubscribed', 'email_unsubscribed'],
]);

/** Unix seconds with microseconds: cut, since a rounded one would be after itself. */
const timeFrom = (value: Json | undefined): number | null => {
  const seconds = numberOf(value);
  return seconds === null ? null : epochTimeOf(Math.floor(seconds * 1000));
};

/**
 * Time and token are all that is signed, so that the token is the message id of an event: whoever got hold of a signature can
 * send it again with another body, and that is then a repetition and no news. A mail is known by its own id: with such a
 * signature one can send no more than anybody can who writes a mail.
 */
function translate(payload: Json, { headers }: Delivery, context: TranslateContext): Translation {
  const mail = isMailBody(headers) ? mailIn(payload) : null;
  if (mail) return translateTold(mail, context);
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const token = textOf(signatureOf(payload).token);
  if (token === null) return misfit('$.signature.token', 'expected the token that is signed');
  if (isObject(payload['event-data'])) return readEvent(payload['event-data'], token);
  if (textOf(payload.sender) !== null || textOf(payload.from) !== null) return translateTold(mailOf(payload), context);
  return { ok: true, ignored: 'neither an event nor a mail' };
}

function readEvent(event: JsonObject, token: string): Translation {
  const name = textOf(event.event) ?? 'no event';
  const kind = KINDS.get(name);
  if (!kind) return { ok: true, ignored: name };
  const { headers, ...message } = objectOf(event.message);
  const header = objectOf(headers);
  const status = objectOf(event['delivery-status']);
  const mailId = mailIdOf(firstOf(header['message-id'], message['message-id']) ?? undefined);
  const touchpoint = mailTouchpoint({
    messageId: `token:${token}`,
    kind,
    recipient: event.recipient,
    occurredAt: timeFrom(event.timestamp),
    externalId: firstOf(idOf(event.id), mailId),
    mailId,
    title: textOf(header.subject, 300),
    reason: firstOf(textOf(status.message), textOf(status.description), textOf(event.reason)),
    hard: event.severity === 'permanent' ? true : event.severity === 'temporary' ? false : null,
    link: textOf(event.url, 1000),
    data: { status: textOf(event.reason), test: objectOf(event.flags)['is-test-mode'] === true ? true : null },
  });
  return { ok: true, touchpoints: [touchpoint] };
}

/** The headers of a mail stand in a field as a JSON list of pairs. */
function headersOf(fields: JsonObject): readonly (readonly [string, string])[] {
  const json = typeof fields['message-headers'] === 'string' ? parseJson(utf8(fields['message-headers'])) : null;
  const listed = listOf(json?.ok ? json.value : null, 500).flatMap((raw) => {
    const [name, value] = listOf(raw, 2).map((part) => textOf(part, 20_000));
    return name && value ? [[name, value] as const] : [];
  });
  const alone = ['References', 'In-Reply-To', 'Auto-Submitted', 'Precedence', 'List-Id'].flatMap((name) => {
    const value = textOf(fields[name], 20_000);
    return value === null ? [] : [[name, value] as const];
  });
  return [...alone, ...listed];
}

/** A mail that a route forwards: https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store. */
const mailOf = (fields: JsonObject): MailMessage =>
  mailToldOf({
    from: firstOf(textOf(fields.from, 600), textOf(fields.sender)) ?? undefined,
    to: [fields.To, fields.Cc],
    recipient: textOf(fields.recipient)?.split(',')[0],
    title: fields.subject,
    occurredAt: firstOf(mailTimeOf(fields.Date), unixTimeOf(numberOf(fields.timestamp) ?? undefined)),
    externalId: null,
    reply: fields['stripped-text'],
    plain: fields['body-plain'],
    html: fields['body-html'],
    headers: headersOf(fields),
    mailId: fields['Message-Id'],
  });

/**
 * Its signature covers a time and a token and nothing of the mail, so that what Mailgun says of the sender's proofs could be
 * another's words: who wrote stays a claim, as in a mail that anybody can send.
 */
async function prepare(delivery: Delivery, context: PrepareContext): Promise<Prepared> {
  const form = isFormDelivery(delivery) ? await readMailForm(delivery) : null;
  if (!form || (textOf(form.fields.sender) === null && textOf(form.fields.from) === null))
    return { delivery: undisguised(delivery) };
  return prepareTold(delivery, { message: mailOf(form.fields), files: form.files }, context);
}

async function sample({ secret, now, seed }: SampleContext) {
  const { email, number } = samplePerson(seed);
  const token = `sample-${seed}`;
  const signed = await signedHeaders(scheme, { secret, body: '', now, id: token });
  const seconds = Math.floor(now / 1000);
  const body = JSON.stringify({
    signature: { timestamp: String(seconds), token, signature: signed['x-mailgun-signature'] },
    'event-data': {
      id: `sample-${seed}`,
      event: 'opened',
      timestamp: seconds + 0.25,
      recipient: email,
      message: { headers: { 'message-id': `sample.${number}@mail.example.org`, subject: 'Your teapot is on its way' } },
    },
  });
  return { headers: { 'Content-Type': 'application/json' }, body };
}

const mailgun: Provider = {
  kind: 'mailgun',
  title: 'Mailgun',
  summary: 'What becomes of mails sent with Mailgun, and mails people write back.',
  group: 'email',
  door: 'webhook',
  maxBody: MAIL_BODY,
  secret: 'from_sender',
  setup,
  mailer: mailgunMailer,
  parseSettings: noSettings,
  verify,
  prepare,
  translate,
  sample,
};

export default mailgun;
