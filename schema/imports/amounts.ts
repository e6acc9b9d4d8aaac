import { plainDigits } from './digits.ts';
import type { DecimalMark } from './plan.ts';

/** Amounts as people and programs write them: `1.234,56`, `1,234.56`, `1 234,56 zł`, `(12.50)`, `€ -4`. */

/** What a sign of a currency may stand for, likeliest first. */
const SIGNS: readonly (readonly [sign: string, codes: readonly string[]])[] = [
  ['€', ['EUR']],
  ['$', ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'MXN', 'BRL', 'ARS', 'CLP', 'COP']],
  ['£', ['GBP', 'EGP', 'LBP']],
  ['¥', ['JPY', 'CNY']],
  ['\uffe5', ['CNY', 'JPY']],
  ['元', ['CNY', 'TWD']],
  ['円', ['JPY']],
  ['₹', ['INR']],
  ['₽', ['RUB']],
  ['₴', ['UAH']],
  ['₺', ['TRY']],
  ['₪', ['ILS']],
  ['₩', ['KRW']],
  ['₫', ['VND']],
  ['zł', ['PLN']],
  ['лв', ['BGN']],
  ['kč', ['CZK']],
  ['ft', ['HUF']],
  ['lei', ['RON', 'MDL']],
  ['kr', ['SEK', 'NOK', 'DKK', 'ISK']],
];

export type ReadAmount =
  | {
      /** A decimal number: `-1234.56`. */
      readonly decimal: string;
      /** What its currency may be, likeliest first; empty when it says nothing. */
      readonly currencies: readonly string[];
    }
  | { readonly fault: 'unreadable' | 'ambiguous' };

/** What the letters and signs beside an amount may stand for, likeliest first. */
export function currenciesIn(text: string): readonly string[] {
  const code = /(?:^|[^a-z])([a-z]{3})(?![a-z])/i.exec(text)?.[1]?.toUpperCase();
  const lower = text.toLowerCase();
  if (code !== undefined && !SIGNS.some(([mark]) => mark === code.toLowerCase())) return [code];
  return SIGNS.find(([mark]) => lower.includes(mark))?.[1] ?? [];
}

const YEN = ['JPY', 'CNY'] as const;
const YUAN = ['CNY', 'JPY'] as const;
/** True for a sign that stands for yen and for yuan. */
export const isYenOrYuan = (currencies: readonly string[]): boolean =>
  currencies.length === 2 && YEN.every((code) => currencies.includes(code));

/** The yen has no fraction, and the full-width sign is what Chinese keyboards write: both speak for the yuan. */
const likeliest = (currencies: readonly string[], text: string, fraction: string): readonly string[] =>
  isYenOrYuan(currencies) && (text.includes('\uffe5') || /[1-9]/.test(fraction)) ? YUAN : currencies;

/** Which mark parts the decimals of a number; null for none, `ambiguous` where `1.234` can be either. */
function markOf(number: string): DecimalMark | null | 'ambiguous' {
  const marks = number.replace(/\d/g, '');
  if (marks === '') return null;
  const last = marks.at(-1) === ',' ? ',' : '.';
  // Two kinds: the last one parts the decimals. One kind, many times: thousands.
  if (marks.includes('.') && marks.includes(',')) return last;
  if (marks.length > 1) return null;
  const [before = '', after = ''] = number.split(last);
  const maybeThousands = after.length === 3 && before !== '' && before !== '0' && before.length <= 3;
  return maybeThousands ? 'ambiguous' : last;
}

/** Thousands stand in groups: `1.23` is no number with decimals after a comma. */
const isGrouped = (whole: string): boolean => /^\d*$/.test(whole) || /^\d{1,3}([.,]\d{2,3})*[.,]\d{3}$/.test(whole);

/** Reads one amount; `decimal` settles what could be read in two ways. */
export function readAmount(text: string, decimal: DecimalMark | null): ReadAmount {
  // `12,-` is how some write twelve and nothing.
  const plain = plainDigits(text)
    .replaceAll('\u2212', '-')
    .replace(/[.,] ?-+$/, '');
  const digits = /\d[\d .,'’]*/.exec(plain)?.[0] ?? '';
  const around = plain.replace(digits, ' ');
  if (digits === '' || /\d/.test(around) || !/^[\p{L}\p{Sc}\s()+\-.]*$/u.test(around)) return { fault: 'unreadable' };
  const letters = around.replace(/[^\p{L}]/gu, '');
  if (letters.length > 4) return { fault: 'unreadable' };
  const number = digits.replace(/[ '’]/g, '').replace(/[.,]$/, '');
  const found = markOf(number);
  const mark = found === 'ambiguous' ? decimal : found;
  if (found === 'ambiguous' && mark === null) return { fault: 'ambiguous' };
  const at = mark === null ? -1 : number.lastIndexOf(mark);
  const whole = at < 0 ? number : number.slice(0, at);
  const fraction = at < 0 ? '' : number.slice(at + 1);
  if (!isGrouped(whole)) return { fault: 'unreadable' };
  const isNegative = around.includes('-') || (around.includes('(') && around.includes(')'));
  const value = `${whole.replace(/[.,]/g, '') || '0'}${fraction ? `.${fraction}` : ''}`;
  return { decimal: isNegative ? `-${value}` : value, currencies: likeliest(currenciesIn(around), text, fraction) };
}

/** Which mark parts decimals in a whole column: what settles the most. Null when nothing says so. */
export function decimalOf(values: Iterable<string>): DecimalMark | null | 'ambiguous' {
  let isNeeded = false;
  const counts = { '.': 0, ',': 0 };
  for (const value of values) {
    const number = (/\d[\d .,'’]*/.exec(plainDigits(value))?.[0] ?? '').replace(/[ '’]/g, '').replace(/[.,]$/, '');
    const mark = markOf(number);
    if (mark === 'ambiguous') isNeeded = true;
    else if (mark) counts[mark]++;
    // Many of one mark are thousands, so that the other parts the decimals.
    else if (/[.,].*[.,]/.test(number)) counts[number.includes(',') ? '.' : ',']++;
  }
  if (counts['.'] === counts[',']) return isNeeded ? 'ambiguous' : null;
  return counts['.'] > counts[','] ? '.' : ',';
}
