import { STAGES } from '../../../schema/vocabulary.ts';
import { Arguments } from '../../platform/arguments.ts';
import { ofFragments } from '../among.ts';
import type { Insight, Point, Range } from '../insight.ts';
import { wholeOf } from '../spans.ts';

const pointOf = (span: Range, n: number): Point => ({ ...span, n, estimate: n, low: null, high: null });

/** Who stays on purpose comes first: it is what the others are to become. */
const SHOWN = ['commitment', ...STAGES.filter((stage) => stage !== 'commitment')];
/** After all time. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** How many were in each stage at the end of each span; the whole is told by its end. One reading of the course of everybody. */
export default {
  id: 'stages',
  title: 'Stages',
  order: 60,
  question: 'How far have our relationships come?',
  async answer(db, spans, among) {
    const args = new Arguments();
    const counts = spans.map(({ to }, index) => {
      const end = args.add(to);
      return `sum(c.from_at < ${end} AND ifnull(c.to_at, ${NEVER}) >= ${end}) AS s${index}`;
    });
    // A customer bears the id of one of its fragments.
    const whose = ofFragments('c.customer_id', among, args);
    const { results } = await db
      .prepare(`SELECT c.stage, ${counts.join(', ')} FROM stage_change c WHERE true${whose} GROUP BY c.stage`)
      .bind(...args.values)
      .all<Record<string, number | string>>();
    const series = SHOWN.map((stage) => {
      const row = results.find((one) => one.stage === stage);
      const points = spans.map((span, index) => pointOf(span, Number(row?.[`s${index}`] ?? 0)));
      return { name: stage, points, total: pointOf(wholeOf(spans), points.at(-1)?.n ?? 0) };
    });
    return { unit: 'count', currency: null, series };
  },
} satisfies Insight;
