import PostalMime, { type Address, type Attachment, addressParser, type Email } from 'postal-mime';
import { normaliseEmail } from '../../../schema/identifiers.ts';
import { mailTimeOf } from '../mail-event.ts';
import { firstOf, NAME_LIMIT, textOf } from '../read.ts';
import { isAuthentic } from './authentication.ts';
import type { RawFile } from './files.ts';
import { htmlToText } from './html-text.ts';
import { type MailMessage, messageIds, signsOf } from './message.ts';
import { type ReportPart, reportOf } from './report.ts';

/** A mail read from its MIME. Its files are still bytes. */
export type ReadMail = {
  readonly message: MailMessage;
  readonly files: readonly RawFile[];
  /** The server that handed it to us says that its sender's domain stands behind it. */
  readonly isAuthentic: boolean;
};

/** The envelope it came in. */
export type Envelope = { readonly from: string | null; readonly to: string | null };

/** Mails up to this size are read whole, in bytes; of larger ones the beginning, which holds the headers and mostly the words. */
export const MAX_WHOLE = 16 * 1024 * 1024;
const BEGINNING = 256 * 1024;
const MAX_HEAD = 64 * 1024;
/** Text handed on of one mail, in characters. */
const MAX_PLAIN = 60_000;
const MAX_PARTS_READ = 1000;

const REPORT_TYPES: readonly string[] = [
  'message/delivery-status',
  'message/global-delivery-status',
  'message/feedback-report',
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
  'message/rfc822-headers',
];

const options = { maxNestingDepth: 60, maxHeadersSize: 1024 * 1024, forceRfc822Attachments: true } as const;

/** Where the header ends, or as much of it as is looked at. */
function headOf(raw: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const limit = Math.min(raw.length, MAX_HEAD);
  for (let at = 0; at + 1 < limit; at++)
    if (raw[at] === 10 && (raw[at + 1] === 10 || (raw[at + 1] === 13 && raw[at + 2] === 10)))
      return raw.slice(0, at + 1);
  return raw.slice(0, limit);
}

type Parsed = { readonly email: Email; readonly note: string | null };

/** Reads as much of a mail as can be read: all, else its beginning, else its header. */
async function parse(raw: Uint8Array<ArrayBuffer>, size: number): Promise<Parsed | null> {
  const isWhole = raw.length >= size && size <= MAX_WHOLE;
  const megabytes = (size / 1024 / 1024).toFixed(1);
  try {
    const email = await PostalMime.parse(isWhole ? raw : raw.slice(0, BEGINNING), options);
    const note = `This mail of ${megabytes} MB is too large to be read whole. Only its beginning is shown.`;
    return { email, note: isWhole ? null : note };
  } catch {
    const note = 'The text of this mail could not be read: it is built in a way that no reader follows.';
    return PostalMime.parse(headOf(raw), options).then(
      (email) => ({ email, note }),
      () => null,
    );
  }
}

const bytesOf = (content: Attachment['content']): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

const mailboxes = (list: readonly Address[] | undefined): readonly string[] =>
  (list ?? []).flatMap((entry) => entry.group ?? [entry]).flatMap(({ address }) => normaliseEmail(address) ?? []);

/** A sender, if the mail names just one. */
function senderOf({ headers }: Email) {
  const named = headers
    .filter(({ key }) => key === 'from')
    .flatMap(({ value }) => addressParser(value, { flatten: true }));
  const [first] = named;
  return {
    address: normaliseEmail(first?.address),
    name: textOf(first?.name, NAME_LIMIT),
    isOne: named.length === 1,
  };
}

/** The words: the plain text, else the HTML as text. */
function plainOf({ text, html }: Email): string | null {
  const plain = text?.slice(0, 4 * MAX_PLAIN).trim() ?? '';
  const words = plain === '' && html !== undefined ? htmlToText(html) : plain;
  return textOf(words, MAX_PLAIN);
}

