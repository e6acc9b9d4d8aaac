import type { Json } from '../../schema/touchpoint.ts';
import { AddressRefused, RedirectRefused } from '../platform/egress.ts';
import { parseJson } from '../platform/json.ts';
import type { ApiContext, Asked } from './provider-api.ts';
import { type JsonObject, objectOf } from './read.ts';

/** Asking a sender's API for JSON, with its refusals put into words for the owner. */

/** Largest answer that is read, in bytes, and the longest that reading it may take. */
const MAX_ANSWER = 5 * 1024 * 1024;
const READ_MS = 10_000;
const HOUR_MS = 3600 * 1000;

/** How long the other side wants us to wait, in ms: `Retry-After` in seconds or as a date, at most a day. Null for no word. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 24 * HOUR_MS) : null;
}

/** What a status other than success means for the one who set the source up. */
function refusalOf(response: Response, host: string, now: number): Asked<never> {
  const { status, headers } = response;
  const afterMs = retryAfterMs(headers, now);
  if (status === 404 || status === 410) return goneFrom(host);
  if (status === 401 || status === 403)
    return {
      ok: false,
      isFinal: false,
      afterMs,
      error: `${host} refused the access token (${status}). Check it, and the rights it has, on the page of this source.`,
    };
  if (status === 402)
    return { ok: false, isFinal: false, afterMs, error: `${host} answers only accounts of a dearer plan (402).` };
  if (status === 429) return { ok: false, isFinal: false, afterMs, error: `${host} asked us to slow down.` };
  if (status >= 500) return { ok: false, isFinal: false, afterMs, error: `${host} is in trouble (${status}).` };
  return { ok: false, isFinal: true, error: `${host} did not understand the question (${status}).` };
}

/** The answer's bytes; null when there are too many, they come too slowly, or they break off. */
async function readAnswer(response: Response): Promise<Uint8Array | null> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isLate = false;
  const giveUp = () => reader.cancel().catch(() => {});
  const timer = setTimeout(() => {
    isLate = true;
    void giveUp();
  }, READ_MS);
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.byteLength;
      if (size > MAX_ANSWER) {
        void giveUp();
        return null;
      }
      chunks.push(part.value);
    }
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
  return isLate ? null : joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

export type Answer = { readonly body: Json; readonly headers: Headers };

/**
 * Asks one of the provider's hosts. Integers beyond 2^53 arrive as strings of their digits; an empty answer is null.
 * @throws AddressRefused for an address that is not among the hosts: that is a defect of ours.
 */
export async function ask(
  { fetch, now }: Pick<ApiContext, 'fetch' | 'now'>,
  url: string,
  init: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Asked<Answer>> {
  const { host } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { accept: 'application/json', ...init.headers } });
  } catch (error) {
    if (error instanceof AddressRefused) throw error;
    const isRedirect = error instanceof RedirectRefused;
    const what = isRedirect ? 'sent us on to another address, which we do not follow' : 'could not be reached in time';
    return { ok: false, isFinal: false, error: `${host} ${what}.` };
  }
  if (!response.ok) {
    await response.body?.cancel();
    return refusalOf(response, host, now);
  }
  const bytes = await readAnswer(response);
  if (!bytes)
    return {
      ok: false,
      isFinal: false,
      error: `The answer of ${host} broke off, took too long or is larger than 5 MB.`,
    };
  if (bytes.length === 0) return { ok: true, value: { body: null, headers: response.headers } };
  const parsed = parseJson(bytes);
  return parsed.ok
    ? { ok: true, value: { body: parsed.value, headers: response.headers } }
    : { ok: false, isFinal: false, error: `${host} answered with something that is no JSON.` };
}

/** Asks for one thing: the object that comes, an empty one when something else does. */
export async function askFor(
  context: Pick<ApiContext, 'fetch' | 'now'>,
  url: string,
  headers: Record<string, string>,
): Promise<Asked<JsonObject>> {
  const asked = await ask(context, url, { headers });
  return asked.ok ? { ok: true, value: objectOf(asked.value.body) } : asked;
}

/** For what is asked beside the thing itself: when it is gone for good, the rest still counts. */
export const orNothing = (asked: Asked<JsonObject>): Asked<JsonObject> =>
  asked.ok || !asked.isFinal ? asked : { ok: true, value: {} };

/** An id as one part of a path. Dots alone would lead to another path. */
export const segment = (id: string): string => (/^\.*$/.test(id) ? '-' : encodeURIComponent(id));

export const nothing: Asked<JsonObject> = { ok: true, value: {} };

/** What is asked for is not there, though the request went through. */
export const goneFrom = (host: string): Asked<never> => ({
  ok: false,
  isFinal: true,
  error: `${host} says that it does not exist (any more).`,
});
