import { deliveryIdAt, deliveryTime } from '../platform/clock.ts';
import { parseStored } from '../platform/json.ts';
import { GENERATION } from './erasure/gate.ts';

/**
 * The log of what reached a door: one row a request, whatever became of it. Refused requests leave a reason and no body;
 * what could not be read leaves its body, so that it can be replayed once we can. `held` is what came while the source was
 * paused: verified, kept, and not read yet. `dead` is what was read and could not be written.
 */
export const OUTCOMES = [
  'accepted',
  'duplicate',
  'ignored',
  'handshake',
  'refused',
  'malformed',
  'held',
  'dead',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type DeliveryRow = {
  readonly id: number;
  /** Null when the key named no source. */
  readonly sourceId: number | null;
  readonly outcome: Outcome;
  readonly reason?: string | null;
  /** The headers a replay needs, as a JSON object. */
  readonly headers?: string | null;
  readonly body?: Uint8Array | null;
};

/** What the database says when two deliveries of one millisecond drew the same id: a new attempt draws another. */
export const ID_TAKEN = ['UNIQUE constraint failed: delivery.id'];

/** A body as it is kept: text where it is text (a fifth of the size on the way to the database), else the bytes. */
export function keptBody(body: Uint8Array | null | undefined): string | Uint8Array | null {
  if (!body) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes('\u0000') ? body : text;
  } catch {
    return body;
  }
}

/** Writes the row of a delivery that brought nothing to store. */
export const insertDelivery = (db: D1Database, row: DeliveryRow): D1PreparedStatement =>
  db
    .prepare('INSERT INTO delivery (id, source_id, outcome, reason, headers, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)')
    .bind(row.id, row.sourceId, row.outcome, row.reason ?? null, row.headers ?? null, keptBody(row.body));

const HOUR_MS = 3600 * 1000;
/** So many knocks at addresses that lead nowhere are logged in an hour: anybody can think up more of them. */
export const UNKNOWN_PER_HOUR = 100;

/** Writes the row of a request whose key names no source, unless the hour has enough of them. */
export const insertUnknownKey = (db: D1Database, id: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO delivery (id, outcome, reason) SELECT ?1, 'refused', 'unknown_key'
       WHERE (SELECT count(*) FROM (SELECT 1 FROM delivery WHERE source_id IS NULL AND id > ?2 LIMIT ?3)) < ?3`,
    )
    .bind(id, deliveryIdAt(deliveryTime(id) - HOUR_MS), UNKNOWN_PER_HOUR);

/**
 * Writes the row of a delivery that came to a paused source, unless it has been resumed meanwhile: then it wrote nothing and
 * the delivery is to be read as usual. What a worker remembers of a source may be some seconds old; this decides.
 */
export const insertHeld = (db: D1Database, row: Omit<DeliveryRow, 'outcome'>): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO delivery (id, source_id, outcome, headers, body)
       SELECT ?1, s.id, 'held', ?3, ?4 FROM source s WHERE s.id = ?2 AND s.paused_at IS NOT NULL`,
    )
    .bind(row.id, row.sourceId, row.headers ?? null, keptBody(row.body));

