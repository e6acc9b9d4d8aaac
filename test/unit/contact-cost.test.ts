import { describe, expect, it } from 'vitest';
import { type ContactRate, contactCost } from '../../schema/contact-cost.ts';
import { fc } from '../support/chance.ts';

const DAY = 24 * 3600 * 1000;
const START = Date.UTC(2026, 0, 1);

const rate = (over: Partial<ContactRate> = {}): ContactRate => ({
  channel: 'phone',
  handler: 'staff',
  validFrom: START,
  perContactMinor: 40,
  perMinuteMinor: 50,
  currency: 'EUR',
  ...over,
});
const call = { channel: 'phone', handler: 'staff', minutes: 12, at: START + DAY } as const;
const cost = (rates: readonly ContactRate[], over: object = {}) => contactCost(rates, { ...call, ...over });

describe('what a contact costs', () => {
  it('is so much for each and so much a minute: twelve minutes come to 6.40', () => {
    expect(cost([rate()])).toEqual({ amountMinor: 640, currency: 'EUR' });
  });

  it('is only that of its own channel and handler', () => {
    expect(cost([rate({ channel: 'letter' }), rate({ handler: 'outsourced' })])).toBeNull();
    expect(cost([rate(), rate({ handler: 'outsourced', perMinuteMinor: 90 })], { handler: 'outsourced' })).toEqual({
      amountMinor: 1120,
      currency: 'EUR',
    });
  });

  it('goes by the rate of its time, whichever order they stand in', () => {
    const rates = [rate(), rate({ validFrom: START + 10 * DAY, perMinuteMinor: 60 })];
    for (const list of [rates, [...rates].reverse()]) {
      expect(cost(list, { at: START + 10 * DAY - 1 })?.amountMinor).toBe(640);
      expect(cost(list, { at: START + 10 * DAY })?.amountMinor).toBe(760);
      expect(cost(list, { at: START - 1 })).toBeNull();
    }
  });

  it('is not known where the minutes are missing and nothing else is said, and is again unknown once taken back', () => {
    expect(cost([rate({ perContactMinor: null })], { minutes: null })).toBeNull();
    expect(cost([rate()], { minutes: null })).toEqual({ amountMinor: 40, currency: 'EUR' });
    expect(cost([rate(), rate({ validFrom: START + 1, perContactMinor: null, perMinuteMinor: null })])).toBeNull();
  });

  it('never falls when a contact takes longer', () => {
    const amount = fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: null });
    fc.assert(
      fc.property(amount, amount, fc.nat(1440), fc.nat(1440), (perContactMinor, perMinuteMinor, a, b) => {
        const rates = [rate({ perContactMinor, perMinuteMinor })];
        const [short, long] = [Math.min(a, b), Math.max(a, b)].map((minutes) => cost(rates, { minutes }));
        if (!short || !long) expect(short).toEqual(long);
        else expect(long.amountMinor).toBeGreaterThanOrEqual(short.amountMinor);
      }),
    );
  });
});
