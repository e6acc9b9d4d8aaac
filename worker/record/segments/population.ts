import type { Arguments } from '../../platform/arguments.ts';
import { compileRule } from './compile.ts';
import type { Rule } from './rule.ts';

/** The customers that a rule takes in at a moment; every list, count, insight and export can be asked of them alone. */
export type Population = {
  /** Without references to other segments. */
  readonly rule: Rule;
  /** The moment that "90 days ago" is counted from, epoch ms. */
  readonly now: number;
};

/** Who is listed at all: somebody who is known, under the id that leads. Wants `customer c` in scope. */
export const LISTED_CUSTOMERS = 'c.is_known = 1 AND c.is_current = 1';

/** The population as a condition over `customer c`. */
export const isAmong = ({ rule, now }: Population, args: Arguments): string => compileRule(rule, args, now);

/** The fragments of a population's customers, as a subquery: what touchpoints, orders and answers hang on. */
export const fragmentsAmong = (population: Population, args: Arguments): string =>
  `(SELECT f.id FROM customer c CROSS JOIN fragment f ON f.customer_id = c.id
    WHERE ${LISTED_CUSTOMERS} AND ${isAmong(population, args)})`;
