import type { ConsentChannel, ConsentInput } from '../../schema/consent.ts';
import type { Json } from '../../schema/touchpoint.ts';

/** What senders tell of consent, in the few shapes they have for it. */

/**
 * A box for offers that is off until somebody ticks it. Off is no refusal: most never saw it. It takes an earlier tick back and leaves
 * what was said elsewhere as it is.
 */
export const tickOf = (value: Json | undefined, channel: ConsentChannel = 'email'): readonly ConsentInput[] =>
  typeof value === 'boolean' ? [{ purpose: 'marketing', channel, state: value ? 'granted' : 'none' }] : [];

/** A mark that somebody wants no more mail of a list, or has it taken away. */
export const optOutMark = (value: Json | undefined, channel: ConsentChannel = 'email'): readonly ConsentInput[] =>
  typeof value === 'boolean'
    ? (['marketing', 'research'] as const).map((purpose) => ({ purpose, channel, state: value ? 'denied' : 'none' }))
    : [];

/** For a touchpoint: nothing at all where nothing was said. */
export const saying = (consents: readonly ConsentInput[]): { readonly consents?: readonly ConsentInput[] } =>
  consents.length > 0 ? { consents } : {};
