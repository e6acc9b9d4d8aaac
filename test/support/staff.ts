import type { Miniflare } from 'miniflare';
import { expect } from 'vitest';
import { ADMIN_TOKEN } from './worker.ts';

const ORIGIN = 'http://rapport.test';
type Headers = Readonly<Record<string, string>>;

/** Somebody of the business at a browser without scripts, signed in: reads pages and sends their forms. */
export type Staff = Awaited<ReturnType<typeof signIn>>;

/** Signs in by the page, as a person does. */
export async function signIn(worker: Miniflare) {
  const send = (path: string, form?: Headers, headers: Headers = {}) =>
    worker.dispatchFetch(ORIGIN + path, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        ...(form && { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(form && { body: new URLSearchParams(form).toString() }),
    });
  const cookie = (await send('/sign-in', { token: ADMIN_TOKEN })).headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');

  /** Asks for a page, or sends a form to it; redirects are answers. */
  const ask = (path: string, form?: Headers, headers?: Headers) => send(path, form, { cookie, ...headers });
  /** The page’s HTML, without the marks that the renderer puts between texts. */
  const textOf = async (path: string) => (await (await ask(path)).text()).replaceAll('<!-- -->', '');
  /** Where a form leads that is taken. */
  const leadsTo = async (path: string, form: Headers) => {
    const response = await ask(path, form);
    expect([path, response.status]).toEqual([path, 303]);
    return response.headers.get('location') ?? '';
  };
  return { cookie, ask, textOf, leadsTo };
}
