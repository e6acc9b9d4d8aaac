import type { Arguments } from '../platform/arguments.ts';
import { members } from './groups/members.ts';
import { nameKey } from './groups/names.ts';

/** Customers by what was typed of them: by their names, addresses, towns, tags, own fields, organisations and orders. */

/** Shortest text the trigram index can find; shorter ones (names of two characters) are looked for in the index's text. */
const TRIGRAM = 3;

/** A phrase of the trigram index: quoted, so that nothing in it is read as an operator. */
const phrase = (q: string): string => `"${q.replaceAll('"', '""')}"`;

/** A short text as it may be written: SQLite's own lower() knows no letters but a to z. */
const spellings = (q: string): string[] => {
  const [first = '', ...rest] = q;
  const lower = q.toLowerCase();
  return [...new Set([q, lower, q.toUpperCase(), first.toUpperCase() + rest.join('').toLowerCase()])];
};

/** More words than this say nothing new of a person; a statement takes no more than a hundred values. */
const MAX_WORDS = 10;

/** Customers whose text holds all the words, in any order: the long ones by the index, short ones in what it found. */
function byWords(q: string, args: Arguments): string {
  const words = [...new Set(q.split(' '))].slice(0, MAX_WORDS);
  const long = words.filter((word) => [...word].length >= TRIGRAM);
  const conditions = [
    ...(long.length > 0 ? [`customer_search MATCH ${args.add(long.map(phrase).join(' AND '))}`] : []),
    ...words
      .filter((word) => !long.includes(word))
      .map((word) => spellings(word).map((spelling) => `instr(text, ${args.add(spelling)}) > 0`))
      .map((anyOf) => `(${anyOf.join(' OR ')})`),
  ];
  return `SELECT rowid FROM customer_search WHERE ${conditions.join(' AND ')}`;
}

/** Fewer digits are a year or a house, not a telephone number. */
const MIN_PHONE_DIGITS = 5;

/**
 * The digits of what may be a telephone number as people write one, without the zeros that stand for a country's own or a
 * foreign call: the index holds it with its country code and nothing between. Null for any other text.
 */
function phoneDigits(q: string): string | null {
  if (!/^[+\p{Nd}\s()./\p{Pd}]+$/u.test(q)) return null;
  const digits = q
    .normalize('NFKC')
    .replace('(0)', '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  return digits.length >= MIN_PHONE_DIGITS ? digits : null;
}

/** Organisations whose members are found by its name; a text that more of them have in theirs says little of anybody. */
const MOST_ORGANISATIONS = 50;

/** Members of the organisations that have a text in their name: read where it stands, so that a new name counts at once. */
function membersOf(q: string, args: Arguments): string {
  const called = `SELECT o.id, o.public_id FROM organisation o WHERE o.deleted_at IS NULL
    AND instr(o.name_key, ${args.add(nameKey(q))}) > 0 ORDER BY o.name_key, o.id LIMIT ${MOST_ORGANISATIONS}`;
  return `SELECT customer_id FROM (WITH ${members('organisation', called)} SELECT customer_id FROM member)`;
}

/** A subquery of the customers that match a text. */
export function matching(q: string, args: Arguments): string {
  const typed = args.add(q);
  const digits = phoneDigits(q);
  return [
    byWords(q, args),
    ...(digits && digits !== q
      ? [`SELECT rowid FROM customer_search WHERE customer_search MATCH ${args.add(phrase(digits))}`]
      : []),
    ...([...q].length >= TRIGRAM ? [membersOf(q, args)] : []),
    `SELECT f.customer_id FROM orders o CROSS JOIN fragment f ON f.id = o.fragment_id
      WHERE o.number COLLATE NOCASE IN (${typed}, '#' || ${typed})`,
    `SELECT f.customer_id FROM source s CROSS JOIN orders o ON o.source_id = s.id AND o.external_id = ${typed}
      CROSS JOIN fragment f ON f.id = o.fragment_id`,
  ].join(' UNION ');
}

/** Text of at most this many characters is searched for; what follows is left out. */
const MAX_QUERY = 100;

/** What was typed, in the form names are kept in: composed, with one space between words. */
export const tidy = (q: string | undefined): string => {
  const text = (q ?? '').replaceAll('\u0000', '').toWellFormed().normalize('NFC').replace(/\s+/g, ' ').trim();
  return [...text].slice(0, MAX_QUERY).join('').trim();
};
