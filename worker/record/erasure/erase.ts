import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { logError } from '../../platform/log.ts';
import { customerIdOf } from '../customers.ts';
import { type PersonWork, settle } from '../identity/settle.ts';
import { followOrders } from '../products/follow.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { refreshGeneration } from './gate.ts';
import { ERASED, erasureKey, hasherOf } from './hashes.ts';
import { findMentions, type Mention } from './mentions.ts';
import { type Plan, planErasure, type Subject } from './plan.ts';
import type { ErasureReason } from './reasons.ts';
import { erasureStatements } from './statements.ts';
import { firstSweep } from './sweep.ts';

/** Times the plan is read again because news of the person came in between. */
const ATTEMPTS = 30;
/** Steps of following the log before an erasure; cron has left few. */
const FOLLOW_STEPS = 20;
const STALE = 'NOT NULL constraint failed: person_work.fragment_id';
const isStale = (error: unknown): boolean => error instanceof Error && error.message.includes(STALE);

async function fragmentIdsOf(db: D1Database, customer: number): Promise<number[]> {
  const { results } = await db
    .prepare(
      `SELECT id FROM fragment WHERE customer_id = ?1 AND substr(key, 1, ${ERASED.length}) <> '${ERASED}' ORDER BY id`,
    )
    .bind(customer)
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

/** Everything between the business and one person, by a public id of theirs; null when there is nobody, or only figures of one. */
export async function subjectOf(db: D1Database, publicId: string): Promise<Subject | null> {
  const customer = await customerIdOf(db, publicId);
  const fragmentIds = customer === null ? [] : await fragmentIdsOf(db, customer);
  return fragmentIds.length === 0 ? null : { fragmentIds, isWhole: true };
}

/** The person of a fragment as its source knows them: all of the record where no other source has part in it. */
export async function subjectAtSource(db: D1Database, fragmentId: number): Promise<Subject | null> {
  const { results } = await db
    .prepare(
      `SELECT g.id, g.source_id = f.source_id AS is_own FROM fragment f CROSS JOIN fragment g ON g.customer_id = f.customer_id
       WHERE f.id = ?1 AND substr(f.key, 1, ${ERASED.length}) <> '${ERASED}' ORDER BY g.id`,
    )
    .bind(fragmentId)
    .all<{ id: number; is_own: number }>();
  if (results.length === 0) return null;
  return {
    fragmentIds: results.filter(({ is_own }) => is_own).map(({ id }) => id),
    isWhole: results.every(({ is_own }) => is_own),
  };
}

/** A fragment of a source that is not erased, born no later than another; null when none is left. */
export async function nextOfSource(db: D1Database, sourceId: number, upto: number): Promise<number | null> {
  const row = await db
    .prepare(
      `SELECT id FROM fragment WHERE source_id = ?1 AND id <= ?2 AND NOT (key >= '${ERASED}' AND key < '${ERASED}~') ORDER BY key LIMIT 1`,
    )
    .bind(sourceId, upto)
    .first<{ id: number }>();
  return row?.id ?? null;
}

/** How many records go: those along included. A part of one counts as one. */
const peopleIn = ({ fragments }: Plan): number => new Set(fragments.map(({ customer_id }) => customer_id)).size;

type Certified = { readonly id: string; readonly reason: ErasureReason; readonly mentions: readonly Mention[] };

async function write(
  { db, clock }: Runtime,
  plan: Plan,
  { id: certificate, reason, mentions }: Certified,
): Promise<void> {
  const at = clock.now();
  const hash = hasherOf(await erasureKey(db));
  // Bodies are let go long before anybody is old enough for a rule of retention.
  const sweep = firstSweep(plan, reason !== 'retention');
  const row = db
    .prepare(
      `INSERT INTO erasure (public_id, reason, erased_at, people, sweep, swept_at, mentions) VALUES (?1, ?2, ?3, ?4, ?5, iif(?5 IS NULL, ?3, NULL), ?6)`,
    )
    .bind(certificate, reason, at, peopleIn(plan), sweep, mentions.length > 0 ? JSON.stringify(mentions) : null);
  await db.batch(await erasureStatements({ db, plan, hash, certificate, at }, row));
}

/** Works out who is left, now that somebody is gone. What it cannot do now, cron does. */
async function settleOthers({ db, clock }: Runtime, plan: Plan): Promise<void> {
  const touched = [...plan.claimants.map(({ fragmentId }) => fragmentId), ...plan.staying.map(({ to }) => to)];
  const { results } = await db
    .prepare(
      `SELECT w.fragment_id, w.reason FROM person_work w WHERE w.fragment_id IN (SELECT value FROM json_each(?1)) OR w.reason = 'place' ORDER BY w.id DESC LIMIT 200`,
    )
    .bind(JSON.stringify(touched))
    .all<{ fragment_id: number; reason: 'label' | 'place' }>();
  const work: PersonWork[] = results.map((row) => [row.fragment_id, row.reason]);
  if (work.length > 0) await settle(db, clock, work);
}

/** Where staff wrote of them elsewhere. Of many at once nobody will look through what names each of them. */
const mentionsOf = (
  db: D1Database,
  plan: Plan,
  { isOneOfMany }: Subject,
  reason: ErasureReason,
): Promise<readonly Mention[]> =>
  reason === 'retention' || isOneOfMany ? Promise.resolve([]) : withRetry(() => findMentions(db, plan));

/** Finds whom an erasure is about, anew for each try: a record may have grown in between. */
export type Finder = () => Promise<Subject | null>;

/**
 * Erases people in one batch: what named them goes, the figures of the business stay, and what happened before is kept from coming
 * back. Gives the certificate; null when nobody is there any more. Bears repetition under one certificate id.
 * @throws DatabaseBusy when nothing was written.
 */
export async function erase(
  runtime: Runtime,
  find: Finder,
  reason: ErasureReason,
  certificate: string = runtime.clock.uuid(),
): Promise<Certificate | null> {
  const { db } = runtime;
  // What was sold is followed from the lines of orders, which go.
  for (let step = 0; step < FOLLOW_STEPS && (await followOrders(db)); step++);
  for (let attempt = 1; ; attempt++) {
    const done = await readCertificate(db, certificate);
    if (done) return done;
    const subject = await withRetry(find);
    if (!subject || subject.fragmentIds.length === 0) return null;
    const plan = await withRetry(() => planErasure(db, subject));
    if (plan.fragments.length === 0) return null;
    const mentions = await mentionsOf(db, plan, subject, reason);
    try {
      // A fragment has joined the record since it was found.
      if (subject.isWhole && plan.staying.length > 0) throw new Error(STALE);
      await withRetry(async () => {
        // An earlier attempt may have been committed before its answer was lost.
        if (!(await readCertificate(db, certificate)))
          await write(runtime, plan, { id: certificate, reason, mentions });
      });
    } catch (error) {
      if (!isStale(error) || attempt >= ATTEMPTS) throw error;
      continue;
    }
    await refreshGeneration(db);
    await settleOthers(runtime, plan).catch(logError);
    return readCertificate(db, certificate);
  }
}

/**
 * Erases what `findPart` says is proven to be of who asks; all of the customer where that is null. A join by hand gives nobody a right over
 * the other's record.
 */
export const eraseOwn = (
  runtime: Runtime,
  publicId: string,
  findPart: () => Promise<readonly number[] | null>,
): Promise<Certificate | null> =>
  erase(
    runtime,
    async () => {
      const part = await findPart();
      return part === null ? subjectOf(runtime.db, publicId) : { fragmentIds: part, isWhole: false, isPart: true };
    },
    'person_asked',
  );

/** Erases one customer by a public id of theirs, former ones included. Null when there is no such customer. */
export const eraseCustomer = (runtime: Runtime, publicId: string, reason: ErasureReason): Promise<Certificate | null> =>
  erase(runtime, () => subjectOf(runtime.db, publicId), reason);
