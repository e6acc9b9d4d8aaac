/** Why somebody is erased. Words of a list and no free text, so that a certificate names nobody. */
export const ERASURE_REASONS = ['person_asked', 'source_asked', 'not_needed', 'mistake', 'retention'] as const;
export type ErasureReason = (typeof ERASURE_REASONS)[number];

/** Those that a person at the desk chooses from. */
export const STAFF_REASONS = ['person_asked', 'not_needed', 'mistake'] as const satisfies readonly ErasureReason[];

const WORDS: Readonly<Record<ErasureReason, string>> = {
  person_asked: 'The person asked for it',
  source_asked: 'A source asked for it, as privacy law has it',
  not_needed: 'The data is not needed any more',
  mistake: 'The record should never have been made',
  retention: 'Nothing was heard for as long as the rule says',
};

/** A reason as people read it; the word itself for one that is not of the list any more. */
export const reasonWords = (reason: string): string =>
  Object.entries(WORDS).find(([word]) => word === reason)?.[1] ?? reason;
