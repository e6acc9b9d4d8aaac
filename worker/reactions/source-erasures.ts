import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { ERASE_SOURCE } from './erasures.ts';

/**
 * A source that closes has everybody of it erased, without anybody here having asked. That waits some hours first, as a job that staff
 * see, bring forward or stop. Those who ask give a month for it (https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance).
 */
const GRACE_HOURS = 48;
/** Less than the month, with room for what goes wrong. */
export const MAX_GRACE_HOURS = 28 * 24;

const HOUR_MS = 3600 * 1000;
const GRACE = `coalesce((SELECT grace_hours FROM business WHERE id = 1), ${GRACE_HOURS})`;
/** The first job of a walk over a source; those that follow go on by themselves. */
const FIRST = `j.kind = '${ERASE_SOURCE}' AND j.payload ->> 'part' = 0`;
const STOPPED = 'Stopped by staff.';

/** Lets the first jobs of walks wait, in the batch that puts them down. */
export const holdBack = (db: D1Database, keys: readonly string[], now: number): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE job SET run_at = ?2 + ${GRACE} * ${HOUR_MS} WHERE key IN (SELECT value FROM json_each(?1))
         AND attempts = 0 AND done_at IS NULL AND created_at = ?2`,
    )
    .bind(JSON.stringify(keys), now);

/** A wish of a source to forget everybody. Times are epoch ms. */
export type SourceErasure = {
  readonly id: string;
  readonly sourceName: string;
  readonly askedAt: number;
  /** When it begins; null where staff have stopped it. */
  readonly dueAt: number | null;
  /** Records that it would take, in whole or in part. */
  readonly people: number;
};

/** Those that wait or were stopped, the latest asked first. */
export async function listSourceErasures({ db }: Pick<Runtime, 'db'>): Promise<SourceErasure[]> {
  const { results } = await db
    .prepare(
      `SELECT CAST(j.id AS TEXT) AS id, s.name AS sourceName, j.created_at AS askedAt, iif(j.done_at IS NULL, j.run_at, NULL) AS dueAt,
         (SELECT count(DISTINCT g.customer_id) FROM fragment g WHERE g.source_id = s.id AND g.id <= f.id
            AND NOT (g.key >= 'erased:' AND g.key < 'erased:~')) AS people
       FROM job j JOIN fragment f ON f.id = j.payload ->> 'fragmentId' JOIN source s ON s.id = f.source_id
       WHERE ${FIRST} AND j.dead_at IS NULL AND (j.done_at IS NULL AND j.attempts = 0 OR j.error = '${STOPPED}')
       ORDER BY j.id DESC LIMIT 50`,
    )
    .all<SourceErasure>();
  return results;
}

export const DECISIONS = ['now', 'stop', 'resume'] as const;
export type Decision = (typeof DECISIONS)[number];

const DECIDE: Readonly<Record<Decision, string>> = {
  now: `UPDATE job AS j SET run_at = ?2 WHERE j.id = ?1 AND ${FIRST} AND j.done_at IS NULL AND j.attempts = 0`,
  stop: `UPDATE job AS j SET done_at = ?2, error = '${STOPPED}' WHERE j.id = ?1 AND ${FIRST} AND j.done_at IS NULL AND j.attempts = 0`,
  resume: `UPDATE job AS j SET done_at = NULL, error = NULL, run_at = ?2 WHERE j.id = ?1 AND ${FIRST} AND j.error = '${STOPPED}'`,
};

/** Begins one now, stops it, or begins one that was stopped. False when there is none of that id that this could be done to. */
export async function decideSourceErasure({ db, clock }: Runtime, id: string, decision: Decision): Promise<boolean> {
  if (!/^\d{1,15}$/.test(id)) return false;
  const done = await withRetry(() => db.prepare(DECIDE[decision]).bind(Number(id), clock.now()).run());
  return done.meta.changes > 0;
}

/** Hours that such a wish waits. */
export async function readGrace({ db }: Pick<Runtime, 'db'>): Promise<number> {
  const row = await db.prepare(`SELECT ${GRACE} AS hours`).first<{ hours: number }>();
  return row?.hours ?? GRACE_HOURS;
}

/** Sets them, for wishes that come from now on. */
export async function setGrace({ db }: Pick<Runtime, 'db'>, hours: number): Promise<void> {
  await db
    .prepare(
      'INSERT INTO business (id, grace_hours) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET grace_hours = excluded.grace_hours',
    )
    .bind(hours)
    .run();
}
