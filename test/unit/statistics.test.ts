import { expect, test } from 'vitest';
import type { ScoreCount } from '../../schema/question.ts';
import {
  adjustedNetPromoterScore,
  meanEstimate,
  netPromoterScore,
  studentQuantile,
  summariseMean,
  summariseNetPromoters,
  summariseTopTwo,
  wilsonInterval,
} from '../../schema/statistics.ts';

const counts = (...pairs: readonly (readonly [score: number, count: number])[]): ScoreCount[] =>
  pairs.map(([score, count]) => ({ score, count }));

test('the margin of an NPS is that of a difference of two shares', () => {
  const third = netPromoterScore(162, 108, 54);
  expect(third.estimate).toBeCloseTo(33.3333, 4);
  expect(third.margin / 1.959963984540054).toBeCloseTo(4.1409, 4);
  expect(third.margin).toBeCloseTo(8.116, 3);
  expect(netPromoterScore(50, 30, 20).estimate).toBeCloseTo(30, 10);
  expect(netPromoterScore(50, 30, 20).margin).toBeCloseTo(15.31, 2);
  expect(netPromoterScore(500, 300, 200).margin).toBeCloseTo(4.84, 2);
});

test('ten promoters and nobody else are no certainty', () => {
  const adjusted = adjustedNetPromoterScore(10, 0, 0);
  expect(adjusted.estimate).toBeCloseTo(76.92, 2);
  expect(adjusted.margin).toBeCloseTo(29.42, 2);
  const summary = summariseNetPromoters(counts([10, 7], [9, 3]));
  expect(summary).toMatchObject({ measure: 'nps', n: 10, estimate: 100, high: 100 });
  expect(summary.low).toBeCloseTo(76.92 - 29.42, 1);
});

test('9 and 10 promote, 7 and 8 do neither, 6 and below detract', () => {
  expect(summariseNetPromoters(counts([9, 1], [10, 1], [8, 1], [7, 1])).estimate).toBe(50);
  expect(summariseNetPromoters(counts([6, 1], [0, 1])).estimate).toBe(-100);
  expect(summariseNetPromoters(counts([6, 2], [0, 1])).low).toBe(-100);
});

test('a share has the interval of Wilson', () => {
  const many = wilsonInterval(80, 100);
  expect(100 * many.low).toBeCloseTo(71.12, 2);
  expect(100 * many.high).toBeCloseTo(86.66, 2);
  const few = wilsonInterval(8, 10);
  expect(100 * few.low).toBeCloseTo(49.02, 2);
  expect(100 * few.high).toBeCloseTo(94.33, 2);
  expect(wilsonInterval(10, 10).low).toBeGreaterThan(0.7);
  for (let n = 1; n < 50; n += 1) {
    expect(wilsonInterval(n, n).high).toBe(1);
    expect(wilsonInterval(0, n).low).toBe(0);
  }
});

test('the share of the two best answers is in per cent', () => {
  const summary = summariseTopTwo(counts([5, 50], [4, 30], [3, 20]), 5);
  expect(summary).toMatchObject({ measure: 'top_two_share', n: 100, estimate: 80 });
  expect(summary.low).toBeCloseTo(71.12, 2);
});

test("the quantiles of Student's t agree with the tables", () => {
  const published = [
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [120, 1.98],
  ] as const;
  for (const [degrees, quantile] of published)
    expect(Math.abs(studentQuantile(degrees) / quantile - 1)).toBeLessThan(0.002);
});

test('the mean of the published effort scores is 4.08', () => {
  const published = counts([1, 80], [2, 210], [3, 140], [4, 110], [5, 160], [6, 180], [7, 120]);
  const summary = summariseMean(published, 1, 7);
  expect(summary).toMatchObject({ measure: 'mean', n: 1000 });
  expect(summary.estimate).toBeCloseTo(4.08, 10);
  expect(meanEstimate(published)?.margin).toBeCloseTo(0.118, 2);
});

test('one answer leaves the whole scale open, and unanimous ones leave a margin', () => {
  expect(summariseMean(counts([6, 1]), 1, 7)).toEqual({ measure: 'mean', n: 1, estimate: 6, low: 1, high: 7 });
  const unanimous = summariseMean(counts([6, 3]), 1, 7);
  expect(unanimous.low).toBeLessThan(6);
  expect(unanimous.high).toBeGreaterThan(6);
});

test('nobody is not nought', () => {
  const nothing = { n: 0, estimate: null, low: null, high: null };
  expect(summariseNetPromoters([])).toMatchObject(nothing);
  expect(summariseTopTwo(counts([3, 0]), 5)).toMatchObject(nothing);
  expect(summariseMean([], 1, 7)).toMatchObject(nothing);
});
