import { afterAll, describe, expect, it } from 'vitest';
import { Arguments } from '../../worker/platform/arguments.ts';
import { compileRule } from '../../worker/record/segments/compile.ts';
import { fields, segmentWords } from '../../worker/record/segments/fields.ts';
import { parseRule } from '../../worker/record/segments/language.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';

/** How the database goes about a rule: from the few that an index leads to, and never through the whole log. */
const { worker, run } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);

const NOW = Date.UTC(2026, 5, 1);

function selectOf(text: string): { sql: string; values: (string | number)[] } {
  const parsed = parseRule(text, segmentWords);
  if (!parsed.ok) throw new Error(parsed.errors[0].message);
  const args = new Arguments();
  const condition = compileRule(parsed.rule, args, NOW);
  return {
    sql: `SELECT c.id FROM customer c WHERE c.is_known = 1 AND c.is_current = 1 AND ${condition}`,
    values: args.values,
  };
}

async function planOf(text: string): Promise<string> {
  const { sql, values } = selectOf(text);
  const { results } = await db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...values)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail).join('\n');
}

describe('the SQL of a rule', () => {
  it('is SQL for every field and all that can be asked of it', async () => {
    for (const { name, example, isAlwaysKnown } of fields)
      for (const rule of [
        example,
        `not (${example})`,
        ...(isAlwaysKnown ? [] : [`${name} known`, `${name} unknown`]),
      ]) {
        const { sql, values } = selectOf(rule);
        const { results } = await db
          .prepare(sql)
          .bind(...values)
          .all();
        expect(results, rule).toEqual([]);
      }
  });

  it('looks at no table of the log but from the customer or by an index', async () => {
    for (const { example } of fields)
      expect(await planOf(example), example).not.toMatch(/SCAN (f|t|o|a|i|p\b.*order_line|l)\b(?! USING)/);
  });

  it('begins with the few where an index leads to them', async () => {
    const led = [
      ['nps <= 6', /SEARCH c USING INTEGER PRIMARY KEY/],
      [
        'email = "ann@example.com"',
        /SEARCH c USING INTEGER PRIMARY KEY[\s\S]*SEARCH i USING PRIMARY KEY \(kind=\? AND value=\?\)/,
      ],
      [
        'bought "Green tea"',
        /SEARCH c USING INTEGER PRIMARY KEY[\s\S]*SEARCH l USING (COVERING )?INDEX order_line_by_product/,
      ],
      ['open attention', /SEARCH c USING INTEGER PRIMARY KEY/],
      ['last touchpoint before 90 days', /SEARCH c USING (COVERING )?INDEX customer_listed \(last_at<\?\)/],
      ['happened "email_bounced" within 30 days', /SEARCH c USING (COVERING )?INDEX customer_listed \(last_at>\?\)/],
      ['orders > 2 and nps <= 6 and last touchpoint before 90 days', /SEARCH c USING INTEGER PRIMARY KEY/],
    ] as const;
    for (const [rule, plan] of led) expect(await planOf(rule), rule).toMatch(plan);
  });
});
