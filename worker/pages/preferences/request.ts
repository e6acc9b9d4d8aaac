import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { readBusiness } from '../../outbox/business.ts';
import { ACCESS_MS, accessOf, endAccess, type Followed } from '../../outbox/links.ts';
import { type Owner, ownerOf } from '../../outbox/recipients.ts';
import { readBody, readForm } from '../../platform/body.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { ownPart } from '../../record/identity/own-part.ts';
import type { Frame } from './parts.tsx';
import { speechOf } from './speech.ts';

export type Public = Context<{ Bindings: Bindings }>;

export const originOf = (c: Public): string => new URL(c.req.url).origin;

export const frameOf = async (c: Public): Promise<Frame> => ({
  speech: speechOf(c),
  business: await readBusiness(runtimeOf(c.env)),
  origin: originOf(c),
});

const MAX_FORM = 16 * 1024;

/** A posted form: one value of a name, or all of them. What is no form has none. */
export type Fields = { readonly text: (name: string) => string; readonly all: (name: string) => readonly string[] };

export async function fieldsOf(request: Request): Promise<Fields> {
  const body = await readBody(request, MAX_FORM);
  const fields = body && (await readForm(body, request.headers.get('content-type') ?? ''));
  const all = (name: string): readonly string[] => {
    const value = fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  };
  return { all, text: (name) => all(name)[0] ?? '' };
}

/**
 * What a followed link opens is carried in a cookie and not in the address: an address stays in the history of a shared computer,
 * goes into logs, and is passed on with a page. Strict: no other site can make a browser use it.
 */
const COOKIE = '__Host-rapport-person';

export function giveAccess(c: Public, token: string): void {
  setCookie(c, COOKIE, token, {
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    maxAge: ACCESS_MS / 1000,
  });
}

export const dropAccess = (c: Public): void => void deleteCookie(c, COOKIE, { path: '/', secure: true });

export type Access = {
  readonly link: Followed;
  readonly owner: Owner /** What of the record this link shows; null for all of it. */;
  readonly part: readonly number[] | null;
};

/** Whose centre this browser has open; null for nobody's. */
export async function currentAccess(c: Public): Promise<Access | null> {
  const runtime = runtimeOf(c.env);
  const token = getCookie(c, COOKIE);
  const link = token ? await accessOf(runtime, token) : null;
  const owner = link && (await ownerOf(runtime, link.fragmentId));
  if (!link || !owner) return null;
  const part = await ownPart(runtime.db, link.fragmentId, link.address);
  return part?.length === 0 ? null : { link, owner, part };
}

export async function closeAccess(c: Public): Promise<void> {
  const token = getCookie(c, COOKIE);
  const runtime = runtimeOf(c.env);
  const link = token ? await accessOf(runtime, token) : null;
  if (link) await endAccess(runtime, link);
  dropAccess(c);
}

/**
 * True when a page of another site sends this. Our own pages give no referrer, and say `null`; a program that is no browser says
 * nothing. The cookie alone would do: it goes with no request that another site makes.
 */
export function isFromElsewhere(c: Public): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = c.req.header('origin');
  return origin !== undefined && origin !== 'null' && origin !== originOf(c);
}

/** A redirect with the cookies set on the way, in the language of the page or of `query`. */
export const onTo = (c: Public, path: string, query: Readonly<Record<string, string>> = {}): Response => {
  const lang = c.req.query('lang');
  const search = new URLSearchParams({ ...query, ...(lang && !query.lang && { lang: lang.slice(0, 35) }) });
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  return c.redirect(search.size > 0 ? `${path}?${search}` : path, 303);
};
