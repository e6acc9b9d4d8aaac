/**
 * What members of staff are told of customers they look after where no touchpoint says it: written in the batch that changes it. What
 * touchpoints say follows from the log, see reactions.
 */

/** A change that lies further back is found out and not news: new rules judge the past too. */
const OLD_MS = 14 * 24 * 3600 * 1000;

/** Who looks after them is told that somebody is gone, by the certificate alone. `ids` is a JSON list of fragments. */
export const tellOfErasure = (db: D1Database, ids: string, certificate: string, now: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO notice (cause, rule, member_id, told_at)
       SELECT DISTINCT 'erasure:' || ?2, 'erased', s.id, ?3 FROM json_each(?1) x CROSS JOIN fragment f ON f.id = x.value
       CROSS JOIN customer c ON c.id = f.customer_id CROSS JOIN staff_member s ON s.public_id = c.owner AND s.is_active = 1 WHERE true
       ON CONFLICT (cause, rule, member_id) DO NOTHING`,
    )
    .bind(ids, certificate, now);

/**
 * Who looks after them is told that a relationship has come to another stage. `states` is a JSON list of {id, mark, stage, since},
 * about to be written where the mark still stands; the first stage of somebody is no change.
 */
export const tellOfStages = (db: D1Database, states: string, now: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO notice (cause, rule, member_id, fragment_id, told_at)
       SELECT printf('stage:%d:%d', c.id, w.value ->> 'since'), 'stage_' || (w.value ->> 'stage'), s.id, c.id, ?2
       FROM json_each(?1) w CROSS JOIN customer c ON c.id = w.value ->> 'id' AND c.next_stage_at = w.value ->> 'mark'
       CROSS JOIN staff_member s ON s.public_id = c.owner AND s.is_active = 1
       WHERE c.stage <> w.value ->> 'stage' AND w.value ->> 'since' > ?2 - ${OLD_MS}
       ON CONFLICT (cause, rule, member_id) DO NOTHING`,
    )
    .bind(states, now);
