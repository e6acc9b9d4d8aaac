import { Hono, type MiddlewareHandler } from 'hono';
import { readBody } from '../platform/body.ts';
import type { Bindings } from '../platform/env.ts';
import { invalid, type Problem, problemResponse, tooLarge } from '../platform/problem.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { maxBodyOf } from './prepare.ts';
import type { Delivery, Greeting, Provider } from './provider.ts';
import { MAX_BODY, type Received, receive } from './receive.ts';
import { providerOf } from './store.ts';

/** The public doors by which facts come in: webhooks and the widget. The form's door answers in pages and stands with them. */

/** One body for a wrong key and for a wrong signature, so that neither tells which keys exist. */
const NOT_ACCEPTED = JSON.stringify({
  type: 'about:blank',
  title: 'Not accepted',
  code: 'not_accepted',
  detail: 'Check the address and the signing secret against the page of this source.',
});

export const notAccepted = (status: 401 | 404): Response =>
  new Response(NOT_ACCEPTED, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });

export const tooMany: Problem = {
  status: 429,
  code: 'too_many_requests',
  title: 'Too many requests',
  detail: 'Send it again in a minute.',
  headers: { 'retry-after': '60' },
};

/** First wall of the public doors, by address and key; approximate by nature (it counts per location). */
export async function isFlooding(env: Bindings, key: string, request: Request): Promise<boolean> {
  if (!env.PUBLIC_LIMIT) return false;
  const address = request.headers.get('cf-connecting-ip') ?? 'unknown';
  return !(await env.PUBLIC_LIMIT.limit({ key: `${key} ${address}` })).success;
}

/** Reads a request at a door and hands it on; the value is what became of it, or null when the body is too large. */
export async function receiveRequest(
  env: Bindings,
  door: Provider['door'],
  key: string,
  request: Request,
  limit: number,
): Promise<Received | null> {
  const body = await readBody(request, limit);
  if (!body) return null;
  const delivery: Delivery = { method: request.method, url: new URL(request.url), headers: request.headers, body };
  return receive(runtimeOf(env), door, key, delivery);
}

const greetingResponse = ({ body, contentType, headers }: Greeting): Response =>
  new Response(body ?? '', { status: 200, headers: { ...headers, 'content-type': contentType ?? 'text/plain' } });

function responseOf(received: Received): Response {
  switch (received.outcome) {
    case 'accepted':
    case 'ignored':
    case 'held': {
      // Exactly 200 and nothing else: some senders take 201, 204 or a redirect for a failure.
      const answer = providerOf(received.source.kind)?.acknowledgement;
      return new Response(answer?.body ?? null, answer && { headers: { 'content-type': answer.contentType } });
    }
    case 'handshake':
      return greetingResponse(received.greeting);
    case 'refused':
      return notAccepted(401);
    case 'unknown_key':
      return notAccepted(404);
    case 'malformed':
      return problemResponse(invalid(received.misfits));
  }
}

/** Largest message the widget can send, in bytes. */
export const MAX_WIDGET_BODY = 32 * 1024;
// Without the first a page could not tell a refusal from a lost connection; without the second not how long to wait.
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

/** Lets pages of any origin read what became of their request, whatever it was: a surprise and a busy database too. */
export const readableByAnyPage: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(CORS)) c.res.headers.set(name, value);
};

export const doors = new Hono<{ Bindings: Bindings }>()
  // GET, HEAD and OPTIONS are how some senders ask whether they are welcome; a provider that is not asked so refuses them.
  .on(['POST', 'GET', 'OPTIONS'], '/in/:key', async (c) => {
    const key = c.req.param('key');
    const isLarge = !(Number(c.req.header('content-length') ?? 'unknown') <= MAX_BODY) && c.req.method === 'POST';
    const limit = isLarge ? await maxBodyOf(runtimeOf(c.env), key, MAX_BODY) : MAX_BODY;
    const received = await receiveRequest(c.env, 'webhook', key, c.req.raw, limit);
    return received ? responseOf(received) : problemResponse(tooLarge(limit));
  })
  .options('/w/:key/in', () => new Response(null, { headers: { 'access-control-allow-headers': 'content-type' } }))
  .post('/w/:key/in', async (c) => {
    const key = c.req.param('key');
    if (await isFlooding(c.env, key, c.req.raw)) return problemResponse(tooMany);
    const received = await receiveRequest(c.env, 'site', key, c.req.raw, MAX_WIDGET_BODY);
    return received ? responseOf(received) : problemResponse(tooLarge(MAX_WIDGET_BODY));
  });
