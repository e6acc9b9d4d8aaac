import type { Population } from '../record/segments/population.ts';

/** A span of time: epoch ms, `from` included, `to` not. */
export type Range = { readonly from: number; readonly to: number };

/**
 * One figure of one span. `low` and `high` bound the 95 % interval of a sample; null for what was counted whole.
 * `estimate` is null when nothing was there to measure.
 */
export type Point = Range & {
  readonly n: number;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
};
export type Series = {
  readonly name: string;
  readonly points: readonly Point[] /** The whole range as one figure. */;
  readonly total: Point;
};

/** `points` run −100…100, `share` 0…1, `mean` on the question's own scale, `money` in minor units of `currency`. */
export type Unit = 'points' | 'share' | 'mean' | 'count' | 'money';
export type Answered = { readonly unit: Unit; readonly currency: string | null; readonly series: readonly Series[] };

/** The plug board of insights: one file a question that a manager asks. */
export interface Insight {
  /** Stable word of the API and of URLs. */
  readonly id: string;
  readonly title: string;
  /** Where it stands among the others: smaller comes first. */
  readonly order: number;
  /** The question, in the words of who asks it. */
  readonly question: string;
  /**
   * Reads the record; writes nothing. `spans` cut the range into the points of a series; `among` asks of the customers of a
   * segment alone (`ofFragments` in among.ts is its condition).
   */
  answer(db: D1Database, spans: readonly Range[], among?: Population): Promise<Answered>;
}
