import type { Locale } from '../../schema/survey.ts';
import ar from './ar.json';
import bg from './bg.json';
import en from './en.json';
import pl from './pl.json';
import zhHans from './zh-Hans.json';

/** Every catalogue at once, for the server's pages; the browser loads one, with `lazy.ts`. */
export const catalogues: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en,
  'zh-Hans': zhHans,
  bg,
  pl,
  ar,
};
