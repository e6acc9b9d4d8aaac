import { SEND_DIGEST } from './digests/put.ts';
import { sendDigest } from './digests/send.ts';
import { SEND_MAIL } from './outbox/mails.ts';
import { sendMail } from './outbox/send.ts';
import type { JobHandlers, JobKinds } from './platform/jobs.ts';
import { ERASE_PERSON, ERASE_SOURCE, eraseAtSource, eraseSource } from './reactions/erasures.ts';
import { BACKFILL, backfillDetails, DETAILS, fetchDetails } from './sources/details.ts';
import { RECONCILE, reconcile } from './sources/reconcile.ts';
import { REPLAY, replaySome } from './sources/replay.ts';

/** Who does which kind of job, and what people call it: each room brings its own. */
const jobKinds: JobKinds = {
  [DETAILS]: { title: 'Ask the sender for what its webhook left out', handler: fetchDetails },
  [BACKFILL]: { title: 'Look for what the sender was not asked for yet', handler: backfillDetails },
  [RECONCILE]: { title: 'Compare with the sender’s own list', handler: reconcile },
  [REPLAY]: { title: 'Read kept deliveries once more', handler: replaySome },
  [SEND_MAIL]: { title: 'Send a mail', handler: sendMail },
  [SEND_DIGEST]: { title: 'Send a member of the team what is new', handler: sendDigest },
  [ERASE_PERSON]: { title: 'Erase a person whom a source asked to forget', handler: eraseAtSource },
  [ERASE_SOURCE]: { title: 'Erase everybody whom a source asked to forget', handler: eraseSource },
};

export const jobHandlers: JobHandlers = Object.fromEntries(
  Object.entries(jobKinds).map(([kind, { handler }]) => [kind, handler]),
);

/** What a kind of job is called; null for a kind that nobody does any more. */
export const jobTitle = (kind: string): string | null =>
  Object.hasOwn(jobKinds, kind) ? (jobKinds[kind]?.title ?? null) : null;
