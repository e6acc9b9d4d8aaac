import type { Locale } from '../../schema/survey.ts';
import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { isSame } from '../platform/hmac.ts';
import { insertJobs } from '../platform/jobs.ts';
import { append } from '../record/append.ts';
import { holderOf } from '../sources/proofs.ts';
import type { Confirmed, Proven } from '../sources/provider.ts';
import { type Source, validSecrets } from '../sources/store.ts';
import { addressHash, type Confirmation, codeOf, visitorHash } from './codes.ts';
import { insertMail, mailJob } from './mails.ts';

/**
 * A visitor proves an address: by a code that was mailed to it and comes back from the same browser on the same site. Nobody is looked
 * up when a code is asked for: the same rows are put down whoever has the address, so that neither the answer nor its time tells.
 */

/** How long a code is good, and how often one may be tried. */
const GOOD_MS = 30 * 60 * 1000;
const MOST_TRIES = 5;
/** Codes sent to one address, whoever asks: so many a day, so far apart. And those that one browser may ask for in a day. */
const MOST_A_DAY = 3;
const APART_MS = 10 * 60 * 1000;
const MOST_OF_VISITOR = 6;
const DAY_MS = 24 * 3600 * 1000;

const MAY = `(SELECT count(*) FROM confirmation WHERE address = ?4 AND created_at > ?5 - ${DAY_MS}) < ${MOST_A_DAY}
  AND NOT EXISTS (SELECT 1 FROM confirmation WHERE address = ?4 AND created_at > ?5 - ${APART_MS})
  AND (SELECT count(*) FROM confirmation WHERE visitor = ?3 AND created_at > ?5 - ${DAY_MS}) < ${MOST_OF_VISITOR}`;

type Asker = {
  readonly source: Source;
  /** The browser's random id. */
  readonly visitor: string;
  /** In its normal form. */
  readonly address: string;
};

/** Puts down a code and the mail that brings it, if there may be another. The caller has asked `canSend`. */
export async function requestCode(
  runtime: Runtime,
  { source, visitor, address, locale, origin }: Asker & { readonly locale: Locale; readonly origin: string },
): Promise<void> {
  const { db, clock, tokenKey } = runtime;
  if (!tokenKey) return;
  const now = clock.now();
  const id = clock.uuid();
  const hashes = await Promise.all([visitorHash(tokenKey, source.id, visitor), addressHash(tokenKey, address)]);
  const batch = [
    db
      .prepare(
        `INSERT INTO confirmation (public_id, source_id, visitor, address, created_at, expires_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?5 + ${GOOD_MS} WHERE ${MAY} ON CONFLICT (public_id) DO NOTHING`,
      )
      .bind(id, source.id, ...hashes, now),
    insertMail(runtime, { id, template: 'confirm_code', locale, origin, address, madeBy: 'person' }, 'changes() = 1'),
    // Put down in any case: without a mail it does nothing.
    insertJobs(db, [mailJob(id)], now),
  ];
  await withRetry(() => db.batch(batch));
}

/** The latest code of this browser for this address, counted as tried; null where none may be tried (any more). */
async function tried(
  { db, clock }: Runtime,
  { sourceId, visitor, address }: Omit<Confirmation, 'publicId'>,
): Promise<Confirmation | null> {
  return db
    .prepare(
      `UPDATE confirmation SET tries = tries + 1
       WHERE id = (SELECT id FROM confirmation WHERE source_id = ?1 AND visitor = ?2 AND address = ?3 ORDER BY created_at DESC, id DESC LIMIT 1)
         AND used_at IS NULL AND expires_at > ?4 AND tries < ${MOST_TRIES}
       RETURNING public_id AS publicId, source_id AS sourceId, visitor, address`,
    )
    .bind(sourceId, visitor, address, clock.now())
    .first<Confirmation>();
}

/**
 * Whether the code is right. If so, the contact that says it is written and the code used up, in one batch; the value is what the
 * browser may show from now on. Null for a code that is wrong, past its time, used, or somebody else's: nothing tells which.
 */
export async function proveAddress(
  runtime: Runtime,
  {
    source,
    confirmed,
    code,
    ...proven
  }: Proven & {
    readonly source: Source;
    readonly confirmed: Confirmed;
    readonly code: string;
  },
): Promise<{ readonly token: string | null } | null> {
  const { db, clock, tokenKey } = runtime;
  if (!tokenKey) return null;
  const [visitor, address] = await Promise.all([
    visitorHash(tokenKey, source.id, proven.visitor),
    addressHash(tokenKey, proven.address),
  ]);
  const asked = { sourceId: source.id, visitor, address };
  const row = await tried(runtime, asked);
  // Made without a row as well, for the time it takes.
  const right = await codeOf(tokenKey, row ?? { publicId: '', ...asked });
  if (!(await isSame(code, right)) || !row) return null;
  const now = clock.now();
  await append(db, clock, {
    sourceId: source.id,
    note: 'An address was confirmed by a code',
    touchpoints: [
      {
        // Of one code there is one contact, should two requests bring it at once.
        messageId: `confirm:${row.publicId}`,
        kind: 'email_confirmed',
        channel: 'web',
        direction: 'in',
        initiator: 'customer',
        handler: 'automated',
        purpose: 'service',
        occurredAt: null,
        person: confirmed.person(proven),
      },
    ],
    also: () => [db.prepare('UPDATE confirmation SET used_at = ?2 WHERE public_id = ?1').bind(row.publicId, now)],
  });
  const hold = holderOf(runtime, source.id);
  return { token: await confirmed.token(proven, { secrets: validSecrets(source, now), now, hold }) };
}

/** Lets go of codes a day old, and of the addresses of mails that never got away. Called by cron. */
export async function pruneConfirmations({ db, clock }: Runtime): Promise<void> {
  const before = clock.now() - DAY_MS;
  await db.batch([
    db
      .prepare(
        `UPDATE mail SET address = NULL, state = iif(state = 'waiting', 'not_sent', state)
         WHERE public_id IN (SELECT public_id FROM confirmation WHERE created_at < ?1) AND address IS NOT NULL`,
      )
      .bind(before),
    db.prepare('DELETE FROM confirmation WHERE created_at < ?1').bind(before),
  ]);
}
