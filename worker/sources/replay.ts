import * as v from 'valibot';
import { deliveryTime } from '../platform/clock.ts';
import { isDatabaseTrouble } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { insertJobs, type JobHandler } from '../platform/jobs.ts';
import { logError } from '../platform/log.ts';
import { type KeptDelivery, type Outcome, readDelivery } from '../record/deliveries.ts';
import {
  hasHeld,
  insertReplay,
  latestReplay,
  nextOfReplay,
  type Replay,
  readReplay,
  updateReplay,
} from '../record/replays.ts';
import { rewindRetention } from '../record/retention.ts';
import { keptFindings } from './kept.ts';
import type { Delivery } from './provider.ts';
import { type Received, store } from './receive.ts';
import { providerOf, type Source, sourceByInternalId, unknownAddress, updateSource } from './store.ts';

/** Kept deliveries, read once more: they were verified when they came, and what they brought before is not stored twice. */

export const REPLAY = 'replay';

async function replayKept(runtime: Runtime, source: Source, kept: KeptDelivery): Promise<Received | null> {
  const provider = providerOf(source.kind);
  if (!kept.body || !provider) return null;
  const headers = new Headers(kept.headers);
  const { isTest, ...found } = keptFindings(headers);
  const delivery: Delivery = {
    method: 'POST',
    url: new URL(unknownAddress(source)),
    headers,
    body: kept.body,
    ...(isTest && { isTest }),
  };
  // Of a reading of a reading, the first: it tells when the delivery came.
  const replayOf = kept.replayOf ?? kept.id;
  return store(runtime, source, provider, delivery, { at: deliveryTime(replayOf), ...found, replayOf });
}

/**
 * Runs a kept delivery through translation and storage once more. One that had brought nothing (not readable, held) gives its
 * line to what it brings now. Null when there is no such delivery or its body is no longer kept.
 */
export async function replayDelivery(runtime: Runtime, deliveryId: number): Promise<Received | null> {
  const kept = await readDelivery(runtime.db, deliveryId);
  const source = kept?.sourceId == null ? null : await sourceByInternalId(runtime, kept.sourceId);
  return kept && source && replayKept(runtime, source, kept);
}

/** What can be read once more: what was stored, and what could not be read or written. Held ones are read when their source is resumed. */
export const REPLAYABLE = ['accepted', 'malformed', 'dead'] as const satisfies readonly Outcome[];

const jobOf = ({ id, sourceId }: Pick<Replay, 'id' | 'sourceId'>, after: number) => ({
  key: `${REPLAY}:${id}:${after}`,
  kind: REPLAY,
  payload: { id },
  sourceId,
});

/**
 * Begins to read everything once more that a source received since a moment (epoch ms): the work is a job and goes on by itself.
 * While the same is under way, that one is answered.
 */
export async function startReplay(
  runtime: Runtime,
  source: Source,
  since: number,
  outcomes: readonly Outcome[],
): Promise<Replay> {
  const { db, clock } = runtime;
  const now = clock.now();
  // The clock's own numbers are as good as the table's, and are known before the row is written.
  const id = clock.deliveryId();
  const sourceId = source.id;
  await db.batch([
    insertReplay(db, { id, sourceId, since, outcomes }, now),
    // Without its row it finds nothing to do.
    insertJobs(db, [jobOf({ id, sourceId }, 0)], now),
  ]);
  const replay = (await readReplay(db, id)) ?? (await latestReplay(db, sourceId));
  if (!replay) throw new Error('a replay was inserted but not found');
  return replay;
}

/** Holds a source: from now on what comes is verified and kept, and not read. Other isolates learn of it within ten seconds. */
export const pauseSource = async (runtime: Runtime, source: Source): Promise<Source> =>
  (await updateSource(runtime, source, { pausedAt: source.pausedAt ?? runtime.clock.now() })) ?? source;

/** Lets a source go on, and begins to read what was held, oldest first. Where nothing was, there is nothing to begin. */
export async function resumeSource(runtime: Runtime, source: Source): Promise<Source> {
  const resumed = (await updateSource(runtime, source, { pausedAt: null })) ?? source;
  // From now on nothing more is held: each delivery asks the source's row.
  if (await hasHeld(runtime.db, source.id)) await startReplay(runtime, resumed, source.createdAt, ['held']);
  return resumed;
}

const Payload = v.object({ id: v.number() });

/** One delivery of a replay. A surprise is counted, so that it does not keep the others from being read. */
async function readOne(runtime: Runtime, source: Source, kept: KeptDelivery): Promise<Received | null> {
  try {
    return await replayKept(runtime, source, kept);
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    logError(error);
    return null;
  }
}

/** Reads the next few deliveries of a replay and puts the rest down as the next job. */
export const replaySome: JobHandler = async (runtime, job) => {
  const { db, clock } = runtime;
  const replay = await readReplay(db, v.parse(Payload, job.payload).id);
  if (!replay || replay.finishedAt !== null) return { outcome: 'done', note: 'It was done before.' };
  const source = await sourceByInternalId(runtime, replay.sourceId);
  if (!source) return { outcome: 'dead', error: 'Its source is not there any more.' };
  const isRelease = replay.outcomes.includes('held');
  // Held again before all was read: the rest waits for the next time.
  const isStopped = isRelease && source.pausedAt !== null;
  const part = isStopped ? { found: [], after: replay.after, isEnd: true } : await nextOfReplay(db, replay);
  let { done, stored, failed } = replay;
  for (const kept of part.found) {
    const received = await readOne(runtime, source, kept);
    done++;
    if (received?.outcome === 'accepted' && (received.stored ?? 0) > 0) stored++;
    if (received === null || received.outcome === 'malformed') failed++;
  }
  const progress = { after: part.after, done, stored, failed, finishedAt: part.isEnd ? clock.now() : null };
  return {
    outcome: 'done',
    note: `${done} read again.`,
    effects: [
      updateReplay(db, replay.id, progress),
      ...(part.isEnd && isRelease ? [rewindRetention(db, source.id, replay.after)] : []),
    ],
    next: part.isEnd ? [] : [jobOf(replay, part.after)],
  };
};
