import type { Json } from '../../../schema/touchpoint.ts';
import { readForm } from '../../platform/body.ts';
import type { Delivery } from '../provider.ts';
import type { JsonObject } from '../read.ts';
import type { RawFile } from './files.ts';

/** Mails that come as a form: their fields as bytes, since a field may be in any charset, and their files. */
export type Part = {
  readonly name: string;
  readonly filename: string | null;
  readonly type: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

const MAX_PARTS = 1000;
const MAX_PART_HEAD = 4096;
/** Longest text of a field that is read, in bytes. */
const MAX_FIELD = 400_000;

const DASH = 45;
const isForm = (contentType: string): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(contentType);

/** True for a delivery that is a form. */
export const isFormDelivery = ({ headers }: Delivery): boolean => isForm(headers.get('content-type') ?? '');

/** Where `needle` next stands in `bytes`, -1 for nowhere. It begins with a dash, which files seldom hold. */
function find(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(DASH, from); at >= 0; at = bytes.indexOf(DASH, at + 1)) {
    let length = 0;
    while (length < needle.length && bytes[at + length] === needle[length]) length++;
    if (length === needle.length) return at;
  }
  return -1;
}

const parameter = (head: string, name: string): string | null =>
  new RegExp(`;\\s{0,5}${name}="([^"\\r\\n]{0,500})"`, 'i').exec(head)?.[1] ?? null;

function partOf(bytes: Uint8Array<ArrayBuffer>): Part | null {
  const start = new TextDecoder().decode(bytes.subarray(0, MAX_PART_HEAD));
  const end = start.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = start.slice(0, end);
  const disposition = /^content-disposition:([^\r\n]*)/im.exec(head)?.[1] ?? '';
  const name = parameter(disposition, 'name');
  if (name === null) return null;
  const type = /^content-type:\s*([^\r\n;]{1,200})/im.exec(head)?.[1] ?? null;
  // The head is ASCII but for names of files; its length in bytes is what was decoded.
  const offset = new TextEncoder().encode(start.slice(0, end + 4)).length;
  return { name, filename: parameter(disposition, 'filename'), type, bytes: bytes.subarray(offset) };
}

/** The parts of a `multipart/form-data` body (RFC 7578); null for what is none. */
function readMultipart(body: Uint8Array<ArrayBuffer>, contentType: string): readonly Part[] | null {
  const boundary = /;\s{0,5}boundary="?([^";\s]{1,200})"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  const line = new TextEncoder().encode(`--${boundary}`);
  const parts: Part[] = [];
  let from = find(body, line, 0);
  for (let next = 0; from >= 0 && parts.length < MAX_PARTS; from = next) {
    next = find(body, line, from + line.length);
    if (next < 0) break;
    // After the boundary a line break, before the next one another.
    const part = partOf(body.subarray(from + line.length + 2, Math.max(from + line.length + 2, next - 2)));
    if (part) parts.push(part);
  }
  return parts;
}

/** Text of a field in the charset it is said to be in. */
function textOfPart({ bytes }: Part, charset = 'utf-8'): string {
  const text = bytes.subarray(0, MAX_FIELD);
  try {
    return new TextDecoder(charset).decode(text);
  } catch {
    // A charset nobody knows.
    return new TextDecoder().decode(text);
  }
}

export type MailForm = {
  readonly fields: JsonObject;
  readonly files: readonly RawFile[];
  readonly parts: readonly Part[];
};

/** The fields and files of a form; null for what is no form. `charsets` are read from the field of that name, where there is one. */
export async function readMailForm({ body, headers }: Delivery): Promise<MailForm | null> {
  const contentType = headers.get('content-type') ?? '';
  if (!isForm(contentType)) return null;
  if (!/^multipart/i.test(contentType)) {
    const fields = await readForm(body, contentType);
    return fields && { fields, files: [], parts: [] };
  }
  const parts = readMultipart(body, contentType);
  if (!parts) return null;
  const charsets = charsetsOf(parts);
  const plain = parts.filter(({ filename }) => filename === null);
  const fields = new Map<string, Json>(plain.map((part) => [part.name, textOfPart(part, charsets.get(part.name))]));
  const files = parts
    .filter(({ filename }) => filename !== null)
    .map(({ filename, type, bytes }) => ({ name: filename, type, size: bytes.byteLength, bytes }));
  return { fields: Object.fromEntries(fields), files, parts };
}

/** SendGrid names the charset of each text in a field of its own, as JSON. */
function charsetsOf(parts: readonly Part[]): ReadonlyMap<string, string> {
  const part = parts.find(({ name, filename }) => name === 'charsets' && filename === null);
  try {
    const said: unknown = part ? JSON.parse(textOfPart(part)) : {};
    if (typeof said !== 'object' || said === null) return new Map();
    return new Map(Object.entries(said).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}
