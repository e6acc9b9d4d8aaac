import type { Rows } from './rows.ts';

/** The id of a fragment if it is still there, else null. */
export async function currentFragment(db: D1Database, id: number): Promise<number | null> {
  return (await db.prepare('SELECT id FROM fragment WHERE id = ?1').bind(id).first<{ id: number }>())?.id ?? null;
}

/** Statements for fragments, what identifies them and what is known of them. `delivery` is the id of the batch. */

/** A new fragment is born with a customer of the same id (the view's trigger), so that it has one from the start. */
export const insertPeople = (
  db: D1Database,
  sourceId: number,
  people: Rows['people'],
  now: number,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO new_person (source_id, key, public_id, created_at)
       SELECT ?1, p.value ->> 'key', p.value ->> 'uuid', ?3 FROM json_each(?2) p`,
    )
    .bind(sourceId, JSON.stringify(people), now);

/**
 * Only rows of touchpoints that are new with this delivery count: a repetition must not move "last seen" to its own time.
 * On conflict the stronger assurance stands, and the times widen.
 */
export const upsertIdentifiers = (db: D1Database, sourceId: number, rows: Rows['identifiers'], delivery: number) =>
  db
    .prepare(
      `INSERT INTO identifier (kind, value, scope, fragment_id, assurance, may_link, first_at, last_at)
       SELECT i.value ->> 'kind', i.value ->> 'value', i.value ->> 'scope', t.fragment_id,
              i.value ->> 'assurance', i.value ->> 'mayLink', t.occurred_at, t.occurred_at
       FROM json_each(?2) i
       CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = i.value ->> 'message'
       WHERE t.delivery_id = ?3
       ON CONFLICT (kind, value, scope, fragment_id) DO UPDATE SET
         assurance = max(assurance, excluded.assurance),
         may_link = max(may_link, excluded.may_link),
         first_at = min(first_at, excluded.first_at),
         last_at = max(last_at, excluded.last_at)`,
    )
    .bind(sourceId, JSON.stringify(rows), delivery);

/** A field keeps what is best assured, then newest; the value itself breaks a tie, so that arrival never does. */
export const upsertProfiles = (db: D1Database, sourceId: number, rows: Rows['profiles'], delivery: number) =>
  db
    .prepare(
      `INSERT INTO profile (fragment_id, field, value, assurance, at)
       SELECT t.fragment_id, p.value ->> 'field', p.value ->> 'value', p.value ->> 'assurance', t.occurred_at
       FROM json_each(?2) p
       CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = p.value ->> 'message'
       WHERE t.delivery_id = ?3
       ON CONFLICT (fragment_id, field) DO UPDATE SET
         value = excluded.value, assurance = excluded.assurance, at = excluded.at
       WHERE (excluded.assurance, excluded.at, excluded.value) > (profile.assurance, profile.at, profile.value)`,
    )
    .bind(sourceId, JSON.stringify(rows), delivery);
