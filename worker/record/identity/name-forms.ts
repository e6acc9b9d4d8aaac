import { isBlockedValue } from '../../../schema/identifiers.ts';
import { areSimilarNames, nameKey, soundKey } from './names.ts';

/** The forms in which one name is written: in full, cut short, with an initial. Pure. */

/** Scripts in which a whole name may be one word. */
const ONE_WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]{2}/u;

/** The name as it sounds, where it is enough of one to tell people of a town apart: a first name alone is not. */
export function fullName(name: string): string | null {
  const key = soundKey(name);
  const isFull = key.includes(' ') ? key.length >= 5 : ONE_WORD.test(key);
  return isFull && !isBlockedValue(key) ? key : null;
}

/** Longer words lose their vowels after the first letter: those are heard and typed in many ways. */
const skeleton = (word: string): string =>
  word.length > 3 ? word.slice(0, 1) + word.slice(1).replace(/[aeiou]/g, '') : word;
const initial = (word: string): string => [...word][0] ?? '';
const joined = (words: readonly string[]): string => [...words].sort().join(' ');

/** Names of more words are not cut short in every way. */
const MOST_WORDS = 4;

export type NameForms = {
  /** The name as it is written, as it sounds. */
  readonly whole: string;
  /** What it may be cut short to: `Jan Willem Peters` to `Jan Peters`, to `J. W. Peters`. */
  readonly short: readonly string[];
};

/** The forms of a name; null where it is too little of one. */
export function nameForms(name: string): NameForms | null {
  const heard = fullName(name);
  if (heard === null) return null;
  const words = heard.split(' ').map(skeleton);
  const whole = joined(words);
  if (words.length < 2 || words.length > MOST_WORDS) return { whole, short: [] };
  const others = words.map((_, at) => words.filter((__, index) => index !== at));
  const initialed = words.map((word, at) => joined([word, ...(others[at] ?? []).map(initial)]));
  const without = words.length > 2 ? others.map(joined) : [];
  return {
    whole,
    short: [...new Set([...initialed, ...without])].filter((form) => form !== whole && form.length >= 4),
  };
}

/** True for names that may be one: spelt nearly alike, sounding alike, or one of them the other cut short. */
export function mayBeOneName(one: string, other: string): boolean {
  if (areSimilarNames(one, other) || soundKey(one) === soundKey(other)) return true;
  const [a, b] = [nameForms(one), nameForms(other)];
  if (!a || !b) return false;
  return a.whole === b.whole || a.short.includes(b.whole) || b.short.includes(a.whole);
}

/** A word that two names of different people have in common, as the first of them writes it: that of a family, mostly. Null for none. */
export function sharedWord(one: string, other: string): string | null {
  const theirs = new Set(soundKey(other).split(' '));
  const words = one.split(/[\s,]+/).filter((word) => nameKey(word).length >= 3);
  return words.find((word) => theirs.has(soundKey(word))) ?? null;
}
