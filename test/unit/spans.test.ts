import { describe, expect, it } from 'vitest';
import { lastMonths } from '../../worker/insights/spans.ts';
import { fc } from '../support/chance.ts';

const moment = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });

describe('the last months', () => {
  it('follow each other without a gap, begin on the first in UTC, and the last of them holds now', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 36 }), (now, months) => {
        const spans = lastMonths(now, months);
        expect(spans).toHaveLength(months);
        for (const [index, { from, to }] of spans.entries()) {
          const start = new Date(from);
          expect(start.getUTCDate() + start.getUTCHours() + start.getUTCMinutes() + start.getUTCSeconds()).toBe(1);
          expect(spans[index + 1]?.from ?? to).toBe(to);
          expect(to).toBeGreaterThan(from);
        }
        const last = spans.at(-1);
        expect(last && last.from <= now && now < last.to).toBe(true);
      }),
    );
  });
});
