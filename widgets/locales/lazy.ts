import type { Locale } from '../../schema/survey.ts';

type LazyCatalogue = () => Promise<{ readonly default: Readonly<Record<string, string>> }>;

/** One chunk a locale, so that a visitor downloads their own language only. */
export const lazyCatalogues: Readonly<Record<Locale, LazyCatalogue>> = {
  en: () => import('./en.json'),
  'zh-Hans': () => import('./zh-Hans.json'),
  bg: () => import('./bg.json'),
  pl: () => import('./pl.json'),
  ar: () => import('./ar.json'),
};
