import { type Comparator, type Rule, type RuleTest, spanOf, type TimeTest, testsOf } from '../segments/rule.ts';
import { datedField, type Reading } from './dated.ts';
import { placeOf } from './rhythm.ts';
import type { Standing } from './standing.ts';

/** Asks a rule of a person as they stood at a moment: the same as the SQL of segments says of them now. */

const COMPARE: Readonly<Record<Comparator, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** One of the times, ascending, lies in the span. */
function fallsIn(times: readonly number[], test: TimeTest, now: number): boolean {
  const { from, to } = spanOf(test, now);
  const first = from === null ? times[0] : times[placeOf(times, from)];
  return first !== undefined && (to === null || first < to);
}

function passes({ test }: RuleTest, value: Reading, now: number): boolean {
  // Who is not known to be something counts among those who are not.
  if (value === null) return test.is === 'compare' && test.comparator === '!=';
  if (test.is === 'known') return true;
  if (test.is === 'so') return value === true || (Array.isArray(value) && value.length > 0);
  if (test.is === 'time')
    return fallsIn(typeof value === 'number' ? [value] : Array.isArray(value) ? value : [], test, now);
  if (typeof value !== 'number') return false;
  if (test.is === 'in') return test.values.some((literal) => literal.type === 'number' && literal.value === value);
  return test.is === 'compare' && test.value.type === 'number' && COMPARE[test.comparator](value, test.value.value);
}

const passesTest = (test: RuleTest, standing: Standing, now: number): boolean =>
  passes(test, datedField(test.field).read(standing, now, test.argument), now);

/** Whether a rule holds of a person at a moment. */
export function holds(rule: Rule, standing: Standing, now: number): boolean {
  if (rule.is === 'test') return passesTest(rule, standing, now);
  if (rule.is === 'not') return !holds(rule.part, standing, now);
  return rule.is === 'and'
    ? rule.parts.every((part) => holds(part, standing, now))
    : rule.parts.some((part) => holds(part, standing, now));
}

/** The tests because of which a rule that holds does: of alternatives the first. What must not be so is a reason as well. */
export function because(rule: Rule, standing: Standing, now: number): readonly RuleTest[] {
  if (rule.is === 'test') return [rule];
  if (rule.is === 'not') return testsOf(rule.part);
  const holding = rule.parts.filter((part) => holds(part, standing, now));
  return (rule.is === 'and' ? holding : holding.slice(0, 1)).flatMap((part) => because(part, standing, now));
}

/** The tests because of which a rule that does not hold does not. */
export function whyNot(rule: Rule, standing: Standing, now: number): readonly RuleTest[] {
  if (rule.is === 'test') return [rule];
  if (rule.is === 'not') return because(rule.part, standing, now);
  const failing = rule.parts.filter((part) => !holds(part, standing, now));
  return (rule.is === 'or' ? failing : failing.slice(0, 1)).flatMap((part) => whyNot(part, standing, now));
}

/** When a test changes its answer by time alone; null when it never does. */
function turnsAt({ field, argument, test }: RuleTest, standing: Standing, now: number): number | null {
  const { read, reaches } = datedField(field);
  if (test.is === 'compare' && test.value.type === 'number') return reaches?.(standing, test.value.value) ?? null;
  if (test.is !== 'time' || 'day' in test.moment) return null;
  const value = read(standing, now, argument);
  // Of several the first to lie before something, the last to lie within it.
  const time = Array.isArray(value) ? (test.how === 'before' ? value[0] : value.at(-1)) : value;
  const { from, to } = spanOf(test, 0);
  return typeof time === 'number' ? time - (from ?? to ?? 0) : null;
}

/** Moments at which a rule may change its answer by time alone, as long as nothing happens. In no order. */
export const turningPoints = (tests: readonly RuleTest[], standing: Standing, now: number): readonly number[] =>
  tests.flatMap((test) => {
    const turn = turnsAt(test, standing, now);
    // On one side of it or the other the answer is another one; which, is for the rule to say.
    return turn === null || !Number.isFinite(turn) ? [] : [Math.floor(turn), Math.ceil(turn), Math.floor(turn) + 1];
  });
