import { Hono } from 'hono';
import { readBody } from '../../platform/body.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { isFlooding } from '../doors.ts';
import type { Delivery } from '../provider.ts';
import { type Received, receive } from '../receive.ts';
import { isSecretKey, keyHeader, keyOf, writeKeyOf } from './credential.ts';
import { CALL_HEADER, CALLS, MAX_BATCH_BYTES, MAX_EVENT_BYTES } from './item.ts';
import { browserSettings } from './settings.ts';

/**
 * The door that event SDKs speak to: https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/.
 * What a status makes an SDK do: 2xx and 3xx count as delivered, 400, 401 and 413 drop the events for good, 408, 429 and
 * most of 5xx make it try again for up to twelve hours. So only what will never fit gets 4xx; a busy database gets 503.
 */

/** The browser SDK names calls by their first letter. */
const NAMES: ReadonlyMap<string, string> = new Map(
  [...CALLS, 'batch'].flatMap((call): [string, string][] => [
    [call, call],
    // `a` is alias; nothing else shares a letter.
    [call.slice(0, 1), call],
  ]),
);

const answer = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  });

const failure = (status: number, code: string, more: object = {}, headers?: Record<string, string>): Response =>
  answer(status, { success: false, code, ...more }, headers);

/**
 * Read of a body that is too large before it is refused. Closing on a sender in the middle of a sentence looks like a lost
 * connection, and an SDK that lost one sends again for twelve hours.
 */
const MAX_READ = 4 * 1024 * 1024;

/** Node SDKs press large batches. The limit counts what comes out, so that little cannot become much. */
async function bodyOf(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | 'too_large' | 'unreadable'> {
  const isPressed = request.headers.get('content-encoding')?.trim().toLowerCase() === 'gzip';
  const sent = await readBody(request, MAX_READ);
  if (!sent || sent.length > limit) return 'too_large';
  if (!isPressed) return sent;
  const stream = new Blob([sent]).stream().pipeThrough(new DecompressionStream('gzip'));
  const plain = new Request(request.url, { method: 'POST', body: stream });
  try {
    return (await readBody(plain, limit)) ?? 'too_large';
  } catch {
    // The only fault a stream of bytes in memory has: it is no gzip.
    return 'unreadable';
  }
}

/**
 * The delivery as it is handed on and kept: the key in the header alone. SDKs write it into the body too, where a secret one
 * would be kept with the delivery for staff to read.
 */
function deliveryOf(request: Request, body: Uint8Array<ArrayBuffer>, call: string, key: string | null): Delivery {
  const headers = new Headers(request.headers);
  headers.set(CALL_HEADER, call);
  // It is JSON whatever it says: browsers call it text, and RudderStack's SDK for Node a form once it is pressed.
  headers.set('content-type', 'application/json');
  if (key !== null) headers.set('Authorization', keyHeader(key));
  const isBare = key === null || !isSecretKey(key);
  return { method: 'POST', url: new URL(request.url), headers, body: isBare ? body : without(body, key) };
}

function without(body: Uint8Array<ArrayBuffer>, key: string): Uint8Array<ArrayBuffer> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes(key) ? new TextEncoder().encode(text.replaceAll(key, writeKeyOf(key))) : body;
  } catch {
    // Not UTF-8, which the parser is about to say.
    return body;
  }
}

function answerOf(received: Received, isBatch: boolean): Response {
  switch (received.outcome) {
    case 'accepted':
      return answer(200, { success: true, ...(isBatch && { accepted: received.read, rejected: received.refused }) });
    case 'ignored':
    case 'held':
    case 'handshake':
      return answer(200, { success: true, ...(isBatch && { accepted: 0, rejected: [] }) });
    case 'refused':
    case 'unknown_key':
      // One answer for both, so that it does not tell which keys exist.
      return failure(401, 'not_accepted', { detail: 'Check the write key against the page of this source.' });
    case 'malformed':
      return failure(400, 'invalid', { errors: received.misfits });
  }
}

async function take(env: Bindings, request: Request, call: string): Promise<Response> {
  const isBatch = call === 'batch';
  const limit = isBatch ? MAX_BATCH_BYTES : MAX_EVENT_BYTES;
  const body = await bodyOf(request, limit);
  if (body === 'too_large') return failure(413, 'too_large', { detail: `Send at most ${limit} bytes.` });
  if (body === 'unreadable') return failure(400, 'invalid', { errors: [{ path: '$', message: 'is not gzip' }] });
  const key = keyOf(request.headers, body);
  // The wall is for the key that everybody can read; a server sends for all its customers from one address.
  if (key !== null && !isSecretKey(key) && (await isFlooding(env, key, request)))
    return failure(429, 'too_many_requests', {}, { 'retry-after': '60' });
  const delivery = deliveryOf(request, body, call, key);
  return answerOf(await receive(runtimeOf(env), 'tracking', writeKeyOf(key ?? ''), delivery), isBatch);
}

/** The SDK in the browser sends its key in a header, so that every origin asks first. RudderStack's also names its visitor. */
const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, content-type, x-retry-count, anonymousid',
  'access-control-max-age': '900',
};

/**
 * `POST /v1/{identify,track,page,screen,group,alias,batch}` and their first letters, and what the SDK in the browser wants
 * besides. Every answer below `/v1` may be read by any page: else it could not tell a refusal from a lost connection.
 */
export const trackingApi = new Hono<{ Bindings: Bindings }>()
  .get('/v1/projects/:key/settings', (c) => browserSettings(new URL(c.req.url), c.req.param('key')))
  .options('/v1/:call', () => new Response(null, { headers: PREFLIGHT }))
  // Counters of the SDK's own use, where a page did not switch them off. We want none, and an error would show in its console.
  .post('/v1/m', () => answer(200, { success: true }))
  .post('/v1/:call', async (c) => {
    const call = NAMES.get(c.req.param('call'));
    return call === undefined ? failure(404, 'not_found') : take(c.env, c.req.raw, call);
  });
