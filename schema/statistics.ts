import type { ScoreCount, Summary } from './question.ts';

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/** An estimate and half the width of its 95 % interval. */
export type Estimate = { readonly estimate: number; readonly margin: number };

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

const NOBODY = { n: 0, estimate: null, low: null, high: null } as const;

/** How many answers were counted. */
const countAnswers = (counts: readonly ScoreCount[]) => counts.reduce((sum, { count }) => sum + count, 0);

/** How many answers have a score from `from` to `to`, both included. */
function countBetween(counts: readonly ScoreCount[], from: number, to: number): number {
  return countAnswers(counts.filter(({ score }) => score >= from && score <= to));
}

/**
 * Net promoter score, 100(p − d), with the variance p + d − (p − d)² of a difference of two multinomial shares:
 * A. Whitaker, "Calculating the Margin of Error for Net Promoter Scores", cybaea.net, 2016.
 */
export function netPromoterScore(promoters: number, passives: number, detractors: number): Estimate {
  const n = promoters + passives + detractors;
  const net = (promoters - detractors) / n;
  const variance = (promoters + detractors) / n - net ** 2;
  return { estimate: 100 * net, margin: 100 * Z * Math.sqrt(Math.max(0, variance) / n) };
}

/**
 * The same with ¾, 1½ and ¾ answers added, whose interval keeps its coverage for few answers and does not shrink to
 * nothing when all agree: B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70(4), 2016.
 */
export function adjustedNetPromoterScore(promoters: number, passives: number, detractors: number): Estimate {
  return netPromoterScore(promoters + 0.75, passives + 1.5, detractors + 0.75);
}

/**
 * Wilson's score interval of a share, as fractions of one: E. B. Wilson, "Probable Inference, the Law of Succession, and
 * Statistical Inference", JASA 22(158), 1927.
 */
export function wilsonInterval(successes: number, n: number): { readonly low: number; readonly high: number } {
  const share = successes / n;
  const spread = Z ** 2 / n;
  const centre = share + spread / 2;
  const margin = Z * Math.sqrt((share * (1 - share)) / n + spread / (4 * n));
  // At both ends the bound is exact, and rounding must not put the share itself outside.
  return {
    low: successes === 0 ? 0 : (centre - margin) / (1 + spread),
    high: successes === n ? 1 : (centre + margin) / (1 + spread),
  };
}

/**
 * The 97.5 % quantile of Student's t: exact for one and two degrees of freedom, from three on the expansion of
 * Abramowitz & Stegun 26.7.5, right to 0.2 %.
 */
export function studentQuantile(degrees: number): number {
  if (degrees === 1) return Math.tan(0.475 * Math.PI);
  if (degrees === 2) return 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2));
  const z = Z;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92160 * degrees ** 4)
  );
}

/**
 * Mean with a t interval; null with fewer than two answers, which say nothing of the spread. Answers are rounded to whole
 * numbers, so their variance is never taken as less than that of the rounding, 1/12 (Sheppard).
 */
export function meanEstimate(counts: readonly ScoreCount[]): Estimate | null {
  const n = countAnswers(counts);
  if (n < 2) return null;
  const mean = counts.reduce((sum, { score, count }) => sum + score * count, 0) / n;
  const squares = counts.reduce((sum, { score, count }) => sum + count * (score - mean) ** 2, 0);
  const variance = Math.max(squares / (n - 1), 1 / 12);
  return { estimate: mean, margin: studentQuantile(n - 1) * Math.sqrt(variance / n) };
}

/** NPS in points, unrounded, with the adjusted interval. Promoters gave 9 or 10, passives 7 or 8. */
export function summariseNetPromoters(counts: readonly ScoreCount[]): Summary {
  const measure = 'nps';
  const n = countAnswers(counts);
  if (n === 0) return { measure, ...NOBODY };
  const groups = [countBetween(counts, 9, 10), countBetween(counts, 7, 8), countBetween(counts, 0, 6)] as const;
  const { estimate, margin } = adjustedNetPromoterScore(...groups);
  return {
    measure,
    n,
    estimate: netPromoterScore(...groups).estimate,
    low: clamp(estimate - margin, -100, 100),
    high: clamp(estimate + margin, -100, 100),
  };
}

/** Per cent of the answers that are one of the two best, with Wilson's interval. */
export function summariseTopTwo(counts: readonly ScoreCount[], max: number): Summary {
  const measure = 'top_two_share';
  const n = countAnswers(counts);
  if (n === 0) return { measure, ...NOBODY };
  const top = countBetween(counts, max - 1, max);
  const { low, high } = wilsonInterval(top, n);
  return { measure, n, estimate: (100 * top) / n, low: 100 * low, high: 100 * high };
}

/** Mean score with a t interval within the scale; one answer alone could stand for any mean of it. */
export function summariseMean(counts: readonly ScoreCount[], min: number, max: number): Summary {
  const measure = 'mean';
  const n = countAnswers(counts);
  if (n === 0) return { measure, ...NOBODY };
  const mean = meanEstimate(counts);
  if (mean === null)
    return { measure, n, estimate: counts.find(({ count }) => count > 0)?.score ?? null, low: min, high: max };
  const { estimate, margin } = mean;
  return { measure, n, estimate, low: clamp(estimate - margin, min, max), high: clamp(estimate + margin, min, max) };
}
