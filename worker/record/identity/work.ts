import { UNIQUE_KINDS } from '../../../schema/customer.ts';
import type { Rows } from '../rows.ts';

const uniqueKinds = UNIQUE_KINDS.map((kind) => `'${kind}'`).join(', ');

/**
 * Puts down, in the batch that brought the evidence, which fragments have to be placed anew: those that share a new linking
 * identifier with another customer, those whose own customer may no longer hold together, and contested ones with any news.
 */
export const enqueueIdentityWork = (
  db: D1Database,
  sourceId: number,
  rows: Rows['identifiers'],
  delivery: number,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO identity_work (fragment_id)
       SELECT DISTINCT i.fragment_id
       FROM json_each(?2) j
       CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = j.value ->> 'message'
       CROSS JOIN identifier i ON i.kind = j.value ->> 'kind' AND i.value = j.value ->> 'value'
         AND i.scope = j.value ->> 'scope' AND i.fragment_id = t.fragment_id
       CROSS JOIN fragment f ON f.id = i.fragment_id
       WHERE t.seq > (SELECT after_seq FROM delivery WHERE id = ?3) AND (
         f.is_contested = 1
         OR (i.may_link = 1 AND i.added_seq > (SELECT after_seq FROM delivery WHERE id = ?3) AND (
           EXISTS (SELECT 1 FROM identifier o JOIN fragment g ON g.id = o.fragment_id
                   WHERE o.kind = i.kind AND o.value = i.value AND o.scope = i.scope AND o.may_link = 1
                     AND g.customer_id <> f.customer_id)
           OR (i.kind IN (${uniqueKinds})
               AND EXISTS (SELECT 1 FROM fragment g WHERE g.customer_id = f.customer_id AND g.id <> f.id)))))`,
    )
    .bind(sourceId, JSON.stringify(rows), delivery);

/** Ends a batch: how many touchpoints it stored, and which of its fragments still wait to be placed. */
export const pendingIdentityWork = (
  db: D1Database,
  sourceId: number,
  keys: readonly string[],
  delivery: number,
): D1PreparedStatement =>
  db
    .prepare(
      `SELECT
         (SELECT count(*) FROM touchpoint WHERE seq > (SELECT after_seq FROM delivery WHERE id = ?3)) AS stored,
         (SELECT json_group_array(w.fragment_id) FROM identity_work w JOIN fragment f ON f.id = w.fragment_id
          WHERE f.source_id = ?1 AND f.key IN (SELECT value FROM json_each(?2))) AS pending`,
    )
    .bind(sourceId, JSON.stringify(keys), delivery);

/** Fragments left to place by a request that ended too early, oldest first. */
export async function overdueIdentityWork(db: D1Database, limit: number): Promise<number[]> {
  const { results } = await db
    .prepare('SELECT DISTINCT fragment_id FROM identity_work ORDER BY id LIMIT ?1')
    .bind(limit)
    .all<{ fragment_id: number }>();
  return results.map((row) => row.fragment_id);
}
