import type { Clock } from '../../platform/clock.ts';
import { withRetry } from '../../platform/database.ts';
import { parseStored } from '../../platform/json.ts';
import { courseStatements, coursesOf } from './course.ts';
import { stageHistory } from './history.ts';
import { type Kept, keptOf, type StageWork, writeStages } from './keep.ts';
import { REBUILD, type RulesRow, rulesOf, SELECT_RULES } from './rules.ts';

/**
 * Stages are kept beside customers and worked out anew for those whom something concerns: `customer.next_stage_at` says when.
 * Touchpoints are followed from a cursor of its own; the passing of time is what the column waits for; merges, orders and
 * staff's own word are put there by triggers.
 */
const CURSOR = 'stages';
/** Touchpoints read in one step, and customers marked in one step of a rebuild. */
const STEP = 2000;
/** Customers worked out in one step, and the touchpoints they may have together; a single one may have more. */
const AT_ONCE = 200;
const MOST_TOUCHPOINTS = 20_000;

/** Another number each time, so that a write of what was read before it does not count (0015). */
const MARK = '-1 - abs(random() % 4503599627370496)';
const seqOf = (name: string): string => `(SELECT seq FROM log_cursor WHERE name = '${name}')`;
const AT = `coalesce(${seqOf(CURSOR)}, 0)`;

const MARK_NEWS = `UPDATE customer SET next_stage_at = ${MARK} WHERE is_known = 1 AND id IN (
    SELECT f.customer_id FROM touchpoint t CROSS JOIN fragment f ON f.id = t.fragment_id
    WHERE t.seq > ${AT} AND t.seq <= ${AT} + ${STEP})`;
const MOVE = `INSERT INTO log_cursor (name, seq)
  SELECT '${CURSOR}', min(${AT} + ${STEP}, ifnull(max(seq), 0)) FROM touchpoint
  WHERE true ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)`;

const NEXT_OF_WALK = `(SELECT id FROM customer WHERE id > ${seqOf(REBUILD)} ORDER BY id LIMIT ${STEP})`;
const MARK_WALK = `UPDATE customer SET next_stage_at = ${MARK} WHERE is_known = 1 AND is_current = 1 AND id IN ${NEXT_OF_WALK}`;
const MOVE_WALK = `UPDATE log_cursor SET seq = (SELECT max(id) FROM customer WHERE id IN ${NEXT_OF_WALK})
  WHERE name = '${REBUILD}' AND EXISTS (SELECT 1 FROM customer WHERE id > log_cursor.seq)`;
const END_WALK = `DELETE FROM log_cursor WHERE name = '${REBUILD}' AND NOT EXISTS (SELECT 1 FROM customer WHERE id > log_cursor.seq)`;

type State = { behind: number; isWalking: number; due: number };
const STATE = `SELECT ifnull((SELECT max(seq) FROM touchpoint), 0) - ${AT} AS behind,
  EXISTS (SELECT 1 FROM log_cursor WHERE name = '${REBUILD}') AS isWalking,
  EXISTS (SELECT 1 FROM customer WHERE next_stage_at <= ?1) AS due`;

const COLUMNS = 'SELECT id, next_stage_at AS mark, touchpoints, is_known AND is_current AS is_shown FROM customer';
const DUE = `${COLUMNS}
  WHERE next_stage_at <= ?1 ORDER BY next_stage_at LIMIT ${AT_ONCE}`;
type DueRow = { id: number; mark: number; touchpoints: number; is_shown: number };

/** As many of the due as fit one step. */
function fitting(due: readonly DueRow[]): readonly DueRow[] {
  let sum = 0;
  return due.filter(({ touchpoints }, index) => {
    sum += touchpoints;
    return index === 0 || sum <= MOST_TOUCHPOINTS;
  });
}

/** Works out those who are due. True when there may be more of them. */
async function workOutDue(db: D1Database, now: number): Promise<boolean> {
  const { results } = await db.prepare(DUE).bind(now).all<DueRow>();
  const due = fitting(results);
  if (due.length > 0) await workOut(db, now, due);
  return results.length === AT_ONCE || due.length < results.length;
}

async function workOut(db: D1Database, now: number, due: readonly DueRow[]): Promise<void> {
  const ids = due.map(({ id }) => id);
  const [rules, kept, ...read] = await db.batch([
    db.prepare(SELECT_RULES),
    keptOf(db, ids),
    ...courseStatements(db, ids),
  ]);
  const versions = ((rules?.results ?? []) as RulesRow[]).map(rulesOf);
  const before = new Map(
    ((kept?.results ?? []) as Kept[]).map((row) => [row.customer_id, parseStored<string[]>(row.list, [])]),
  );
  const courses = coursesOf(ids, read);
  const works = due.flatMap(({ id, mark, is_shown }): StageWork[] => {
    const course = courses.get(id);
    // Nobody is in a stage who is not known, or whose record has become part of another.
    const history = is_shown && course ? stageHistory(course, versions, now) : null;
    return [{ id, mark, history, before: before.get(id) ?? [] }];
  });
  await withRetry(() => writeStages(db, works, now));
}

/** Works out one customer now, by internal id, where something asks for it: what staff do is seen at once. */
export async function refreshStage(
  { db, clock }: { readonly db: D1Database; readonly clock: Clock },
  id: number,
): Promise<void> {
  const { results } = await db.prepare(`${COLUMNS} WHERE id = ?1 AND next_stage_at < 0`).bind(id).all<DueRow>();
  if (results.length > 0) await workOut(db, clock.now(), results);
}

/** One step of what keeps stages: reads news, walks on, works out who is due. True when there may be more to do. */
export async function followStages({
  db,
  clock,
}: {
  readonly db: D1Database;
  readonly clock: Clock;
}): Promise<boolean> {
  const now = clock.now();
  const state = await db.prepare(STATE).bind(now).first<State>();
  const { behind = 0, isWalking = 0, due = 0 } = state ?? {};
  if (behind <= 0 && !isWalking && !due) return false;
  if (behind > 0) await withRetry(() => db.batch([MARK_NEWS, MOVE].map((sql) => db.prepare(sql))));
  // Who is marked already comes first, so that a step stays short.
  else if (isWalking && !due)
    await withRetry(() => db.batch([MARK_WALK, MOVE_WALK, END_WALK].map((sql) => db.prepare(sql))));
  return (await workOutDue(db, now)) || behind > STEP || isWalking === 1;
}
