import type { Json } from '../../../schema/touchpoint.ts';
import { type MailKind, mailTouchpoint } from '../mail-event.ts';
import { resendMailer } from '../mailers/resend.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  isObject,
  type JsonObject,
  listOf,
  misfit,
  noSettings,
  objectOf,
  textOf,
  timeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { symmetricScheme } from '../standard-webhooks/scheme.ts';
import { signatureVerifier, signedHeaders } from '../verify.ts';

/** https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests: Standard Webhooks under the names they had at Svix. */
const scheme = symmetricScheme('svix');

const setup: readonly SetupStep[] = [
  { text: 'In Resend open Webhooks and choose "Add Webhook".' },
  { text: 'Paste this address into "Endpoint URL".', copy: 'url' },
  {
    text: 'Choose these events and add: email.sent, email.delivered, email.opened, email.clicked, email.bounced, email.complained, email.failed. Opens and clicks need tracking to be on for your domain.',
  },
  {
    text: 'On the page of the new webhook copy the "Signing Secret" (whsec_…) and paste it here as the secret.',
    copy: 'secret',
  },
  { text: 'Send yourself a mail: it appears here within a few seconds.' },
];

const KINDS: ReadonlyMap<string, MailKind> = new Map([
  ['email.sent', 'email_sent'],
  ['email.delivered', 'email_delivered'],
  ['email.opened', 'email_opened'],
  ['email.clicked', 'email_clicked'],
  ['email.bounced', 'email_bounced'],
  ['email.failed', 'email_bounced'],
  ['email.complained', 'email_complained'],
]);

/** `Permanent`, `Transient` and `Undetermined` are the words of Amazon SES, which sends for Resend. */
const isHard = (bounce: JsonObject): boolean | null =>
  bounce.type === 'Permanent' ? true : bounce.type === 'Transient' ? false : null;

/**
 * The time at the top is that of the event, the one inside that of the mail. An event has no id of its own but the one in
 * the headers, which differs between two webhooks of one account: mail, type and time say the same fact alike.
 */
function translate(payload: Json, _delivery: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.type) ?? 'no type';
  const kind = KINDS.get(type);
  if (!kind) return { ok: true, ignored: type };
  const data = objectOf(payload.data);
  const mailId = idOf(data.email_id);
  const at = textOf(payload.created_at);
  const bounce = objectOf(data.bounce);
  const touchpoint = mailTouchpoint({
    messageId: mailId === null || at === null ? `${type}:${bodyHash}` : `${type}:${mailId}:${at}`,
    kind,
    // A mail to several is one mail to Resend; its first recipient stands for it.
    recipient: firstOf(listOf(data.to)[0], textOf(data.to, 600)) ?? undefined,
    occurredAt: timeOf(payload.created_at),
    externalId: mailId,
    mailId,
    title: textOf(data.subject, 300),
    reason: firstOf(textOf(bounce.message, 1000), textOf(objectOf(data.failed).reason, 1000)),
    hard: isHard(bounce),
    link: textOf(objectOf(data.click).link, 1000),
    data: { status: textOf(bounce.subType), recipients: recipientsOf(data) },
  });
  return { ok: true, touchpoints: [touchpoint] };
}

const recipientsOf = ({ to }: JsonObject): number | null => (Array.isArray(to) && to.length > 1 ? to.length : null);

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    type: 'email.delivered',
    created_at: at,
    data: {
      email_id: `sample-${seed}`,
      created_at: at,
      from: 'The showroom <hello@example.org>',
      to: [`${first} ${last} <${email}>`],
      subject: `Parcel ${number} is on its way`,
    },
  });
  const signature = await signedHeaders(scheme, { secret, body, now, id: `msg_sample_${seed}` });
  return { headers: { 'Content-Type': 'application/json', ...signature }, body };
}

const resend: Provider = {
  kind: 'resend',
  title: 'Resend',
  summary: 'What becomes of mails sent with Resend.',
  group: 'email',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  mailer: resendMailer,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default resend;
