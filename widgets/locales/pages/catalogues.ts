import type { Locale } from '../../../schema/survey.ts';
import ar from './ar.json';
import bg from './bg.json';
import en from './en.json';
import pl from './pl.json';
import zhHans from './zh-Hans.json';

/** What the preference centre and our mails say. Apart from the widget's words, so that no visitor downloads them. */
export const pageCatalogues: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en,
  'zh-Hans': zhHans,
  bg,
  pl,
  ar,
};
