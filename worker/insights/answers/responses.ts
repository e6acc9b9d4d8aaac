import { questionKinds } from '../../../schema/questions.gen.ts';
import { Arguments } from '../../platform/arguments.ts';
import { ofFragments } from '../among.ts';
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
  async answer(db, spans, among) {
    const args = new Arguments();
    const [ranges, kinds] = [args.add(JSON.stringify(spans)), args.add(JSON.stringify(scoredKinds))];
    const { results } = await db
      .prepare(
        `SELECT s.key AS span, count(DISTINCT a.seq) AS responses
         FROM json_each(${ranges}) s CROSS JOIN answer a
         WHERE a.kind IN (SELECT value FROM json_each(${kinds}))
           AND a.occurred_at >= s.value ->> 'from' AND a.occurred_at < s.value ->> 'to'${ofFragments('a.fragment_id', among, args)}
         GROUP BY s.key`,
      )
      .bind(...args.values)
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
