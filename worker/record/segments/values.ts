import { currencyCode, isFinerThanMinor, moneyFromMajor } from '../../../schema/money.ts';
import type { Reader } from './reader.ts';
import type { Ago, Literal, TimeTest } from './rule.ts';
import type { Token } from './tokens.ts';
import { nearest, RESERVED, UNIT_WORDS, type Word } from './words.ts';

/** Numbers beyond mean nothing here, and are not exact any more. */
const MOST = 1e12;
const LONGEST_AGO_YEARS = 100;

/** A text between quotes, or one word, number or day without them. */
function readText(reader: Reader, start: Token, what = 'a text'): string {
  const token = reader.peek();
  const isBare =
    (token.type === 'word' && !RESERVED.has(token.value)) || token.type === 'number' || token.type === 'day';
  if (token.type !== 'text' && !isBare) reader.fail(`Expected ${what} after "${reader.since(start)}".`);
  reader.skip(1);
  return token.type === 'text' ? token.value : token.raw;
}

function readNumber(reader: Reader, start: Token, what = 'a number'): number {
  const token = reader.peek();
  if (token.type !== 'number') reader.fail(`Expected ${what} after "${reader.since(start)}".`);
  const value = Number(token.value);
  if (!(Math.abs(value) <= MOST) || /\.\d{7}/.test(token.value)) reader.fail('This number is too great or too fine.');
  reader.skip(1);
  return value === 0 ? 0 : value;
}

function readCurrency(reader: Reader): string | null {
  const token = reader.peek();
  const code =
    token.type === 'currency' || (token.type === 'word' && !RESERVED.has(token.value))
      ? currencyCode(token.value)
      : null;
  if (code !== null) reader.skip(1);
  return code;
}

/** `100 EUR`, `EUR 100`, `€100`. Which currency has to be said: sums of several are not one number. */
function readMoney(reader: Reader, start: Token): Literal {
  const before = readCurrency(reader);
  const token = reader.peek();
  if (token.type !== 'number') reader.fail(`Expected an amount after "${reader.since(start)}", such as 100 EUR.`);
  reader.skip(1);
  const currency = before ?? readCurrency(reader);
  if (currency === null) reader.fail(`Say the currency after "${reader.since(start)}", such as ${token.raw} EUR.`);
  const money = moneyFromMajor(token.value, currency);
  if (!money) return reader.fail('This amount is too great.', token);
  if (isFinerThanMinor(token.value, currency)) reader.fail(`${currency} has no coin that small.`, token);
  return { type: 'money', ...money };
}

/** The choice as the field writes it. */
function chosen(reader: Reader, given: string, word: Word, token: Token): string {
  const { choices } = word;
  if (!choices) return given;
  const plain = given.toLowerCase().replaceAll(/[\s-]/g, '_');
  const found = choices.find((choice) => choice.toLowerCase() === given.toLowerCase() || choice === plain);
  if (found !== undefined) return found;
  const meant = nearest(given, choices);
  const list = choices.length <= 8 ? ` It can be ${choices.join(', ')}.` : '';
  return reader.fail(
    `"${given.slice(0, 40)}" is no value of "${word.name}".${meant ? ` Did you mean "${meant}"?` : list}`,
    token,
  );
}

/** The value that a field is compared with. `start` is the first token of the test, for messages. */
export function readLiteral(reader: Reader, word: Word, start: Token): Literal {
  if (word.kind === 'money') return readMoney(reader, start);
  const token = reader.peek();
  if (word.kind === 'number' || (word.kind === 'any' && token.type === 'number'))
    return { type: 'number', value: readNumber(reader, start) };
  const text = readText(reader, start, word.kind === 'choice' ? 'a value' : 'a text');
  return { type: 'text', value: word.kind === 'choice' ? chosen(reader, text, word, token) : text };
}

/** What a field such as `bought` is asked about. */
export function readAbout(reader: Reader, word: Word, start: Token): string {
  const token = reader.peek();
  return chosen(reader, readText(reader, start, `which one, as in: ${word.example},`), word, token);
}

function readAgo(reader: Reader, start: Token): Ago {
  const from = reader.peek();
  const ago = readNumber(reader, start, 'a number of days or a day such as 2026-03-01');
  const unit = reader.peek().type === 'word' ? UNIT_WORDS.get(reader.peek().value) : undefined;
  if (!unit) return reader.fail(`Expected "days" after "${reader.since(start)}".`);
  reader.skip(1);
  reader.take('ago');
  const perYear = { hours: 24 * 365, days: 365, weeks: 52, months: 12, years: 1 }[unit];
  if (ago < 0 || ago > LONGEST_AGO_YEARS * perYear)
    reader.fail(`Expected a time of at most ${LONGEST_AGO_YEARS} years.`, from);
  return { ago, unit };
}

/** The first moment of a day that the calendar has. */
function readDay(reader: Reader): string {
  const { value } = reader.peek();
  const at = Date.parse(value);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== value) reader.fail(`There is no day ${value}.`);
  reader.skip(1);
  return value;
}

const WITHIN: readonly (readonly string[])[] = [
  ['within', 'the', 'last'],
  ['within', 'the', 'past'],
  ['within', 'last'],
  ['within'],
  ['in', 'the', 'last'],
];
/** `more than 90 days ago` is before them, `less than` within. */
const AGO_SIDES: readonly (readonly [readonly string[], 'before' | 'within'])[] = [
  [['more', 'than'], 'before'],
  [['over'], 'before'],
  [['less', 'than'], 'within'],
];

/** `before 90 days`, `within 30 days`, `since 2026-03-01`; null when nothing of time comes next. */
export function readTime(reader: Reader, start: Token): TimeTest | null {
  reader.take('is');
  if (WITHIN.some((words) => reader.take(...words)))
    return { is: 'time', how: 'within', moment: readAgo(reader, start) };
  const side = AGO_SIDES.find(([words]) => reader.take(...words));
  if (side) {
    const moment = readAgo(reader, start);
    return side[1] === 'before' ? { is: 'time', how: 'before', moment } : { is: 'time', how: 'within', moment };
  }
  const how = (['before', 'after', 'since', 'on'] as const).find((word) => reader.take(word));
  if (!how) return null;
  if (reader.peek().type === 'day') return { is: 'time', how, moment: { day: readDay(reader) } };
  if (how === 'on') return reader.fail(`Expected a day such as 2026-03-01 after "${reader.since(start)}".`);
  const moment = readAgo(reader, start);
  return how === 'before' ? { is: 'time', how, moment } : { is: 'time', how: 'within', moment };
}
