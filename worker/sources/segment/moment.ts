import type { Json } from '../../../schema/touchpoint.ts';
import { epochTimeOf, fieldOf, type JsonObject, timeOf } from '../read.ts';
import type { Item } from './item.ts';

/** How far ahead a clock may be before its time is not believed. */
const AHEAD_MS = 5 * 60_000;

/** A time as people write it to this API: RFC 3339, also with a month or day of one digit, or epoch ms. */
export function timeIn(value: Json | undefined): number | null {
  if (typeof value !== 'string') return epochTimeOf(value);
  const padded = /^\d{4}-\d{1,2}-\d{1,2}T/.test(value)
    ? value.replace(/^(\d{4})-(\d{1,2})-(\d{1,2})T/, (_, year: string, month: string, day: string) =>
        [year, month.padStart(2, '0'), `${day.padStart(2, '0')}T`].join('-'),
      )
    : value;
  return timeOf(padded);
}

export type Moment = { readonly occurredAt: number | null; readonly data: JsonObject };

/**
 * When a call happened, by our clock: what passed at the sender between the event and its sending, counted back from when it
 * arrived. https://segment.com/docs/connections/spec/common/#timestamps. A sender that says only one of the two is believed.
 * Guards of ours: an event later than its sending happened at once, and none happens in the future.
 */
export function momentOf({ body, sentAt }: Item, receivedAt: number): Moment {
  const original = timeIn(fieldOf(body, 'originalTimestamp')) ?? timeIn(fieldOf(body, 'timestamp'));
  const sent = timeIn(sentAt);
  if (original === null) return { occurredAt: null, data: {} };
  if (sent === null) {
    const isAhead = original > receivedAt + AHEAD_MS;
    return {
      occurredAt: isAhead ? receivedAt : original,
      data: isAhead ? { ...stamp(original), isClockAhead: true } : {},
    };
  }
  const occurredAt = receivedAt - Math.max(0, sent - original);
  return {
    occurredAt: occurredAt > 0 ? occurredAt : original,
    data: { ...stamp(original), sentAt: new Date(sent).toISOString() },
  };
}

const stamp = (original: number) => ({ originalTimestamp: new Date(original).toISOString() });
