import { dayKey, formatDay, formatMoment } from '../../format.ts';
import type { CardProps } from './card.ts';

/** The last moment of a day in UTC is that day to a reader. */
const momentWords = (at: number): string => ((at + 1) % (24 * 3600 * 1000) === 0 ? formatDay(at) : formatMoment(at));

type AskedProps = {
  readonly id: string;
  /** The moment shown, epoch ms; null for now. */
  readonly at: number | null;
  readonly now: number;
  /** What was typed, and what is wrong with it. */
  readonly fault?: { readonly typed: string; readonly message: string } | undefined;
};

/** Asks for the record of a past day. A form of its own, so that it works without a script. */
export function AskForDay({ id, at, now, fault }: AskedProps) {
  return (
    <form class="as-of-form" method="get" action={`/customers/${id}`}>
      <label for="as-of">As it was on</label>
      <input
        id="as-of"
        name="at"
        type="date"
        required
        max={dayKey(now)}
        value={fault?.typed ?? (at === null ? '' : dayKey(at))}
        aria-invalid={fault ? 'true' : undefined}
        aria-describedby={fault ? 'as-of-fault' : undefined}
      />
      <button type="submit" class="small">
        Show
      </button>
      {fault && (
        <p class="fault" id="as-of-fault" role="alert">
          The day {fault.message}.
        </p>
      )}
    </form>
  );
}

/** Says that this is the past, and what of it is not. */
export function AsOfBanner({ record }: Pick<CardProps, 'record'>) {
  if (record.at === null) return null;
  return (
    <aside class="as-of" aria-label="A past day is shown">
      <p>
        <strong>
          As of <time dateTime={new Date(record.at).toISOString()}>{momentWords(record.at)}</time>
        </strong>{' '}
        <a href={`/customers/${record.id}`}>Back to now</a>
      </p>
      <details class="more">
        <summary>What of this is as known today</summary>
        <ul class="prose-list">
          <li>Who belongs together: records joined since are shown as one.</li>
          <li>What happened by then but arrived here later is part of the picture.</li>
          <li>Sources’ names, cities and the like: only the latest is kept, and marked where it was said later.</li>
          <li>
            Of an order that has changed since: its lines, and whether it was paid for at all. Its amount, refunds and
            steps are those of that day, as far as the contacts about it tell.
          </li>
          <li>How surely an address or id is known.</li>
        </ul>
      </details>
    </aside>
  );
}

/** Stands in place of a record that had not begun. */
export function NotYetKnown({ record }: Pick<CardProps, 'record'>) {
  const { at, knownSince, id } = record;
  if (at === null) return null;
  return (
    <div class="empty">
      <p>Nothing was known of this person on {momentWords(at)}.</p>
      {knownSince !== null && (
        <p>
          The first contact was on {formatDay(knownSince)}.{' '}
          <a href={`/customers/${id}?at=${dayKey(knownSince)}`}>Show that day</a>
        </p>
      )}
    </div>
  );
}
