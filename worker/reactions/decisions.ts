import type { Runtime } from '../platform/env.ts';
import { cursorOf, moveCursor } from './follow.ts';

const CURSOR = 'reactions:decisions';
const STEP = 200;
/** An older decision is no news. */
const OLD_MS = 14 * 24 * 3600 * 1000;

/**
 * Tells owners that their customer's record was joined with another by hand: each member of staff whom either side names as the one
 * who looks after them. Decisions are only ever added to, so that they have a cursor like the log. True when there may be more.
 */
export async function followDecisions({ db, clock }: Runtime): Promise<boolean> {
  const after = await cursorOf(db, CURSOR);
  const { results } = await db
    .prepare('SELECT id FROM decision WHERE id > ?1 ORDER BY id LIMIT ?2')
    .bind(after, STEP)
    .all<{ id: number }>();
  const last = results.at(-1);
  if (!last) return false;
  const now = clock.now();
  await db.batch([
    db
      .prepare(
        `INSERT INTO notice (cause, rule, member_id, fragment_id, told_at)
         SELECT DISTINCT 'decision:' || d.id, 'joined', s.id, d.fragment_a, ?3
         FROM decision d CROSS JOIN fragment a ON a.id = d.fragment_a CROSS JOIN fragment f ON f.customer_id = a.customer_id
         CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = 'owner' AND e.is_over = 0
         CROSS JOIN staff_member s ON s.public_id = e.value AND s.is_active = 1
         WHERE d.id > ?1 AND d.id <= ?2 AND d.action = 'link' AND d.actor = 'staff' AND d.revoked_at IS NULL AND d.decided_at > ?4
           AND e.id = (SELECT n.id FROM edit n WHERE n.fragment_id = f.id AND n.field = 'owner' AND n.is_over = 0 ORDER BY n.at DESC, n.id DESC LIMIT 1)
         ON CONFLICT (cause, rule, member_id) DO NOTHING`,
      )
      .bind(after, last.id, now, now - OLD_MS),
    moveCursor(db, CURSOR, last.id),
  ]);
  return results.length === STEP;
}
