import { type Evidence, groupBy } from './evidence.ts';

/** An identifier of a fragment, whether it links or not; browsers left out. */
export type Named = {
  readonly fragmentId: number;
  readonly kind: string;
  readonly value: string;
  readonly assurance: number;
};

type Given = {
  /** What evidence alone makes of the record's fragments. */
  readonly parts: readonly (readonly number[])[];
  readonly evidence: readonly Evidence[];
  readonly names: readonly Named[];
  readonly fragmentId: number;
  readonly address: string | null;
};

const CLAIMED = 1;
const VERIFIED = 3;

const emailsOf = (names: readonly Named[]): readonly Named[] => names.filter(({ kind }) => kind === 'email');

/** A mail to one of the addresses leads to this part: proven to be of it, or all that anybody has typed there. */
function isReachedBy(addresses: ReadonlySet<string>, named: readonly Named[]): boolean {
  const emails = emailsOf(named);
  if (emails.some(({ value, assurance }) => assurance > CLAIMED && addresses.has(value))) return true;
  return isTypedOnly(addresses, named);
}

function isTypedOnly(addresses: ReadonlySet<string>, named: readonly Named[]): boolean {
  const emails = emailsOf(named);
  return (
    named.every(({ assurance }) => assurance === CLAIMED) &&
    emails.length > 0 &&
    emails.every(({ value }) => addresses.has(value))
  );
}

/** Without an address: the part of the fragment, and those that the addresses proven there lead to. */
function byFragment({ parts, names, fragmentId }: Given): number[] {
  const namesIn = (part: readonly number[]) => names.filter((name) => part.includes(name.fragmentId));
  const own = parts.find((part) => part.includes(fragmentId)) ?? [fragmentId];
  const proven = emailsOf(namesIn(own)).filter(({ assurance }) => assurance > CLAIMED);
  const addresses = new Set(proven.map(({ value }) => value));
  return [...own, ...parts.filter((part) => part !== own && isReachedBy(addresses, namesIn(part))).flat()];
}

/**
 * From the fragments that hold the address along the values that they share with others of their part. Who has got two addresses
 * written on one account has shown to hold the one that the link came to: a fragment that has another address and not this one is
 * reached only over what this side has proven.
 */
function walk({ parts, evidence, names }: Given, start: readonly number[], address: string): Set<number> {
  const partOf = new Map(parts.flatMap((part, index) => part.map((id) => [id, index] as const)));
  const others = new Set(
    emailsOf(names).flatMap(({ fragmentId, value, assurance }) =>
      assurance > CLAIMED && value !== address ? [fragmentId] : [],
    ),
  );
  const values = groupBy(
    evidence.filter(({ fragmentId }) => partOf.has(fragmentId)),
    ({ fragmentId, kind, scope, value }) => JSON.stringify([partOf.get(fragmentId), kind, scope, value]),
  );
  const heldBy = new Map<number, Evidence[][]>();
  for (const held of values)
    for (const { fragmentId } of held) heldBy.set(fragmentId, [...(heldBy.get(fragmentId) ?? []), held]);
  const reached = new Set(start);
  // A set is walked on over what is added on the way.
  for (const from of reached) {
    for (const held of heldBy.get(from) ?? []) {
      const isProven = held.some(({ fragmentId, assurance }) => fragmentId === from && assurance >= VERIFIED);
      for (const { fragmentId } of held) if (isProven || !others.has(fragmentId)) reached.add(fragmentId);
    }
  }
  return reached;
}

/** By the address that a link was mailed to. */
function byAddress(given: Given, address: string): number[] {
  const { parts, names, fragmentId } = given;
  const holding = emailsOf(names).filter(({ value }) => value === address);
  const start = holding.filter(({ assurance }) => assurance > CLAIMED).map((name) => name.fragmentId);
  const typed = parts.filter((part) =>
    isTypedOnly(
      new Set([address]),
      names.filter((name) => part.includes(name.fragmentId)),
    ),
  );
  const own = holding.some((name) => name.fragmentId === fragmentId) ? [fragmentId] : [];
  return [...new Set([...walk(given, start, address), ...typed.flat(), ...own])];
}

/** The fragments of a record that a link leads to. */
export const reachedBy = (given: Given): number[] =>
  (given.address === null ? byFragment(given) : byAddress(given, given.address)).sort((a, b) => a - b);
