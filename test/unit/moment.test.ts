import { describe, expect, it } from 'vitest';
import { pastMoment } from '../../worker/record/customer/moment.ts';

const now = Date.UTC(2026, 2, 15, 12);

describe('the moment a record is asked for', () => {
  it.each([
    ['2026-03-01', Date.UTC(2026, 2, 2) - 1],
    [' 2024-02-29 ', Date.UTC(2024, 2, 1) - 1],
    ['2026-03-01T10:30:00Z', Date.UTC(2026, 2, 1, 10, 30)],
    ['2026-03-01t10:30:00.250z', Date.UTC(2026, 2, 1, 10, 30, 0, 250)],
    ['2026-03-01T10:30:00+02:00', Date.UTC(2026, 2, 1, 8, 30)],
    ['2026-03-15', now],
    ['2026-03-15T12:00:00Z', now],
  ])('%s is a moment', (text, at) => expect(pastMoment(text, now)).toEqual({ ok: true, at }));

  it.each([
    '',
    'yesterday',
    '2026-3-1',
    '2026-02-30',
    '2026-13-01',
    '2026-03-01T25:00:00Z',
    '2026-03-01T10:00:00',
    '1e9',
    '01/03/2026',
  ])('%s is none, and it is said what to write', (text) =>
    expect(pastMoment(text, now)).toMatchObject({ ok: false, message: expect.stringContaining('2026-03-01') }),
  );

  it.each(['2026-03-16', '2026-03-15T12:00:01Z', '2099-01-01'])('%s lies ahead', (text) =>
    expect(pastMoment(text, now)).toMatchObject({ ok: false, message: expect.stringContaining('ahead') }),
  );
});
