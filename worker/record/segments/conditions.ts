import type { Sql } from './field.ts';
import { type Literal, spanOf, type Test, type TimeTest } from './rule.ts';

/** Tests as SQL over an expression. Expressions come from our code, values are bound. */

const bindLiteral = (literal: Literal, sql: Sql): string =>
  sql.bind(literal.type === 'money' ? literal.amountMinor : literal.value);

const isNever = (): string => '0';

/** A number, or what compares like one. */
export function numberIs(expression: string, test: Test, sql: Sql): string {
  if (test.is === 'known') return `${expression} IS NOT NULL`;
  if (test.is === 'compare') return `${expression} ${test.comparator} ${bindLiteral(test.value, sql)}`;
  if (test.is === 'in') return `${expression} IN (SELECT value FROM json_each(${sql.bind(listOf(test.values))}))`;
  return isNever();
}

const listOf = (literals: readonly Literal[]): string =>
  JSON.stringify(literals.map((literal) => (literal.type === 'money' ? literal.amountMinor : literal.value)));

/** A time in epoch ms. */
export function timeIs(expression: string, test: TimeTest, sql: Sql): string {
  const { from, to } = spanOf(test, sql.now);
  return [
    ...(from === null ? [] : [`${expression} >= ${sql.bind(from)}`]),
    ...(to === null ? [] : [`${expression} < ${sql.bind(to)}`]),
  ].join(' AND ');
}

/** SQLite's own lower(), which knows no letters but a to z. */
const asciiLower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * A text as it may be written, for comparison with SQLite's lower(): as given, small, great, and with a great first letter. So
 * "ÉMILE" is found in any script that has great and small letters, as long as it is not written in a mixture.
 */
function spellingsOf(text: string): readonly string[] {
  const [first = '', ...rest] = text;
  const capital = first.toUpperCase() + rest.join('').toLowerCase();
  return [...new Set([text, text.toLowerCase(), text.toUpperCase(), capital].map(asciiLower))];
}

const spellings = (texts: readonly string[], sql: Sql): string =>
  `json_each(${sql.bind(JSON.stringify([...new Set(texts.flatMap(spellingsOf))]))})`;

const MATCHES = {
  contains: (text: string) => `instr(${text}, w.value) > 0`,
  starts: (text: string) => `substr(${text}, 1, length(w.value)) = w.value`,
  ends: (text: string) => `substr(${text}, -length(w.value)) = w.value`,
} as const;

const textOf = (literal: Literal): string =>
  literal.type === 'text' ? literal.value : String(literal.type === 'number' ? literal.value : literal.amountMinor);

/** A text: the same whether written in great or small letters. */
export function textIs(expression: string, test: Test, sql: Sql): string {
  const text = `lower(${expression})`;
  if (test.is === 'known') return `${expression} IS NOT NULL`;
  if (test.is === 'compare') return `${text} IN (SELECT value FROM ${spellings([textOf(test.value)], sql)})`;
  if (test.is === 'in') return `${text} IN (SELECT value FROM ${spellings(test.values.map(textOf), sql)})`;
  if (test.is === 'match')
    return `EXISTS (SELECT 1 FROM ${spellings([test.value], sql)} w WHERE ${MATCHES[test.how](text)})`;
  return isNever();
}

/** One of the texts given, in great or small letters. */
export const textIsOneOf = (expression: string, texts: readonly string[], sql: Sql): string =>
  `lower(${expression}) IN (SELECT value FROM ${spellings(texts, sql)})`;
