/** `zh-CN`, `zh_TW` and `zh` are all read in the one script there is. */
const languageOf = (tag: string) => tag.toLowerCase().split(/[-_]/)[0];

/** The first wish (BCP 47 tags, in order of preference) that one of the known locales answers; the first of these when none does. */
export function chooseLocale<Tag extends string>(known: readonly [Tag, ...Tag[]], wishes: readonly string[]): Tag {
  for (const wish of wishes) {
    const locale = known.find((tag) => languageOf(tag) === languageOf(wish));
    if (locale) return locale;
  }
  return known[0];
}

/** Writing direction of a locale. */
export const directionOf = (locale: string): 'ltr' | 'rtl' => (locale === 'ar' ? 'rtl' : 'ltr');
