import { type Context, Hono } from 'hono';
import type { Json } from '../../../schema/touchpoint.ts';
import type { Bindings } from '../../platform/env.ts';
import { invalid, type Problem, problemResponse, tooLarge } from '../../platform/problem.ts';
import { isFlooding, notAccepted, receiveRequest } from '../../sources/doors.ts';
import { isObject, textOf } from '../../sources/read.ts';
import type { Received } from '../../sources/receive.ts';
import type { Source } from '../../sources/store.ts';
import { seeOther } from '../response.ts';
import { type Speech, speechFor, wishesOf } from './locale.ts';
import { messagePage } from './message-page.tsx';

type Env = { Bindings: Bindings };
/** Largest form, in bytes. A form sends words; files are not kept. */
const MAX_BODY = 256 * 1024;
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

const tooMany: Problem = {
  status: 429,
  code: 'too_many_requests',
  title: 'Too many requests',
  detail: 'Send it again in a minute.',
  headers: { 'retry-after': '60' },
};

/** Programs ask for JSON; a browser that sends a form asks for a page. */
const wantsJson = (c: Context<Env>): boolean => {
  const accept = c.req.header('accept') ?? '';
  return accept.includes('json') && !accept.includes('text/html');
};

/** The address of the page the form stood on; null when the browser does not tell. */
function cameFrom(c: Context<Env>): URL | null {
  for (const header of [c.req.header('referer'), c.req.header('origin')]) {
    if (header && /^https?:/.test(header) && URL.canParse(header)) return new URL(header);
  }
  return null;
}

/**
 * Where `_next` leads, if it may: to the site the form stood on, or to one the owner lists. Anywhere else and the owner's form
 * would lend its good name to a stranger's link.
 */
function nextOf(c: Context<Env>, source: Source, payload: Json): string | null {
  const field = isObject(payload) ? payload._next : undefined;
  const wanted = textOf(Array.isArray(field) ? field[0] : field, 2000) ?? c.req.query('_next') ?? null;
  const from = cameFrom(c);
  if (wanted === null || !URL.canParse(wanted, from?.href)) return null;
  const next = new URL(wanted, from?.href);
  if (next.protocol !== 'https:' && next.protocol !== 'http:') return null;
  const listed = Array.isArray(source.settings.origins) ? source.settings.origins : [];
  const allowed = [from?.origin, ...listed.map((origin) => new URL(String(origin)).origin)];
  return allowed.includes(next.origin) ? next.href : null;
}

function thanks(c: Context<Env>, { text, ...speech }: Speech): Response {
  const from = cameFrom(c);
  const link = from && { href: from.href, label: text('page.return', { host: from.host }) };
  return messagePage({ speech: { text, ...speech }, heading: text('thanks'), words: text('page.received'), link });
}

/** The problem and the key of the words a person reads for it; null when the form was taken. A trap's victim is told the same. */
function problemOf(received: Received | null): { readonly key: string; readonly response: Response } | null {
  if (!received) return { key: 'page.tooLarge', response: problemResponse(tooLarge(MAX_BODY)) };
  switch (received.outcome) {
    case 'accepted':
    case 'ignored':
    case 'held':
    case 'handshake':
      return null;
    case 'refused':
      return { key: 'page.refused', response: notAccepted(401) };
    case 'unknown_key':
      return { key: 'page.refused', response: notAccepted(404) };
    case 'malformed':
      return { key: 'page.faulty', response: problemResponse(invalid(received.misfits)) };
  }
}

const withCors = (response: Response): Response => {
  for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value);
  return response;
};

async function take(c: Context<Env>): Promise<Response> {
  const key = c.req.param('key') ?? '';
  const speech = speechFor(wishesOf(c.req.header('accept-language')));
  const refuse = (words: string, response: Response): Response => {
    if (wantsJson(c)) return response;
    const { status } = response;
    const retryAfter = response.headers.get('retry-after');
    return messagePage({
      speech,
      heading: speech.text(words),
      status,
      ...(retryAfter && { headers: { 'retry-after': retryAfter } }),
    });
  };
  if (await isFlooding(c.env, key, c.req.raw)) return refuse('page.tooMany', problemResponse(tooMany));
  const received = await receiveRequest(c.env, 'form', key, c.req.raw, MAX_BODY);
  const problem = problemOf(received);
  if (problem) return refuse(problem.key, problem.response);
  if (wantsJson(c)) return Response.json({ ok: true }, { headers: { 'cache-control': 'no-store' } });
  const next = received && 'source' in received ? nextOf(c, received.source, received.payload) : null;
  return next ? seeOther(next) : thanks(c, speech);
}

/** `/f/:key`: what a plain HTML form is sent to. */
export const formRoutes = new Hono<Env>()
  .options('/f/:key', () =>
    withCors(
      new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'content-type, accept',
          'access-control-max-age': '86400',
        },
      }),
    ),
  )
  .post('/f/:key', async (c) => withCors(await take(c)));
