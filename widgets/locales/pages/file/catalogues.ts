import type { Locale } from '../../../../schema/survey.ts';
import columnsAr from './columns.ar.json';
import columnsBg from './columns.bg.json';
import columnsEn from './columns.en.json';
import columnsPl from './columns.pl.json';
import columnsZhHans from './columns.zh-Hans.json';
import wordsAr from './words.ar.json';
import wordsBg from './words.bg.json';
import wordsEn from './words.en.json';
import wordsPl from './words.pl.json';
import wordsZhHans from './words.zh-Hans.json';

/** What stands in the file of a person: its tables and columns, and the words for what is kept as a code. */
export const fileCatalogues: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: { ...columnsEn, ...wordsEn },
  'zh-Hans': { ...columnsZhHans, ...wordsZhHans },
  bg: { ...columnsBg, ...wordsBg },
  pl: { ...columnsPl, ...wordsPl },
  ar: { ...columnsAr, ...wordsAr },
};
