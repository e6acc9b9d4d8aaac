import { readComponent } from './component.ts';
import type { Evidence } from './evidence.ts';
import { partition } from './partition.ts';
import { type Named, reachedBy } from './reach.ts';

/**
 * What of a record is proven to be of somebody who followed a link: what the address it was mailed to leads to, and never what only a
 * join by hand or a differing address that nobody has proven connects with that. So a join that turns out wrong hands nobody's data to
 * another. Staff themselves see and erase all of it.
 */

const ALL = 'SELECT g.id FROM fragment f CROSS JOIN fragment g ON g.customer_id = f.customer_id WHERE f.id = ?1';
/** True where somebody's decision joins any fragments of the record of ?1. */
const IS_JOINED = `EXISTS (SELECT 1 FROM fragment f CROSS JOIN fragment h ON h.customer_id = f.customer_id
  CROSS JOIN decision d ON d.fragment_a = h.id AND d.action = 'link' AND d.actor <> 'rule' AND d.revoked_at IS NULL WHERE f.id = ?1)`;

type Parts = { readonly parts: readonly (readonly number[])[]; readonly evidence: readonly Evidence[] };

/** Parts that evidence alone makes of the fragments, each in itself one person. */
async function partsOf(db: D1Database, fragmentIds: readonly number[]): Promise<Parts> {
  const { fragments, evidence, rulings, limits } = await readComponent(db, fragmentIds);
  const refusals = rulings.filter(({ action }) => action === 'refuse');
  const { groups } = partition(fragments, evidence, refusals, limits);
  const here = new Set(fragmentIds);
  const parts = groups.map((group) => group.fragmentIds.filter((id) => here.has(id))).filter((ids) => ids.length > 0);
  return { parts, evidence };
}

async function namesOf(db: D1Database, fragmentIds: readonly number[]): Promise<Named[]> {
  const { results } = await db
    .prepare(
      `SELECT i.fragment_id AS fragmentId, i.kind, i.value, i.assurance FROM json_each(?1) x
       CROSS JOIN identifier i ON i.fragment_id = x.value WHERE i.kind <> 'anonymous_id'`,
    )
    .bind(JSON.stringify(fragmentIds))
    .all<Named>();
  return results;
}

/**
 * The fragments that a link shows, by the one it is for and the address it was mailed to; null where that is the whole record, none
 * where the address leads nowhere any more. A link that staff hand over names no address: they have seen to whom, so that it shows all
 * that evidence makes one with its fragment, and what the addresses proven there lead to.
 */
export async function ownPart(db: D1Database, fragmentId: number, address: string | null): Promise<number[] | null> {
  const all = (
    await db
      .prepare(address === null ? `${ALL} AND ${IS_JOINED}` : ALL)
      .bind(fragmentId)
      .all<{ id: number }>()
  ).results.map(({ id }) => id);
  if (all.length === 0) return null;
  const [{ parts, evidence }, names] = await Promise.all([partsOf(db, all), namesOf(db, all)]);
  const shown = reachedBy({ parts, evidence, names, fragmentId, address });
  return shown.length === all.length ? null : shown;
}
