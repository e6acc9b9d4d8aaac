/** Money in integer minor units of an ISO 4217 currency. */
export type Money = { readonly amountMinor: number; readonly currency: string };

// ISO 4217:2015 table A.1: the currencies whose minor unit is not 1/100.
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Digits after the decimal point of a currency: 2 unless ISO 4217 says otherwise. */
export const minorDigits = (currency: string): number => EXPONENTS[currency.toUpperCase()] ?? 2;

/**
 * Greatest amount that is taken, in minor units: a hundred thousand million euros. No order comes to that, and nine
 * hundred thousand of them still fit the 64 bits SQLite adds with. A sum that overflows fails every query that would add it.
 */
const MOST_MINOR = 10 ** 13;

/** A currency code in its ISO form, or null when it is not three letters. */
export function currencyCode(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const code = value.trim().toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? code : null;
}

/**
 * Money from a decimal amount in major units, as shops write it: `"29.35"`, `29.35`, `"-4"`.
 * Works on the digits, so that no amount is bent by binary fractions; digits beyond the minor unit round half away from zero.
 * Null when the amount is not a decimal number, the currency is not a code, or the result is more than any sum is taken for.
 */
export function moneyFromMajor(amount: unknown, currency: unknown): Money | null {
  const code = currencyCode(currency);
  if (code === null || (typeof amount !== 'string' && typeof amount !== 'number')) return null;
  const match = /^([+-]?)(\d{1,15})(?:\.(\d{1,12}))?$/.exec(String(amount).trim());
  if (!match) return null;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const digits = minorDigits(code);
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const roundUp = (fraction[digits] ?? '0') >= '5';
  return moneyFromMinor(Number(`${sign}${Number(whole + kept) + (roundUp ? 1 : 0)}`), code);
}

/** Whether a decimal amount names more than the currency's smallest coin: people who type one mean what they type. */
export function isFinerThanMinor(amount: string, currency: string): boolean {
  const code = currencyCode(currency);
  const fraction = /\.(\d+)$/.exec(amount.trim())?.[1] ?? '';
  return code !== null && /[1-9]/.test(fraction.slice(minorDigits(code)));
}

/** Money from an integer amount in minor units. Null when it is not whole, too great, or the currency is not a code. */
export function moneyFromMinor(amount: unknown, currency: unknown): Money | null {
  const code = currencyCode(currency);
  const minor = typeof amount === 'string' && /^-?\d{1,16}$/.test(amount) ? Number(amount) : amount;
  if (code === null || typeof minor !== 'number' || !Number.isSafeInteger(minor)) return null;
  if (Math.abs(minor) > MOST_MINOR) return null;
  return { amountMinor: minor === 0 ? 0 : minor, currency: code };
}

/** What was given back: senders write it with a minus or without. */
export const withoutSign = (money: Money | null): Money | null =>
  money && { ...money, amountMinor: Math.abs(money.amountMinor) };

/** An amount in major units with all the digits of its currency: `12.50`, `-4.00`, `1250` yen. */
export function majorUnits({ amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
