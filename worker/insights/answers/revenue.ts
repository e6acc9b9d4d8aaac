import { Arguments } from '../../platform/arguments.ts';
import { ORDER_COUNTS, ORDER_REVENUE } from '../../record/numbers.ts';
import { ofFragments } from '../among.ts';
import type { Insight, Point, Range } from '../insight.ts';
import { wholeOf } from '../spans.ts';

type Row = { span: number; currency: string; amount: number; orders: number };

const pointOf = (span: Range, rows: readonly Row[]): Point => ({
  ...span,
  n: rows.reduce((sum, row) => sum + row.orders, 0),
  estimate: rows.reduce((sum, row) => sum + row.amount, 0),
  low: null,
  high: null,
});

/** Net revenue of orders by the time they were placed, in the currency that most orders have; others as series of their own. */
export default {
  id: 'revenue',
  title: 'Revenue',
  order: 40,
  question: 'What do our orders bring in after refunds?',
  async answer(db, spans, among) {
    const args = new Arguments();
    const ranges = args.add(JSON.stringify(spans));
    const { results } = await db
      .prepare(
        `SELECT s.key AS span, o.currency, sum(${ORDER_REVENUE}) AS amount, count(*) AS orders
         FROM json_each(${ranges}) s CROSS JOIN orders o
           ON coalesce(o.placed_at, o.as_of) >= s.value ->> 'from' AND coalesce(o.placed_at, o.as_of) < s.value ->> 'to'
         WHERE ${ORDER_COUNTS}${ofFragments('o.fragment_id', among, args)}
         GROUP BY s.key, o.currency`,
      )
      .bind(...args.values)
      .all<Row>();
    const ordersIn = (currency: string) =>
      results.filter((row) => row.currency === currency).reduce((sum, row) => sum + row.orders, 0);
    const currencies = [...new Set(results.map((row) => row.currency))].sort(
      (a, b) => ordersIn(b) - ordersIn(a) || (a < b ? -1 : 1),
    );
    const series = currencies.map((currency) => {
      const rows = results.filter((row) => row.currency === currency);
      const points = spans.map((span, index) =>
        pointOf(
          span,
          rows.filter((row) => row.span === index),
        ),
      );
      return { name: currency, points, total: pointOf(wholeOf(spans), rows) };
    });
    return { unit: 'money', currency: currencies[0] ?? null, series };
  },
} satisfies Insight;
