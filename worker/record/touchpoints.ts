import { REFUSES_PROFILING } from './consent/browsing.ts';
import { ERASED } from './erasure/hashes.ts';
import type { StampedRows } from './rows.ts';

/**
 * Appends what is new. The unique key of source and message is the whole of de-duplication, for ever. `fragmentId` is the
 * fragment that all of them belong to; null: each names its own. What somebody looks at is left out where they refused that.
 */
export const insertTouchpoints = (
  db: D1Database,
  rows: StampedRows['touchpoints'],
  fragmentId: number | null,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO touchpoint (source_id, message_id, fragment_id, delivery_id, kind, channel, direction, initiator, phase,
         handler, purpose, occurred_at, received_at, subject, value_minor, currency, cost_minor, cost_currency, score, text, data, assurance)
       SELECT t.value ->> 'source', t.value ->> 'message', f.id, t.value ->> 'delivery', t.value ->> 'kind', t.value ->> 'channel',
         t.value ->> 'direction', t.value ->> 'initiator', t.value ->> 'phase', t.value ->> 'handler', t.value ->> 'purpose',
         t.value ->> 'at', t.value ->> 'received', t.value ->> 'subject', t.value ->> 'value', t.value ->> 'currency',
         t.value ->> 'cost', t.value ->> 'costCurrency', t.value ->> 'score', t.value ->> 'text', t.value ->> 'data', t.value ->> 'assurance'
       FROM json_each(?1) t CROSS JOIN fragment f
         ON ${fragmentId === null ? "f.source_id = t.value ->> 'source' AND f.key = t.value ->> 'person' AND ?2 IS NULL" : `f.id = ?2 AND substr(f.key, 1, ${ERASED.length}) <> '${ERASED}'`}
       WHERE NOT EXISTS (SELECT 1 FROM json_each(t.value -> 'formerIds') e
         CROSS JOIN touchpoint o ON o.source_id = t.value ->> 'source' AND o.message_id = e.value)
         AND (t.value ->> 'browsing' IS NULL OR NOT ${REFUSES_PROFILING})
       ON CONFLICT (source_id, message_id) DO NOTHING`,
    )
    .bind(JSON.stringify(rows), fragmentId);

/** The scored answers of what is new, where a series reads them by kind and time. */
export const insertAnswers = (db: D1Database, rows: StampedRows['answers']): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO answer (kind, occurred_at, seq, question, fragment_id, score)
       SELECT a.value ->> 'kind', t.occurred_at, t.seq, a.value ->> 'question', t.fragment_id, a.value ->> 'score'
       FROM json_each(?1) a
       CROSS JOIN touchpoint t ON t.source_id = a.value ->> 'source' AND t.message_id = a.value ->> 'message'
       WHERE t.delivery_id = a.value ->> 'delivery'`,
    )
    .bind(JSON.stringify(rows));
