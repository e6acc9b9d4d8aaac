import { readBody, readForm } from '../platform/body.ts';

/** No form of ours is larger, in bytes. */
const MAX_FORM = 64 * 1024;

/** The fields of a posted form, as text that the database can keep. */
export type Form = {
  readonly text: (name: string) => string;
  /** All values of a name: of boxes that were ticked. */
  readonly texts: (name: string) => readonly string[];
};

/** Line ends as one character, nothing a database chokes on. */
const clean = (value: string): string => value.replaceAll('\r\n', '\n').replaceAll('\u0000', '').toWellFormed();

/** Reads a posted form; what is too large or no form reads as empty, and the page then says what is missing. */
export async function formOf(request: Request): Promise<Form> {
  const body = await readBody(request, MAX_FORM);
  const fields = body && (await readForm(body, request.headers.get('content-type') ?? ''));
  const texts = (name: string): readonly string[] => {
    const value = fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
    return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(clean);
  };
  return { text: (name) => texts(name)[0] ?? '', texts };
}

/**
 * A path of this address to send the browser to, or the fallback for anything else: `//evil.example`, `https:…` and `/\evil`
 * all resolve to another origin and fall back.
 */
export function localPath(next: string | undefined, origin: string, fallback = '/'): string {
  if (!next?.startsWith('/') || !URL.canParse(next, origin)) return fallback;
  const url = new URL(next, origin);
  // A path that begins with two slashes would be read as a host once it stands alone in Location.
  return url.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search : fallback;
}

/** The path of a list with some parameters changed; null or empty takes one away. */
export function pathWith(
  path: string,
  query: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.size > 0 ? `${path}?${next}` : path;
}
