import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { readDelivery } from '../record/deliveries.ts';
import { addSource, changeSource, sendTest } from '../sources/manage.ts';
import type { Misfit } from '../sources/provider.ts';
import type { Received } from '../sources/receive.ts';
import { replayDelivery } from '../sources/replay.ts';
import { makeSecret, makesSecret, providerOf, type Source, sourceByInternalId } from '../sources/store.ts';
import { deliveryNumber, deliveryPage } from './delivery.tsx';
import { formOf } from './form.ts';
import { noticeOf } from './notices.ts';
import { pageResponse, seeOther } from './response.ts';
import { sourcePage } from './source.tsx';
import { mendingRoutes } from './source-mending.ts';
import { addSourcePage, newSourcePage, originsOf, sourceDraftOf, takesOrigins } from './source-new.tsx';
import { missing, originOf, type Staff, withSource } from './source-request.ts';
import { sourcesPage } from './sources.tsx';

/**
 * Carries a secret just made to the one page that shows it, in the browser that made it, and is taken away there. Nothing
 * but this shows a secret again.
 */
const FRESH = '__Secure-rapport-fresh';
const FRESH_PATH = '/sources';

function keepFresh(c: Staff, source: Source): void {
  const [secret] = source.secrets;
  const provider = providerOf(source.kind);
  if (!secret || !provider || !makesSecret(provider)) return;
  const value = `${source.publicId} ${secret}`;
  setCookie(c, FRESH, value, { path: FRESH_PATH, httpOnly: true, secure: true, sameSite: 'Strict', maxAge: 300 });
}

/** The fresh secret of this source, if it is one of its own still; taking it is reading it for the last time. */
function takeFresh(c: Staff, source: Source): string | null {
  const [id, secret] = (getCookie(c, FRESH) ?? '').split(' ');
  if (id !== source.publicId || !secret) return null;
  deleteCookie(c, FRESH, { path: FRESH_PATH, secure: true });
  return source.secrets.includes(secret) ? secret : null;
}

/** A page with the cookies set on the way. */
const withCookies = (c: Staff, response: Response): Response =>
  c.newResponse(response.body, 200, Object.fromEntries(response.headers));

const outcomeCode = (received: Received | null): string => received?.outcome ?? 'gone';

type Typed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly misfits: readonly Misfit[] };

/** Reads JSON as typed; nothing typed is an object with nothing in it. */
function typedJson(text: string): Typed {
  try {
    return { ok: true, value: JSON.parse(text.trim() || '{}') };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read';
    return { ok: false, misfits: [{ path: '$.settings', message: `are not JSON: ${message}` }] };
  }
}

/** The settings of the form: the JSON with the origins from their own field. What is no object is left to the provider. */
function typedSettings(source: Source, text: string, origins: string): Typed {
  const typed = typedJson(text);
  const { ok } = typed;
  if (!ok || !Array.isArray(source.settings.origins)) return typed;
  const isObject = typeof typed.value === 'object' && typed.value !== null && !Array.isArray(typed.value);
  return isObject ? { ok, value: { ...typed.value, origins: originsOf(origins) } } : typed;
}

async function createFromForm(c: Staff): Promise<Response> {
  const form = await formOf(c.req.raw);
  const provider = providerOf(form.text('kind'));
  if (!provider) return missing();
  const draft = sourceDraftOf(form);
  const added = await addSource(runtimeOf(c.env), {
    kind: provider.kind,
    name: draft.name,
    secret: draft.secret,
    ...(takesOrigins(provider) && { settings: { origins: originsOf(draft.origins) } }),
  });
  if (!added.ok) return pageResponse(newSourcePage({ provider, draft, misfits: added.misfits }), { status: 422 });
  keepFresh(c, added.value);
  return c.redirect(`/sources/${added.value.publicId}?done=added`, 303);
}

async function changeSettings(c: Staff, source: Source): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const text = form.text('settings');
  const origins = form.text('origins');
  const typed = typedSettings(source, text, origins);
  const changed = typed.ok
    ? await changeSource(runtime, source, { name: form.text('name').slice(0, 100), settings: typed.value })
    : typed;
  if (changed.ok) return seeOther(`/sources/${source.publicId}?done=saved`);
  const settings = { text, origins, misfits: changed.misfits };
  return pageResponse(await sourcePage(runtime, source, { origin: originOf(c), settings }), { status: 422 });
}

/** Takes a pasted secret; makes one where it is ours to make and nothing was pasted. */
async function changeSecret(c: Staff, source: Source): Promise<Response> {
  const pasted = (await formOf(c.req.raw)).text('secret').trim().slice(0, 500);
  const provider = providerOf(source.kind);
  const made = !pasted && provider && makesSecret(provider) ? makeSecret() : '';
  const secret = pasted || made;
  const changed = secret ? await changeSource(runtimeOf(c.env), source, { secret }) : null;
  if (!changed?.ok) return seeOther(`/sources/${source.publicId}?done=no_secret`);
  if (made) keepFresh(c, changed.value);
  return c.redirect(`/sources/${source.publicId}?done=secret`, 303);
}

/** `/sources/*` and `/deliveries/*`. */
export const sourceRoutes = new Hono<{ Bindings: Bindings }>()
  .route('/', mendingRoutes)
  .get('/sources', async (c) => pageResponse(await sourcesPage(runtimeOf(c.env))))
  .post('/sources', createFromForm)
  .get('/sources/new', (c) => pageResponse(addSourcePage(c.req.query('kind'))))
  .get(
    '/sources/:id',
    withSource(async (c, source) => {
      const freshSecret = takeFresh(c, source);
      const notice = noticeOf(c.req.query('done'));
      const page = await sourcePage(runtimeOf(c.env), source, { origin: originOf(c), notice, freshSecret });
      return withCookies(c, pageResponse(page));
    }),
  )
  .post(
    '/sources/:id/test',
    withSource(async (c, source) => {
      const sent = await sendTest(runtimeOf(c.env), source);
      const code = sent.ok ? outcomeCode(sent.value) : 'no_secret';
      return seeOther(`/sources/${source.publicId}?done=test_${code}`);
    }),
  )
  .post('/sources/:id/settings', withSource(changeSettings))
  .post('/sources/:id/secret', withSource(changeSecret))
  .get('/deliveries/:id', async (c) => {
    const page = await deliveryPage(runtimeOf(c.env), c.req.param('id'));
    return page ? pageResponse(page) : missing();
  })
  .post('/deliveries/:id/replay', async (c) => {
    const runtime = runtimeOf(c.env);
    const number = deliveryNumber(c.req.param('id'));
    const kept = number === null ? null : await readDelivery(runtime.db, number);
    const source = kept?.sourceId == null ? null : await sourceByInternalId(runtime, kept.sourceId);
    if (!kept || !source) return missing();
    const received = await replayDelivery(runtime, kept.id);
    const isOld = received?.outcome === 'accepted' && received.stored === 0;
    return seeOther(`/sources/${source.publicId}?done=replay_${isOld ? 'old' : outcomeCode(received)}`);
  });
