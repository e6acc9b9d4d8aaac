import type { Locale } from '../../schema/survey.ts';
import type { Runtime } from '../platform/env.ts';
import { insertJobs } from '../platform/jobs.ts';
import { macOf } from '../platform/seal.ts';
import { insertMail, mailJob } from './mails.ts';

/**
 * Asking for a link with nothing but an address. Nobody is looked up here: the same rows are put down for a known address and for an
 * unknown one, and the job finds out later whether there is anybody to write to. So neither the answer nor its time tells.
 */

/** Links sent to one address: at most so many a day, so far apart. Nobody can fill a stranger's mailbox from here. */
const MOST_A_DAY = 3;
const APART_MS = 10 * 60 * 1000;
const DAY_MS = 24 * 3600 * 1000;
const HASH_BYTES = 20;

/** Written when the address may have another link; `changes()` of it decides over the mail. */
const MAY = `(SELECT count(*) FROM mail_request WHERE hash = ?1 AND at > ?2 - ${DAY_MS}) < ${MOST_A_DAY}
  AND NOT EXISTS (SELECT 1 FROM mail_request WHERE hash = ?1 AND at > ?2 - ${APART_MS})`;

/** `address` is in its normal form. The caller has asked `canSend`. */
export async function requestLink(
  runtime: Runtime,
  { address, locale, origin }: { readonly address: string; readonly locale: Locale; readonly origin: string },
): Promise<void> {
  const { db, clock, tokenKey } = runtime;
  if (!tokenKey) return;
  const now = clock.now();
  const id = clock.uuid();
  const hash = await macOf(tokenKey, `mail-request.${address}`, HASH_BYTES);
  await db.batch([
    db.prepare(`INSERT INTO mail_request (hash, at) SELECT ?1, ?2 WHERE ${MAY} ON CONFLICT DO NOTHING`).bind(hash, now),
    insertMail(
      runtime,
      { id, template: 'preference_link', locale, origin, address, madeBy: 'person' },
      'changes() = 1',
    ),
    // Put down in any case: without a mail it does nothing.
    insertJobs(db, [mailJob(id)], now),
  ]);
}
