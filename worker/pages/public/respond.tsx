import type { ComponentChildren, VNode } from 'preact';
import { assetPath } from '../../platform/assets.ts';
import { type PageOptions, pageResponse } from '../response.ts';
import type { Speech } from './locale.ts';

type PublicDocumentProps = {
  readonly title: string;
  readonly speech: Speech;
  readonly theme?: 'auto' | 'light' | 'dark';
  /** A stylesheet with the owner's colours. */
  readonly look?: string;
  readonly children: ComponentChildren;
};

/** A page for visitors: one card in the middle, in their language, with nothing of the staff's side on it. */
export function PublicDocument({ title, speech, theme = 'auto', look, children }: PublicDocumentProps): VNode {
  return (
    <html lang={speech.locale} dir={speech.dir} class={`public-${theme}`}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="stylesheet" href={assetPath('styles.css')} />
        {look && <link rel="stylesheet" href={look} />}
      </head>
      <body class="public-body">
        <main class="public-card">{children}</main>
      </body>
    </html>
  );
}

const originOf = (address: string): string | null =>
  URL.canParse(address) && /^https?:/.test(address) ? new URL(address).origin : null;

/** Pages of these origins may frame the answer; without any, none may. */
const ancestorsOf = (origins: readonly string[]): string =>
  origins.flatMap((origin) => originOf(origin) ?? []).join(' ') || "'none'";

/** A page for visitors as a response: it loads nothing from elsewhere, leaks no address and stays out of search engines. */
export function publicResponse(
  document: VNode,
  { framedBy = [], ...options }: PageOptions & { readonly framedBy?: readonly string[] } = {},
): Response {
  const response = pageResponse(document, options);
  const { headers } = response;
  headers.set(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors ${ancestorsOf(framedBy)}`,
  );
  // The older header knows no list of origins and would contradict it.
  if (framedBy.length > 0) headers.delete('x-frame-options');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('x-robots-tag', 'noindex');
  return response;
}
