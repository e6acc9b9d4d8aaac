import type { Context } from 'hono';
import { type Money, minorDigits } from '../../../schema/money.ts';
import { LOCALES, type Locale } from '../../../schema/survey.ts';
import { catalogues } from '../../../widgets/locales/catalogues.ts';
import { chooseLocale, directionOf } from '../../../widgets/locales/locale.ts';
import { pageCatalogues } from '../../../widgets/locales/pages/catalogues.ts';
import { textOf } from '../../../widgets/locales/text.ts';
import { numbersIn } from '../../outbox/templates.ts';
import type { Bindings } from '../../platform/env.ts';
import { type Speech, wishesOf } from '../public/locale.ts';

/** The language of a page of the preference centre: as the link says, else as the browser wishes. */
export function speechOf(c: Context<{ Bindings: Bindings }>): Speech {
  const wanted = c.req.query('lang')?.slice(0, 35);
  const locale = chooseLocale(LOCALES, [...(wanted ? [wanted] : []), ...wishesOf(c.req.header('accept-language'))]);
  return speechIn(locale);
}

export const speechIn = (locale: Locale): Speech => ({
  locale,
  dir: directionOf(locale),
  text: textOf({ ...catalogues[locale], ...pageCatalogues[locale] }),
});

export const dayIn = (locale: Locale, ms: number): string =>
  new Intl.DateTimeFormat(numbersIn(locale), { dateStyle: 'long', timeZone: 'UTC' }).format(ms);

export const countIn = (locale: Locale, n: number): string => new Intl.NumberFormat(numbersIn(locale)).format(n);

export function moneyIn(locale: Locale, { amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(numbersIn(locale), {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountMinor / 10 ** digits);
}

/** What a language is called, by its tag; the tag where it has no name. */
export function languageIn(locale: Locale, tag: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(tag.replaceAll('_', '-')) ?? tag;
  } catch {
    return tag;
  }
}

/** What a country is called, by its code of two letters; anything else as it stands. */
export function regionIn(locale: Locale, code: string): string {
  try {
    return /^[A-Za-z]{2}$/.test(code)
      ? (new Intl.DisplayNames([locale], { type: 'region' }).of(code.toUpperCase()) ?? code)
      : code;
  } catch {
    return code;
  }
}

/** Any leap year: 29 February is a day of the calendar. */
const LEAP = 2000;

/** A day as it is noted, `03-14` or `1980-03-14`; anything else as it stands. */
export function dayOfYearIn(locale: Locale, day: string): string {
  const [, year, month = '', date = ''] = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (month === '') return day;
  const at = Date.UTC(Number(year ?? LEAP), Number(month) - 1, Number(date));
  if (year !== undefined) return dayIn(locale, at);
  return new Intl.DateTimeFormat(numbersIn(locale), { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(at);
}
