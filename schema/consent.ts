import type { Json } from './json.ts';

/** What somebody may agree to or refuse, and by which way they are reached. */

/**
 * `marketing`: offers. `research`: surveys and requests for reviews. `service`: what concerns an order or a question of theirs.
 * `profiling`: noting what they look at.
 */
export const PURPOSES = ['marketing', 'research', 'service', 'profiling'] as const;
export type Purpose = (typeof PURPOSES)[number];

export const CONSENT_CHANNELS = ['email', 'sms', 'messenger', 'phone', 'letter', 'web'] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];

export type ConsentState = 'granted' | 'denied';
/** What a source tells; `none` takes back what it told before and refuses nothing: a box that is not ticked any more. */
export type ToldState = ConsentState | 'none';

/** How we know of it; `before_erasure`: they were erased since, and that they refused was kept without their name. */
export const BASES = [
  'source',
  'preference_centre',
  'unsubscribe',
  'stop_word',
  'bounce',
  'complaint',
  'form',
  'staff',
  'before_erasure',
] as const;
export type Basis = (typeof BASES)[number];

/** One thing said about one purpose and channel. */
export type ConsentInput = {
  readonly purpose: Purpose;
  readonly channel: ConsentChannel;
  readonly state: ToldState;
  /** When it was said, epoch ms; left out: with what brings it. */
  readonly at?: number | null;
  /** Left out: `source`. */
  readonly basis?: Basis;
  /** Version of the text that was agreed to. */
  readonly wording?: string | null;
  /** What shows it: small, flat, no secrets. */
  readonly proof?: { readonly [key: string]: Json };
};

/** Why an address must not be written to, whoever has it. */
export const SUPPRESSIONS = ['bounce', 'complaint', 'stop_word'] as const;
export type SuppressionReason = (typeof SUPPRESSIONS)[number];

/** What happened at the addresses of a touchpoint's person: said of those only that are more than a claim. */
export type SuppressionInput = {
  readonly channel: ConsentChannel;
  readonly reason: SuppressionReason;
  /** True where it ends: the number said START. */
  readonly isLifted?: boolean;
};

/** The kind of address a channel reaches people at; null for those that reach them otherwise. */
export const addressKindOf = (channel: ConsentChannel): 'email' | 'phone' | null => {
  if (channel === 'email') return 'email';
  return channel === 'sms' || channel === 'messenger' || channel === 'phone' ? 'phone' : null;
};

/** What "unsubscribe me from everything" refuses. What concerns their own orders is not part of it. */
export const everythingRefused = (): readonly Pick<ConsentInput, 'purpose' | 'channel' | 'state'>[] =>
  (['marketing', 'research'] as const).flatMap((purpose) =>
    CONSENT_CHANNELS.map((channel) => ({ purpose, channel, state: 'denied' as const })),
  );

/**
 * The pairs that mean something: what is noted of visits is noted on the web only, and nobody is told of their order by a page.
 */
export const CONSENT_PAIRS: readonly { readonly purpose: Purpose; readonly channel: ConsentChannel }[] =
  PURPOSES.flatMap((purpose) =>
    CONSENT_CHANNELS.filter((channel) =>
      purpose === 'profiling' ? channel === 'web' : purpose !== 'service' || channel !== 'web',
    ).map((channel) => ({ purpose, channel })),
  );
