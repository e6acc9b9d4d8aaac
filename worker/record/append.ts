import type { TouchpointInput } from '../../schema/touchpoint.ts';
import type { Clock } from '../platform/clock.ts';
import { withRetry } from '../platform/database.ts';
import { insertJobs, type NewJob } from '../platform/jobs.ts';
import { parseStored } from '../platform/json.ts';
import { logError } from '../platform/log.ts';
import { insertRefused, liftBySaid, type RefusedRow } from './consent/kept.ts';
import { insertConsents, insertSuppressions } from './consent/rows.ts';
import { ID_TAKEN, keptBody, PASSED_GENERATION, recordDeliveries, type StoredResult } from './deliveries.ts';
import { type Generation, refreshGeneration, sift } from './erasure/gate.ts';
import { writeOrganisations } from './groups/evidence.ts';
import { type PersonWork, settle } from './identity/settle.ts';
import { upsertOrders, upsertRefunds } from './orders.ts';
import { insertPeople, upsertIdentifiers, upsertProfiles } from './people.ts';
import { upsertAddresses } from './postal.ts';
import { rowsOf, together } from './rows.ts';
import { insertAnswers, insertTouchpoints } from './touchpoints.ts';

/** Touchpoints of one request. At most this many go into one batch. */
export const MAX_TOUCHPOINTS = 500;

export type Append = {
  readonly sourceId: number;
  readonly touchpoints: readonly TouchpointInput[];
  /** All of them belong to this fragment, whoever they name: what staff log on a record they have before them. */
  readonly fragmentId?: number;
  /** Work that follows from them, put down in the same batch. */
  readonly jobs?: readonly NewJob[];
  /** More that must stand or fall with them: written in the same batch, after them, knowing the delivery's id. */
  readonly also?: (deliveryId: number) => readonly D1PreparedStatement[];
  /** The headers a replay needs, JSON, and the raw body: kept in the delivery log beside the outcome. */
  readonly headers?: string | null;
  readonly body?: Uint8Array | null;
  /** The kept delivery that is read once more with this, if it is. */
  readonly replayOf?: number | null;
  /** What to say of it in the delivery log, where it did not come through a door. */
  readonly note?: string;
};
/** A delivery that waited to be written beside others. */
export type Waiting = Omit<Append, 'fragmentId' | 'body' | 'also'> & {
  readonly body: string | null;
  /** When it arrived, epoch ms. */
  readonly receivedAt: number;
};
export type Appended = {
  readonly deliveryId: number;
  /** Touchpoints that were new; the rest had been stored before. */
  readonly stored: number;
  /** Something of it was of somebody erased and was left out, so that its body must not be kept. */
  readonly isCut: boolean;
};

type Work = Omit<Waiting, 'receivedAt'> & Pick<Append, 'also'> & { readonly receivedAt?: number };

/** Deliveries of one batch as they are written, and what concerns all of them. */
type Together = {
  readonly works: readonly Work[];
  readonly fragmentId: number | null;
  /** The body of one that comes alone, which need not be text. */
  readonly body: string | Uint8Array | null;
};

/** Works without what is of people who were erased, and the state of erasures that this is true of. */
type Allowed = { readonly works: readonly Sifted[]; readonly generation: Generation };
type Sifted = Work & {
  /** Something of it was of somebody erased. */
  readonly isCut: boolean;
  readonly refused: readonly RefusedRow[];
};

/** An id for each, by when it arrived. */
function drawIds(works: readonly Work[], clock: Clock): number[] {
  const drawn = new Set<number>();
  for (const { receivedAt } of works) {
    const before = drawn.size;
    while (drawn.size === before) drawn.add(clock.deliveryId(receivedAt));
  }
  return [...drawn];
}

/** What may be written. A body or header that holds anything of somebody erased is not kept, nor is work about it. */
async function allowed(db: D1Database, now: number, works: readonly Work[]): Promise<Allowed> {
  const { sifted, generation } = await sift(
    db,
    works.map(({ sourceId, touchpoints, receivedAt = now }) => ({ sourceId, touchpoints, receivedAt })),
  );
  return {
    generation,
    works: works.map((work, index) => {
      const { kept = [], dropped = [], refused = [], isChanged = false } = sifted[index] ?? {};
      if (!isChanged) return { ...work, refused, isCut: false };
      const jobs = (work.jobs ?? []).filter(({ key }) => !dropped.some((message) => key.endsWith(`:${message}`)));
      return { ...work, touchpoints: kept, jobs, refused, headers: null, body: null, isCut: true };
    }),
  };
}

