import { assuranceRank, type IdentifierInput, THING_KINDS } from '../../schema/customer.ts';

/** Rank of the best of some identifiers: a claim where there are none. */
export const bestOf = (identifiers: readonly IdentifierInput[]): number =>
  Math.max(1, ...identifiers.map(({ assurance }) => assuranceRank(assurance)));

/**
 * How well the person of a touchpoint is known, as a rank: what is told of them is worth as much as the best identifier that names
 * them. Ids of things count only where nothing else is there: then it is what the sender says of its order, whoever that is.
 */
export function rankOfPerson(identifiers: readonly IdentifierInput[]): number {
  const naming = identifiers.filter(({ kind }) => !THING_KINDS.includes(kind));
  return bestOf(naming.length > 0 ? naming : identifiers);
}
