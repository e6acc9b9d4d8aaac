import type { Rows } from './rows.ts';

/** Statements for fragments, what identifies them and what is known of them. `delivery` is the id of the batch. */

/** A new fragment is born with a customer of the same id, so that it has one from the start. */
export function insertPeople(
  db: D1Database,
  sourceId: number,
  people: Rows['people'],
  now: number,
): D1PreparedStatement[] {
  const json = JSON.stringify(people);
  return [
    db
      .prepare(
        `INSERT INTO customer (public_id, created_at)
         SELECT p.value ->> 'uuid', ?3 FROM json_each(?2) p
         WHERE NOT EXISTS (SELECT 1 FROM fragment f WHERE f.source_id = ?1 AND f.key = p.value ->> 'key')`,
      )
      .bind(sourceId, json, now),
    db
      .prepare(
        `INSERT INTO fragment (id, source_id, key, customer_id)
         SELECT c.id, ?1, p.value ->> 'key', c.id
         FROM json_each(?2) p CROSS JOIN customer c ON c.public_id = p.value ->> 'uuid'`,
      )
      .bind(sourceId, json),
  ];
}

/**
 * Only rows of touchpoints that are new with this delivery count: a repetition must not move "last seen" to its own time.
 * On conflict the stronger assurance stands, and the times widen.
 */
export const upsertIdentifiers = (db: D1Database, sourceId: number, rows: Rows['identifiers'], delivery: number) =>
  db
    .prepare(
      `INSERT INTO identifier (kind, value, scope, fragment_id, assurance, may_link, first_at, last_at, added_seq)
       SELECT i.value ->> 'kind', i.value ->> 'value', i.value ->> 'scope', t.fragment_id,
              i.value ->> 'assurance', i.value ->> 'mayLink', t.occurred_at, t.occurred_at, t.seq
       FROM json_each(?2) i
       CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = i.value ->> 'message'
       WHERE t.seq > (SELECT after_seq FROM delivery WHERE id = ?3)
       ON CONFLICT (kind, value, scope, fragment_id) DO UPDATE SET
         -- Evidence that has become strong enough to link counts as added anew.
         added_seq = CASE WHEN excluded.may_link > may_link THEN excluded.added_seq ELSE added_seq END,
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
      `INSERT INTO profile (fragment_id, field, value, assurance, at, changed_seq)
       SELECT t.fragment_id, p.value ->> 'field', p.value ->> 'value', p.value ->> 'assurance', t.occurred_at, t.seq
       FROM json_each(?2) p
       CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = p.value ->> 'message'
       WHERE t.seq > (SELECT after_seq FROM delivery WHERE id = ?3)
       ON CONFLICT (fragment_id, field) DO UPDATE SET
         value = excluded.value, assurance = excluded.assurance, at = excluded.at,
         changed_seq = CASE WHEN excluded.value <> profile.value THEN excluded.changed_seq ELSE profile.changed_seq END
       WHERE (excluded.assurance, excluded.at, excluded.value) > (profile.assurance, profile.at, profile.value)`,
    )
    .bind(sourceId, JSON.stringify(rows), delivery);
