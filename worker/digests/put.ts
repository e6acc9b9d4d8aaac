import { readBusiness } from '../outbox/business.ts';
import { canSend } from '../outbox/way.ts';
import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';

/**
 * A mail each morning to members of staff who want one, of what they were told since the last and have not read. This room stands
 * above what tells them and what sends mail.
 */

export const SEND_DIGEST = 'mail.digest';
/** What the mail is called in its row. */
export const DIGEST = 'digest';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** When it goes out, in UTC. */
export const DIGEST_HOUR = 6;
/** A notice of before the morning may be written a little after it. */
const SETTLE_MS = 2 * 60_000;

/** The morning whose mails are to be put down by now, epoch ms. */
export const morningBy = (now: number): number =>
  Math.floor((now - SETTLE_MS - DIGEST_HOUR * HOUR_MS) / DAY_MS) * DAY_MS + DIGEST_HOUR * HOUR_MS;

/** The id of the one mail that somebody gets of a morning. */
const ID = "printf('digest:%s:%d', s.public_id, ?1)";
/** Whose it is. */
export const memberOfDigest = (mailId: string): string => mailId.split(':')[1] ?? '';
/** Of which morning, epoch ms. */
export const morningOf = (mailId: string): number => Number(mailId.split(':')[2] ?? 0);

/** Notices that the mail of the morning ?1 to `s` is of; the terms are those of the index `notice_unmailed`. */
const NEW = `n.member_id = s.id AND n.read_at IS NULL AND n.mailed_at IS NULL AND n.told_at > s.digest_since AND n.told_at <= ?1`;
const WANTS = `s.is_active = 1 AND s.digest_since IS NOT NULL AND s.email IS NOT NULL
  AND EXISTS (SELECT 1 FROM notice n INDEXED BY notice_unmailed WHERE ${NEW})
  AND NOT EXISTS (SELECT 1 FROM mail m WHERE m.public_id = ${ID})`;

/**
 * Puts down the mails of the morning that has come, each with its job and the notices it tells of, in one batch: one mail a member and
 * morning, however often this is called. What came too late for it, or while no mail could be sent, is in the next. True when it put any.
 */
export async function putDigests(runtime: Runtime): Promise<boolean> {
  const { db, clock } = runtime;
  const now = clock.now();
  const morning = morningBy(now);
  const due = await db.prepare(`SELECT 1 FROM staff_member s WHERE ${WANTS} LIMIT 1`).bind(morning).first();
  if (!due) return false;
  const { origin } = await readBusiness(runtime);
  if (origin === null || !(await canSend(runtime))) return false;
  const results = await withRetry(() =>
    db.batch([
      db
        .prepare(
          `INSERT INTO mail (public_id, template, purpose, locale, origin, made_by, created_at)
           SELECT ${ID}, '${DIGEST}', 'service', 'en', ?2, 'system', ?3 FROM staff_member s WHERE ${WANTS} ON CONFLICT (public_id) DO NOTHING`,
        )
        .bind(morning, origin, now),
      // Only for mails that wait: what one has told already has been told.
      db
        .prepare(
          `UPDATE notice SET mailed_at = ?1 FROM staff_member s CROSS JOIN mail m ON m.public_id = ${ID} AND m.state = 'waiting'
             AND NOT EXISTS (SELECT 1 FROM job j WHERE j.key = '${SEND_DIGEST}:' || m.public_id)
           WHERE ${NEW.replaceAll('n.', 'notice.')}`,
        )
        .bind(morning),
      db
        .prepare(
          `INSERT INTO job (key, kind, payload, run_at, created_at)
           SELECT '${SEND_DIGEST}:' || m.public_id, '${SEND_DIGEST}', json_object('mail', m.public_id), ?2, ?2
           FROM staff_member s CROSS JOIN mail m ON m.public_id = ${ID} AND m.state = 'waiting' WHERE true ON CONFLICT (key) DO NOTHING`,
        )
        .bind(morning, now),
    ]),
  );
  return (results[0]?.meta.changes ?? 0) > 0;
}