/** Ends the reading of a kept delivery that brought nothing again: its line says what became of it. An accepted one stays so. */
export const settleDelivery = (
  db: D1Database,
  id: number,
  outcome: 'ignored' | 'malformed',
  reason: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE delivery SET outcome = ?2, reason = ?3, body = iif(?2 = 'ignored', NULL, body)
       WHERE id = ?1 AND outcome IN ('held', 'malformed', 'dead')`,
    )
    .bind(id, outcome, reason);

export type StoredDelivery = Pick<DeliveryRow, 'id' | 'headers' | 'reason'> & {
  readonly sourceId: number;
  readonly body: string | null;
  /** Held something of a person who was erased, which was left out. */
  readonly isCut: boolean;
  /** The delivery this is another reading of: one that had brought nothing gives way to this row. */
  readonly replayOf?: number | null;
  /** Delivery keys of its touchpoints. */
  readonly messages: readonly string[];
  /** Those of them that only tell what somebody looked at. */
  readonly browsing: readonly string[];
};
/**
 * What a delivery of a batch came to: touchpoints that were new. The first one also tells the work that people of the whole
 * batch wait for, as JSON `[[fragment, reason], …]`.
 */
export type StoredResult = { readonly id: number; readonly stored: number; readonly work: string | null };
type Person = { readonly source: number; readonly key: string };

/** The reason of a delivery that told what somebody looked at who refused that: it is not kept, and its body neither. */
export const REFUSED_PROFILING = 'profiling_refused';
/** The reason of a delivery that held something of a person who was erased. */
export const ERASED_PERSON = 'erased_person';
/** What the database says when somebody was erased after `generation`, which the batch had been held against. */
export const PASSED_GENERATION = 'NOT NULL constraint failed: delivery.outcome';

/**
 * Ends a batch: counts what was new with each delivery and writes its row. A delivery that brought nothing new is a duplicate;
 * its body is that of the first one, so it is not kept twice. `body` is that of a delivery that came alone: bytes fit into no JSON.
 * The batch fails as a whole when somebody was erased since the touchpoints were held against `generation`.
 */
export const recordDeliveries = (
  db: D1Database,
  deliveries: readonly StoredDelivery[],
  people: readonly Person[],
  body: string | Uint8Array | null,
  generation: number,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO delivery (id, source_id, outcome, stored, headers, body, replay_of, reason)
       SELECT n.id, n.source,
         CASE WHEN ${GENERATION} <> ?5 THEN NULL WHEN n.stored > 0 THEN 'accepted' WHEN n.is_cut OR n.refused > 0 THEN 'ignored' ELSE 'duplicate' END,
         n.stored, iif(n.refused > 0, NULL, n.headers), iif(n.stored > 0 AND n.refused = 0, coalesce(?3, n.body), NULL), n.replay_of,
         CASE WHEN n.is_cut THEN '${ERASED_PERSON}' WHEN n.refused > 0 THEN '${REFUSED_PROFILING}' ELSE n.reason END
       FROM (SELECT d.value ->> 'id' AS id, d.value ->> 'sourceId' AS source, d.value ->> 'headers' AS headers, d.value ->> 'body' AS body,
               d.value ->> 'replayOf' AS replay_of, d.value ->> 'reason' AS reason, d.value ->> 'isCut' AS is_cut,
               (SELECT count(*) FROM json_each(d.value, '$.browsing') m WHERE NOT EXISTS (
                 SELECT 1 FROM touchpoint t WHERE t.source_id = d.value ->> 'sourceId' AND t.message_id = m.value)) AS refused,
               (SELECT count(*) FROM json_each(d.value, '$.messages') m
                CROSS JOIN touchpoint t ON t.source_id = d.value ->> 'sourceId' AND t.message_id = m.value
                WHERE t.delivery_id = d.value ->> 'id') AS stored
             FROM json_each(?1) d) n
       RETURNING id, stored, iif(id = ?4, (SELECT json_group_array(json_array(w.fragment_id, w.reason)) FROM person_work w
         JOIN fragment f ON f.id = w.fragment_id
         WHERE (f.source_id, f.key) IN (SELECT p.value ->> 'source', p.value ->> 'key' FROM json_each(?2) p)), NULL) AS work`,
    )
    .bind(
      JSON.stringify(deliveries),
      JSON.stringify(people.map(({ source, key }) => ({ source, key }))),
      body,
      deliveries[0]?.id ?? 0,
      generation,
    );

/** Empties a delivery of what a person who was erased said in it. */
export const forgetBody = (db: D1Database, id: number): D1PreparedStatement =>
  db.prepare(`UPDATE delivery SET body = NULL, headers = NULL, reason = '${ERASED_PERSON}' WHERE id = ?1`).bind(id);

/** A line of the delivery log as people read it. */
export type DeliveryLine = {
  readonly id: number;
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Touchpoints it brought. */
  readonly stored: number;
  /** Its body is kept, so it can be looked at and replayed. */
  readonly hasBody: boolean;
  /** When it first came, epoch ms, if this is a later reading of it. */
  readonly firstReceivedAt: number | null;
};

type LineRow = {
  id: number;
  outcome: Outcome;
  reason: string | null;
  stored: number;
  has_body: number;
  replay_of: number | null;
};

/** The latest deliveries of a source, newest first. */
export async function latestDeliveries(db: D1Database, sourceId: number, limit: number): Promise<DeliveryLine[]> {
  const { results } = await db
    .prepare(
      `SELECT d.id, d.outcome, d.reason, d.stored, d.body IS NOT NULL AS has_body, d.replay_of FROM delivery d WHERE d.source_id = ?1 ORDER BY d.id DESC LIMIT ?2`,
    )
    .bind(sourceId, limit)
    .all<LineRow>();
  return results.map((row) => ({
    id: row.id,
    outcome: row.outcome,
    reason: row.reason,
    receivedAt: deliveryTime(row.id),
    stored: row.stored,
    hasBody: row.has_body === 1,
    firstReceivedAt: row.replay_of === null ? null : deliveryTime(row.replay_of),
  }));
}

/** A delivery with what is kept of it. `body` and `headers` are null where none were kept. */
export type KeptDelivery = {
  readonly id: number;
  readonly sourceId: number | null;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** The delivery this was another reading of. */
  readonly replayOf: number | null;
};

export type KeptRow = {
  id: number;
  source_id: number | null;
  outcome: Outcome;
  reason: string | null;
  headers: string | null;
  body: string | number[] | null;
  replay_of: number | null;
};

export const keptOf = (row: KeptRow): KeptDelivery => ({
  id: row.id,
  sourceId: row.source_id,
  outcome: row.outcome,
  reason: row.reason,
  headers: parseStored<Record<string, string>>(row.headers, {}),
  body: typeof row.body === 'string' ? new TextEncoder().encode(row.body) : row.body && new Uint8Array(row.body),
  replayOf: row.replay_of,
});

/** One delivery by its id, or null. */
export async function readDelivery(db: D1Database, id: number): Promise<KeptDelivery | null> {
  const row = await db.prepare('SELECT * FROM delivery WHERE id = ?1').bind(id).first<KeptRow>();
  return row && keptOf(row);
}
