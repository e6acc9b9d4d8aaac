import { isFinerThanMinor, type Money, minorDigits, moneyFromMajor } from '../../../schema/money.ts';

/** Amounts as forms show and take them. */

const quantity = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });
/** `12`, `0.5`: as many as were sold, by the piece or by weight. */
export const formatQuantity = (n: number): string => quantity.format(n);

/** `6.40` of 640 cents: as a field shows it. */
export const majorOf = ({ amountMinor, currency }: Money): string => {
  const digits = minorDigits(currency);
  return (amountMinor / 10 ** digits).toFixed(digits);
};

/** What was typed in a field, with a point or a comma. Null when it is no amount, one below zero, or finer than the currency. */
export function typedMoney(amount: string, currency: string): Money | null {
  const text = amount.trim();
  const decimal = /^\d+,\d{1,4}$/.test(text) ? text.replace(',', '.') : text;
  const money = moneyFromMajor(decimal, currency);
  return money && money.amountMinor >= 0 && !isFinerThanMinor(decimal, currency) ? money : null;
}
