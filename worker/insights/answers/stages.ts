import { STAGES } from '../../../schema/vocabulary.ts';
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
  async answer(db, spans) {
    const counts = spans.map(
      (_, index) => `sum(from_at < ?${index + 1} AND ifnull(to_at, ${NEVER}) >= ?${index + 1}) AS s${index}`,
    );
    const { results } = await db
      .prepare(`SELECT stage, ${counts.join(', ')} FROM stage_change GROUP BY stage`)
      .bind(...spans.map(({ to }) => to))
      .all<Record<string, number | string>>();
    const series = SHOWN.map((stage) => {
      const row = results.find((one) => one.stage === stage);
      const points = spans.map((span, index) => pointOf(span, Number(row?.[`s${index}`] ?? 0)));
      return { name: stage, points, total: pointOf(wholeOf(spans), points.at(-1)?.n ?? 0) };
    });
    return { unit: 'count', currency: null, series };
  },
} satisfies Insight;
