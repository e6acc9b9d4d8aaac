import { deliveryIdAt, deliveryTime } from '../platform/clock.ts';
import { parseStored } from '../platform/json.ts';
import { GENERATION } from './erasure/gate.ts';

/**
 * The log of what reached a door: one row a request, whatever became of it. Refused requests leave a reason and no body;
 * what could not be read leaves its body, so that it can be replayed once we can. `dead` is what was read and could not be written.
 */
export type Outcome = 'accepted' | 'duplicate' | 'ignored' | 'handshake' | 'refused' | 'malformed' | 'dead';

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

export type StoredDelivery = Pick<DeliveryRow, 'id' | 'headers'> & {
  readonly sourceId: number;
  readonly body: string | null;
  /** Held something of a person who was erased, which was left out. */
  readonly isCut: boolean;
  /** Delivery keys of its touchpoints. */
  readonly messages: readonly string[];
};
/**
 * What a delivery of a batch came to: touchpoints that were new. The first one also tells the work that people of the whole
 * batch wait for, as JSON `[[fragment, reason], …]`.
 */
export type StoredResult = { readonly id: number; readonly stored: number; readonly work: string | null };
type Person = { readonly source: number; readonly key: string };

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
      `INSERT INTO delivery (id, source_id, outcome, reason, stored, headers, body)
       SELECT n.id, n.source,
         CASE WHEN ${GENERATION} <> ?5 THEN NULL WHEN n.stored > 0 THEN 'accepted' WHEN n.is_cut THEN 'ignored' ELSE 'duplicate' END,
         iif(n.is_cut, '${ERASED_PERSON}', NULL), n.stored, n.headers, iif(n.stored > 0, coalesce(?3, n.body), NULL)
       FROM (SELECT d.value ->> 'id' AS id, d.value ->> 'sourceId' AS source, d.value ->> 'headers' AS headers, d.value ->> 'body' AS body,
               d.value ->> 'isCut' AS is_cut,
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
};

type LineRow = { id: number; outcome: Outcome; reason: string | null; stored: number; has_body: number };

/** The latest deliveries of a source, newest first. */
export async function latestDeliveries(db: D1Database, sourceId: number, limit: number): Promise<DeliveryLine[]> {
  const { results } = await db
    .prepare(
      `SELECT d.id, d.outcome, d.reason, d.stored, d.body IS NOT NULL AS has_body FROM delivery d WHERE d.source_id = ?1 ORDER BY d.id DESC LIMIT ?2`,
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
};

/** One delivery by its id, or null. */
export async function readDelivery(db: D1Database, id: number): Promise<KeptDelivery | null> {
  type Row = {
    id: number;
    source_id: number | null;
    outcome: Outcome;
    reason: string | null;
    headers: string | null;
    body: string | number[] | null;
  };
  const row = await db.prepare('SELECT * FROM delivery WHERE id = ?1').bind(id).first<Row>();
  return (
    row && {
      id: row.id,
      sourceId: row.source_id,
      outcome: row.outcome,
      reason: row.reason,
      headers: parseStored<Record<string, string>>(row.headers, {}),
      body: typeof row.body === 'string' ? new TextEncoder().encode(row.body) : row.body && new Uint8Array(row.body),
    }
  );
}

/** How a source is doing: when it was last heard, and how its deliveries of a span ended. */
export type SourceHealth = {
  readonly sourceId: number;
  readonly lastAcceptedAt: number | null;
  readonly lastDeliveryAt: number | null;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
};

/** Health of all sources since a moment (epoch ms), in one round trip. */
export async function sourceHealth(db: D1Database, since: number): Promise<SourceHealth[]> {
  type Row = { id: number; last_accepted: number | null; last_delivery: number | null; outcomes: string };
  const { results } = await db
    .prepare(
      `SELECT s.id,
         (SELECT max(d.id) FROM delivery d WHERE d.source_id = s.id AND d.outcome = 'accepted') AS last_accepted,
         (SELECT max(d.id) FROM delivery d WHERE d.source_id = s.id) AS last_delivery,
         (SELECT json_group_object(outcome, n) FROM (
           SELECT d.outcome, count(*) AS n FROM delivery d WHERE d.source_id = s.id AND d.id >= ?1 GROUP BY d.outcome)) AS outcomes
       FROM source s ORDER BY s.id`,
    )
    .bind(deliveryIdAt(since))
    .all<Row>();
  return results.map((row) => ({
    sourceId: row.id,
    lastAcceptedAt: row.last_accepted === null ? null : deliveryTime(row.last_accepted),
    lastDeliveryAt: row.last_delivery === null ? null : deliveryTime(row.last_delivery),
    outcomes: parseStored<SourceHealth['outcomes']>(row.outcomes, {}),
  }));
}

const DAY_MS = 24 * HOUR_MS;
/** Bodies are kept so long for replay and for the eye; refused knocks so long for the owner to see. */
export const BODY_DAYS = 30;
export const REFUSED_DAYS = 7;
/** Rows of the log that each task goes through in one run. What is left waits for the next. */
export const PRUNE_STEP = 5000;

type Task = { readonly cursor: string; readonly days: number; readonly statements: readonly string[] };

/** What becomes of the rows of a span of ids once they are so old: accepted ones stay, as the log of what made the record. */
const TASKS: readonly Task[] = [
  {
    cursor: 'bodies',
    days: BODY_DAYS,
    statements: [
      "DELETE FROM delivery WHERE id > ?1 AND id <= ?2 AND outcome <> 'accepted'",
      'UPDATE delivery SET body = NULL WHERE id > ?1 AND id <= ?2 AND body IS NOT NULL',
    ],
  },
  {
    cursor: 'refusals',
    days: REFUSED_DAYS,
    statements: ["DELETE FROM delivery WHERE id > ?1 AND id <= ?2 AND outcome = 'refused'"],
  },
];

/** The next span of a task: after `?1`'s cursor, before `?2`, of at most `?3` rows. */
const SPAN = `SELECT c.seq AS after, (SELECT max(id) FROM (
    SELECT d.id FROM delivery d WHERE d.id > c.seq AND d.id < ?2 ORDER BY d.id LIMIT ?3)) AS upto
  FROM (SELECT coalesce(max(seq), 0) AS seq FROM log_cursor WHERE name = ?1) c`;
type Span = { after: number; upto: number | null };

async function prune(db: D1Database, { cursor, days, statements }: Task, now: number): Promise<void> {
  const span = await db
    .prepare(SPAN)
    .bind(cursor, deliveryIdAt(now - days * DAY_MS), PRUNE_STEP)
    .first<Span>();
  if (!span || span.upto === null) return;
  // The cursor moves with the work, so that no row is passed over, however long nothing ran.
  await db.batch([
    ...statements.map((sql) => db.prepare(sql).bind(span.after, span.upto)),
    db
      .prepare(
        `INSERT INTO log_cursor (name, seq) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)`,
      )
      .bind(cursor, span.upto),
  ]);
}

/** Lets go of what is past its time: all but the accepted rows, and bodies, after 30 days, refused requests after 7. Called by cron. */
export async function pruneDeliveries(db: D1Database, now: number): Promise<void> {
  for (const task of TASKS) await prune(db, task, now);
}
