import { afterAll, describe, expect, it } from 'vitest';
import { Arguments } from '../../worker/platform/arguments.ts';
import { followOrders } from '../../worker/record/products/follow.ts';
import { segmentWords } from '../../worker/record/segments/fields.ts';
import { parseRule } from '../../worker/record/segments/language.ts';
import { isAmong, LISTED_CUSTOMERS } from '../../worker/record/segments/population.ts';
import type { Rule } from '../../worker/record/segments/rule.ts';
import { fc, patience, runs } from '../support/chance.ts';
import { makeWorld, type World, writeFacts } from '../support/record.ts';
import { membersOf, TABLES, type Tables } from '../support/segment-oracle.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { FIRST_DAY, facts } from '../support/world.ts';

/** The SQL of a rule takes in exactly those whom the rows themselves say, over random worlds and random rules. */
const { worker, run } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);
const RUNS = runs(60);
/** Two weeks after the last day of a world, so that "within 12 days" cuts it somewhere. */
const NOW = FIRST_DAY + 14 * 24 * 3600 * 1000;

const IN_WORLD = 'f.source_id IN (SELECT value FROM json_each(?1))';
const OWN = `x.fragment_id IN (SELECT f.id FROM fragment f WHERE ${IN_WORLD})`;
const SQL: Record<(typeof TABLES)[number], string> = {
  customer: `SELECT DISTINCT c.* FROM fragment f CROSS JOIN customer c ON c.id = f.customer_id WHERE ${IN_WORLD} AND c.is_known = 1 AND c.is_current = 1 ORDER BY c.id`,
  fragment: `SELECT f.* FROM fragment f WHERE ${IN_WORLD}`,
  source: 'SELECT s.* FROM source s WHERE s.id IN (SELECT value FROM json_each(?1))',
  touchpoint: `SELECT x.* FROM touchpoint x WHERE ${OWN}`,
  orders: `SELECT x.* FROM orders x WHERE ${OWN}`,
  answer: `SELECT x.* FROM answer x WHERE ${OWN}`,
  identifier: `SELECT x.* FROM identifier x WHERE ${OWN}`,
  line: `SELECT x.*, p.title, p.sku FROM order_line x JOIN product p ON p.id = x.product_id WHERE ${OWN}`,
};

async function tablesOf({ sources }: World): Promise<Tables> {
  const ids = JSON.stringify(Object.values(sources));
  const results = await db.batch(TABLES.map((table) => db.prepare(SQL[table]).bind(ids)));
  return Object.fromEntries(TABLES.map((table, index) => [table, results[index]?.results ?? []])) as unknown as Tables;
}

function statementOf(rule: Rule, { sources }: World): D1PreparedStatement {
  const args = new Arguments();
  const condition = isAmong({ rule, now: NOW }, args);
  const world = args.add(JSON.stringify(Object.values(sources)));
  return db
    .prepare(
      `SELECT c.id FROM customer c WHERE ${LISTED_CUSTOMERS} AND ${condition}
         AND c.id IN (SELECT f.customer_id FROM fragment f WHERE f.source_id IN (SELECT value FROM json_each(${world}))) ORDER BY c.id`,
    )
    .bind(...args.values);
}

const ruleOf = (text: string): Rule => {
  const parsed = parseRule(text, segmentWords);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.errors[0].message}`);
  return parsed.rule;
};

const comparator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(' '));
const of = (...texts: string[]) => fc.constantFrom(...texts);
const small = fc.integer({ min: 0, max: 4 }).map(String);
const time = fc.oneof(
  joined(
    of('before', 'within'),
    fc.integer({ min: 8, max: 15 }).map((days) => `${days} days`),
  ),
  joined(
    of('before', 'after', 'since', 'on'),
    fc.integer({ min: 1, max: 7 }).map((day) => `2026-01-0${day}`),
  ),
);
const known = of('known', 'unknown');
const text = (...texts: string[]) =>
  fc.oneof(joined(of('=', '!=', 'contains', 'starts with', 'ends with', 'not contains'), of(...texts)), known);

const test = fc.oneof(
  joined(of('touchpoints', 'orders', 'answers'), comparator, small),
  joined(of('revenue', 'average order'), comparator, of('0', '9', '10', '25', '35'), of('EUR', 'JPY')),
  of('average order known', 'average order unknown'),
  joined(of('first touchpoint', 'last touchpoint', 'first order', 'last order', 'last answer'), fc.oneof(time, known)),
  joined(of('overdue'), fc.oneof(known, joined(comparator, fc.integer({ min: 2, max: 14 }).map(String)))),
  joined(of('nps', 'csat'), fc.oneof(known, joined(comparator, fc.integer({ min: 0, max: 10 }).map(String)))),
  joined(of('nps in'), of('(1, 2, 3)', '(9, 10)')),
  joined(of('name'), text('Ada', '"ada"', '"БОРИС"', '"小明"', '"d"', '"person1"')),
  joined(of('email'), text('"person"', '"info@"', '".EXAMPLE"', '"person1@"')),
  joined(of('phone'), fc.oneof(known, of('starts with "+48"'))),
  joined(
    of('assurance'),
    fc.oneof(known, joined(of('=', '!='), of('claimed', 'asserted', 'verified')), of('in (claimed, verified)')),
  ),
  joined(of('party'), joined(of('=', '!='), of('customer', 'prospect'))),
  joined(of('source'), of('Shop', 'server', 'site', 'standard_webhooks')),
  joined(of('happened'), of('order_updated', 'survey_answered', 'customer_updated', 'never'), fc.oneof(of(''), time)),
  joined(of('used'), of('web', 'shop', 'phone'), fc.oneof(of(''), time)),
  fc.oneof(of('bought known'), joined(of('bought "teapot"', 'bought "Cup"'), fc.oneof(of(''), time))),
);
const { rule: rules } = fc.letrec<{ rule: string }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    test,
    joined(tie('rule'), of('and', 'or'), test),
    tie('rule').map((inner) => `not (${inner})`),
  ),
}));

describe('the SQL of a rule', () => {
  it(
    'takes in exactly those whom the rows say',
    async () => {
      let [some, none] = [0, 0];
      await fc.assert(
        fc.asyncProperty(facts(12), fc.array(rules, { minLength: 60, maxLength: 60 }), async (given, texts) => {
          const world = await makeWorld(db);
          await writeFacts(
            db,
            world,
            given.map((fact, index) => ({ ...fact, index })),
            [given.length],
          );
          while (await followOrders(db));
          const tables = await tablesOf(world);
          const asked = texts.map(ruleOf);
          const found = await db.batch<{ id: number }>(asked.map((rule) => statementOf(rule, world)));
          for (const [index, rule] of asked.entries()) {
            const expected = membersOf(tables, rule, NOW);
            expect(
              found[index]?.results.map(({ id }) => id),
              texts[index],
            ).toEqual(expected);
            if (expected.length > 0 && expected.length < tables.customer.length) some++;
            else none++;
          }
        }),
        { numRuns: RUNS },
      );
      // Rules that take in all or nobody show little.
      expect(some).toBeGreaterThan((some + none) / 10);
    },
    patience(240_000),
  );
});
