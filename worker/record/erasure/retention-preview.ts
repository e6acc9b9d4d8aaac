import type { Runtime } from '../../platform/env.ts';
import {
  DAY_MS,
  dryRun,
  RETENTION_RULES,
  type Retention,
  type RetentionRule,
  readRetention,
  WHO,
} from './retention.ts';

/** What a change of the rules would take at once, so that nobody is erased by one press of a button. */

/** Names of a preview: enough to see what kind of people it is about. */
const NAMED = 5;

export type DuePerson = { readonly id: string; readonly name: string | null; readonly lastAt: number | null };
/** How many records a rule would take now, counted up to `COUNTED`, and who has been quiet for longest. */
export type Due = { readonly count: number; readonly people: readonly DuePerson[] };
type PersonRow = { public_id: string; display_name: string | null; last_at: number | null };

/** Whom a rule would take now. Nothing is written. */
export async function previewRule(runtime: Runtime, rule: RetentionRule, days: number): Promise<Due> {
  const { db, clock } = runtime;
  const [count, { results }] = await Promise.all([
    dryRun(runtime, rule, days),
    db
      .prepare(
        `SELECT c.public_id, c.display_name, c.last_at FROM customer c WHERE ${WHO[rule]} ORDER BY c.last_at, c.id LIMIT ${NAMED}`,
      )
      .bind(clock.now() - days * DAY_MS)
      .all<PersonRow>(),
  ]);
  return {
    count,
    people: results.map((row) => ({ id: row.public_id, name: row.display_name, lastAt: row.last_at })),
  };
}

/** The rules of a change that take more than what is set takes already: new ones, and fewer days than before. */
async function tightened(db: D1Database, wanted: Retention): Promise<readonly (readonly [RetentionRule, number])[]> {
  const set = await readRetention(db);
  return RETENTION_RULES.flatMap((rule) => {
    const [days, before] = [wanted[rule], set[rule]];
    return days === null || (before !== null && days >= before) ? [] : [[rule, days] as const];
  });
}

/** Records that the tightened rules of a change would take now: what is to be confirmed. 0 where nothing is. */
export async function countTightened(runtime: Runtime, wanted: Retention): Promise<number> {
  const rules = await tightened(runtime.db, wanted);
  const counts = await Promise.all(rules.map(([rule, days]) => dryRun(runtime, rule, days)));
  return counts.reduce((sum, count) => sum + count, 0);
}
