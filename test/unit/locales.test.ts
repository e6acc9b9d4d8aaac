import { describe, expect, test } from 'vitest';
import { LOCALES } from '../../schema/survey.ts';
import { buttonWords } from '../../widgets/embed/words.ts';
import { catalogues } from '../../widgets/locales/catalogues.ts';
import { lazyCatalogues } from '../../widgets/locales/lazy.ts';
import { chooseLocale, directionOf } from '../../widgets/locales/locale.ts';
import { pageCatalogues } from '../../widgets/locales/pages/catalogues.ts';
import { fileCatalogues } from '../../widgets/locales/pages/file/catalogues.ts';
import { pluralKey, textOf } from '../../widgets/locales/text.ts';

const PLURAL = /\.(zero|one|two|few|many|other)$/;
const plain = (catalogue: Readonly<Record<string, string>>) =>
  Object.keys(catalogue).filter((key) => !PLURAL.test(key));
const pluralBases = (catalogue: Readonly<Record<string, string>>) => [
  ...new Set(Object.keys(catalogue).flatMap((key) => (PLURAL.test(key) ? [key.replace(PLURAL, '')] : []))),
];
const placeholders = (words: string | undefined) =>
  [...(words ?? '').matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test('there is a catalogue, a chunk and a button for every language, English first', () => {
  expect(Object.keys(catalogues)).toEqual([...LOCALES]);
  expect(Object.keys(lazyCatalogues)).toEqual([...LOCALES]);
  expect(Object.keys(buttonWords)).toEqual([...LOCALES]);
  expect(LOCALES[0]).toBe('en');
});

const BOTH = { survey: catalogues, 'preference centre': pageCatalogues, 'file of a person': fileCatalogues };
const EACH = Object.entries(BOTH).flatMap(([name, all]) => LOCALES.map((locale) => ({ name, locale, all })));

describe.each(EACH)('catalogue $locale of the $name', ({ locale, all }) => {
  const catalogue = all[locale];

  test('says everything that English says, with the same placeholders', () => {
    expect(plain(catalogue).sort()).toEqual(plain(all.en).sort());
    for (const key of plain(catalogue))
      expect([key, placeholders(catalogue[key])]).toEqual([key, placeholders(all.en[key])]);
  });

  test('leaves nothing empty and has no stray space', () => {
    for (const [key, words] of Object.entries(catalogue)) expect([key, words.trim()]).toEqual([key, words]);
    expect(Object.values(catalogue).every(Boolean)).toBe(true);
  });

  test('has exactly the plural forms of its language', () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    expect(pluralBases(catalogue).sort()).toEqual(pluralBases(all.en).sort());
    for (const base of pluralBases(catalogue)) {
      const found = Object.keys(catalogue).filter((key) => key.startsWith(`${base}.`));
      expect(found.sort()).toEqual(forms.map((form) => `${base}.${form}`).sort());
    }
  });

  test.runIf(all === catalogues)('fills its placeholders, in western digits', () => {
    const words = textOf(catalogue)('progress', { n: 1, total: 12 });
    expect(words).toMatch(/1.*12|12.*1/);
    for (const count of [0, 1, 2, 3, 11, 100]) {
      const plural = textOf(catalogue)(pluralKey(locale, 'page.errors', count), { count });
      expect(plural).not.toContain('page.');
      expect(plural).not.toContain('{');
    }
  });
});

test.each([
  [['fr', 'pl-PL', 'en'], 'pl'],
  [['zh-CN'], 'zh-Hans'],
  [['zh_TW'], 'zh-Hans'],
  [['AR-eg'], 'ar'],
  [['', 'bg'], 'bg'],
  [['ab-CD', 'b'], 'en'],
  [[], 'en'],
])('%j reads %s', (wishes, locale) => {
  expect(chooseLocale(LOCALES, wishes)).toBe(locale);
});

test('Arabic runs from right to left', () => {
  expect(LOCALES.filter((locale) => directionOf(locale) === 'rtl')).toEqual(['ar']);
});
