import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, pageOf } from '../../worker/platform/page.ts';
import { fc } from '../support/chance.ts';

describe('a cursor', () => {
  it('gives back the key it was made of, in characters a URL can carry', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 3 }), (key) => {
        const cursor = encodeCursor(key);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, key.length)?.map((n) => n + 0)).toEqual(key.map((n) => n + 0));
      }),
    );
  });

  it('is refused when it is anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const key = decodeCursor(text, 2);
        expect(key === null || key.every(Number.isSafeInteger)).toBe(true);
      }),
    );
    expect(decodeCursor(encodeCursor([1]), 2)).toBeNull();
    expect(decodeCursor(encodeCursor(['1; DROP TABLE customer', 2]), 2)).toBeNull();
    expect(decodeCursor(encodeCursor([1.5, 2]), 2)).toBeNull();
    expect(decodeCursor(encodeCursor([null, 2]), 2)).toBeNull();
  });
});

describe('a page', () => {
  it('together with those that follow gives each row once, in order', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 7 }), (count, limit) => {
        const rows = Array.from({ length: count }, (_, index) => index + 1);
        const seen: number[] = [];
        let after = 0;
        for (let pages = 0; pages <= count; pages++) {
          const from = after;
          const read = rows.filter((row) => row > from).slice(0, limit + 1);
          const { items, nextCursor } = pageOf(
            read,
            limit,
            (row) => [row],
            (row) => row,
          );
          seen.push(...items);
          if (nextCursor === null) break;
          after = decodeCursor(nextCursor, 1)?.[0] ?? Number.NaN;
        }
        expect(seen).toEqual(rows);
      }),
    );
  });
});
