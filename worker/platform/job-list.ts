import { decodeCursor, type Page, pageOf } from './page.ts';

/** Jobs as people look after them: what waits, what is being done, what is done, and what was given up. */
export const JOB_STATES = ['dead', 'pending', 'done'] as const;
/** `pending` is also what is being done now. */
export type JobState = (typeof JOB_STATES)[number];

export type JobLine = {
  readonly id: number;
  readonly kind: string;
  readonly state: JobState;
  readonly isRunning: boolean;
  readonly sourceId: number | null;
  readonly attempts: number;
  /** What went wrong the last time, in plain words; of one that is done, what it came to. */
  readonly error: string | null;
  readonly createdAt: number;
  /** When it is tried next; null for one that has ended. Epoch ms, as all times here. */
  readonly runAt: number | null;
  /** When it was done or given up. */
  readonly endedAt: number | null;
};

type Row = {
  id: number;
  kind: string;
  source_id: number | null;
  run_at: number;
  attempts: number;
  error: string | null;
  created_at: number;
  begun_at: number | null;
  done_at: number | null;
  dead_at: number | null;
};

/** Which jobs are of a state, the column they are ordered by, and which end comes first. */
const STATES: Readonly<
  Record<JobState, { readonly where: string; readonly by: string; readonly isLatestFirst: boolean }>
> = {
  dead: { where: 'dead_at IS NOT NULL', by: 'dead_at', isLatestFirst: true },
  pending: { where: 'done_at IS NULL AND dead_at IS NULL', by: 'run_at', isLatestFirst: false },
  done: { where: 'done_at IS NOT NULL', by: 'done_at', isLatestFirst: true },
};

const lineOf = (row: Row, state: JobState, now: number): JobLine => ({
  id: row.id,
  kind: row.kind,
  state,
  isRunning: state === 'pending' && row.begun_at !== null && row.run_at > now,
  sourceId: row.source_id,
  attempts: row.attempts,
  error: row.error,
  createdAt: row.created_at,
  runAt: state === 'pending' ? row.run_at : null,
  endedAt: row.dead_at ?? row.done_at,
});

export type JobFilter = {
  readonly state: JobState;
  readonly sourceId?: number | null;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** Jobs of a state: what ended last first, what is due next first. Null when the cursor is none of ours. */
export async function listJobs(db: D1Database, filter: JobFilter, now: number): Promise<Page<JobLine> | null> {
  const { state, sourceId = null, limit, cursor } = filter;
  const { where, by, isLatestFirst } = STATES[state];
  const end = isLatestFirst ? Number.MAX_SAFE_INTEGER : -1;
  const after = cursor === undefined ? [end, end] : decodeCursor(cursor, 2);
  if (!after) return null;
  const [beyond, order] = isLatestFirst ? ['<', 'DESC'] : ['>', 'ASC'];
  const { results } = await db
    .prepare(
      `SELECT id, kind, source_id, run_at, attempts, error, created_at, begun_at, done_at, dead_at FROM job
       WHERE ${where} AND (${by}, id) ${beyond} (?1, ?2) AND (?3 IS NULL OR source_id = ?3)
       ORDER BY ${by} ${order}, id ${order} LIMIT ?4`,
    )
    .bind(after[0] ?? 0, after[1] ?? 0, sourceId, limit + 1)
    .all<Row>();
  const keyOf = (row: Row) => [state === 'pending' ? row.run_at : (row.dead_at ?? row.done_at), row.id];
  return pageOf(results, limit, keyOf, (row) => lineOf(row, state, now));
}

/** Jobs that were given up, by kind and source. */
export type DeadGroup = { readonly kind: string; readonly sourceId: number | null; readonly count: number };

export async function deadGroups(db: D1Database): Promise<DeadGroup[]> {
  const { results } = await db
    .prepare(
      `SELECT kind, source_id AS sourceId, count(*) AS count FROM job WHERE dead_at IS NOT NULL
       GROUP BY kind, source_id ORDER BY count(*) DESC, kind LIMIT 100`,
    )
    .all<DeadGroup>();
  return results;
}

/** How many jobs were given up: counted up to a thousand, beyond which the number changes nothing. */
export async function countDead(db: D1Database): Promise<number> {
  const row = await db
    .prepare('SELECT count(*) AS n FROM (SELECT 1 FROM job WHERE dead_at IS NOT NULL LIMIT 1000)')
    .first<{ n: number }>();
  return row?.n ?? 0;
}

const RETRY = 'UPDATE job SET dead_at = NULL, attempts = 0, run_at = ?1, begun_at = NULL WHERE dead_at IS NOT NULL';

/** Has a job that was given up tried again from the start. False when it is none. */
export async function retryJob(db: D1Database, id: number, now: number): Promise<boolean> {
  const { meta } = await db.prepare(`${RETRY} AND id = ?2`).bind(now, id).run();
  return meta.changes > 0;
}

/** Has all that were given up tried again, or those of a kind or a source; gives how many. */
export async function retryJobs(
  db: D1Database,
  { kind = null, sourceId = null }: { readonly kind?: string | null; readonly sourceId?: number | null },
  now: number,
): Promise<number> {
  const { meta } = await db
    .prepare(`${RETRY} AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR source_id = ?3)`)
    .bind(now, kind, sourceId)
    .run();
  return meta.changes;
}
