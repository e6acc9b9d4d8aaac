/**
 * Identifiers and how far they can be trusted.
 *
 * `verified`: the person proved it (a token from the owner's server, a confirmed code).
 * `asserted`: a signed shop, payment or server source says so of its own customer.
 * `claimed`: anybody may have typed it (a widget, any form). Claims never resolve, merge, overwrite or reveal.
 */
export const ASSURANCES = ['claimed', 'asserted', 'verified'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** Stored form of an assurance: its rank, so that SQL can take the stronger with `max()`. */
export const assuranceRank = (assurance: Assurance): number => ASSURANCES.indexOf(assurance) + 1;

/** The assurance of a stored rank. Throws on a rank that no assurance has. */
export function assuranceOf(rank: number): Assurance {
  const assurance = ASSURANCES[rank - 1];
  if (!assurance) throw new RangeError(`no assurance has rank ${rank}`);
  return assurance;
}

/**
 * An identifier as a source gives it.
 * `kind` is `email`, `phone`, `user_id`, `anonymous_id`, or a provider's own noun such as `customer` or `order`.
 * The global kinds mean the same in every source; all others belong to the namespace of their source.
 */
export type IdentifierInput = {
  readonly kind: string;
  readonly value: string;
  readonly assurance: Assurance;
};

/** Kinds whose value means the same person whichever source says it. */
export const GLOBAL_KINDS: readonly string[] = ['email', 'phone'];

/** Kinds of which one person has at most one per source: two differing values keep two records apart. */
export const UNIQUE_KINDS: readonly string[] = ['customer', 'user_id'];

/**
 * Kinds that are ids of things. A thing is known by its id whoever it is said to be of, so that its id says nothing of how well its
 * person is known: a checkout that was left is the sender's own, and whose it is was typed by a stranger.
 */
export const THING_KINDS: readonly string[] = [
  'order',
  'checkout',
  'cart',
  'subscription',
  'invoice',
  'payment',
  'booking',
  'submission',
];

/** Profile fields a source may know of a person. All optional; empty strings count as unknown. */
export type ProfileInput = {
  readonly name?: string;
  readonly language?: string;
  readonly country?: string;
  readonly city?: string;
  readonly company?: string;
};
export const PROFILE_FIELDS = ['name', 'language', 'country', 'city', 'company'] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];
