import { normaliseEmail } from '../../../schema/identifiers.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { utf8 } from '../../platform/hmac.ts';
import type { Delivery, PrepareContext, Prepared } from '../provider.ts';
import {
  epochTimeOf,
  idOf,
  isObject,
  type JsonObject,
  listOf,
  NAME_LIMIT,
  numberOf,
  objectOf,
  textOf,
} from '../read.ts';
import { keepFiles, MAX_FILES, type RawFile } from './files.ts';
import { htmlToText } from './html-text.ts';
import { type MailFile, type MailMessage, SIGNS } from './message.ts';
import type { MailReport } from './report.ts';

/** A mail as it is kept in the delivery log: what was read from it, as JSON, its files put aside. */

/** Says that a body is one of ours. A request that says so is not believed. */
const MAIL_TYPE = 'application/vnd.rapport.mail+json';

/** Largest delivery of a service that brings mails with their files, in bytes. */
export const MAIL_BODY = 25 * 1024 * 1024;

/** True for a body that `prepareMail` made. */
export const isMailBody = (headers: Headers): boolean => headers.get('content-type') === MAIL_TYPE;

/** The delivery with another body. */
export const withBody = (delivery: Delivery, contentType: string, body: string): Delivery => {
  const headers = new Headers(delivery.headers);
  headers.set('content-type', contentType);
  return { ...delivery, headers, body: utf8(body) };
};

/** A delivery that is none of ours, whatever it says. */
export const undisguised = (delivery: Delivery): Delivery => {
  if (!isMailBody(delivery.headers)) return delivery;
  const headers = new Headers(delivery.headers);
  headers.set('content-type', 'application/json');
  return { ...delivery, headers };
};

/** Puts the files of a mail aside and makes its delivery. */
export async function prepareMail(
  delivery: Delivery,
  read: { readonly message: MailMessage; readonly files: readonly RawFile[] },
  { sourceKey, files }: PrepareContext,
): Promise<Delivery> {
  const { message } = read;
  const name = `${sourceKey} ${message.mailId ?? crypto.randomUUID()}`;
  const kept = await keepFiles(read.files, name, files);
  const more = read.files.length - kept.length;
  const note =
    more > 0 ? `${message.note ?? ''} It holds ${more} more files than are named here.`.trim() : message.note;
  // HTML is read here, so that no markup is kept.
  const plain = message.plain ?? (message.html === null ? null : htmlToText(message.html));
  return withBody(delivery, MAIL_TYPE, JSON.stringify({ ...message, plain, html: null, files: kept, note }));
}

/**
 * Whose a mail is that came to a reply address: with a token the person it was made for, and the sender's address is proven only
 * if it is the one the token was sent to. Without one, by what the server says of the sender.
 */
export async function standingOf(
  message: MailMessage,
  isAuthentic: boolean,
  { reply }: PrepareContext,
): Promise<Omit<Prepared, 'delivery'>> {
  const token = await reply(message.recipient);
  if (!token) return isAuthentic ? { assurance: 'verified' } : {};
  const [failed] = message.report?.recipients ?? [];
  const address = message.report === null ? message.from.address : (failed?.address ?? null);
  const isAddressee = address !== null && (await token.isFor(address));
  return { fragmentId: token.fragmentId, ...(isAddressee && { assurance: 'verified' as const }) };
}

/** Files that `keepFiles` named. */
const filesOf = (value: Json | undefined): readonly MailFile[] =>
  listOf(value, MAX_FILES).flatMap((raw) => {
    const { name, type, size, file } = objectOf(raw);
    const title = textOf(name, NAME_LIMIT);
    return title === null
      ? []
      : [{ name: title, type: textOf(type) ?? 'application/octet-stream', size: numberOf(size), file: textOf(file) }];
  });

function reportIn(value: Json | undefined): MailReport | null {
  if (!isObject(value)) return null;
  return {
    about: value.about === 'complaint' ? 'complaint' : 'delivery',
    mailId: textOf(value.mailId, 250),
    recipients: listOf(value.recipients, 50).flatMap((raw) => {
      const { address, status, reason } = objectOf(raw);
      const known = normaliseEmail(address);
      return known === null ? [] : [{ address: known, status: textOf(status), reason: textOf(reason, 500) }];
    }),
  };
}

const signsIn = (value: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    SIGNS.flatMap((name) => {
      const sign = textOf(Object.hasOwn(value, name) ? value[name] : null, 300);
      return sign === null ? [] : [[name, sign]];
    }),
  );

/** Reads a mail that `prepareMail` wrote, null for anything else. */
export function mailIn(payload: Json): MailMessage | null {
  if (!isObject(payload) || !isObject(payload.from)) return null;
  return {
    mailId: textOf(payload.mailId, 250),
    externalId: idOf(payload.externalId),
    from: { address: normaliseEmail(payload.from.address), name: textOf(payload.from.name, NAME_LIMIT) },
    to: listOf(payload.to, 50).flatMap((address) => normaliseEmail(address) ?? []),
    recipient: normaliseEmail(payload.recipient),
    title: textOf(payload.title, 300),
    occurredAt: epochTimeOf(payload.occurredAt),
    references: listOf(payload.references, 20).flatMap((id) => textOf(id, 250) ?? []),
    reply: textOf(payload.reply, 60_000),
    plain: textOf(payload.plain, 60_000),
    html: typeof payload.html === 'string' ? payload.html : null,
    signs: signsIn(objectOf(payload.signs)),
    files: filesOf(payload.files),
    report: reportIn(payload.report),
    note: textOf(payload.note, 300),
  };
}
