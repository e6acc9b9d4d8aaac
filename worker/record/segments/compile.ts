import { Arguments } from '../../platform/arguments.ts';
import type { Sql } from './field.ts';
import { segmentWords } from './fields.ts';
import type { Rule, RuleTest } from './rule.ts';

/** D1 takes a hundred values a statement; the rest is left for what stands around the rule, such as the words of a search. */
export const MAX_VALUES = 50;

/** A field that is not in the registry: its part of the product is not there. */
class UnknownField extends Error {
  override readonly name = 'UnknownField';
}

function compileTest({ field, argument, test }: RuleTest, sql: Sql): string {
  const found = segmentWords.find(field);
  if (!found) throw new UnknownField(`no field ${field}`);
  // Everybody else, also those of whom it is not known.
  if (test.is === 'compare' && test.comparator === '!=')
    return `(${found.condition({ ...test, comparator: '=' }, argument, sql)}) IS NOT TRUE`;
  return found.condition(test, argument, sql);
}

function compilePart(rule: Rule, sql: Sql): string {
  if (rule.is === 'test') return `(${compileTest(rule, sql)})`;
  if (rule.is === 'not') return `(${compilePart(rule.part, sql)} IS NOT TRUE)`;
  return `(${rule.parts.map((part) => compilePart(part, sql)).join(rule.is === 'and' ? ' AND ' : ' OR ')})`;
}

/**
 * A rule as one SQL condition over `customer c`, true for who belongs to it; null counts as false. All values go into `args`.
 * References to other segments must have been put in place of themselves (`expand`). @throws UnknownField
 */
export const compileRule = (rule: Rule, args: Arguments, now: number): string =>
  compilePart(rule, { bind: (value) => args.add(value), now });

/** How many values a rule binds. */
export function valuesOf(rule: Rule): number {
  const args = new Arguments();
  compileRule(rule, args, 0);
  return args.values.length;
}
