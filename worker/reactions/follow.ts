import type { Runtime } from '../platform/env.ts';
import { parseStored } from '../platform/json.ts';
import type { Cause } from './action.ts';
import { actions } from './actions.gen.ts';
import { ENTERED_ACTION, enteredWith } from './entered.ts';
import { type Happening, rules } from './rules.ts';

const CURSOR = 'reactions';
/** Touchpoints read in one step; the rest follow in the next. */
const STEP = 500;

/** What is told so late asks nobody to act any more. */
const HISTORY_MS = 14 * 24 * 3600 * 1000;

type Row = { seq: number; fragment_id: number; kind: string; reason: string | null; delay: number; answers: string };

/** The touchpoints after the cursor, with their scores. */
async function readNews(db: D1Database): Promise<Row[]> {
  const { results } = await db
    .prepare(
      `SELECT t.seq, t.fragment_id, t.kind, t.data ->> 'reason' AS reason, t.received_at - t.occurred_at AS delay,
         (SELECT json_group_array(json_object('kind', a.kind, 'score', a.score)) FROM answer a
          WHERE a.fragment_id = t.fragment_id AND a.seq = t.seq) AS answers
       FROM touchpoint t WHERE t.seq > coalesce((SELECT seq FROM log_cursor WHERE name = ?1), 0) ORDER BY t.seq LIMIT ?2`,
    )
    .bind(CURSOR, STEP)
    .all<Row>();
  return results;
}

const isHistory = ({ delay }: Row): boolean => delay > HISTORY_MS;

function causesOf(rows: readonly Row[]): Map<string, Cause[]> {
  const causes = new Map<string, Cause[]>();
  for (const row of rows) {
    const happening: Happening = {
      kind: row.kind,
      reason: row.reason,
      answers: parseStored<Happening['answers']>(row.answers, []),
      isHistory: isHistory(row),
    };
    for (const rule of rules) {
      if (!rule.matches(happening)) continue;
      const list = causes.get(rule.action) ?? [];
      list.push({ seq: row.seq, fragmentId: row.fragment_id, rule: rule.id });
      causes.set(rule.action, list);
    }
  }
  return causes;
}

/**
 * Reads the touchpoint log from this room's own cursor and does what the rules say: what follows and the moved cursor are one
 * batch, so that nothing is missed and nothing happens twice. True when there may be more to read.
 */
export async function followLog({ db, clock }: Runtime): Promise<boolean> {
  const rows = await readNews(db);
  const last = rows.at(-1);
  if (!last) return false;
  const causes = causesOf(rows);
  const news = rows.map((row) => ({ seq: row.seq, fragmentId: row.fragment_id, isHistory: isHistory(row) }));
  const entered = await enteredWith(db, news, clock.now());
  causes.set(ENTERED_ACTION, [...(causes.get(ENTERED_ACTION) ?? []), ...entered.causes]);
  const effects = actions.flatMap((action) => action.write(db, causes.get(action.id) ?? [], clock.now()));
  await db.batch([
    ...effects,
    ...entered.effects,
    db
      .prepare(
        `INSERT INTO log_cursor (name, seq) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)`,
      )
      .bind(CURSOR, last.seq),
  ]);
  return rows.length === STEP;
}
