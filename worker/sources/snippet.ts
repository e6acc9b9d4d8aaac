import { Hono } from 'hono';
import { assetPath, loaderText } from '../platform/assets.ts';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { providerOf, sourceByKey } from './store.ts';

/** JSON that can stand in a script: no `</script`, no line separators. */
const inScript = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

/** `GET /w/:key.js`: the loader with the settings of its source inside, so that a page needs no second request to show it. */
export const snippet = new Hono<{ Bindings: Bindings }>().get('/w/:file{[A-Za-z0-9_-]+\\.js}', async (c) => {
  const key = c.req.param('file').slice(0, -'.js'.length);
  const source = await sourceByKey(runtimeOf(c.env), key);
  const headers = {
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  };
  if (!source || providerOf(source.kind)?.door !== 'site') {
    // A comment rather than a page of HTML: it lands in somebody's console.
    return new Response('/* Rapport: no site source has this key. */', { status: 404, headers });
  }
  const config = { host: new URL(c.req.url).origin, key, survey: assetPath('survey'), settings: source.settings };
  const script = loaderText.replace('"__RAPPORT_CONFIG__"', () => inScript(config));
  return new Response(script, {
    headers: { ...headers, 'cache-control': 'public, max-age=300, stale-while-revalidate=86400' },
  });
});
