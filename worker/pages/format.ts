import { type Money, minorDigits } from '../../schema/money.ts';
import { spanTo } from '../platform/span.ts';

/** How numbers, money and times are written on the pages: in English, in UTC, by Intl. */
const LOCALE = 'en-GB';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const monthName = new Intl.DateTimeFormat(LOCALE, { month: 'short', timeZone: 'UTC' });

/** `1,234`. */
export const formatCount = (n: number): string => whole.format(n);
/** `+32`, `−5`, `0`. */
export const formatSigned = (n: number): string => signed.format(Math.round(n)).replace('-', '\u2212');
/** `71%` of a share between 0 and 1. */
export const formatShare = (share: number): string => percent.format(share);
/** `5.4`. */
export const formatMean = (mean: number): string => oneDigit.format(mean);

/** `€60.00`, `¥6,000`, `BHD 1.250`: as many digits as the currency has. */
export function formatMoney({ amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  const format = new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amountMinor / 10 ** digits);
}

/** Money without its minor units, for figures of thousands. */
export function formatRoundMoney({ amountMinor, currency }: Money): string {
  const format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency, maximumFractionDigits: 0 });
  return format.format(amountMinor / 10 ** minorDigits(currency));
}

/** `3 days ago`, `5 hours ago`, `just now`: within a day by the clock, and from then on by the calendar. */
export function formatRelative(ms: number, now: number): string {
  const minutes = Math.trunc((ms - now) / 60_000);
  if (minutes === 0) return 'just now';
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  if (Math.abs(minutes) < 24 * 60) return relative.format(Math.trunc(minutes / 60), 'hour');
  const { count, unit } = spanTo(ms, now);
  return relative.format(count, unit);
}

/** `22 November 2026`. */
export const formatDay = (ms: number): string => day.format(ms);
/** `Monday`. */
export const formatWeekday = (ms: number): string => weekday.format(ms);
/** `14:05`. */
export const formatClock = (ms: number): string => clock.format(ms);
/** `22 Nov 2026, 14:05:09 UTC`. */
export const formatMoment = (ms: number): string => `${moment.format(ms)} UTC`;
/** `November 2026`. */
export const formatMonth = (ms: number): string => month.format(ms);
/** `Nov`. */
export const formatMonthName = (ms: number): string => monthName.format(ms);
/** The calendar day of a moment in UTC, `2026-11-22`: what days are told apart by. */
export const dayKey = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const DAY_MS = 24 * 3600 * 1000;

/** `Today`, `Yesterday`, `Sunday, 22 November 2026`; without `now` always the date. */
export function formatDayHeading(ms: number, now: number | null): string {
  if (now !== null && dayKey(ms) === dayKey(now)) return 'Today';
  if (now !== null && dayKey(ms) === dayKey(now - DAY_MS)) return 'Yesterday';
  return `${weekday.format(ms)}, ${day.format(ms)}`;
}

const kilo = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 2 });

/** `340 bytes`, `12 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  return bytes < 1_000_000 ? `${kilo.format(bytes / 1000)} kB` : `${kilo.format(bytes / 1_000_000)} MB`;
}

/** `1 order`, `3 orders`. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${formatCount(n)} ${n === 1 ? one : many}`;

/** `order_placed` as people read it: `Order placed`. */
export function humanise(word: string): string {
  const text = word.replaceAll(/[_-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