async function statementsOf(
  db: D1Database,
  clock: Clock,
  { works, generation }: Allowed,
  { fragmentId, body }: Together,
): Promise<D1PreparedStatement[]> {
  const ids = drawIds(works, clock);
  const now = clock.now();
  const parts = works.map(({ sourceId, touchpoints, receivedAt = now }, index) => ({
    rows: rowsOf(touchpoints, sourceId, receivedAt, clock.uuid),
    stamp: { source: sourceId, delivery: ids[index] ?? 0, received: receivedAt },
  }));
  const rows = together(parts);
  const refused = parts.flatMap(({ stamp }, index) =>
    (works[index]?.refused ?? []).map((row) => ({ ...row, ...stamp })),
  );
  const jobs = works.flatMap((work) => work.jobs ?? []);
  const deliveries = works.map(({ sourceId, headers = null, body, replayOf = null, note = null, isCut }, index) => ({
    id: ids[index] ?? 0,
    sourceId,
    headers,
    body,
    isCut,
    replayOf,
    reason: note,
    messages: parts[index]?.rows.touchpoints.map(({ message }) => message) ?? [],
    browsing: parts[index]?.rows.touchpoints.flatMap(({ message, browsing }) => (browsing ? [message] : [])) ?? [],
  }));
  return [
    ...(fragmentId === null ? [insertPeople(db, rows.people)] : []),
    insertTouchpoints(db, rows.touchpoints, fragmentId),
    ...(rows.identifiers.length > 0 ? [upsertIdentifiers(db, rows.identifiers)] : []),
    ...(rows.profiles.length > 0 ? [upsertProfiles(db, rows.profiles)] : []),
    ...(await upsertAddresses(db, rows.addresses)),
    ...(rows.organisations.length > 0 ? writeOrganisations(db, rows.organisations) : []),
    ...(rows.orders.length > 0 ? [upsertOrders(db, rows.orders)] : []),
    ...(rows.refunds.length > 0 ? [upsertRefunds(db, rows.refunds)] : []),
    ...(rows.answers.length > 0 ? [insertAnswers(db, rows.answers)] : []),
    ...(rows.consents.length > 0 ? [insertConsents(db, rows.consents)] : []),
    ...(rows.suppressions.length > 0 ? [insertSuppressions(db, rows.suppressions)] : []),
    ...(refused.length > 0 ? [insertRefused(db, refused)] : []),
    // Nothing was kept before the first erasure.
    ...(generation > 0 ? liftBySaid(db, [...rows.consents, ...rows.suppressions]) : []),
    ...(jobs.length > 0 ? [insertJobs(db, jobs, now)] : []),
    ...works.flatMap(({ also }, index) => also?.(ids[index] ?? 0) ?? []),
    recordDeliveries(db, deliveries, rows.people, works.some(({ isCut }) => isCut) ? null : body, generation),
  ];
}

/** Erasures that may come between reading of them and writing; each means another try. */
const PASSED_AT_MOST = 20;

const hasPassed = (error: unknown): boolean => error instanceof Error && error.message.includes(PASSED_GENERATION);

async function writeAllowed(
  db: D1Database,
  clock: Clock,
  all: Together,
): Promise<readonly (StoredResult & Pick<Appended, 'isCut'>)[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const may = await allowed(db, clock.now(), all.works);
      // New ids for each attempt: an earlier one may have been committed before its answer was lost.
      const answers = await db.batch<StoredResult>(await statementsOf(db, clock, may, all));
      const stored = answers.at(-1)?.results ?? [];
      return stored.map((row, index) => ({ ...row, isCut: may.works[index]?.isCut ?? false }));
    } catch (error) {
      if (!hasPassed(error) || attempt >= PASSED_AT_MOST) throw error;
      await refreshGeneration(db);
    }
  }
}

async function write(db: D1Database, clock: Clock, all: Together): Promise<Appended[]> {
  if (all.works.reduce((sum, { touchpoints }) => sum + touchpoints.length, 0) > MAX_TOUCHPOINTS)
    throw new RangeError(`more than ${MAX_TOUCHPOINTS} touchpoints at once`);
  const results = await withRetry(() => writeAllowed(db, clock, all), ID_TAKEN);
  const pending = results.flatMap(({ work }) => parseStored<PersonWork[]>(work, []));
  // What was sent is stored. That its people could not be placed now is no reason to have it sent again: cron places them.
  if (pending.length > 0) await settle(db, clock, pending).catch(logError);
  return results.map(({ id, stored, isCut }) => ({ deliveryId: id, stored, isCut }));
}

/**
 * The one way into the record: touchpoints, fragments, identifiers, orders and kept numbers in one batch, all or nothing.
 * For somebody known that is one round trip. What the batch learned about who belongs together, or what somebody is called,
 * is durable with it and worked out before this returns; should the process end in between, the minute's cron does it.
 * @throws DatabaseBusy when the database cannot take the work; nothing was half done and the sender may try again.
 */
export async function append(db: D1Database, clock: Clock, work: Append): Promise<Appended> {
  const { fragmentId = null, body = null, ...rest } = work;
  const works = [{ ...rest, body: null }];
  const [appended] = await write(db, clock, { works, fragmentId, body: keptBody(body) });
  if (!appended) throw new Error('a delivery was written but not returned');
  return appended;
}

/**
 * The same for deliveries that waited: all of them in one batch of at most MAX_TOUCHPOINTS touchpoints, each with its own line in
 * the delivery log. It does not matter which is written first, nor that one was written before.
 * @throws DatabaseBusy as `append` does; any other error may be the fault of one of them.
 */
export const appendTogether = (db: D1Database, clock: Clock, works: readonly Waiting[]): Promise<Appended[]> =>
  write(db, clock, { works, fragmentId: null, body: null });
