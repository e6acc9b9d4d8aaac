import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { ENDED } from './rules.ts';

/** An ending that began longer ago is history by the time we hear of it. */
const RECENT_MS = 3 * 24 * 3600 * 1000;

/**
 * Puts relationships that have just begun to end before a person, each ending once: it is known by the last touchpoint it rests
 * on. Not those that new rules or staff themselves put there; and of silences only of who had come further than a first try, since
 * most who buy once never meant to stay.
 */
const RAISE = `INSERT INTO attention (touchpoint_seq, rule, fragment_id, raised_at)
  SELECT t.seq, '${ENDED}', t.fragment_id, ?2 FROM stage_change s
  CROSS JOIN touchpoint t ON t.seq = (SELECT max(e.value) FROM json_each(s.evidence) e)
  WHERE s.stage = 'dissolution' AND s.from_at > ?1 AND s.to_at IS NULL AND s.version IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM stage_rules r WHERE r.valid_from = s.from_at)
    AND (s.initiator <> 'neither' OR EXISTS (SELECT 1 FROM stage_change b
      WHERE b.customer_id = s.customer_id AND b.stage IN ('expansion', 'commitment')))
  ON CONFLICT (touchpoint_seq, rule) DO NOTHING`;

/** Follows the stages; bears repetition. */
export async function raiseEndings({ db, clock }: Runtime): Promise<void> {
  const now = clock.now();
  await withRetry(() =>
    db
      .prepare(RAISE)
      .bind(now - RECENT_MS, now)
      .run(),
  );
}
