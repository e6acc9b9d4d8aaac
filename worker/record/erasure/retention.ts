import type { Runtime } from '../../platform/env.ts';
import { erase } from './erase.ts';
import { ERASED } from './hashes.ts';

/** People who go by themselves once nothing was heard of them for so long. Off until the owner sets a rule. */
export const RETENTION_RULES = ['visitors', 'inactive'] as const;
export type RetentionRule = (typeof RETENTION_RULES)[number];
export type Retention = Readonly<Record<RetentionRule, number | null>>;

/** Fewer days would take people while a delivery of theirs may still be on its way, or its body kept. */
export const MIN_DAYS = 90;
export const MAX_DAYS = 36_500;

export const DAY_MS = 24 * 3600 * 1000;
/** Records that go in one step; a batch of theirs stays small enough for any database. */
const AT_ONCE = 50;
/** Rows of customers looked through in one step of a walk. */
const WALK = 5000;

/** Somebody there is still something to erase of. `c` is a customer. */
const IS_THERE = `EXISTS (SELECT 1 FROM fragment f WHERE f.customer_id = c.id AND substr(f.key, 1, ${ERASED.length}) <> '${ERASED}')`;

/** Whom a rule is about, quiet since before `?1`. */
export const WHO: Readonly<Record<RetentionRule, string>> = {
  visitors: `c.is_known = 0 AND c.is_current = 1 AND coalesce(c.last_at, c.created_at) < ?1 AND ${IS_THERE}`,
  inactive: 'c.is_known = 1 AND c.is_current = 1 AND c.last_at < ?1',
};

/** Days of each rule; null where it is off. */
export async function readRetention(db: D1Database): Promise<Retention> {
  const { results } = await db.prepare('SELECT rule, days FROM retention').all<{ rule: string; days: number }>();
  const daysOf = (rule: RetentionRule) => results.find((row) => row.rule === rule)?.days ?? null;
  return { visitors: daysOf('visitors'), inactive: daysOf('inactive') };
}

/** Sets the rules. What is null is switched off. */
export async function setRetention({ db, clock }: Runtime, retention: Retention): Promise<void> {
  const now = clock.now();
  await db.batch(
    RETENTION_RULES.map((rule) =>
      retention[rule] === null
        ? db.prepare('DELETE FROM retention WHERE rule = ?1').bind(rule)
        : db
            .prepare(
              `INSERT INTO retention (rule, days, changed_at) VALUES (?1, ?2, ?3) ON CONFLICT (rule) DO UPDATE SET
                 changed_at = iif(days = excluded.days, changed_at, excluded.changed_at), days = excluded.days, after = 0, next_at = 0`,
            )
            .bind(rule, retention[rule], now),
    ),
  );
}

/** So many records are counted at most: a dry run says "more than". */
export const COUNTED = 100_000;

/** How many records a rule would take now, counted up to 100,000. Nothing is written. */
export async function dryRun({ db, clock }: Runtime, rule: RetentionRule, days: number): Promise<number> {
  const row = await db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM customer c WHERE ${WHO[rule]} LIMIT ${COUNTED})`)
    .bind(clock.now() - days * DAY_MS)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

type Due = { rule: RetentionRule; days: number; after: number };

/** The next of a rule: by the index of the listed for who is known, along the table for visitors. `after` leads on. */
async function nextOf(
  db: D1Database,
  { rule, after }: Due,
  before: number,
): Promise<{ readonly ids: number[]; readonly after: number | null }> {
  if (rule === 'inactive') {
    const { results } = await db
      .prepare(`SELECT c.id FROM customer c WHERE ${WHO.inactive} ORDER BY c.last_at, c.id LIMIT ${AT_ONCE}`)
      .bind(before)
      .all<{ id: number }>();
    return { ids: results.map(({ id }) => id), after: results.length < AT_ONCE ? null : 0 };
  }
  const end = await db
    .prepare(
      `SELECT max(id) AS id, count(*) AS n FROM (SELECT id FROM customer WHERE id > ?1 ORDER BY id LIMIT ${WALK})`,
    )
    .bind(after)
    .first<{ id: number | null; n: number }>();
  if (!end || end.id === null) return { ids: [], after: null };
  const { results } = await db
    .prepare(
      `SELECT c.id FROM customer c WHERE c.id > ?2 AND c.id <= ?3 AND ${WHO.visitors} ORDER BY c.id LIMIT ${AT_ONCE}`,
    )
    .bind(before, after, end.id)
    .all<{ id: number }>();
  const ids = results.map(({ id }) => id);
  // Where the step was full, the rest of the span is for the next one.
  if (ids.length === AT_ONCE) return { ids, after: ids.at(-1) ?? end.id };
  return { ids, after: end.n < WALK ? null : end.id };
}

/** All fragments of those who are still as quiet as they were. */
async function fragmentsOf(db: D1Database, rule: RetentionRule, ids: readonly number[], before: number) {
  const { results } = await db
    .prepare(
      `SELECT g.id FROM json_each(?2) i CROSS JOIN customer c ON c.id = i.value CROSS JOIN fragment g ON g.customer_id = c.id WHERE ${WHO[rule]}`,
    )
    .bind(before, JSON.stringify(ids))
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

/**
 * One step of the rules that are due. Called by cron. True when there may be more to do at once; a walk that has come to its end
 * rests for a day.
 */
export async function keepRetention(runtime: Runtime): Promise<boolean> {
  const { db, clock } = runtime;
  const now = clock.now();
  const due = await db
    .prepare('SELECT rule, days, after FROM retention WHERE next_at <= ?1 ORDER BY next_at, rule LIMIT 1')
    .bind(now)
    .first<Due>();
  if (!due) return false;
  const before = now - due.days * DAY_MS;
  const next = await nextOf(db, due, before);
  if (next.ids.length > 0)
    await erase(
      runtime,
      async () => ({ fragmentIds: await fragmentsOf(db, due.rule, next.ids, before), isWhole: true, isAlone: true }),
      'retention',
    );
  await db
    .prepare('UPDATE retention SET after = ?2, next_at = ?3 WHERE rule = ?1 AND after = ?4')
    .bind(due.rule, next.after ?? 0, next.after === null ? now + DAY_MS : 0, due.after)
    .run();
  return next.after !== null;
}
