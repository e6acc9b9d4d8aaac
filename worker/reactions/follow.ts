import type { Runtime } from '../platform/env.ts';
import type { Cause } from './action.ts';
import { actions } from './actions.gen.ts';
import { ENTERED_ACTIONS, enteredWith } from './entered.ts';
import { type News, readNews } from './news.ts';
import { rules } from './rules.ts';

const CURSOR = 'reactions';
/** Touchpoints read in one step; the rest follow in the next. */
const STEP = 500;

/** Moves a cursor of this room on, in the batch that does what follows from what was read. */
export const moveCursor = (db: D1Database, name: string, to: number): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO log_cursor (name, seq) VALUES (?1, ?2)
       ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)`,
    )
    .bind(name, to);

/** How far a cursor of this room has come. */
export async function cursorOf(db: D1Database, name: string): Promise<number> {
  const row = await db.prepare('SELECT seq FROM log_cursor WHERE name = ?1').bind(name).first<{ seq: number }>();
  return row?.seq ?? 0;
}

/** What the rules pick out, by action. */
function causesOf(news: readonly News[]): Map<string, Cause[]> {
  const causes = new Map<string, Cause[]>();
  for (const { seq, fragmentId, subject, happening } of news) {
    for (const rule of rules) {
      if (!rule.matches(happening)) continue;
      const cause = { seq, fragmentId, rule: rule.id, ...(rule.isOncePerSubject && subject !== null && { subject }) };
      for (const action of rule.actions) causes.set(action, [...(causes.get(action) ?? []), cause]);
    }
  }
  return causes;
}

/**
 * Reads the touchpoint log from this room's own cursor and does what the rules say: what follows and the moved cursor are one
 * batch, so that nothing is missed and nothing happens twice. True when there may be more to read.
 */
export async function followLog({ db, clock }: Runtime): Promise<boolean> {
  const news = await readNews(db, await cursorOf(db, CURSOR), STEP);
  const last = news.at(-1);
  if (!last) return false;
  const causes = causesOf(news);
  const entered = await enteredWith(db, news, clock.now());
  for (const action of ENTERED_ACTIONS) causes.set(action, [...(causes.get(action) ?? []), ...entered.causes]);
  const effects = actions.flatMap((action) => action.write(db, causes.get(action.id) ?? [], clock.now()));
  await db.batch([...effects, ...entered.effects, moveCursor(db, CURSOR, last.seq)]);
  return news.length === STEP;
}
