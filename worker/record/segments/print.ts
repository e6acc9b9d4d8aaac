import { majorUnits } from '../../../schema/money.ts';
import type { Literal, Moment, Rule, RuleTest, Test } from './rule.ts';

/** The one way a rule is written: what is printed reads back as the same rule. */

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

function printLiteral(literal: Literal): string {
  if (literal.type === 'number') return String(literal.value);
  return literal.type === 'money' ? `${majorUnits(literal)} ${literal.currency}` : quote(literal.value);
}

/** `1 day`, `90 days`. */
const printMoment = (moment: Moment): string =>
  'day' in moment ? moment.day : `${moment.ago} ${moment.ago === 1 ? moment.unit.slice(0, -1) : moment.unit}`;

const MATCH_WORDS = { contains: 'contains', starts: 'starts with', ends: 'ends with' } as const;

/** What is asked, after the name of the field. */
function printHow(test: Test): string {
  switch (test.is) {
    case 'compare':
      return ` ${test.comparator} ${printLiteral(test.value)}`;
    case 'in':
      return ` in (${test.values.map(printLiteral).join(', ')})`;
    case 'match':
      return ` ${MATCH_WORDS[test.how]} ${quote(test.value)}`;
    case 'time':
      return ` ${test.how} ${printMoment(test.moment)}`;
    case 'known':
      return ' known';
    case 'so':
      return '';
  }
}

const printTest = ({ field, argument, test }: RuleTest): string =>
  `${field}${argument === null ? '' : ` ${quote(argument)}`}${printHow(test)}`;

function printNot(part: Rule): string {
  if (part.is !== 'test') return `not (${printRule(part)})`;
  return part.test.is === 'known' ? `${part.field} unknown` : `not ${printTest(part)}`;
}

/** A rule as text. */
export function printRule(rule: Rule): string {
  if (rule.is === 'test') return printTest(rule);
  if (rule.is === 'not') return printNot(rule.part);
  // Only an "or" inside an "and" needs parentheses.
  return rule.parts
    .map((part) => (rule.is === 'and' && part.is === 'or' ? `(${printRule(part)})` : printRule(part)))
    .join(` ${rule.is} `);
}
