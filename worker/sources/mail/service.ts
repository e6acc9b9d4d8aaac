import { normaliseEmail } from '../../../schema/identifiers.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { mailboxOf, mailIdOf } from '../mail-event.ts';
import type { Delivery, PrepareContext, Prepared, TranslateContext, Translation } from '../provider.ts';
import { NAME_LIMIT, textOf } from '../read.ts';
import type { RawFile } from './files.ts';
import { type MailMessage, messageIds, signsOf } from './message.ts';
import { mailTouchpoints } from './touchpoints.ts';
import { prepareMail, standingOf } from './wire.ts';

/** What a service that takes mails in tells of one, in its own fields. */
export type Told = {
  readonly from: Json | undefined;
  readonly fromName?: Json | undefined;
  /** Lists of addresses as headers have them. */
  readonly to?: readonly (Json | undefined)[];
  readonly recipient: Json | undefined;
  readonly title: Json | undefined;
  readonly occurredAt: number | null;
  readonly externalId: string | null;
  readonly reply?: Json | undefined;
  readonly plain: Json | undefined;
  readonly html: Json | undefined;
  /** All headers of the mail, in their order. */
  readonly headers: readonly (readonly [string, string])[];
  /** Its `Message-ID`, where it stands outside of the headers. */
  readonly mailId?: Json | undefined;
};

const MAX_TEXT = 60_000;

/** Addresses in a header: what stands in brackets, else what stands between commas. */
const addressesIn = (value: Json | undefined): string[] => {
  const text = textOf(value, 4000) ?? '';
  const found = text.includes('<') ? [...text.matchAll(/<([^<>]{3,260})>/g)].map((match) => match[1]) : text.split(',');
  return found.flatMap((address) => normaliseEmail(address) ?? []);
};

/** A mail that a service has read for us. */
export function mailToldOf(told: Told): MailMessage {
  const header = (name: string) => told.headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const sender = mailboxOf(told.from);
  return {
    mailId: mailIdOf(told.mailId) ?? mailIdOf(header('message-id')),
    externalId: told.externalId,
    from: { address: normaliseEmail(sender.address), name: textOf(told.fromName, NAME_LIMIT) ?? sender.name },
    to: [...new Set((told.to ?? []).flatMap(addressesIn))].slice(0, 50),
    recipient: normaliseEmail(told.recipient),
    title: textOf(told.title, 300),
    occurredAt: told.occurredAt,
    references: messageIds(header('references'), header('in-reply-to')),
    reply: textOf(told.reply, MAX_TEXT),
    plain: textOf(told.plain, MAX_TEXT),
    html: typeof told.html === 'string' ? told.html.slice(0, 400_000) : null,
    signs: signsOf(told.headers),
    files: [],
    report: null,
    note: null,
  };
}

/** Puts the files of a mail aside and finds out whose it is. */
export async function prepareTold(
  delivery: Delivery,
  read: { readonly message: MailMessage; readonly files: readonly RawFile[]; readonly isAuthentic?: boolean },
  context: PrepareContext,
): Promise<Prepared> {
  return {
    delivery: await prepareMail(delivery, read, context),
    ...(await standingOf(read.message, read.isAuthentic ?? false, context)),
  };
}

/** The touchpoints of a mail that a service brought. */
export const translateTold = (
  mail: MailMessage,
  { bodyHash, assurance, fragmentId = null }: TranslateContext,
): Translation => ({
  ok: true,
  ...mailTouchpoints(mail, { fallbackId: bodyHash, assurance, fragmentId }),
});

/** Headers as a block of text, folded lines joined. */
export function headersIn(text: Json | undefined): readonly (readonly [string, string])[] {
  if (typeof text !== 'string') return [];
  return text
    .slice(0, 100_000)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const] : [];
    });
}
