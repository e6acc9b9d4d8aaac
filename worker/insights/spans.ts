import type { Range } from './insight.ts';

/** The last `count` calendar months up to `now`, oldest first, in UTC; the last one ends now. */
export function lastMonths(now: number, count: number): Range[] {
  const date = new Date(now);
  return Array.from({ length: count }, (_, index) => {
    const month = date.getUTCMonth() - (count - 1 - index);
    const from = Date.UTC(date.getUTCFullYear(), month, 1);
    return { from, to: index === count - 1 ? now + 1 : Date.UTC(date.getUTCFullYear(), month + 1, 1) };
  });
}

/** From the start of the first span to the end of the last. */
export const wholeOf = (spans: readonly Range[]): Range => ({ from: spans[0]?.from ?? 0, to: spans.at(-1)?.to ?? 0 });
