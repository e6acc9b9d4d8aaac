import { describe, expect, it } from 'vitest';
import { currencyCode, isFinerThanMinor, minorDigits, moneyFromMajor, moneyFromMinor } from '../../schema/money.ts';
import { stripeMoney } from '../../worker/sources/stripe/notice.ts';
import { fc } from '../support/chance.ts';

describe('money from a decimal amount', () => {
  it.each([
    ['29.35', 'USD', 2935],
    [29.35, 'USD', 2935],
    ['-4', 'EUR', -400],
    ['0.1', 'EUR', 10],
    [1.005, 'USD', 101],
    ['0.005', 'USD', 1],
    ['-0.005', 'USD', -1],
    ['0.0049', 'USD', 0],
    // No minor unit.
    ['20', 'VND', 20],
    ['5000.00', 'JPY', 5000],
    ['1999.5', 'KRW', 2000],
    // Three digits.
    ['1.234', 'KWD', 1234],
    ['1.2', 'TND', 1200],
    ['10', 'BHD', 10000],
    // Four digits.
    ['1.2345', 'CLF', 12345],
    // Lower case, as some senders have it.
    ['600.00', 'usd', 60000],
    ['99999999999.99', 'EUR', 9_999_999_999_999],
  ])('%s %s is %i minor units', (amount, currency, amountMinor) => {
    expect(moneyFromMajor(amount, currency)).toEqual({ amountMinor, currency: currency.toUpperCase() });
  });

  it.each([
    ['', 'EUR'],
    ['1,50', 'EUR'],
    ['1e3', 'EUR'],
    ['NaN', 'EUR'],
    ['12 EUR', 'EUR'],
    ['10', ''],
    ['10', 'EURO'],
    ['10', '978'],
    ['10', null],
    [null, 'EUR'],
    [Number.NaN, 'EUR'],
    [Number.POSITIVE_INFINITY, 'EUR'],
    [1e21, 'EUR'],
    ['999999999999999.99', 'EUR'],
    ['100000000000.01', 'EUR'],
  ])('%j %j is no money', (amount, currency) => {
    expect(moneyFromMajor(amount, currency)).toBeNull();
  });

  it('is exact for every whole number of cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom('EUR', 'JPY', 'KWD'), (minor, currency) => {
        const digits = minorDigits(currency);
        const text = Math.abs(minor)
          .toString()
          .padStart(digits + 1, '0');
        const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
        expect(moneyFromMajor(`${minor < 0 ? '-' : ''}${decimal}`, currency)).toEqual({ amountMinor: minor, currency });
      }),
    );
  });
});

describe('money in minor units', () => {
  it('takes whole numbers and their digits as text', () => {
    expect(moneyFromMinor(25000, 'usd')).toEqual({ amountMinor: 25000, currency: 'USD' });
    expect(moneyFromMinor('1999', 'EUR')).toEqual({ amountMinor: 1999, currency: 'EUR' });
    expect(Object.is(moneyFromMinor(-0, 'EUR')?.amountMinor, 0)).toBe(true);
  });

  it('is taken as far as very many of them can be added up', () => {
    expect(moneyFromMinor(-(10 ** 13), 'EUR')).toEqual({ amountMinor: -(10 ** 13), currency: 'EUR' });
    expect(moneyFromMinor(10 ** 13 + 1, 'EUR')).toBeNull();
    expect(moneyFromMinor('9007199254740991', 'EUR')).toBeNull();
    expect(moneyFromMinor(-9007199254740991, 'EUR')).toBeNull();
  });

  it.each([1.5, '1.5', 2 ** 53, null, undefined, '', 'ten'])('%j is no whole amount', (amount) => {
    expect(moneyFromMinor(amount, 'EUR')).toBeNull();
  });
});

it('knows a currency by three letters', () => {
  expect([' eur ', 'EUR', 'eu', '', null, 978].map(currencyCode)).toEqual(['EUR', 'EUR', null, null, null, null]);
});

it('reads the currencies Stripe counts in its own way', () => {
  expect(stripeMoney(500, 'isk')).toEqual({ amountMinor: 5, currency: 'ISK' });
  expect(stripeMoney(10000, 'ugx')).toEqual({ amountMinor: 100, currency: 'UGX' });
  expect(stripeMoney(250, 'mga')).toEqual({ amountMinor: 25000, currency: 'MGA' });
  expect(stripeMoney(500, 'jpy')).toEqual({ amountMinor: 500, currency: 'JPY' });
  expect(stripeMoney(5120, 'kwd')).toEqual({ amountMinor: 5120, currency: 'KWD' });
});

it.each([
  ['1.234', 'EUR', true],
  ['1.230', 'EUR', false],
  ['12.50', 'JPY', true],
  ['12.00', 'JPY', false],
  ['1.2345', 'KWD', true],
  ['7', 'EUR', false],
])('tells whether %s %s names more than the smallest coin', (amount, currency, isFiner) => {
  expect(isFinerThanMinor(amount, currency)).toBe(isFiner);
});
