import type { Basis, ConsentChannel, ConsentInput, SuppressionReason } from '../../../schema/consent.ts';
import { assuranceRank } from '../../../schema/customer.ts';
import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { customerIdOf } from '../customers.ts';
import { ERASED } from '../erasure/hashes.ts';
import { liftBy } from './kept.ts';
import { type Standing, type StandingRow, standingOf, standingStatement } from './standing.ts';

/** Somebody who followed a link. */
export type Speaker = {
  /** What is proven theirs of the record; null for all of it. */
  readonly part: readonly number[] | null;
  /** The address the link was mailed to, which opening it has proven; null where staff handed it over. */
  readonly address: string | null;
};

/** What was said to us, and not through a source. */
export type Said = {
  readonly consents: readonly Pick<ConsentInput, 'purpose' | 'channel' | 'state'>[];
  readonly basis: Basis;
  /** When it was said, epoch ms; left out: now. Never later than now. */
  readonly at?: number;
  /** Version of the text that was shown. */
  readonly wording?: string;
  /** What shows it, flat and small: `{note: 'by telephone'}`, `{page: '/p'}`. */
  readonly proof?: NonNullable<ConsentInput['proof']>;
  /** Who said it, where that was shown by a link of theirs: see `recordConsents`. */
  readonly speaker?: Speaker;
};

/** The fragments of a customer that are somebody's. */
const FRAGMENTS = `SELECT f.id FROM fragment f WHERE f.customer_id = ?1 AND substr(f.key, 1, ${ERASED.length}) <> '${ERASED}'`;

/** Those of the customer ?1 that are proven to be of who speaks, in the JSON list ?3; all where that is null. */
const SPEAKING = `SELECT m.id FROM (${FRAGMENTS}) m WHERE ?3 IS NULL OR m.id IN (SELECT value FROM json_each(?3))`;
const LIFT = liftBy(SPEAKING, '?2', '?4');

/**
 * Writes what somebody said of themselves: for each fragment they have now, so that it stands for all of them. A refusal stands,
 * whichever of them later proves to be somebody else; consent of a `speaker` is for what evidence shows to be that person, so
 * that a join by hand which turns out wrong gives nobody's consent to another. `publicId` may be a former one. False when there is no
 * such customer. Bears repetition.
 * @throws DatabaseBusy when nothing was written.
 */
export async function recordConsents({ db, clock }: Runtime, publicId: string, said: Said): Promise<boolean> {
  const customer = await withRetry(() => customerIdOf(db, publicId));
  if (customer === null) return false;
  const now = clock.now();
  const { consents, basis, wording = null, proof = null } = said;
  // A colleague passes on what they were told; who opened a link of theirs proved to be them.
  const assurance = assuranceRank(basis === 'staff' ? 'asserted' : 'verified');
  const list = JSON.stringify(consents);
  const { speaker } = said;
  const part = speaker?.part ? JSON.stringify(speaker.part) : null;
  const rows = db
    .prepare(
      `INSERT INTO consent (fragment_id, purpose, channel, state, at, recorded_at, assurance, basis, wording, proof)
       SELECT m.id, c.value ->> 'purpose', c.value ->> 'channel', c.value ->> 'state', ?3, ?4, ?5, ?6, ?7, ?8
       FROM (${FRAGMENTS}) m CROSS JOIN json_each(?2) c
       WHERE ?9 IS NULL OR c.value ->> 'state' = 'denied' OR m.id IN (SELECT value FROM json_each(?9)) ON CONFLICT DO NOTHING`,
    )
    .bind(
      customer,
      list,
      Math.min(said.at ?? now, now),
      now,
      assurance,
      basis,
      wording,
      proof && JSON.stringify(proof),
      part,
    );
  // What they refused before they were erased is theirs alone to take back.
  const lifted = speaker ? [db.prepare(LIFT).bind(customer, list, part, speaker.address)] : [];
  await withRetry(() => db.batch([rows, ...lifted]));
  return true;
}

export type SuppressedAddress = {
  readonly channel: ConsentChannel;
  readonly value: string;
  readonly reason: SuppressionReason;
  readonly isLifted: boolean;
};

/** The part of the record ?1 that has the address ?3: one of them, the same each time. */
const HOLDER = `SELECT min(i.fragment_id) AS fragment_id FROM customer c CROSS JOIN fragment o ON o.id = c.id
  CROSS JOIN fragment f ON f.customer_id = o.customer_id CROSS JOIN identifier i ON i.fragment_id = f.id AND i.value = ?3
  WHERE c.public_id = ?1 HAVING count(*) > 0`;

/**
 * Lets an address be written to again, since somebody has mended it or asked for it; or keeps it from being written to.
 * `publicId` is of somebody who has the address. False when nobody of that id has it.
 */
export async function suppressAddress(
  { db, clock }: Runtime,
  publicId: string,
  address: SuppressedAddress,
  proof: NonNullable<Said['proof']>,
): Promise<boolean> {
  const { channel, value, reason, isLifted } = address;
  const now = clock.now();
  const state = isLifted ? 'lifted' : 'suppressed';
  const [, found] = await withRetry(() =>
    db.batch<{ fragment_id: number }>([
      db
        .prepare(
          `INSERT INTO suppression (channel, address, reason, state, at, recorded_at, fragment_id, proof)
           SELECT ?2, ?3, ?4, ?5, ?6, ?6, h.fragment_id, ?7 FROM (${HOLDER}) h WHERE true ON CONFLICT DO NOTHING`,
        )
        .bind(publicId, channel, value, reason, state, now, JSON.stringify(proof)),
      db.prepare(`${HOLDER} AND ?2 = ?2`).bind(publicId, channel, value),
    ]),
  );
  return (found?.results ?? []).length > 0;
}

/** What stands for a customer (internal id), as of a moment (epoch ms) where one is given. */
export async function readConsent(db: D1Database, customer: number, at?: number): Promise<Standing[]> {
  const { results } = await db
    .prepare(standingStatement('?1', '?2'))
    .bind(customer, at ?? Number.MAX_SAFE_INTEGER)
    .all<StandingRow>();
  return results.map(standingOf);
}
