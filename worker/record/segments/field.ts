import type { Test } from './rule.ts';
import type { Word } from './words.ts';

/** Puts a value into a statement: nothing that anybody wrote becomes part of its text. */
export type Sql = {
  /** Gives the placeholder of a value. */
  bind(value: string | number): string;
  /** The moment that "now" is, epoch ms. */
  readonly now: number;
};

/** What a test asks, where it was not answered before: `!=` is the opposite of `=`. */
export type Asked = Test;

/** Where a field stands in the list that staff see. */
export const GROUPS = [
  'Contact',
  'Orders',
  'What they say',
  'Who they are',
  'What they agreed to',
  'What happened',
  'Stage',
  'Open',
] as const;

/** Something that can be asked of a customer. */
export type Field = Word & {
  /** What staff see in the list of fields. */
  readonly title: string;
  readonly help: string;
  readonly group: (typeof GROUPS)[number];
  /**
   * The condition over `customer c`, one expression; null counts as false. `c.id IN (SELECT …)` where an index leads to the few.
   */
  condition(test: Asked, argument: string | null, sql: Sql): string;
};

/** All of a field but its condition and its kind. */
export type About = Omit<Field, 'condition' | 'kind'>;
