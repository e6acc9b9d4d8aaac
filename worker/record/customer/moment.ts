/** What `?at=` asks for: a past moment (epoch ms), or what to mend about the text. */
export type PastMoment = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly message: string };

const FORMAT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/i;
const DAY_MS = 24 * 3600 * 1000;

/** A day that the calendar has: `2026-02-30` is none, though it can be counted on to March. */
function startOfDay(date: string): number | null {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(date) ? null : ms;
}

/** Reads an RFC 3339 date, which means the end of that day in UTC, or date-time. Today's date means now. */
export function pastMoment(text: string, now: number): PastMoment {
  const [, date = '', time] = FORMAT.exec(text.trim()) ?? [];
  const day = startOfDay(date);
  const at = day === null ? Number.NaN : time ? Date.parse(text.trim().toUpperCase()) : day + DAY_MS - 1;
  if (day === null || Number.isNaN(at))
    return { ok: false, message: 'is no date: write 2026-03-01, or 2026-03-01T12:00:00Z for a time of that day' };
  if (time ? at > now : day > now)
    return { ok: false, message: 'lies ahead: write a day that has come, today at the latest' };
  return { ok: true, at: Math.min(at, now) };
}
