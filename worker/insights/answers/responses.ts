import { questionKinds } from '../../../schema/questions.gen.ts';
import type { Insight, Point, Range } from '../insight.ts';
import { wholeOf } from '../spans.ts';

type Row = { span: number; responses: number };

// Named one by one, so that each is a range of the index.
const scoredKinds = questionKinds.filter((kind) => kind.scale !== null).map((kind) => kind.kind);

const pointOf = (span: Range, n: number): Point => ({ ...span, n, estimate: n, low: null, high: null });

export default {
  id: 'responses',
  title: 'Responses',
  order: 50,
  question: 'How many survey answers came in?',
  async answer(db, spans) {
    const { results } = await db
      .prepare(
        `SELECT s.key AS span, count(DISTINCT a.seq) AS responses
         FROM json_each(?1) s CROSS JOIN answer a
         WHERE a.kind IN (SELECT value FROM json_each(?2))
           AND a.occurred_at >= s.value ->> 'from' AND a.occurred_at < s.value ->> 'to'
         GROUP BY s.key`,
      )
      .bind(JSON.stringify(spans), JSON.stringify(scoredKinds))
      .all<Row>();
    const points = spans.map((span, index) => pointOf(span, results.find((row) => row.span === index)?.responses ?? 0));
    const total = results.reduce((sum, row) => sum + row.responses, 0);
    return {
      unit: 'count',
      currency: null,
      series: [{ name: 'responses', points, total: pointOf(wholeOf(spans), total) }],
    };
  },
} satisfies Insight;
