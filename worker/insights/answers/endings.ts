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
  async answer(db, spans) {
    const { results } = await db
      .prepare(
        `SELECT s.key AS span, c.initiator, count(*) AS n FROM json_each(?1) s CROSS JOIN stage_change c
           ON c.stage = 'dissolution' AND c.from_at >= s.value ->> 'from' AND c.from_at < s.value ->> 'to'
         GROUP BY s.key, c.initiator`,
      )
      .bind(JSON.stringify(spans))
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
    return { unit: 'count', currency: null, series };
  },
} satisfies Insight;
