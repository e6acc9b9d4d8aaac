import { LOCALES, type Locale } from '../../../schema/survey.ts';
import { catalogues } from '../../../widgets/locales/catalogues.ts';
import { chooseLocale, directionOf } from '../../../widgets/locales/locale.ts';
import { type Text, textOf } from '../../../widgets/locales/text.ts';

export { wishesOf } from '../../platform/languages.ts';

/** A language to write a page in. */
export type Speech = { readonly locale: Locale; readonly dir: 'ltr' | 'rtl'; readonly text: Text };

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
