import type { Comparator, TimeTest, Unit } from './rule.ts';

/** The words of the language besides names of fields, with what people write instead. */

/** What a field's value is, which says what can be asked of it. `set` and `event` are asked about something they name. */
export type FieldKind = 'number' | 'money' | 'time' | 'text' | 'choice' | 'yes-no' | 'any' | 'set' | 'event';

/** What the parser has to know of a field. */
export type Word = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: FieldKind;
  /** A valid test of it, shown where one is missing. */
  readonly example: string;
  /** The values it can have, or what it can be asked about; none for a field that takes any. */
  readonly choices?: readonly string[];
  /** What can be asked of its time, where that is not all. */
  readonly times?: readonly TimeTest['how'][];
  /** True when it always has a value, so that `known` says nothing. */
  readonly isAlwaysKnown?: boolean;
};

/** Finds a field by one of its names in lower case; gives all names for suggestions. */
export type Vocabulary<W extends Word = Word> = {
  find(name: string): W | undefined;
  readonly names: readonly string[];
};

/** A vocabulary of some fields, and of those that `named` makes up from a name (`x.size`). */
export function vocabularyOf<W extends Word>(
  words: readonly W[],
  named: (name: string) => W | undefined = () => undefined,
): Vocabulary<W> {
  const byName = new Map(words.flatMap((word) => [word.name, ...word.aliases].map((name) => [name, word] as const)));
  return { find: (name) => byName.get(name) ?? named(name), names: [...byName.keys()] };
}

/** Names of fields have at most so many words. */
export const MAX_NAME_WORDS = 5;

/** Words that end a name and are no bare text. */
export const RESERVED: ReadonlySet<string> = new Set(
  'and or not in is has contains starts ends before after since within on known unknown'.split(' '),
);

/** Comparators written as words, longest first. */
export const COMPARATOR_WORDS: readonly (readonly [words: readonly string[], comparator: Comparator])[] = [
  [['greater', 'than'], '>'],
  [['more', 'than'], '>'],
  [['fewer', 'than'], '<'],
  [['less', 'than'], '<'],
  [['at', 'least'], '>='],
  [['at', 'most'], '<='],
  [['equals'], '='],
  [['over'], '>'],
  [['above'], '>'],
  [['under'], '<'],
  [['below'], '<'],
];

export const UNIT_WORDS: ReadonlyMap<string, Unit> = new Map(
  Object.entries({
    h: 'hours',
    hour: 'hours',
    hours: 'hours',
    d: 'days',
    day: 'days',
    days: 'days',
    w: 'weeks',
    week: 'weeks',
    weeks: 'weeks',
    month: 'months',
    months: 'months',
    y: 'years',
    year: 'years',
    years: 'years',
  } as const),
);

/** Signs that stand for one currency alone. */
export const CURRENCY_SIGNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '€': 'EUR',
    '£': 'GBP',
    '₹': 'INR',
    '₩': 'KRW',
    '₽': 'RUB',
  }),
);

/** How many letters two words differ by: put in, left out, changed, or two changed places. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : changed;
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped));
    }
  }
  return at(a.length, b.length);
}

const LONGEST_NAME = 40;

/** The name that was most likely meant, when one is near enough. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const wanted = given.toLowerCase().slice(0, LONGEST_NAME);
  const ranked = names
    .map((name) => ({ name, away: distance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  const [best] = ranked;
  return best && best.away <= Math.ceil(wanted.length / 3) ? best.name : undefined;
}
