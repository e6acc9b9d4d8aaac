const DAY_MS = 24 * 3600 * 1000;
const UNITS = [
  ['year', 365, 365],
  ['month', 61, 30.44],
  ['week', 14, 7],
] as const;

export type Span = { readonly count: number; readonly unit: 'day' | 'week' | 'month' | 'year' };

/**
 * From one moment to another as people count it: by days of the calendar in UTC, and in longer units once there are
 * two of them. `count` is negative where `ms` is past. One way for the whole product, so that no two places of a page
 * tell the same moment differently.
 */
export function spanTo(ms: number, now: number): Span {
  const days = Math.floor(ms / DAY_MS) - Math.floor(now / DAY_MS);
  const [unit, , length] = UNITS.find(([, from]) => Math.abs(days) >= from) ?? ['day', 0, 1];
  // Never minus zero, which is told as "0 days ago".
  return { count: Math.trunc(days / length) || 0, unit };
}
