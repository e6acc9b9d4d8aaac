import * as v from 'valibot';
import { readBusiness } from '../outbox/business.ts';
import { type MailRow, readMail } from '../outbox/send.ts';
import { wayOut } from '../outbox/way.ts';
import type { Runtime } from '../platform/env.ts';
import type { JobHandler, JobOutcome } from '../platform/jobs.ts';
import { digestAddress } from '../staff/members.ts';
import { memberOfDigest } from './put.ts';
import { readDigest, writeDigest } from './write.ts';

const Payload = v.object({ mail: v.string() });

const mark = ({ db, clock }: Runtime, { id }: MailRow, state: 'sent' | 'not_sent', reason: string | null) =>
  db
    .prepare('UPDATE mail SET state = ?2, reason = ?3, ended_at = ?4 WHERE id = ?1')
    .bind(id, state, reason, clock.now());

const notSent = (runtime: Runtime, mail: MailRow, why: string): JobOutcome => ({
  outcome: 'done',
  effects: [mark(runtime, mail, 'not_sent', why)],
  note: `Not sent: ${why}`,
});

/** Sends the morning's mail to one member of staff, if they still want it and something of it is still new. */
export const sendDigest: JobHandler = async (runtime, job) => {
  const mail = await readMail(runtime, v.parse(Payload, job.payload).mail);
  if (!mail || mail.state === 'sent') return { outcome: 'done', note: 'There is nothing to send.' };
  const to = await digestAddress(runtime.db, memberOfDigest(mail.publicId));
  if (to === null) return notSent(runtime, mail, 'They do not want such mails any more.');
  const digest = await readDigest(runtime.db, mail.publicId, mail.origin);
  if (digest.count === 0) return notSent(runtime, mail, 'All of it was read meanwhile.');
  const business = await readBusiness(runtime);
  const way = await wayOut(runtime, business);
  if (!way) return { outcome: 'retry', error: 'No way to send mail is set up. Choose one under Outgoing mail.' };
  const sent = await way.send(writeDigest(digest, { to, business, way }), runtime.clock.now());
  if (sent.ok) return { outcome: 'done', effects: [mark(runtime, mail, 'sent', null)], note: 'Sent.' };
  if (!sent.isFinal) return { outcome: 'retry', error: sent.error, afterMs: sent.afterMs ?? null };
  await mark(runtime, mail, 'not_sent', sent.error).run();
  return { outcome: 'dead', error: sent.error };
};
