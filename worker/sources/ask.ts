import type { Json } from '../../schema/touchpoint.ts';
import { parseJson } from '../platform/json.ts';
import type { ApiContext, Asked } from './provider-api.ts';

/** Asking a sender's API for JSON, with its refusals put into words for the owner. */

/** Largest answer that is read, in bytes. */
const MAX_ANSWER = 5 * 1024 * 1024;
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
  if (status === 404 || status === 410)
    return { ok: false, isFinal: true, error: `${host} says that it does not exist (any more).` };
  if (status === 401 || status === 403)
    return {
      ok: false,
      isFinal: false,
      afterMs,
      error: `${host} refused the access token (${status}). Check it, and the rights it has, on the page of this source.`,
    };
  if (status === 429) return { ok: false, isFinal: false, afterMs, error: `${host} asked us to slow down.` };
  if (status >= 500) return { ok: false, isFinal: false, afterMs, error: `${host} is in trouble (${status}).` };
  return { ok: false, isFinal: true, error: `${host} did not understand the question (${status}).` };
}

/** The answer's bytes, null when there are too many. */
async function readAnswer(response: Response): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER) return null;
    chunks.push(chunk);
  }
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
 * Asks one of the provider's hosts. Integers beyond 2^53 arrive as strings of their digits.
 * @throws TypeError for an address that is not among the hosts: that is a defect of ours.
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
    if (error instanceof TypeError && error.message.startsWith('not an address')) throw error;
    const isElsewhere = error instanceof TypeError && error.message.endsWith('answered with a redirect');
    const why = isElsewhere ? 'sends us on to another address; enter that one.' : 'could not be reached.';
    return { ok: false, isFinal: false, error: `${host} ${why}` };
  }
  if (!response.ok) {
    await response.body?.cancel();
    return refusalOf(response, host, now);
  }
  const bytes = await readAnswer(response).catch(() => null);
  if (!bytes) return { ok: false, isFinal: false, error: `The answer of ${host} broke off or is larger than 5 MB.` };
  const parsed = parseJson(bytes);
  return parsed.ok
    ? { ok: true, value: { body: parsed.value, headers: response.headers } }
    : { ok: false, isFinal: false, error: `${host} answered with something that is no JSON.` };
}
