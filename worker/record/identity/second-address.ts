import { compareText, type Evidence } from './evidence.ts';

const VERIFIED = 3;

/**
 * Tells of an address whether its fragment had another before it, and nobody has proven it: the account of one person, onto which they
 * can have any address written. Such an address joins its fragment with nobody. By time, then by value, never by who came first to us.
 */
export function secondAddresses(evidence: readonly Evidence[]): (one: Evidence) => boolean {
  const firsts = new Map<number, Evidence>();
  for (const one of evidence) {
    const first = firsts.get(one.fragmentId);
    const isEarlier =
      !first ||
      one.firstAt < first.firstAt ||
      (one.firstAt === first.firstAt && compareText(one.value, first.value) < 0);
    if (one.kind === 'email' && isEarlier) firsts.set(one.fragmentId, one);
  }
  return ({ kind, assurance, value, fragmentId }) =>
    kind === 'email' && assurance < VERIFIED && firsts.get(fragmentId)?.value !== value;
}
