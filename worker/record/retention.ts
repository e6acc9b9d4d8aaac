import { deliveryIdAt } from '../platform/clock.ts';

/** How long the log of deliveries keeps what: lines of accepted deliveries stay, bodies and everything else go. */

const DAY_MS = 24 * 3600 * 1000;
/** Bodies are kept so long for replay and for the eye, unless a source says otherwise. */
export const BODY_DAYS = 30;
export const MAX_BODY_DAYS = 90;
/** Refused knocks are kept so long for the owner to see; what could not be read at least so long for the owner to mend. */
export const REFUSED_DAYS = 7;
/** Rows of the log that each task goes through in one run. What is left waits for the next. */
export const PRUNE_STEP = 5000;
/** Tasks of one run that have something to do; the others wait for the next. */
const MAX_TASKS = 6;

/**
 * What becomes of a source's rows between two ids (`?1`, `?2`]; `?3` is the source. Held ones are read before they go, whenever
 * that is. What could not be read keeps its body for as long as its line.
 */
const TASKS = {
  bodies: `UPDATE delivery SET body = NULL WHERE source_id = ?3 AND id > ?1 AND id <= ?2 AND body IS NOT NULL
    AND outcome NOT IN ('held', 'malformed', 'dead')`,
  lines: `DELETE FROM delivery WHERE source_id = ?3 AND id > ?1 AND id <= ?2 AND outcome NOT IN ('accepted', 'held')`,
} as const;
type Task = keyof typeof TASKS;

/** Where the cursor of a source's task stands. The names of older versions had no source: they are where a new cursor begins. */
const cursorOf = (task: Task, source: number): string => `${task}:${source}`;

/** The next span of each source and task, of at most `?2` rows: after its cursor, before its time. `?1` is now, epoch ms. */
const SPANS = `SELECT source, task, after, (SELECT max(id) FROM (
    SELECT d.id FROM delivery d WHERE d.source_id = source AND d.id > after AND d.id < (?1 - days * ${DAY_MS}) * 2048
    ORDER BY d.id LIMIT ?2)) AS upto
  FROM (SELECT s.id AS source, k.value AS task,
      coalesce((SELECT seq FROM log_cursor WHERE name = k.value || ':' || s.id), (SELECT seq FROM log_cursor WHERE name = 'bodies'), 0) AS after,
      iif(k.value = 'bodies', coalesce(s.body_days, ${BODY_DAYS}), max(coalesce(s.body_days, ${BODY_DAYS}), ${REFUSED_DAYS})) AS days
    FROM source s CROSS JOIN json_each('["bodies", "lines"]') k)
  WHERE upto IS NOT NULL ORDER BY upto LIMIT ${MAX_TASKS}`;
type Span = { source: number; task: Task; after: number; upto: number };

const moveCursor = (db: D1Database, name: string, upto: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO log_cursor (name, seq) VALUES (?1, ?2)
       ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)`,
    )
    .bind(name, upto);

/** Sends the cursors of a source back, so that rows which were held when they passed are looked at again. */
export const rewindRetention = (db: D1Database, source: number, id: number): D1PreparedStatement =>
  db
    .prepare('UPDATE log_cursor SET seq = min(seq, ?3) WHERE name IN (?1, ?2)')
    .bind(cursorOf('bodies', source), cursorOf('lines', source), id);

/** Refused requests, of all sources and of none, along the log. */
const REFUSALS = 'refusals';
const REFUSED_SPAN = `SELECT c.seq AS after, (SELECT max(id) FROM (
    SELECT d.id FROM delivery d WHERE d.id > c.seq AND d.id < ?2 ORDER BY d.id LIMIT ?3)) AS upto
  FROM (SELECT coalesce(max(seq), 0) AS seq FROM log_cursor WHERE name = ?1) c`;

async function pruneRefusals(db: D1Database, now: number): Promise<void> {
  const span = await db
    .prepare(REFUSED_SPAN)
    .bind(REFUSALS, deliveryIdAt(now - REFUSED_DAYS * DAY_MS), PRUNE_STEP)
    .first<{ after: number; upto: number | null }>();
  if (!span || span.upto === null) return;
  await db.batch([
    db.prepare("DELETE FROM delivery WHERE id > ?1 AND id <= ?2 AND outcome = 'refused'").bind(span.after, span.upto),
    moveCursor(db, REFUSALS, span.upto),
  ]);
}

/**
 * Lets go of what is past its time: bodies after the days of their source (30 unless set), lines of all but the accepted then
 * too, refused requests after 7. Called by cron; each run goes through a bounded number of rows and none twice.
 */
export async function pruneDeliveries(db: D1Database, now: number): Promise<void> {
  const { results } = await db.prepare(SPANS).bind(now, PRUNE_STEP).all<Span>();
  for (const { source, task, after, upto } of results) {
    // The cursor moves with the work, so that no row is passed over, however long nothing ran.
    await db.batch([db.prepare(TASKS[task]).bind(after, upto, source), moveCursor(db, cursorOf(task, source), upto)]);
  }
  await pruneRefusals(db, now);
}
