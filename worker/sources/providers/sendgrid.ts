import * as v from 'valibot';
import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import { isFormDelivery } from '../mail/form.ts';
import { translateTold } from '../mail/service.ts';
import { isMailBody, MAIL_BODY, mailIn, undisguised } from '../mail/wire.ts';
import { type MailKind, mailIdOf, mailTouchpoint } from '../mail-event.ts';
import { sendgridMailer } from '../mailers/sendgrid.ts';
import type {
  Delivery,
  PrepareContext,
  Prepared,
  Provider,
  SampleContext,
  SetupStep,
  TranslateContext,
  Translation,
  Verdict,
  VerifyContext,
} from '../provider.ts';
import {
  firstOf,
  idOf,
  isObject,
  type JsonObject,
  listOf,
  misfit,
  numberOf,
  objectOf,
  settingsParser,
  textOf,
  unixTimeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { prepareParsed } from '../sendgrid/inbound.ts';
import { type SignatureScheme, signatureVerifier } from '../verify.ts';

/**
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features: ECDSA on
 * P-256 over time and body, the line break at its end included. The key is the public one, so that nobody but SendGrid can
 * sign. Deliveries are tried for a day, and whether one that waited is signed anew is written nowhere; that the ids of the
 * events are signed makes a repetition harmless.
 */
const scheme: SignatureScheme = {
  algorithm: 'ECDSA-SHA-256',
  header: 'X-Twilio-Email-Event-Webhook-Signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{timestamp}{body}',
  timestamp: { header: 'X-Twilio-Email-Event-Webhook-Timestamp', unit: 'seconds', toleranceSeconds: 24 * 3600 },
};

const Settings = v.strictObject({
  /** Takes mails by Inbound Parse too. */
  inbound: v.optional(v.boolean(), false),
});

const setup: readonly SetupStep[] = [
  { text: 'In SendGrid open Settings, then Mail Settings, then "Event Webhooks", and choose "Create new webhook".' },
  { text: 'Paste this address into "Post URL".', copy: 'url' },
  {
    text: 'Choose these actions: Processed, Delivered, Bounced, Dropped, Opened, Clicked, Spam Reports, Unsubscribed and Group Unsubscribes.',
  },
  {
    text: 'Turn on "Enable Signed Event Webhook" under the security features and save. Open the webhook again, copy the "Verification Key" and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'To have the mails people write to you here as well, set "inbound" to true here. Then open Settings, "Inbound Parse", choose "Add Host & URL", paste the same address as destination and tick "POST the raw, full MIME message".',
  },
  {
    text: 'Events are taken with their signature only, whatever "inbound" says. Mails come unsigned unless you add a security policy with a signature to the host in SendGrid: then only signed ones are taken, and only then a sender is verified when SendGrid says that the signature of their own domain passed.',
  },
  { text: 'Choose "Test Your Integration": a handful of made-up events appears here within a few seconds.' },
];

const KINDS: ReadonlyMap<string, MailKind> = new Map([
  ['processed', 'email_sent'],
  ['delivered', 'email_delivered'],
  ['open', 'email_opened'],
  ['click', 'email_clicked'],
  ['bounce', 'email_bounced'],
  ['dropped', 'email_bounced'],
  ['spamreport', 'email_complained'],
  ['unsubscribe', 'email_unsubscribed'],
  ['group_unsubscribe', 'email_unsubscribed'],
]);

/** `blocked` is a refusal of this one mail (a full mailbox, a policy); `bounce` is one of the address. */
const isHard = (event: JsonObject): boolean | null =>
  event.type === 'blocked' ? false : event.type === 'bounce' ? true : null;

/** Without an id of the event, what happened to which mail and when is one. */
function messageIdOf(event: JsonObject, name: string, position: string): string {
  const id = idOf(event.sg_event_id);
  if (id !== null) return id;
  const mail = firstOf(idOf(event.sg_message_id), mailIdOf(event['smtp-id']));
  return mail === null ? position : `${name}:${mail}:${textOf(event.email) ?? ''}:${numberOf(event.timestamp) ?? ''}`;
}

function readEvent(event: JsonObject, name: string, kind: MailKind, position: string): TouchpointInput {
  // The first part of the id is what SendGrid gave the sender as X-Message-Id; what follows names the servers on the way.
  const mailId = textOf(idOf(event.sg_message_id)?.split('.')[0]);
  return mailTouchpoint({
    messageId: messageIdOf(event, name, position),
    kind,
    recipient: event.email,
    occurredAt: unixTimeOf(numberOf(event.timestamp) ?? undefined),
    externalId: firstOf(idOf(event.sg_event_id), mailId),
    mailId: firstOf(mailId, mailIdOf(event['smtp-id'])),
    title: textOf(event.subject, 300),
    reason: textOf(event.reason, 1000),
    hard: isHard(event),
    link: textOf(event.url, 1000),
    data: {
      headerId: mailIdOf(event['smtp-id']),
      status: kind === 'email_bounced' ? firstOf(textOf(event.type), name) : null,
      // Mail programs that fetch pictures for all their users, so that an open says little.
      machine: event.sg_machine_open === true ? true : null,
      group: idOf(event.asm_group_id),
    },
  });
}

const isSigned = ({ headers }: Delivery): boolean => headers.has(scheme.header);
const verifySigned = signatureVerifier(scheme);

/**
 * Mails come as a form and events as JSON. A form may come without a signature once the owner said that mails arrive here, and
 * is then read as a mail and as nothing else; what is signed must be signed rightly, and an event always is.
 */
async function verify(delivery: Delivery, context: VerifyContext): Promise<Verdict> {
  const isMail = isFormDelivery(delivery) && context.settings.inbound === true;
  return isMail && !isSigned(delivery) ? { ok: true } : verifySigned(delivery, context);
}

async function prepare(delivery: Delivery, context: PrepareContext): Promise<Prepared> {
  if (!isFormDelivery(delivery)) return { delivery: undisguised(delivery) };
  return prepareParsed(delivery, isSigned(delivery), context);
}

function translate(payload: Json, delivery: Delivery, context: TranslateContext): Translation {
  const mail = isMailBody(delivery.headers) ? mailIn(payload) : null;
  if (mail) return translateTold(mail, context);
  if (isFormDelivery(delivery)) return misfit('$', 'expected a mail as Inbound Parse sends it');
  return readEvents(payload, context);
}

function readEvents(payload: Json, { bodyHash }: TranslateContext): Translation {
  const events = Array.isArray(payload) ? listOf(payload, Number.POSITIVE_INFINITY) : [payload];
  if (!events.some(isObject)) return misfit('$', 'expected a list of events');
  const names: string[] = [];
  const touchpoints = events.flatMap((raw, index) => {
    const event = objectOf(raw);
    const name = textOf(event.event) ?? 'no event';
    const kind = KINDS.get(name);
    if (!kind) names.push(name);
    return kind ? [readEvent(event, name, kind, `${bodyHash}:${index}`)] : [];
  });
  return touchpoints.length > 0 ? { ok: true, touchpoints } : { ok: true, ignored: names[0] ?? 'no event' };
}

async function sample({ now, seed }: SampleContext) {
  const { email, number } = samplePerson(seed);
  const timestamp = Math.floor(now / 1000);
  const mail = {
    email,
    timestamp,
    sg_message_id: `sample${number}.recvd-1`,
    'smtp-id': `<sample${number}@example.org>`,
  };
  const body = JSON.stringify([
    { ...mail, event: 'delivered', sg_event_id: `sample-delivered-${seed}`, response: '250 OK' },
    { ...mail, event: 'open', sg_event_id: `sample-open-${seed}` },
  ]);
  return { headers: { 'Content-Type': 'application/json' }, body, isUnsigned: true } as const;
}

const sendgrid: Provider = {
  kind: 'sendgrid',
  title: 'SendGrid',
  summary: 'What becomes of mails sent with Twilio SendGrid, and mails people write back.',
  group: 'email',
  door: 'webhook',
  maxBody: MAIL_BODY,
  secret: 'from_sender',
  setup,
  mailer: sendgridMailer,
  parseSettings: settingsParser(Settings),
  verify,
  prepare,
  translate,
  sample,
};

export default sendgrid;
