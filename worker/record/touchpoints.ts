import type { Rows } from './rows.ts';

type Arrival = {
  readonly sourceId: number;
  readonly delivery: number;
  readonly receivedAt: number;
  /** The fragment all of them belong to; null: each names its own. */
  readonly fragmentId: number | null;
};

/** Appends what is new. The unique key of source and message is the whole of de-duplication, for ever. */
export const insertTouchpoints = (db: D1Database, arrival: Arrival, rows: Rows['touchpoints']): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO touchpoint (source_id, message_id, fragment_id, delivery_id, kind, channel, direction, initiator, phase,
         handler, purpose, occurred_at, received_at, subject, value_minor, currency, cost_minor, cost_currency, score, text, data)
       SELECT ?1, t.value ->> 'message', f.id, ?3, t.value ->> 'kind', t.value ->> 'channel', t.value ->> 'direction',
         t.value ->> 'initiator', t.value ->> 'phase', t.value ->> 'handler', t.value ->> 'purpose', t.value ->> 'at', ?4,
         t.value ->> 'subject', t.value ->> 'value', t.value ->> 'currency', t.value ->> 'cost', t.value ->> 'costCurrency',
         t.value ->> 'score', t.value ->> 'text', t.value ->> 'data'
       FROM json_each(?2) t CROSS JOIN fragment f
         ON ${arrival.fragmentId === null ? "f.source_id = ?1 AND f.key = t.value ->> 'person' AND ?5 IS NULL" : 'f.id = ?5'}
       WHERE NOT EXISTS (SELECT 1 FROM json_each(t.value -> 'formerIds') e
         CROSS JOIN touchpoint o ON o.source_id = ?1 AND o.message_id = e.value)
       ON CONFLICT (source_id, message_id) DO NOTHING`,
    )
    .bind(arrival.sourceId, JSON.stringify(rows), arrival.delivery, arrival.receivedAt, arrival.fragmentId);

/** The scored answers of what is new, where a series reads them by kind and time. */
export const insertAnswers = (
  db: D1Database,
  sourceId: number,
  rows: Rows['answers'],
  delivery: number,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO answer (kind, occurred_at, seq, question, fragment_id, score)
       SELECT a.value ->> 'kind', t.occurred_at, t.seq, a.value ->> 'question', t.fragment_id, a.value ->> 'score'
       FROM json_each(?2) a
       CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = a.value ->> 'message'
       WHERE t.delivery_id = ?3`,
    )
    .bind(sourceId, JSON.stringify(rows), delivery);
