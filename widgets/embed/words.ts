import type { Locale } from '../../schema/survey.ts';
import { button as ar } from '../locales/ar.json';
import { button as bg } from '../locales/bg.json';
import { button as en } from '../locales/en.json';
import { button as pl } from '../locales/pl.json';
import { button as zhHans } from '../locales/zh-Hans.json';

/** English first, which answers when nothing else does. The one word of each catalogue that the loader needs, so that a button costs no request. */
export const buttonWords: Readonly<Record<Locale, string>> = { en, 'zh-Hans': zhHans, bg, pl, ar };
