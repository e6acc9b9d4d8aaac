import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/**
 * What every page of ours sends beside its markup. Nothing from elsewhere is loaded, no script or style stands in the markup,
 * and no other site may frame it. `same-origin` keeps the Origin header on our own forms, which `no-referrer` would blank.
 */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

export type PageOptions = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> };

/** The response of a whole document. Text from strangers is escaped by the renderer. */
export function pageResponse(document: VNode, { status = 200, headers = {} }: PageOptions = {}): Response {
  return new Response(`<!doctype html>${renderToString(document)}`, {
    status,
    headers: { ...PAGE_HEADERS, ...headers },
  });
}

/** Sends a browser on after a form was posted, so that reloading does not post it again. */
export const seeOther = (location: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store', ...headers } });
