import type { Json } from '../../../schema/touchpoint.ts';
import { parseJson } from '../../platform/json.ts';
import { fieldOf, isObject, listOf } from '../read.ts';

/**
 * A source has two keys of one beginning: its public write key, and secret keys `<write key>.<random>`. Either names the
 * source, so that finding it is one look-up; only the second proves anything.
 */
const SEPARATOR = '.';
const FIT = /^[\x21-\x7e]{1,600}$/;

/** A secret key of the source with this write key, from a given or a random text. */
export const secretKey = (writeKey: string, text: string): string =>
  text.startsWith(`${writeKey}${SEPARATOR}`) ? text : `${writeKey}${SEPARATOR}${text}`;

/** The write key within either key. */
export const writeKeyOf = (key: string): string => key.split(SEPARATOR)[0] ?? '';

export const isSecretKey = (key: string): boolean => key.includes(SEPARATOR);

const usable = (text: Json | undefined): string | null => (typeof text === 'string' && FIT.test(text) ? text : null);

/** `Basic base64(key:)`; the password is empty, and some clients leave the colon out. */
function ofHeader(authorization: string | null): string | null {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
  if (encoded === undefined) return null;
  try {
    return usable(atob(encoded).replace(/:$/, ''));
  } catch {
    // Not base64: as good as no header, and the body may still name the key.
    return null;
  }
}

/** `writeKey` in the body: of the whole of it, else of the first event of a batch that has one. */
function ofBody(payload: Json): string | null {
  if (!isObject(payload)) return null;
  const items = listOf(fieldOf(payload, 'batch')).filter(isObject);
  return [payload, ...items].map((part) => usable(fieldOf(part, 'writeKey'))).find((key) => key !== null) ?? null;
}

/**
 * The key a request comes with: of its header, else of its body. `Bearer` is the word of SDKs that also do OAuth; they name
 * the key in the body. https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#authentication
 */
export function keyOf(headers: Headers, body: Uint8Array): string | null {
  const named = ofHeader(headers.get('Authorization'));
  if (named !== null) return named;
  const json = parseJson(body);
  return json.ok ? ofBody(json.value) : null;
}

export const keyHeader = (key: string): string => `Basic ${btoa(`${key}:`)}`;
