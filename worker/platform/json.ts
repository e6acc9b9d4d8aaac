import type { Json } from '../../schema/touchpoint.ts';

/** Where a text is not the JSON we can keep: a path such as `$.customer.name` and what is wrong there. */
export type JsonFault = { readonly path: string; readonly message: string };
export type ParsedJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly fault: JsonFault };

/** Real payloads nest a dozen deep; what nests deeper is made to exhaust a reader. */
const MAX_DEPTH = 64;

const fail = (path: string, message: string): ParsedJson => ({ ok: false, fault: { path, message } });

/** The strings and numbers of a text that is JSON. On any other text it would go back and forth: an unclosed string of escaped quotes. */
const STRING_OR_NUMBER = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Puts quotes round integers that a double would bend: Shopify's ids pass 2^53. Takes JSON only. */
const keepLongIntegers = (json: string): string =>
  json.replace(STRING_OR_NUMBER, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );

/** How deep the text nests, brackets in strings left out. Reads ahead of the parser, so that depth costs nothing. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 92) i++;
      else if (c === 34) inString = false;
    } else if (c === 34) inString = true;
    else if (c === 123 || c === 91) deepest = Math.max(deepest, ++depth);
    else if (c === 125 || c === 93) depth--;
  }
  return deepest;
}

/** What the database could not give back of a text as it was: NUL cuts, a lone surrogate turns to junk. */
function faultOfText(text: string): string | null {
  if (text.includes('\u0000')) return 'contains a NUL character';
  return text.isWellFormed() ? null : 'contains half of a surrogate pair, which is not text';
}

const shown = (key: string): string => key.toWellFormed().replaceAll('\u0000', '?');

/** The first fault in a value, its path from there on. Paths are put together on the way back: a body may hold 60,000 keys below a long one. */
function faultIn(value: unknown): JsonFault | null {
  const here = (message: string | null): JsonFault | null => (message === null ? null : { path: '', message });
  if (typeof value === 'string') return here(faultOfText(value));
  if (typeof value === 'number') return here(Number.isFinite(value) ? null : 'is a number too large to keep');
  if (typeof value !== 'object' || value === null) return null;
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    const fault = (isList ? null : here(faultOfText(key))) ?? faultIn(inner);
    if (fault) return { ...fault, path: `${isList ? `[${key}]` : `.${shown(key)}`}${fault.path}` };
  }
  return null;
}

const isJson = (_value: unknown): _value is Json => true;

/**
 * Parses bytes as JSON that can be stored and given back unchanged: valid UTF-8, at most 64 levels, no NUL, no half
 * surrogate, no infinite number. Integers beyond 2^53 arrive as strings of their digits.
 */
export function parseJson(bytes: Uint8Array): ParsedJson {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('$', 'is not valid UTF-8');
  }
  if (depthOf(text) > MAX_DEPTH) return fail('$', `nests deeper than ${MAX_DEPTH} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
    // Read again only where there may be one, and only now that the text is known to be JSON.
    if (/\d{16}/.test(text)) value = JSON.parse(keepLongIntegers(text));
  } catch {
    return fail('$', 'is not JSON');
  }
  const fault = faultIn(value);
  if (fault) return fail(`$${fault.path}`, fault.message);
  return isJson(value) ? { ok: true, value } : fail('$', 'is not JSON');
}

/** Parses JSON that we wrote ourselves and stored; throws on anything else, since that is a defect of ours. */
export function parseStored<T>(text: string | null, fallback: T): T {
  return text === null ? fallback : (JSON.parse(text) as T);
}
