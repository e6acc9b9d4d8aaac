import type { Sql } from './field.ts';

/**
 * The value of a field that stands for the customer `c`, as on the record: what staff say, else what is best assured, then newest.
 * `field` as profiles and edits have it: `country`, `x:size`.
 */
export function standing(field: string, sql: Sql): string {
  const name = sql.bind(field);
  return `coalesce(
    (SELECT e.value FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = ${name} AND e.is_over = 0
     WHERE f.customer_id = c.id ORDER BY e.at DESC, e.id DESC LIMIT 1),
    (SELECT p.value FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id AND p.field = ${name}
     WHERE f.customer_id = c.id ORDER BY p.assurance DESC, p.at DESC, p.value LIMIT 1))`;
}
