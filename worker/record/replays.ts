import { deliveryIdAt } from '../platform/clock.ts';
import { parseStored } from '../platform/json.ts';
import { type KeptDelivery, type KeptRow, keptOf, type Outcome } from './deliveries.ts';

/** Readings of many kept deliveries once more: which, how far they have come, and what they brought. */
export type Replay = {
  readonly id: number;
  readonly sourceId: number;
  readonly outcomes: readonly Outcome[];
  /** Epoch ms. */
  readonly since: number;
  /** Delivery ids: the last one read, and the last to read. */
  readonly after: number;
  readonly upto: number;
  readonly done: number;
  /** Of these, deliveries that brought something new, and those that still do not fit. */
  readonly stored: number;
  readonly failed: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
};

type Row = {
  id: number;
  source_id: number;
  outcomes: string;
  since: number;
  after: number;
  upto: number;
  done: number;
  stored: number;
  failed: number;
  created_at: number;
  finished_at: number | null;
};

const replayOf = (row: Row): Replay => ({
  id: row.id,
  sourceId: row.source_id,
  outcomes: parseStored<Outcome[]>(row.outcomes, []),
  since: row.since,
  after: row.after,
  upto: row.upto,
  done: row.done,
  stored: row.stored,
  failed: row.failed,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});

/** One replay, or null. */
export async function readReplay(db: D1Database, id: number): Promise<Replay | null> {
  const row = await db.prepare('SELECT * FROM replay WHERE id = ?1').bind(id).first<Row>();
  return row && replayOf(row);
}

/** The latest replay of a source, or null. */
export async function latestReplay(db: D1Database, sourceId: number): Promise<Replay | null> {
  const row = await db
    .prepare('SELECT * FROM replay WHERE source_id = ?1 ORDER BY id DESC LIMIT 1')
    .bind(sourceId)
    .first<Row>();
  return row && replayOf(row);
}

export type NewReplay = {
  readonly id: number;
  readonly sourceId: number;
  readonly since: number;
  readonly outcomes: readonly Outcome[];
};

/** After so long a replay that has not ended is no reason not to begin another: its job was given up. */
const STALE_MS = 3600 * 1000;

/**
 * Puts a replay down: everything from `since` until `now`, both epoch ms; nothing while the same is under way. What is held is
 * always begun anew: it may have been held after another had looked.
 */
export const insertReplay = (db: D1Database, replay: NewReplay, now: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO replay (id, source_id, outcomes, since, after, upto, created_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (
         SELECT 1 FROM replay WHERE source_id = ?2 AND outcomes = ?3 AND since = ?4 AND finished_at IS NULL AND created_at > ?8
           AND outcomes <> '["held"]')`,
    )
    .bind(
      replay.id,
      replay.sourceId,
      JSON.stringify(replay.outcomes),
      replay.since,
      deliveryIdAt(replay.since) - 1,
      deliveryIdAt(now + 1) - 1,
      now,
      now - STALE_MS,
    );

export type Progress = Pick<Replay, 'after' | 'done' | 'stored' | 'failed' | 'finishedAt'>;

/** Writes down how far a replay has come. */
export const updateReplay = (db: D1Database, id: number, progress: Progress): D1PreparedStatement =>
  db
    .prepare('UPDATE replay SET after = ?2, done = ?3, stored = ?4, failed = ?5, finished_at = ?6 WHERE id = ?1')
    .bind(id, progress.after, progress.done, progress.stored, progress.failed, progress.finishedAt);

/** Lines looked at, and deliveries read, in one step. */
const SPAN = 2000;
const STEP = 15;

/**
 * The next deliveries of a replay, oldest first, with their bodies; and the id up to which this was all. `isEnd` when nothing
 * comes after. Those without a body are passed over.
 */
export async function nextOfReplay(
  db: D1Database,
  { sourceId, after, upto, outcomes }: Replay,
): Promise<{ readonly found: readonly KeptDelivery[]; readonly after: number; readonly isEnd: boolean }> {
  // Held ones have an index of their own: few lines among many.
  const isHeld = outcomes.join() === 'held';
  const span = `SELECT id, outcome FROM delivery WHERE source_id = ?1 AND id > ?2 AND id <= ?3 ${isHeld ? "AND outcome = 'held'" : ''} ORDER BY id LIMIT ${SPAN}`;
  const [seen, rows] = await Promise.all([
    db
      .prepare(`SELECT max(id) AS last, count(*) AS n FROM (${span})`)
      .bind(sourceId, after, upto)
      .first<{ last: number | null; n: number }>(),
    db
      .prepare(
        `SELECT d.* FROM (${span}) l CROSS JOIN delivery d ON d.id = l.id
         WHERE l.outcome IN (SELECT value FROM json_each(?4)) AND d.body IS NOT NULL ORDER BY d.id LIMIT ${STEP}`,
      )
      .bind(sourceId, after, upto, JSON.stringify(outcomes))
      .all<KeptRow>(),
  ]);
  const found = rows.results.map(keptOf);
  if (found.length === STEP) return { found, after: found.at(-1)?.id ?? after, isEnd: false };
  return { found, after: seen?.last ?? after, isEnd: (seen?.n ?? 0) < SPAN };
}

/** Whether anything of a source waits to be read. */
export async function hasHeld(db: D1Database, sourceId: number): Promise<boolean> {
  const found = await db
    .prepare("SELECT 1 AS n FROM delivery WHERE source_id = ?1 AND outcome = 'held' LIMIT 1")
    .bind(sourceId)
    .first();
  return found !== null;
}
