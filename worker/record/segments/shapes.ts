import { numberIs, textIs, timeIs } from './conditions.ts';
import type { About, Field, Sql } from './field.ts';

/** The usual shapes of fields, each over an expression of the customer `c`. */

/** What has a value of its own on the row of the customer, or is read with it. */
export type Expression = string | ((sql: Sql) => string);

const written = (expression: Expression, sql: Sql): string =>
  typeof expression === 'string' ? expression : expression(sql);

export const numberField = (about: About, expression: Expression): Field => ({
  ...about,
  kind: 'number',
  condition: (test, _argument, sql) => numberIs(written(expression, sql), test, sql),
});

export const timeField = (about: About, expression: Expression): Field => ({
  ...about,
  kind: 'time',
  condition: (test, _argument, sql) =>
    test.is === 'time' ? timeIs(written(expression, sql), test, sql) : `${written(expression, sql)} IS NOT NULL`,
});

export const textField = (about: About, expression: Expression): Field => ({
  ...about,
  kind: 'text',
  condition: (test, _argument, sql) => textIs(written(expression, sql), test, sql),
});

/** One word of a closed list. */
export const choiceField = (about: About, choices: readonly string[], expression: Expression): Field => ({
  ...textField({ ...about, choices }, expression),
  kind: 'choice',
});

/** A field of which a customer can have several values: one that fits is enough. `among` puts the test of `x` into its query. */
export const manyTexts = (about: About, x: string, among: (condition: string) => string): Field => ({
  ...about,
  kind: 'text',
  condition: (test, _argument, sql) => among(test.is === 'known' ? '1' : textIs(x, test, sql)),
});

/** True or not. */
export const yesField = (about: About, condition: Expression): Field => ({
  ...about,
  kind: 'yes-no',
  condition: (_test, _argument, sql) => written(condition, sql),
});
