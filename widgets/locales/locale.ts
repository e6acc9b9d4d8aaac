import type { Locale } from '../../schema/survey.ts';

/** Language of a tag to the catalogue that speaks it: `zh-CN`, `zh-TW` and `zh` read the simplified script. */
const BY_LANGUAGE: Readonly<Record<string, Locale>> = { en: 'en', zh: 'zh-Hans', bg: 'bg', pl: 'pl', ar: 'ar' };

/** The first wish (BCP 47 tags, in order of preference) that a catalogue answers; English when none does. */
export function chooseLocale(wishes: readonly (string | null | undefined)[]): Locale {
  for (const wish of wishes) {
    const locale = BY_LANGUAGE[(wish || '').split(/[-_]/, 1).join('').toLowerCase()];
    if (locale) return locale;
  }
  return 'en';
}

/** Writing direction of a locale. */
export const directionOf = (locale: Locale): 'ltr' | 'rtl' => (locale === 'ar' ? 'rtl' : 'ltr');
