import { Arguments } from '../../platform/arguments.ts';
import { ofFragments } from '../among.ts';
import type { Insight, Point, Range } from '../insight.ts';
import { wholeOf } from '../spans.ts';

type Row = { span: number; initiator: string; n: number };

const pointOf = (span: Range, n: number): Point => ({ ...span, n, estimate: n, low: null, high: null });
const NAMES: Readonly<Record<string, string>> = {
  neither: 'in silence',
  customer: 'by the customer',
  company: 'by us',
  staff: 'set by hand',
};

/** Relationships by the time their end began; whoever came back later is counted all the same. */
export default {
  id: 'endings',
  title: 'Endings',
  order: 70,
  question: 'How many relationships end, and who ends them?',
  async answer(db, spans, among) {
    const args = new Arguments();
    const ranges = args.add(JSON.stringify(spans));
    const { results } = await db
      .prepare(
        `SELECT s.key AS span, c.initiator, count(*) AS n FROM json_each(${ranges}) s CROSS JOIN stage_change c
           ON c.stage = 'dissolution' AND c.from_at >= s.value ->> 'from' AND c.from_at < s.value ->> 'to'${ofFragments('c.customer_id', among, args)}
         GROUP BY s.key, c.initiator`,
      )
      .bind(...args.values)
      .all<Row>();
    const series = Object.entries(NAMES).map(([initiator, name]) => {
      const rows = results.filter((row) => row.initiator === initiator);
      const points = spans.map((span, index) => pointOf(span, rows.find((row) => row.span === index)?.n ?? 0));
      return {
        name,
        points,
        total: pointOf(
          wholeOf(spans),
          rows.reduce((sum, { n }) => sum + n, 0),
        ),
      };
    });
    // Who ended none is not listed, unless nobody did.
    const [most, ...others] = series.toSorted((a, b) => b.total.n - a.total.n);
    const shown = [...(most ? [most] : []), ...others.filter(({ total }) => total.n > 0)];
    return { unit: 'count', currency: null, series: shown };
  },
} satisfies Insight;
