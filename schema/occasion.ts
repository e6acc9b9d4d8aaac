/** Days of the year that matter to somebody: a birthday, the day they became a customer. `03-14`, or `1980-03-14` with its year. */

const SHAPE = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/;
const DAY_MS = 24 * 3600 * 1000;
/** Any leap year: 29 February is a day of the calendar. */
const LEAP = 2000;

/** True for a day that the calendar has, in one of the two forms. */
export function isOccasionDay(text: string): boolean {
  const [, year, month = '', day = ''] = SHAPE.exec(text) ?? [];
  if (!month) return false;
  const date = new Date(Date.UTC(Number(year ?? LEAP), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(day) > 0;
}

/** The day of a year as `MM-DD`. */
const dayOfYear = (day: string): string => day.slice(-5);

/** Days from the day of `now` (epoch ms, UTC) until the day comes round: 0 for today. 29 February comes on 1 March of other years. */
export function daysUntil(day: string, now: number): number {
  const today = new Date(now);
  const start = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  const [month = 1, date = 1] = dayOfYear(day).split('-').map(Number);
  const inYear = (year: number) => Date.UTC(year, month - 1, date);
  const next = inYear(today.getUTCFullYear());
  return Math.round(((next >= start ? next : inYear(today.getUTCFullYear() + 1)) - start) / DAY_MS);
}

/** How many years it will be when it comes round next; null where the year is not known or is not past. */
export function yearsAt(day: string, now: number): number | null {
  const year = SHAPE.exec(day)?.[1];
  if (year === undefined) return null;
  const next = new Date(now + daysUntil(day, now) * DAY_MS).getUTCFullYear();
  return next > Number(year) ? next - Number(year) : null;
}

/** The days `MM-DD` that come round within so many days of `now`, today first. */
export function comingDays(now: number, days: number): string[] {
  const list = Array.from({ length: days + 1 }, (_, ahead) =>
    new Date(now + ahead * DAY_MS).toISOString().slice(5, 10),
  );
  const isCommonYear = !list.includes('02-29') && list.includes('03-01');
  return isCommonYear ? list.flatMap((day) => (day === '03-01' ? ['02-29', day] : [day])) : list;
}
