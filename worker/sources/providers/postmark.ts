import type { Json } from '../../../schema/touchpoint.ts';
import { credentialHeaders, verifyCredentials } from '../credentials.ts';
import {
  incomingMailTouchpoint,
  type MailKind,
  mailIdOf,
  mailText,
  mailTimeOf,
  mailTouchpoint,
} from '../mail-event.ts';
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
    text: 'To have the mails people write to you here as well, paste the same address into the settings of your inbound stream.',
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

function translate(payload: Json, _delivery: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.RecordType);
  // Inbound mail is sent without a record type, or with this one.
  if ((type === null || type === 'Inbound') && isObject(payload.FromFull)) return readMail(payload, bodyHash);
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
    data: { status: textOf(payload.Type), tag: textOf(payload.Tag), stream: textOf(payload.MessageStream) },
  });
  return { ok: true, touchpoints: [touchpoint] };
}

/** https://postmarkapp.com/developer/user-guide/inbound/parse-an-email: the date is the one of the mail, as the sender wrote it. */
function readMail(mail: JsonObject, bodyHash: string): Translation {
  const from = objectOf(mail.FromFull);
  const id = idOf(mail.MessageID);
  const header = listOf(mail.Headers)
    .map(objectOf)
    .find(({ Name }) => textOf(Name)?.toLowerCase() === 'message-id');
  const attachments = listOf(mail.Attachments).flatMap((file) => textOf(objectOf(file).Name, 100) ?? []);
  const touchpoint = incomingMailTouchpoint({
    messageId: `Inbound:${id ?? bodyHash}`,
    from: firstOf(textOf(from.Email), textOf(mail.From, 600)) ?? undefined,
    fromName: firstOf(textOf(from.Name), textOf(mail.FromName)) ?? undefined,
    occurredAt: mailTimeOf(mail.Date),
    externalId: id,
    mailId: firstOf(mailIdOf(header?.Value), id),
    title: textOf(mail.Subject, 300),
    text: mailText(mail.StrippedTextReply, mail.TextBody, mail.HtmlBody),
    data: { to: textOf(mail.OriginalRecipient), attachments: attachments.length > 0 ? attachments : null },
  });
  return { ok: true, touchpoints: [touchpoint] };
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
  secret: 'optional',
  setup,
  parseSettings: noSettings,
  verify: verifyCredentials,
  translate,
  sample,
};

export default postmark;
