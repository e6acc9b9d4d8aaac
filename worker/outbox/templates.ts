import type { Purpose } from '../../schema/consent.ts';
import type { Locale } from '../../schema/survey.ts';
import type { Text } from '../../widgets/locales/text.ts';

/** What a mail is made of: paragraphs of plain words, links that stand on lines of their own, and lists. */
export type Part =
  | { readonly words: string }
  | { readonly link: string; readonly label: string }
  | { readonly lines: readonly Line[] };
/** One of a list: a few words that lead somewhere. */
export type Line = { readonly words: string; readonly link: string };
export type Letter = { readonly subject: string; readonly parts: readonly Part[] };

/** What a template is filled with. All of it is plain text. */
export type Filling = {
  readonly text: Text;
  readonly locale: Locale;
  /** What people call the business. */
  readonly business: string;
  readonly madeBy: string;
  /** Links of the preference centre, where the template has such. */
  readonly links: readonly { readonly url: string; readonly expiresAt: number }[];
  /** The code it brings, where the template has one: six digits, and until when they are good. */
  readonly code: { readonly code: string; readonly expiresAt: number } | null;
};

export type Template = {
  readonly purpose: Purpose;
  /** Carries links that open the preference centre. */
  readonly hasLinks: boolean;
  /** Brings a code that proves the address. */
  readonly hasCode?: true;
  /** False for one that is about nobody on record, and goes to its address whoever has it: a test, a code. */
  readonly isToPerson: boolean;
  write(filling: Filling): Letter;
};

/** How dates and numbers are written: digits stay western in every language, and English puts the day first as elsewhere. */
export const numbersIn = (locale: Locale): string => `${locale === 'en' ? 'en-GB' : locale}-u-nu-latn`;

/** A moment as people read it, in UTC. */
export const momentIn = (locale: Locale, at: number): string =>
  `${new Intl.DateTimeFormat(numbersIn(locale), { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;

const preferenceLink: Template = {
  purpose: 'service',
  hasLinks: true,
  isToPerson: true,
  write: ({ text, locale, business: name, madeBy, links }) => ({
    subject: text('mail.link.subject', { name }),
    parts: [
      { words: text(madeBy === 'person' ? 'mail.link.asked' : 'mail.link.sent', { name }) },
      ...(links.length > 1 ? [{ words: text('mail.link.several', { count: links.length }) }] : []),
      ...links.map(({ url }, index) => ({
        link: url,
        label: links.length > 1 ? text('mail.link.nth', { n: index + 1 }) : text('mail.link.open'),
      })),
      {
        words: text(links.length > 1 ? 'mail.link.onceEach' : 'mail.link.once', {
          time: momentIn(locale, links[0]?.expiresAt ?? 0),
        }),
      },
      { words: text('mail.link.unasked') },
    ],
  }),
};

/** The code stands in the text alone: what mails are called is told to whoever counts them. */
const confirmCode: Template = {
  purpose: 'service',
  hasLinks: false,
  hasCode: true,
  isToPerson: false,
  write: ({ text, locale, business: name, code }) => ({
    subject: text('mail.code.subject', { name }),
    parts: [
      { words: text('mail.code.asked', { name }) },
      { words: code?.code ?? '' },
      { words: text('mail.code.until', { time: momentIn(locale, code?.expiresAt ?? 0) }) },
      { words: text('mail.code.unasked') },
    ],
  }),
};

const test: Template = {
  purpose: 'service',
  hasLinks: false,
  isToPerson: false,
  write: ({ text, business: name }) => ({
    subject: text('mail.test.subject', { name }),
    parts: [{ words: text('mail.test.words', { name }) }],
  }),
};

/** The kinds of mail there are. Nothing that strangers typed stands in any of them. */
export const TEMPLATES = {
  preference_link: preferenceLink,
  confirm_code: confirmCode,
  test,
} as const satisfies Readonly<Record<string, Template>>;
export type TemplateId = keyof typeof TEMPLATES;

export const isTemplate = (id: string): id is TemplateId => Object.hasOwn(TEMPLATES, id);
