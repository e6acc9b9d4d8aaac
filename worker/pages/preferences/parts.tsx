import type { ComponentChildren } from 'preact';
import { LOCALES } from '../../../schema/survey.ts';
import { type Business, businessName } from '../../outbox/business.ts';
import { OWN_NAMES, type Speech } from '../public/locale.ts';
import { PublicDocument, publicResponse } from '../public/respond.tsx';
import type { PageOptions } from '../response.ts';

/** What every page of the preference centre is made with. */
export type Frame = {
  readonly speech: Speech;
  readonly business: Business;
  /** `https://host` of this worker. */
  readonly origin: string;
};

export const nameOf = ({ business, origin }: Frame): string => businessName(business, origin);

/** A path of the centre in the language of the page. */
export const hrefOf = ({ speech }: Pick<Frame, 'speech'>, path: string, query: Record<string, string> = {}): string =>
  `${path}?${new URLSearchParams({ ...query, lang: speech.locale })}`;

function Languages({ frame: { speech }, path }: { readonly frame: Frame; readonly path: string }) {
  return (
    <nav class="public-languages" aria-label={speech.text('page.language')}>
      <ul>
        {LOCALES.map((locale) => (
          <li key={locale}>
            <a
              href={`${path}?lang=${locale}`}
              lang={locale}
              hreflang={locale}
              dir={locale === 'ar' ? 'rtl' : 'ltr'}
              aria-current={locale === speech.locale ? 'true' : undefined}
            >
              {OWN_NAMES[locale]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Whom to write to, where the business has said so. An address or a page is a link; anything else is words. */
export function Contact({ frame: { business, speech }, phrase }: { readonly frame: Frame; readonly phrase: string }) {
  const { contact } = business;
  if (contact === null) return null;
  const href = /^[^\s@<>"]+@[^\s@<>"]+$/.test(contact)
    ? `mailto:${contact}`
    : /^https:\/\//.test(contact)
      ? contact
      : null;
  const [before = '', after = ''] = speech.text(phrase, { contact: '\u0000' }).split('\u0000');
  return (
    <p class="public-small">
      {before}
      <bdi>{href ? <a href={href}>{contact}</a> : contact}</bdi>
      {after}
    </p>
  );
}

type SheetProps = PageOptions & {
  readonly frame: Frame;
  readonly title: string;
  /** Where this page is read again, for the language switch; null where it cannot be. */
  readonly path: string | null;
  /** What was just done. */
  readonly notice?: string | null;
  readonly children: ComponentChildren;
};

/** One page of the centre. No part of it needs a script, and its address goes to nobody. */
export function sheet({ frame, title, path, notice, children, ...options }: SheetProps): Response {
  return publicResponse(
    <PublicDocument title={`${title} – ${nameOf(frame)}`} speech={frame.speech}>
      <p class="preferences-business">
        <bdi>{nameOf(frame)}</bdi>
      </p>
      <h1>{title}</h1>
      {notice && (
        <p class="preferences-notice" role="status">
          {notice}
        </p>
      )}
      {children}
      {path !== null && <Languages frame={frame} path={path} />}
    </PublicDocument>,
    options,
  );
}

type SendProps = { readonly action: string; readonly label: string; readonly act?: string; readonly quiet?: boolean };

/** A button that does one thing. */
export function Send({ action, label, act, quiet = false }: SendProps) {
  return (
    <form method="post" action={action}>
      {act && <input type="hidden" name="act" value={act} />}
      <button type="submit" class={quiet ? 'public-send preferences-quiet' : 'public-send'}>
        {label}
      </button>
    </form>
  );
}

/** A part of the page under its heading. */
export function Part({
  id,
  title,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="preferences-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** A line of a list of facts. */
export const Fact = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{label}</dt>
    <dd>
      <bdi>{children}</bdi>
    </dd>
  </div>
);
