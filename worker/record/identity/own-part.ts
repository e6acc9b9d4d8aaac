import { readComponent } from './component.ts';
import { partition } from './partition.ts';

/**
 * What of a record is proven to be of somebody who followed a link. While staff have joined records by hand, a link shows and erases what
 * it would without that: a join that turns out wrong hands nobody's data to another. Staff themselves see and erase all of it.
 */

/** The fragments of whose record ?1 is now, if somebody's decision joins any of them. */
const JOINED = `SELECT g.id FROM fragment f CROSS JOIN fragment g ON g.customer_id = f.customer_id WHERE f.id = ?1
  AND EXISTS (SELECT 1 FROM fragment h CROSS JOIN decision d ON d.fragment_a = h.id AND d.action = 'link' AND d.actor <> 'rule' AND d.revoked_at IS NULL
    WHERE h.customer_id = f.customer_id)`;

type Named = {
  readonly fragment_id: number;
  readonly kind: string;
  readonly value: string;
  readonly assurance: number;
};

/** Parts that evidence alone makes of the fragments, each in itself one person. */
async function partsOf(db: D1Database, fragmentIds: readonly number[]): Promise<number[][]> {
  const { fragments, evidence, rulings, limits } = await readComponent(db, fragmentIds);
  const refusals = rulings.filter(({ action }) => action === 'refuse');
  const { groups } = partition(fragments, evidence, refusals, limits);
  const here = new Set(fragmentIds);
  return groups.map((group) => group.fragmentIds.filter((id) => here.has(id))).filter((ids) => ids.length > 0);
}

/** A mail to one of the addresses leads to this part: proven to be of it, or all that anybody has typed there. */
function isReachedBy(addresses: ReadonlySet<string>, named: readonly Named[]): boolean {
  const emails = named.filter(({ kind }) => kind === 'email');
  if (emails.some(({ value, assurance }) => assurance > 1 && addresses.has(value))) return true;
  const isTypedOnly = named.every(({ assurance }) => assurance === 1);
  return isTypedOnly && emails.length > 0 && emails.every(({ value }) => addresses.has(value));
}

/**
 * The fragments that a link shows, by the one it is for and the address it was mailed to; null where that is the whole record. Without an
 * address, as when staff have handed it over, those count that are proven of the fragment.
 */
export async function ownPart(db: D1Database, fragmentId: number, address: string | null): Promise<number[] | null> {
  const { results } = await db.prepare(JOINED).bind(fragmentId).all<{ id: number }>();
  if (results.length === 0) return null;
  const all = results.map(({ id }) => id);
  const parts = await partsOf(db, all);
  const { results: names } = await db
    .prepare(
      `SELECT i.fragment_id, i.kind, i.value, i.assurance FROM json_each(?1) x CROSS JOIN identifier i ON i.fragment_id = x.value
       WHERE i.kind <> 'anonymous_id'`,
    )
    .bind(JSON.stringify(all))
    .all<Named>();
  const namesOf = (part: readonly number[]) => names.filter(({ fragment_id }) => part.includes(fragment_id));
  const own = parts.find((part) => part.includes(fragmentId)) ?? [fragmentId];
  const proven = namesOf(own).filter(({ kind, assurance }) => kind === 'email' && assurance > 1);
  const addresses = new Set(address === null ? proven.map(({ value }) => value) : [address]);
  const reached = parts.filter((part) => part !== own && isReachedBy(addresses, namesOf(part)));
  const shown = [...own, ...reached.flat()].sort((a, b) => a - b);
  return shown.length === all.length ? null : shown;
}
