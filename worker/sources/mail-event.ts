import { normaliseEmail } from '../../schema/identifiers.ts';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { email, identifiers, personKey } from './person.ts';
import { firstOf, known, NAME_LIMIT, TEXT_LIMIT, textOf, timeOf } from './read.ts';

/** What the providers that send mail for the business have in common. */

const MAIL_KINDS = [
  'email_sent',
  'email_delivered',
  'email_opened',
  'email_clicked',
  'email_bounced',
  'email_complained',
  'email_unsubscribed',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

export type MailEvent = {
  readonly messageId: string;
  readonly kind: MailKind;
  readonly recipient: Json | undefined;
  readonly occurredAt: number | null;
  /** The provider's id of the event, or of the mail where events have none. */
  readonly externalId: string | null;
  /** What all events of one mail have in common. */
  readonly mailId: string | null;
  readonly title?: string | null;
  /** Why a mail did not arrive, in the words of the other side. */
  readonly reason?: string | null;
  /** Of a bounce: true when the address will never work, false when it may tomorrow, null when nobody says. */
  readonly hard?: boolean | null;
  readonly link?: string | null;
  readonly data?: { readonly [key: string]: Json };
};

/** What the recipient does comes in; what becomes of our mail on its way goes out. */
const isByRecipient = (kind: MailKind): boolean =>
  kind === 'email_opened' || kind === 'email_clicked' || kind === 'email_complained' || kind === 'email_unsubscribed';

/**
 * The id of the contact that a mail to this address was: the same whether it was sent from here or a webhook tells of it, so that
 * whichever comes second is nothing new.
 */
export const sentMessageId = (mailId: string, address: string): string =>
  `email_sent:${mailId}:${normaliseEmail(address) ?? address}`;

/**
 * What became of a mail of ours. The recipient's address is asserted: nobody typed it for this event, the business itself
 * wrote to it, and the provider says what happened there. It is the header's `To` that may be another (a list, an alias).
 */
export function mailTouchpoint(event: MailEvent): TouchpointInput {
  const { kind, mailId, externalId } = event;
  const { address } = mailboxOf(event.recipient);
  const list = identifiers(email(address, 'asserted'));
  const sentId = kind === 'email_sent' && mailId !== null && address !== null ? sentMessageId(mailId, address) : null;
  return {
    messageId: sentId ?? event.messageId,
    ...(sentId !== null && { formerIds: [event.messageId] }),
    kind,
    channel: 'email',
    direction: isByRecipient(kind) ? 'in' : 'out',
    initiator: isByRecipient(kind) ? 'customer' : 'company',
    occurredAt: event.occurredAt,
    ...(mailId !== null && { subject: `email:${mailId}` }),
    text: kind === 'email_bounced' ? textOf(event.reason ?? null, TEXT_LIMIT) : null,
    person: { key: personKey(list, `message:${event.messageId}`), identifiers: list },
    data: known({
      externalId: firstOf(externalId, mailId),
      messageId: mailId,
      title: event.title ?? null,
      hard: kind === 'email_bounced' ? (event.hard ?? null) : null,
      link: event.link ?? null,
      ...event.data,
    }),
  };
}

/** `Name <name@host>` and `name@host` (RFC 5322 section 3.4). Of several the first. */
export function mailboxOf(value: Json | undefined): { readonly address: string | null; readonly name: string | null } {
  const text = textOf(value, 600);
  const angled = text === null ? null : /^([^<>]*)<([^<>]+)>/.exec(text);
  if (!angled) return { address: textOf(text?.split(',')[0]), name: null };
  const name = (angled[1] ?? '').trim().replace(/^"(.*)"$/s, '$1');
  return { address: textOf(angled[2]), name: textOf(name, NAME_LIMIT) };
}

/** `<id@host>` without its brackets, so that one mail has one name. */
export const mailIdOf = (value: Json | undefined): string | null => {
  const text = textOf(value, 400);
  return textOf(text?.replace(/^<([^<>]*)>$/, '$1'));
};

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const RFC_5322 =
  /^(?:[a-z]{3}, ?)?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? (?:([+-]\d{4})|gmt|utc?|z)(?: \(.{0,60}\))?$/i;

/** Epoch ms of a date as mails have it: `Fri, 5 May 2023 17:44:33 -0400` (RFC 5322 section 3.3). */
export function mailTimeOf(value: Json | undefined): number | null {
  const match = RFC_5322.exec(textOf(value)?.replace(/\s+/g, ' ') ?? '');
  if (!match) return null;
  const [, day = '', month = '', year = '', hour = '', minute = '', second = '00', zone = 'Z'] = match;
  const number = String(MONTHS.indexOf(month.toLowerCase()) + 1).padStart(2, '0');
  return timeOf(`${year}-${number}-${day.padStart(2, '0')}T${hour}:${minute}:${second}${zone}`);
}
