import type { Locale } from '../../schema/survey.ts';

/** Looks a text up by its key and fills its `{placeholders}`. Digits stay western in every language. */
export type Text = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** An unknown key shows itself, so that a mistake is seen and nothing breaks. */
export const textOf =
  (catalogue: Readonly<Record<string, string>>): Text =>
  (key, values = {}) =>
    (catalogue[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** The key of the plural form for `count`: `page.errors` becomes `page.errors.few`. */
export const pluralKey = (locale: Locale, key: string, count: number): string =>
  `${key}.${new Intl.PluralRules(locale).select(count)}`;
