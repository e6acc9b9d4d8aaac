import type { Assurance } from '../../../schema/customer.ts';
import type { Json, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { email, identifierOf, identifiers, personKey } from '../person.ts';
import { firstOf, known, knownTexts, NAME_LIMIT, TEXT_LIMIT, textOf } from '../read.ts';
import { type Automatic, automaticOf } from './automatic.ts';
import { MAX_FILES } from './files.ts';
import { htmlToText } from './html-text.ts';
import type { MailMessage } from './message.ts';
import { foldQuoted } from './quoted.ts';
import type { MailReport, ReportedRecipient } from './report.ts';

/** How a mail is told apart and whose it is, by what brought it. */
export type MailContext = {
  /** Delivery key of a mail without a `Message-ID`. */
  readonly fallbackId: string;
  /** How far the sender's address is trusted: `verified` when the mail proves it, else it is a claim. */
  readonly assurance: Assurance | null;
  /** The person whose reply token the mail was sent to, by their fragment. */
  readonly fragmentId?: number | null;
  /** Where the business itself writes from: its own mails, sent here as a copy, go out. */
  readonly ownAddress?: string | null;
};
export type MailTouchpoints = { readonly touchpoints: readonly TouchpointInput[]; readonly fragmentId?: number };

const QUOTED_LIMIT = 4000;

/** Kinds of what was not written by a person for us: none of them counts as the customer speaking. */
const AUTOMATIC_KINDS: Readonly<Record<Automatic, string>> = {
  reply: 'email_autoreplied',
  notice: 'mailing_received',
  bulk: 'mailing_received',
};

/** The new words and what is folded away, within what a touchpoint holds. */
function wordsOf({ reply, plain, html }: MailMessage): {
  readonly text: string | null;
  readonly quoted: string | null;
} {
  const whole = firstOf(plain, html === null ? null : htmlToText(html));
  const { fresh, quoted } = foldQuoted(firstOf(reply, whole) ?? '');
  const rest = reply !== null && whole !== null && quoted === null ? foldQuoted(whole).quoted : quoted;
  return { text: textOf(fresh, TEXT_LIMIT), quoted: textOf(rest ?? undefined, QUOTED_LIMIT) };
}

/**
 * Somebody who is only claimed has a key of their own: under `email:` the claim would speak for the customer whose address
 * it is.
 */
function personOf(address: string | null, name: string | null, assurance: Assurance, fallback: string): PersonInput {
  const list = identifiers(email(address ?? undefined, assurance));
  const value = identifierOf(list, 'email');
  const key = assurance === 'claimed' ? (value === null ? fallback : `claimed:${value}`) : personKey(list, fallback);
  return { key, identifiers: list, profile: knownTexts({ name: textOf(name ?? undefined, NAME_LIMIT) }) };
}

const fileData = (mail: MailMessage): { readonly [key: string]: Json } => ({
  attachments: mail.files.length > 0 ? mail.files.slice(0, MAX_FILES).map((file) => known({ ...file })) : null,
});

/** What all touchpoints of a mail have in common. */
function dataOf(mail: MailMessage): { readonly [key: string]: Json } {
  return {
    externalId: firstOf(mail.externalId, mail.mailId),
    messageId: mail.mailId,
    references: mail.references.length > 0 ? mail.references : null,
    title: mail.title,
    to: firstOf(mail.recipient, mail.to[0]),
    note: mail.note,
    ...fileData(mail),
  };
}

/** The mail of the business itself to somebody: it proves itself, comes from its own address and was copied to us. */
function sentTouchpoint(mail: MailMessage, context: MailContext, id: string): TouchpointInput {
  const to = mail.to.find((address) => address !== context.ownAddress && address !== mail.recipient) ?? null;
  const { text, quoted } = wordsOf(mail);
  return {
    messageId: id,
    kind: 'email_sent',
    channel: 'email',
    direction: 'out',
    initiator: 'company',
    occurredAt: mail.occurredAt,
    ...(mail.mailId !== null && { subject: `email:${mail.mailId}` }),
    text,
    // The business wrote to it: nobody typed it here.
    person: personOf(to, null, 'asserted', `message:${id}`),
    data: known({ ...dataOf(mail), to, quoted }),
  };
}

/** One touchpoint for each address that a report is about, on that address and never on who sent the report. */
function reportTouchpoint(
  mail: MailMessage,
  report: MailReport,
  failed: ReportedRecipient,
  id: string,
): TouchpointInput {
  const isBounce = report.about === 'delivery';
  return {
    messageId: `${id}:${failed.address}`,
    kind: isBounce ? 'email_bounced' : 'email_complained',
    channel: 'email',
    direction: isBounce ? 'out' : 'in',
    initiator: isBounce ? 'company' : 'customer',
    occurredAt: mail.occurredAt,
    ...(report.mailId !== null && { subject: `email:${report.mailId}` }),
    text: isBounce ? failed.reason : null,
    // Anybody can write such a report.
    person: personOf(failed.address, null, 'claimed', `message:${id}`),
    data: known({
      externalId: mail.mailId,
      messageId: report.mailId,
      status: isBounce ? failed.status : failed.reason,
      hard: isBounce && failed.status !== null ? failed.status.startsWith('5') : null,
    }),
  };
}

function receivedTouchpoint(mail: MailMessage, context: MailContext, id: string): TouchpointInput {
  const automatic = automaticOf(mail);
  const assurance = context.assurance === 'verified' ? 'verified' : 'claimed';
  const isOnThread = typeof context.fragmentId === 'number';
  const { address, name } = mail.from;
  const { text, quoted } = wordsOf(mail);
  return {
    messageId: id,
    kind: automatic === null ? 'email_received' : AUTOMATIC_KINDS[automatic],
    channel: 'email',
    direction: 'in',
    initiator: automatic === null ? 'customer' : automatic === 'reply' ? 'company' : 'third_party',
    occurredAt: mail.occurredAt,
    ...(mail.mailId !== null && { subject: `email:${mail.mailId}` }),
    text,
    // On another's thread a name that is only claimed must not become that person's.
    person: personOf(address, isOnThread && assurance === 'claimed' ? null : name, assurance, `message:${id}`),
    data: known({
      ...dataOf(mail),
      from: isOnThread && assurance === 'claimed' ? firstOf(address, name) : null,
      automatic,
      quoted,
    }),
  };
}

/**
 * What a mail says happened: that somebody wrote (to us, or we to them), that a machine did, or what became of another mail. Its
 * `Message-ID` is the delivery key, so that a mail which comes by several ways is one.
 */
export function mailTouchpoints(mail: MailMessage, context: MailContext): MailTouchpoints {
  const id = mail.mailId === null ? `mail:${context.fallbackId}` : `mail:${mail.mailId}`;
  const { report } = mail;
  const onThread = typeof context.fragmentId === 'number' ? { fragmentId: context.fragmentId } : {};
  if (report !== null && report.recipients.length > 0) {
    const touchpoints = report.recipients.map((failed) => reportTouchpoint(mail, report, failed, id));
    // Sent back to the reply address of the very person it is about.
    return { touchpoints, ...(context.assurance === 'verified' && touchpoints.length === 1 && onThread) };
  }
  const isOwn = context.ownAddress != null && mail.from.address === context.ownAddress;
  if (isOwn && context.assurance === 'verified' && mail.to.some((address) => address !== context.ownAddress))
    return { touchpoints: [sentTouchpoint(mail, context, id)] };
  return { touchpoints: [receivedTouchpoint(mail, context, id)], ...onThread };
}
