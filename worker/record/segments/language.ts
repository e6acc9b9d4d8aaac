import { type RuleError, RuleFault } from './fault.ts';
import { Reader } from './reader.ts';
import { joined, opposite, type Rule, testsOf } from './rule.ts';
import { readTest } from './test.ts';
import type { Vocabulary } from './words.ts';

/**
 * The language of segments and stages, for people: `orders > 2 and nps <= 6 and last touchpoint before 90 days`.
 *
 *     rule   = every { "or" every }
 *     every  = part { "and" part }
 *     part   = "not" part | "(" rule ")" | test
 *     test   = field how                      (test.ts)
 *
 * Upper and lower case are the same. What is parsed prints back as it was meant (print.ts), and means the same read again.
 */

/** Longest text of a rule. */
const MAX_RULE = 2000;
/** Most tests of one rule, and how deep its parentheses go: each test costs a reading of every customer it is asked of. */
export const MAX_TESTS = 30;
const MAX_DEPTH = 8;

export type Parsed =
  | { readonly ok: true; readonly rule: Rule }
  | { readonly ok: false; readonly errors: readonly [RuleError] };

function readPart(reader: Reader, words: Vocabulary, depth: number): Rule {
  if (depth > MAX_DEPTH) reader.fail(`Parentheses and "not" can stand ${MAX_DEPTH} deep at most.`);
  if (reader.take('not')) return opposite(readPart(reader, words, depth + 1));
  const open = reader.peek();
  if (!reader.take('(')) return readTest(reader, words);
  const rule = readRule(reader, words, depth + 1);
  if (!reader.take(')'))
    reader.fail(
      'Expected "and", "or" or a closing parenthesis here.',
      reader.peek().type === 'end' ? open : reader.peek(),
    );
  return rule;
}

function readSeries(reader: Reader, is: 'and' | 'or', readOne: () => Rule): Rule {
  const parts = [readOne()];
  while (reader.take(is)) parts.push(readOne());
  return joined(is, parts);
}

const readRule = (reader: Reader, words: Vocabulary, depth: number): Rule =>
  readSeries(reader, 'or', () => readSeries(reader, 'and', () => readPart(reader, words, depth)));

/** Reads a whole rule. @throws RuleFault where it is none. */
function readWhole(text: string, words: Vocabulary): Rule {
  if (text.trim() === '') throw new RuleFault(0, 0, 'Write a rule, for example: orders > 2');
  if (text.length > MAX_RULE)
    throw new RuleFault(MAX_RULE, text.length, `A rule can have ${MAX_RULE} characters at most.`);
  const reader = new Reader(text);
  const rule = readRule(reader, words, 0);
  if (reader.peek().type !== 'end') reader.fail('Expected "and", "or" or the end of the rule here.');
  if (testsOf(rule).length > MAX_TESTS)
    throw new RuleFault(0, text.length, `A rule can ask ${MAX_TESTS} things at most.`);
  return rule;
}

/** Reads the text of a rule over the fields of a vocabulary. Never throws: what is wrong is said with its place. */
export function parseRule(text: string, words: Vocabulary): Parsed {
  try {
    return { ok: true, rule: readWhole(text.toWellFormed().replaceAll('\u0000', ' '), words) };
  } catch (fault) {
    if (!(fault instanceof RuleFault)) throw fault;
    const { from, to, message } = fault;
    return { ok: false, errors: [{ from, to, message }] };
  }
}
