import type { QuestionKind, ScoreCount } from '../../schema/question.ts';
import { questionKinds } from '../../schema/questions.gen.ts';
import { Arguments } from '../platform/arguments.ts';
import type { Population } from '../record/segments/population.ts';
import { ofFragments } from './among.ts';
import type { Answered, Point, Range, Unit } from './insight.ts';
import { wholeOf } from './spans.ts';

type Row = { span: number; score: number; count: number };

/** A summary's figures in the unit of the series: question kinds give a share in per cent, a series as a fraction. */
function pointOf(kind: QuestionKind, unit: Unit, span: Range, counts: readonly ScoreCount[]): Point {
  const summary = kind.summarise?.(counts);
  const inUnit = (figure: number | null | undefined) =>
    figure == null ? null : unit === 'share' ? figure / 100 : figure;
  return {
    ...span,
    n: summary?.n ?? 0,
    estimate: inUnit(summary?.estimate),
    low: inUnit(summary?.low),
    high: inUnit(summary?.high),
  };
}

/** Counts of each score in each span: one range of the index a span, one round trip. */
async function countScores(
  db: D1Database,
  kind: string,
  spans: readonly Range[],
  among: Population | undefined,
): Promise<Row[]> {
  const args = new Arguments();
  const [asked, ranges] = [args.add(kind), args.add(JSON.stringify(spans))];
  const { results } = await db
    .prepare(
      `SELECT s.key AS span, a.score, count(*) AS count
       FROM json_each(${ranges}) s CROSS JOIN answer a
       WHERE a.kind = ${asked} AND a.occurred_at >= s.value ->> 'from' AND a.occurred_at < s.value ->> 'to'${ofFragments('a.fragment_id', among, args)}
       GROUP BY s.key, a.score`,
    )
    .bind(...args.values)
    .all<Row>();
  return results;
}

/** A question kind's score as a series with its uncertainty. @throws RangeError for a kind without a score. */
export async function scoreSeries(
  db: D1Database,
  kindName: string,
  unit: Unit,
  spans: readonly Range[],
  among?: Population,
): Promise<Answered> {
  const kind = questionKinds.find((candidate) => candidate.kind === kindName);
  if (!kind?.summarise) throw new RangeError(`no scored question kind ${kindName}`);
  const rows = await countScores(db, kindName, spans, among);
  const points = spans.map((span, index) =>
    pointOf(
      kind,
      unit,
      span,
      rows.filter((row) => row.span === index),
    ),
  );
  return {
    unit,
    currency: null,
    series: [{ name: kindName, points, total: pointOf(kind, unit, wholeOf(spans), rows) }],
  };
}
