import type { Money } from './money.ts';
import type { Channel, Handler } from './vocabulary.ts';

/** What one contact costs from a moment on, by the channel and by who handles it. */
export type ContactRate = {
  readonly channel: Channel;
  readonly handler: Handler;
  /** Epoch ms. */
  readonly validFrom: number;
  /** Minor units for each contact, whatever its length; null: none. */
  readonly perContactMinor: number | null;
  /** Minor units for each minute; null: none. Both null: what it costs is not known from then on. */
  readonly perMinuteMinor: number | null;
  readonly currency: string;
};

export type Contact = {
  readonly channel: Channel;
  readonly handler: Handler;
  /** Null when its length is not known. */
  readonly minutes: number | null;
  /** When it happened, epoch ms. */
  readonly at: number;
};

/** The rate a contact falls under: of its channel and handler, the newest that had begun. */
export function rateOf(rates: readonly ContactRate[], { channel, handler, at }: Contact): ContactRate | null {
  let best: ContactRate | null = null;
  for (const rate of rates) {
    const fits = rate.channel === channel && rate.handler === handler && rate.validFrom <= at;
    if (fits && (best === null || rate.validFrom > best.validFrom)) best = rate;
  }
  return best;
}

/**
 * What a contact cost: so much for each, and so much a minute, rounded half up to a minor unit. Null where nothing is known:
 * no rate had begun, it says nothing, or it goes by the minute alone and the minutes are not known.
 */
export function contactCost(rates: readonly ContactRate[], contact: Contact): Money | null {
  const rate = rateOf(rates, contact);
  if (!rate) return null;
  const { perContactMinor, perMinuteMinor, currency } = rate;
  const forMinutes = perMinuteMinor === null || contact.minutes === null ? null : perMinuteMinor * contact.minutes;
  if (perContactMinor === null && forMinutes === null) return null;
  return { amountMinor: Math.round((perContactMinor ?? 0) + (forMinutes ?? 0)), currency };
}
