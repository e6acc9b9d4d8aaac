import { plainDigits } from './digits.ts';
import type { DayOrder } from './plan.ts';

/**
 * Dates as files write them: ISO 8601, `20240105`, `2024年1月5日`, `5.1.2024`, `1/5/24 3:30 PM`, `5 Jan 2024`, Unix seconds and
 * milliseconds. What can be read in two ways is not guessed here: the order of day and month is asked for.
 */
type Written = {
  readonly year: number;
  /** The two other numbers as they stand, and which order they are in; null where both are possible. */
  readonly first: number;
  readonly second: number;
  readonly order: DayOrder | null;
  readonly clock: Clock;
};
type Clock = { readonly ms: number; readonly offsetMinutes: number | null };

const DAY_MS = 24 * 3600 * 1000;
const CLOCK =
  /^[T ,]*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/i;
const COMPACT_CLOCK = /^T?(\d{2})(\d{2})(\d{2})(Z)?$/;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** The time of day that follows a date; midnight where nothing follows, null for anything else. */
function clockOf(rest: string): Clock | null {
  if (rest.trim() === '') return { ms: 0, offsetMinutes: null };
  const match = CLOCK.exec(rest) ?? COMPACT_CLOCK.exec(rest);
  if (!match) return null;
  const isCompact = match.length < 6;
  const [, hours = '', minutes = '', seconds = '0', fraction = '', half, zone] = isCompact
    ? [match[0], match[1], match[2], match[3], '', undefined, match[4]]
    : match;
  const isPm = half?.toLowerCase() === 'p';
  if (half && (Number(hours) < 1 || Number(hours) > 12)) return null;
  const hour = half ? (Number(hours) % 12) + (isPm ? 12 : 0) : Number(hours);
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const ms =
    (hour * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return { ms, offsetMinutes: offsetOf(zone) };
}

/** Two digits as POSIX reads them: 69 and later are of the last century. */
const fullYear = (text: string): number =>
  text.length > 2 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900);

type Shape = readonly [pattern: RegExp, parts: (m: RegExpExecArray) => Omit<Written, 'clock'> | null];
const named = (year: string, month: string, day: string): Omit<Written, 'clock'> | null => {
  const index = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
  return index < 0 ? null : { year: fullYear(year), first: index + 1, second: Number(day), order: 'mdy' };
};
const monthFirst = (year: string, month: string, day: string): Omit<Written, 'clock'> => ({
  year: fullYear(year),
  first: Number(month),
  second: Number(day),
  order: 'mdy',
});

const SHAPES: readonly Shape[] = [
  [/^(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})日?/, (m) => monthFirst(m[1] ?? '', m[2] ?? '', m[3] ?? '')],
  [/^(\d{4})(\d{2})(\d{2})(?!\d{1,5}$)/, (m) => monthFirst(m[1] ?? '', m[2] ?? '', m[3] ?? '')],
  [
    /^(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d)(?: ?г\.?)?/,
    (m) => ({
      year: fullYear(m[4] ?? ''),
      first: Number(m[1]),
      second: Number(m[3]),
      // Nobody who writes dots puts the month first.
      order: m[2] === '.' || Number(m[1]) > 12 ? 'dmy' : Number(m[3]) > 12 ? 'mdy' : null,
    }),
  ],
  [/^(\d{1,2})[ -]?([a-z]{3,9})\.?[ ,-]*(\d{4}|\d{2})(?!\d)/i, (m) => named(m[3] ?? '', m[2] ?? '', m[1] ?? '')],
  [/^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})/i, (m) => named(m[3] ?? '', m[1] ?? '', m[2] ?? '')],
];

function writtenOf(text: string): Written | null {
  const plain = text.replace(/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i, '');
  for (const [pattern, partsOf] of SHAPES) {
    const match = pattern.exec(plain);
    const parts = match && partsOf(match);
    const clock = match && clockOf(plain.slice(match[0].length));
    if (parts && clock) return { ...parts, clock };
  }
  return null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** True for a time zone this machine knows. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** How far a zone's clocks are ahead of UTC at a moment, ms. */
function zoneOffset(zone: string, at: number): number {
  let format = formats.get(zone);
  if (!format) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...parts, ...clock });
    formats.set(zone, format);
  }
  const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(at / 1000) * 1000;
}

/** The moment at which a zone's clocks show a local time (given as if it were UTC). */
function inZone(zone: string, local: number): number {
  if (zone === 'UTC') return local;
  const guess = local - zoneOffset(zone, local);
  // On the day the clocks change, the offset there may differ from the one first looked up.
  return local - zoneOffset(zone, guess);
}

const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const plausible = (ms: number): number | null => (ms >= EARLIEST && ms < LATEST ? ms : null);

/** What a date came to: a moment (epoch ms), or why there is none. */
export type ReadDate = { readonly at: number } | { readonly fault: 'unreadable' | 'ambiguous' | 'no_such_day' };

/** Reads one date. `zone` is an IANA name, for times that say no offset. */
export function readDate(text: string, order: DayOrder | null, zone: string): ReadDate {
  const plain = plainDigits(text);
  const unix = /^(\d{9,10}|\d{12,13})(?:\.\d{1,6})?$/.exec(plain)?.[1];
  if (unix !== undefined) return { at: Number(unix) * (unix.length > 10 ? 1 : 1000) };
  const written = writtenOf(plain);
  if (!written) return { fault: 'unreadable' };
  const { year, first, second, clock } = written;
  const used = written.order ?? (first === second ? 'mdy' : order);
  if (used === null) return { fault: 'ambiguous' };
  const [month, day] = used === 'mdy' ? [first, second] : [second, first];
  const date = new Date(Date.UTC(year, month - 1, day));
  // 30 February would become 1 March; such a date is a mistake, not a day.
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1 || date.getUTCFullYear() !== year)
    return { fault: 'no_such_day' };
  const local = date.getTime() + clock.ms;
  const at = plausible(clock.offsetMinutes === null ? inZone(zone, local) : local - clock.offsetMinutes * 60_000);
  return at === null ? { fault: 'no_such_day' } : { at };
}

/** What a column says about its order of day and month. */
export type OrderFound = DayOrder | 'ambiguous' | 'not_needed';

/** Decides over a whole column: one date that can be read in one way only settles it for all. */
export function dayOrderOf(values: Iterable<string>): OrderFound {
  let isNeeded = false;
  const seen = new Set<string>();
  for (const value of values) {
    const head = value.trim().slice(0, 10);
    if (head === '' || seen.has(head)) continue;
    if (seen.size < 5000) seen.add(head);
    const match = /^(\d{1,2})[-/](\d{1,2})[-/]\d{2}/.exec(plainDigits(head));
    if (!match) continue;
    const [first, second] = [Number(match[1]), Number(match[2])];
    if (first > 12 && second <= 12) return 'dmy';
    if (second > 12 && first <= 12) return 'mdy';
    if (first !== second) isNeeded = true;
  }
  return isNeeded ? 'ambiguous' : 'not_needed';
}

/** True for text that is a date whatever the order: what a column is guessed by. */
export const looksLikeDate = (text: string): boolean => 'at' in readDate(text, 'dmy', 'UTC') && text.trim().length > 5;

export const ONE_DAY_MS = DAY_MS;