const isReportMail = ({ headers }: Email): boolean =>
  headers.some(({ key, value }) => key === 'content-type' && /^\s*multipart\/report/i.test(value));

function reportIn(email: Email) {
  if (!isReportMail(email)) return null;
  const decoder = new TextDecoder();
  const parts = email.attachments
    .filter(({ mimeType }) => REPORT_TYPES.includes(mimeType))
    .slice(0, 10)
    .map(
      ({ mimeType, content }): ReportPart => ({
        type: mimeType,
        text: decoder.decode(bytesOf(content).slice(0, 200_000)),
      }),
    );
  return reportOf(parts);
}

/** The time of a mail: postal-mime gives ISO 8601 where the header is a date. */
function timeIn({ date, headers }: Email): number | null {
  const header = headers.find(({ key }) => key === 'date')?.value;
  const parsed = date !== undefined && /^\d{4}-/.test(date) ? Date.parse(date) : Number.NaN;
  return firstOf(mailTimeOf(header), Number.isFinite(parsed) && parsed > 0 ? parsed : null);
}

function filesIn(email: Email): readonly RawFile[] {
  return email.attachments.slice(0, MAX_PARTS_READ).map(({ filename, mimeType, content, disposition, contentId }) => {
    const bytes = bytesOf(content);
    const named = filename ?? (mimeType.startsWith('message/') ? 'message.eml' : null);
    const unnamed = contentId !== undefined && disposition !== 'attachment' ? 'picture in the text' : null;
    return { name: named ?? unnamed, type: mimeType, size: bytes.byteLength, bytes };
  });
}

/** What is left of a mail whose header cannot be read either: that it came, from whom by its envelope, and how large it was. */
const onlyEnvelope = ({ from, to }: Envelope): MailMessage => ({
  mailId: null,
  externalId: null,
  from: { address: normaliseEmail(from), name: null },
  to: [],
  recipient: normaliseEmail(to),
  title: null,
  occurredAt: null,
  references: [],
  reply: null,
  plain: null,
  html: null,
  signs: {},
  files: [],
  report: null,
  note: 'This mail could not be read at all: not even its header has the form of one.',
});

/**
 * Reads a mail (RFC 5322, MIME). Whatever it is made of, something of it is told: never throws. `size` is that of the whole
 * mail where `raw` is only its beginning.
 */
export async function readMime(
  raw: Uint8Array<ArrayBuffer>,
  envelope: Envelope,
  { size = raw.length, isTrusted = false }: { readonly size?: number; readonly isTrusted?: boolean } = {},
): Promise<ReadMail> {
  const parsed = await parse(raw, size);
  if (!parsed) return { message: onlyEnvelope(envelope), files: [], isAuthentic: false };
  const { email, note } = parsed;
  const sender = senderOf(email);
  const report = reportIn(email);
  const header = (name: string) => email.headers.find(({ key }) => key === name)?.value;
  const message: MailMessage = {
    mailId: messageIds(email.messageId ?? null)[0] ?? textOf(email.messageId?.replace(/[<>]/g, '')),
    externalId: null,
    from: { address: sender.address ?? normaliseEmail(envelope.from), name: sender.name },
    to: [...new Set([...mailboxes(email.to), ...mailboxes(email.cc)])].slice(0, 50),
    recipient: normaliseEmail(envelope.to),
    title: textOf(email.subject, 300),
    occurredAt: timeIn(email),
    references: messageIds(header('references'), header('in-reply-to')),
    reply: null,
    plain: plainOf(email),
    html: null,
    signs: {
      ...signsOf(email.headers.map(({ key, value }) => [key, value] as const)),
      // The envelope is what the other server said; a header of that name may be the sender's own.
      ...(envelope.from !== null && { 'return-path': envelope.from.trim() === '' ? '<>' : envelope.from }),
    },
    files: [],
    report,
    note,
  };
  return {
    message,
    files: report === null ? filesIn(email) : [],
    isAuthentic: isTrusted && isAuthentic(email.headers, sender.isOne ? sender.address : null),
  };
}
