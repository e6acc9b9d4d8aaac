import { LOCALES, type Locale } from '../../../schema/survey.ts';
import { catalogues } from '../../../widgets/locales/catalogues.ts';
import { chooseLocale, directionOf } from '../../../widgets/locales/locale.ts';
import { type Text, textOf } from '../../../widgets/locales/text.ts';

/** A language to write a page in. */
export type Speech = { readonly locale: Locale; readonly dir: 'ltr' | 'rtl'; readonly text: Text };

/** The languages of an Accept-Language header, most wanted first. */
export const wishesOf = (header: string | null | undefined): string[] =>
  (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const weight = Number(parameters.find((piece) => piece.startsWith('q='))?.slice(2) ?? 1);
      return { tag, weight: Number.isNaN(weight) ? 0 : weight };
    })
    .filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);

/** The first wish we can speak: of the link, then of the owner, then of the browser. */
export function speechFor(wishes: readonly string[]): Speech {
  const locale = chooseLocale(LOCALES, wishes);
  return { locale, dir: directionOf(locale), text: textOf(catalogues[locale]) };
}

/** What each language calls itself. */
export const OWN_NAMES: Readonly<Record<Locale, string>> = {
  en: 'English',
  'zh-Hans': '简体中文',
  bg: 'Български',
  pl: 'Polski',
  ar: 'العربية',
};
