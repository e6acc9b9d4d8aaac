import type { Json } from '../../../schema/touchpoint.ts';
import { decodeBase64 } from '../../platform/hmac.ts';
import { parseJson } from '../../platform/json.ts';
import { credentialHeaders, verifyCredentials } from '../credentials.ts';
import type { RawFile } from '../mail/files.ts';
import type { MailMessage } from '../mail/message.ts';
import { mailToldOf, prepareTold, translateTold } from '../mail/service.ts';
import { isMailBody, MAIL_BODY, mailIn, undisguised } from '../mail/wire.ts';
import { type MailKind, mailTimeOf, mailTouchpoint } from '../mail-event.ts';
import { postmarkMailer } from '../mailers/postmark.ts';
import type {
  Delivery,
  PrepareContext,
  Prepared,
  Provider,
  SampleContext,
  SetupStep,
  TranslateContext,
  Translation,
} from '../provider.ts';
import {
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
  timeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';

const setup: readonly SetupStep[] = [
  {
    text: 'In Postmark open your server, then the message stream you send with, then the tab Webhooks, and choose "Add webhook".',
  },
  { text: 'Paste this address into "Webhook URL".', copy: 'url' },
  {
    text: 'Postmark does not sign what it sends: this address is the only secret. Show it to nobody, and put it on no page.',
  },
  {
    text: 'For a second lock set a secret here of the form user:password, and put the same user and password into "Basic auth credentials" in Postmark.',
  },
  {
    text: 'Tick Delivery, Bounce, Spam complaint, Open, Link click and Subscription change, and save. Opens and clicks need "Track opens" and "Track links" in the settings of the stream.',
  },
  {
    text: 'To have the mails people write to you here as well, paste the same address into the settings of your inbound stream. They appear as conversations; who wrote stays a claim.',
  },
  { text: 'Choose "Send test" there: it appears here within a few seconds.' },
];

type Reading = {
  readonly kind: MailKind;
  readonly time: Json | undefined;
  readonly recipient: Json | undefined;
};

/** Bounces of these types are about the address itself; all others may pass (https://postmarkapp.com/developer/api/bounce-api). */
const HARD: readonly string[] = ['HardBounce', 'BadEmailAddress', 'ManuallyDeactivated'];

function readingOf(record: JsonObject): Reading | null {
  const { Recipient, Email, BouncedAt, ReceivedAt } = record;
  switch (textOf(record.RecordType)) {
    case 'Delivery':
      return { kind: 'email_delivered', time: record.DeliveredAt, recipient: Recipient };
    case 'Open':
      return { kind: 'email_opened', time: ReceivedAt, recipient: Recipient };
    case 'Click':
      return { kind: 'email_clicked', time: ReceivedAt, recipient: Recipient };
    case 'Bounce':
      return { kind: 'email_bounced', time: BouncedAt, recipient: Email };
    case 'SpamComplaint':
      return { kind: 'email_complained', time: BouncedAt, recipient: Email };
    case 'SubscriptionChange':
      // Also sent when an address is taken off the list of the silenced, and for those a bounce put there.
      return record.SuppressSending === true && record.SuppressionReason === 'ManualSuppression'
        ? { kind: 'email_unsubscribed', time: record.ChangedAt, recipient: Recipient }
        : null;
    default:
      return null;
  }
}

/** Inbound mail is sent without a record type, or with this one. */
const isMail = (payload: JsonObject): boolean =>
  [null, 'Inbound'].includes(textOf(payload.RecordType)) && isObject(payload.FromFull);

function translate(payload: Json, { headers }: Delivery, context: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const mail = isMailBody(headers) ? mailIn(payload) : isMail(payload) ? mailOf(payload) : null;
  if (mail) return translateTold(mail, context);
  const { bodyHash } = context;
  const type = textOf(payload.RecordType);
  const reading = readingOf(payload);
  if (reading === null) return { ok: true, ignored: type ?? 'no record type' };
  const mailId = idOf(payload.MessageID);
  const bounceId = idOf(payload.ID);
  const at = timeOf(reading.time);
  // Only bounces have an id; an open or a click is told from the next by its time, which Postmark gives to 100 ns.
  const id = bounceId ?? [mailId, textOf(reading.recipient), textOf(reading.time)].join(':');
  const touchpoint = mailTouchpoint({
    messageId: `${type}:${mailId === null && bounceId === null ? bodyHash : id}`,
    kind: reading.kind,
    recipient: reading.recipient,
    occurredAt: at,
    externalId: firstOf(bounceId, mailId),
    mailId,
    title: textOf(payload.Subject, 300),
    reason: firstOf(textOf(payload.Details, 1000), textOf(payload.Description, 1000)),
    hard: HARD.includes(textOf(payload.Type) ?? ''),
    link: textOf(payload.OriginalLink, 1000),
    data: {
      headerId: mailId === null ? null : `${mailId}@mtasv.net`,
      status: textOf(payload.Type),
      tag: textOf(payload.Tag),
      stream: textOf(payload.MessageStream),
    },
  });
  return { ok: true, touchpoints: [touchpoint] };
}

/** https://postmarkapp.com/developer/user-guide/inbound/parse-an-email: the date is the one of the mail, as the sender wrote it. */
function mailOf(mail: JsonObject): MailMessage {
  const from = objectOf(mail.FromFull);
  const headers = listOf(mail.Headers, 500).flatMap((raw) => {
    const { Name, Value } = objectOf(raw);
    const name = textOf(Name);
    return name === null ? [] : [[name, textOf(Value, 20_000) ?? ''] as const];
  });
  return mailToldOf({
    from: firstOf(textOf(from.Email), textOf(mail.From, 600)) ?? undefined,
    fromName: firstOf(textOf(from.Name), textOf(mail.FromName)) ?? undefined,
    to: [mail.To, mail.Cc],
    recipient: mail.OriginalRecipient,
    title: mail.Subject,
    occurredAt: mailTimeOf(mail.Date),
    externalId: idOf(mail.MessageID),
    reply: mail.StrippedTextReply,
    plain: mail.TextBody,
    html: mail.HtmlBody,
    headers,
  });
}

const filesIn = (mail: JsonObject): readonly RawFile[] =>
  listOf(mail.Attachments).map((raw) => {
    const { Name, ContentType, ContentLength, Content } = objectOf(raw);
    const bytes = typeof Content === 'string' ? decodeBase64(Content) : null;
    return { name: textOf(Name), type: textOf(ContentType), size: numberOf(ContentLength), bytes };
  });

/** Puts the files of a mail aside. Who wrote it stays a claim: what Postmark says of it stands among what the sender wrote. */
async function prepare(delivery: Delivery, context: PrepareContext): Promise<Prepared> {
  const json = parseJson(delivery.body);
  if (!json.ok || !isObject(json.value) || !isMail(json.value)) return { delivery: undisguised(delivery) };
  return prepareTold(delivery, { message: mailOf(json.value), files: filesIn(json.value) }, context);
}

async function sample({ secret, now, seed }: SampleContext) {
  const { email, number } = samplePerson(seed);
  const body = JSON.stringify({
    RecordType: 'Open',
    FirstOpen: true,
    MessageID: `sample-${seed}`,
    MessageStream: 'outbound',
    Recipient: email,
    ReceivedAt: new Date(now).toISOString(),
    Tag: 'parcel-sent',
    Metadata: { order: String(number) },
  });
  return { headers: { 'Content-Type': 'application/json', ...credentialHeaders(secret) }, body };
}

const postmark: Provider = {
  kind: 'postmark',
  title: 'Postmark',
  summary: 'What becomes of mails sent with Postmark, and mails people write back.',
  group: 'email',
  door: 'webhook',
  maxBody: MAIL_BODY,
  secret: 'optional',
  setup,
  mailer: postmarkMailer,
  parseSettings: noSettings,
  verify: verifyCredentials,
  prepare,
  translate,
  sample,
};

export default postmark;
