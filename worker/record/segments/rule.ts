/** A rule as the parser reads it: what `compile.ts` turns into SQL, and any other reader into what it needs. */
export type Rule =
  /** Two parts or more; a part is never of the same kind again. */
  | { readonly is: 'and' | 'or'; readonly parts: readonly Rule[] }
  /** Everybody else, also those of whom nothing is known. The part is never a `not` again. */
  | { readonly is: 'not'; readonly part: Rule }
  | RuleTest;

/** One thing that is asked of a customer. `field` is the field's own name, whichever of its synonyms was written. */
export type RuleTest = {
  readonly is: 'test';
  readonly field: string;
  /** What a field such as `bought "Tea"` is asked about; null for fields that need nothing more. */
  readonly argument: string | null;
  readonly test: Test;
};

export type Test =
  | { readonly is: 'compare'; readonly comparator: Comparator; readonly value: Literal }
  | { readonly is: 'in'; readonly values: readonly Literal[] }
  | { readonly is: 'match'; readonly how: 'contains' | 'starts' | 'ends'; readonly value: string }
  | TimeTest
  | { readonly is: 'known' }
  /** The field says it all: `open attention`, `bought "Tea"`. */
  | { readonly is: 'so' };

/** `before`: earlier than the moment. `within`: since it. `after`, `since` and `on` speak of whole days in UTC. */
export type TimeTest =
  | { readonly is: 'time'; readonly how: 'before'; readonly moment: Moment }
  | { readonly is: 'time'; readonly how: 'within'; readonly moment: Ago }
  | { readonly is: 'time'; readonly how: 'after' | 'since' | 'on'; readonly moment: Day };

export type Moment = Ago | Day;
/** So long before now. */
export type Ago = { readonly ago: number; readonly unit: Unit };
/** `YYYY-MM-DD`, UTC. */
export type Day = { readonly day: string };
export const UNITS = ['hours', 'days', 'weeks', 'months', 'years'] as const;
export type Unit = (typeof UNITS)[number];

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Literal =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'money'; readonly amountMinor: number; readonly currency: string }
  | { readonly type: 'text'; readonly value: string };

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** A month counts 30 days and a year 365, so that a rule means the same on every day. */
const UNIT_MS: Readonly<Record<Unit, number>> = {
  hours: HOUR_MS,
  days: DAY_MS,
  weeks: 7 * DAY_MS,
  months: 30 * DAY_MS,
  years: 365 * DAY_MS,
};

/** The moments a test of time takes in, epoch ms: `from` included, `to` not; null for no bound. */
export function spanOf(test: TimeTest, now: number): { readonly from: number | null; readonly to: number | null } {
  const at = 'day' in test.moment ? Date.parse(test.moment.day) : now - test.moment.ago * UNIT_MS[test.moment.unit];
  if (test.how === 'before') return { from: null, to: at };
  if (test.how === 'on') return { from: at, to: at + DAY_MS };
  return { from: test.how === 'after' ? at + DAY_MS : at, to: null };
}

/** All tests of a rule, in the order written. */
export function testsOf(rule: Rule): readonly RuleTest[] {
  if (rule.is === 'test') return [rule];
  return rule.is === 'not' ? testsOf(rule.part) : rule.parts.flatMap(testsOf);
}

/** How many rules stand in each other. */
export function depthOf(rule: Rule): number {
  if (rule.is === 'test') return 1;
  return 1 + Math.max(...(rule.is === 'not' ? [rule.part] : rule.parts).map(depthOf));
}

/** Puts parts of one kind side by side: `(a and b) and c` is `a and b and c`. */
export function joined(is: 'and' | 'or', parts: readonly Rule[]): Rule {
  const [only, ...more] = parts;
  if (only && more.length === 0) return only;
  return { is, parts: parts.flatMap((part) => (part.is === is ? part.parts : [part])) };
}

/** The opposite of a rule. */
export const opposite = (rule: Rule): Rule => (rule.is === 'not' ? rule.part : { is: 'not', part: rule });
