import { type Context, Hono } from 'hono';
import { normaliseEmail } from '../../../schema/identifiers.ts';
import { ConfirmMessage, LOCALES } from '../../../schema/survey.ts';
import { chooseLocale } from '../../../widgets/locales/locale.ts';
import { proveAddress, requestCode } from '../../outbox/confirm.ts';
import { canSend } from '../../outbox/way.ts';
import { readBody } from '../../platform/body.ts';
import type { Bindings } from '../../platform/env.ts';
import { parseJson } from '../../platform/json.ts';
import { wishesOf } from '../../platform/languages.ts';
import { invalid, type Problem, problemResponse, tooLarge } from '../../platform/problem.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { isFlooding, MAX_WIDGET_BODY, notAccepted, tooMany } from '../../sources/doors.ts';
import type { Confirmed } from '../../sources/provider.ts';
import { parseWith } from '../../sources/read.ts';
import { admit } from '../../sources/receive.ts';
import type { Source } from '../../sources/store.ts';

type Env = { Bindings: Bindings };

const cannotSend: Problem = {
  status: 409,
  code: 'cannot_send',
  title: 'No mail can be sent',
  detail: 'The owner of the site has to set up outgoing mail in Rapport first.',
};
const paused: Problem = {
  status: 409,
  code: 'paused',
  title: 'The source is paused',
  detail: 'The owner of the site holds it. Try again later.',
};
const wrongCode: Problem = {
  status: 422,
  code: 'wrong_code',
  title: 'The code is wrong or expired',
  detail: 'Check the six digits, or ask for another code.',
};

const HEADERS = { 'cache-control': 'no-store' };

/** What the body asks for, of a source that is known. */
async function take(
  c: Context<Env>,
  body: Uint8Array<ArrayBuffer>,
  { source, confirmed }: { readonly source: Source; readonly confirmed: Confirmed },
): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const json = parseJson(body);
  const parsed = parseWith(ConfirmMessage, json.ok ? json.value : null);
  if (!parsed.ok) return problemResponse(invalid(parsed.misfits));
  const { email, code, locale } = parsed.value;
  const visitor = parsed.value.visitor.toLowerCase();
  const address = normaliseEmail(email);
  if (address === null) return problemResponse(invalid([{ path: '$.email', message: 'expected an e-mail address' }]));
  if (code !== undefined) {
    const digits = code.replaceAll(/\s/g, '');
    const proof = await proveAddress(runtime, { source, confirmed, visitor, address, locale, code: digits });
    return proof ? c.json({ confirmed: true, token: proof.token }, 200, HEADERS) : problemResponse(wrongCode);
  }
  if (!(await canSend(runtime))) return problemResponse(cannotSend);
  const wishes = [...(locale ? [locale] : []), ...wishesOf(c.req.header('accept-language'))];
  const { origin } = new URL(c.req.url);
  await requestCode(runtime, { source, visitor, address, locale: chooseLocale(LOCALES, wishes), origin });
  return c.json({ ok: true }, 202, HEADERS);
}

/**
 * `POST /w/:key/confirm`: a visitor asks for a code, and proves an address with it. The same walls as for what the widget sends: the key,
 * the allowed origins, the rate, the size.
 */
export const confirmRoutes = new Hono<Env>()
  .options('/w/:key/confirm', () => new Response(null, { headers: { 'access-control-allow-headers': 'content-type' } }))
  .post('/w/:key/confirm', async (c) => {
    const key = c.req.param('key');
    if (await isFlooding(c.env, key, c.req.raw)) return problemResponse(tooMany);
    const body = await readBody(c.req.raw, MAX_WIDGET_BODY);
    if (!body) return problemResponse(tooLarge(MAX_WIDGET_BODY));
    const { method, url, headers } = c.req.raw;
    const admitted = await admit(runtimeOf(c.env), 'site', key, { method, url: new URL(url), headers, body });
    if (admitted.outcome === 'refused') return notAccepted(401);
    const confirmed = admitted.outcome === 'admitted' ? admitted.provider.confirming : undefined;
    if (admitted.outcome !== 'admitted' || !confirmed) return notAccepted(404);
    if (admitted.source.pausedAt !== null) return problemResponse(paused);
    return take(c, body, { source: admitted.source, confirmed });
  });
