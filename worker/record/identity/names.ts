/** Names of people in whatever script we can read, so that one person spelt in two ways is seen as one. Pure. */

/** Cyrillic as Bulgaria and its neighbours write it in Latin (Bulgarian Transliteration Act of 2009; Ukrainian and Russian letters beside it). */
const LATIN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'e',
    ж: 'zh',
    з: 'z',
    и: 'i',
    й: 'y',
    к: 'k',
    л: 'l',
    м: 'm',
    н: 'n',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    у: 'u',
    ф: 'f',
    х: 'h',
    ц: 'ts',
    ч: 'ch',
    ш: 'sh',
    щ: 'sht',
    ъ: 'a',
    ы: 'y',
    ь: 'y',
    э: 'e',
    ю: 'yu',
    я: 'ya',
    і: 'i',
    ї: 'yi',
    є: 'ye',
    ґ: 'g',
    ł: 'l',
    ø: 'o',
    đ: 'd',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
  }),
);

/** Small Latin letters without marks, of whatever can be read so; the rest as it is. */
export const latinLetters = (text: string): string =>
  [...text.normalize('NFKD').toLowerCase()]
    .map((letter) => LATIN.get(letter) ?? letter)
    .join('')
    .replace(/\p{M}/gu, '');

/** A name as it sounds in Latin letters, without marks and order: `Борис Ангелов` and `Angelov, Boris` are alike. */
export function nameKey(name: string): string {
  return latinLetters(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .sort()
    .join(' ');
}

/** Spellings of one sound, as they differ from one way of writing names in Latin letters to the next. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/shch|sht|sch|sz/g, 'sh'],
  [/tch|tsch|cz/g, 'ch'],
  [/ts|tz/g, 'c'],
  [/ph/g, 'f'],
  [/kh/g, 'h'],
  [/w/g, 'v'],
  [/ou/g, 'u'],
  [/ck/g, 'k'],
  [/x/g, 'ks'],
  [/[yj]/g, 'i'],
  [/(.)\1+/gu, '$1'],
  [/ff?\b/g, 'v'],
];

/**
 * A name as it sounds: `Yordan Peev`, `Jordan Peeff` and `Йордан Пеев` give the same. Loose, so that it is a reason to look and
 * never one to join.
 */
export function soundKey(name: string): string {
  const heard = nameKey(name)
    .split(' ')
    .map((word) => SOUNDS.reduce((text, [spelling, sound]) => text.replace(spelling, sound), word));
  return heard.filter(Boolean).sort().join(' ');
}

/** Edits (one letter in, out or other) between two short texts: Levenshtein, the classic table. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** True for names that differ by a letter or two in eight, written in whatever script we can read. */
export function areSimilarNames(one: string, other: string): boolean {
  const [a, b] = [nameKey(one).slice(0, 80), nameKey(other).slice(0, 80)];
  if (a === '' || b === '') return false;
  return distance(a, b) <= Math.floor(Math.max(a.length, b.length) / 8);
}
