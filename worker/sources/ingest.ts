import { DatabaseBusy, isDatabaseTrouble, withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { backoffMs } from '../platform/jobs.ts';
import { parseStored } from '../platform/json.ts';
import { log, logError } from '../platform/log.ts';
import { appendTogether, MAX_TOUCHPOINTS, type Waiting } from '../record/append.ts';
import { ID_TAKEN, insertDelivery } from '../record/deliveries.ts';
import { concernsErased } from '../record/erasure/gate.ts';
import { sourceByInternalId } from './store.ts';

/**
 * The queue between the doors and the record, where one is bound: a door verifies and translates, puts the outcome in the queue
 * and answers; the consumer writes up to a hundred deliveries in one batch. A queue delivers at least once and in any order,
 * and neither matters to the record. https://developers.cloudflare.com/queues/platform/limits/
 */
type Parked = {
  /** Of this shape. A newer worker may meet messages of an older one. */
  readonly v: 1;
  readonly work: Waiting;
  /** What could not be read beside what could, for the delivery log. */
  readonly refused: string | null;
};

/** A message may have 128,000 bytes, its envelope included. */
const MAX_MESSAGE = 120_000;

/**
 * Puts a translated delivery in the queue. False where it does not fit or the queue does not take it: it is to be written at once
 * then, so that no answer depends on the queue.
 */
export async function park(queue: Queue<string>, work: Waiting, refused: string | null): Promise<boolean> {
  if (work.touchpoints.length > MAX_TOUCHPOINTS) return false;
  const text = JSON.stringify({ v: 1, work, refused } satisfies Parked);
  if (new TextEncoder().encode(text).length > MAX_MESSAGE) return false;
  try {
    await queue.send(text, { contentType: 'text' });
    return true;
  } catch (error) {
    log('queue_away', { message: error instanceof Error ? error.message : '' });
    return false;
  }
}

type Opened = { readonly message: Message<unknown>; readonly parked: Parked };

/** What a message holds; null for one that this worker cannot read. */
function opened(message: Message<unknown>): Opened | null {
  if (typeof message.body !== 'string') return null;
  try {
    const parked = parseStored<Parked | null>(message.body, null);
    return parked?.v === 1 ? { message, parked } : null;
  } catch {
    return null;
  }
}

/** Has a message come again: after a quarter of a minute first, then after ever longer pauses. */
export const postpone = (message: Message<unknown>): void =>
  message.retry({ delaySeconds: Math.ceil(backoffMs(message.attempts, Math.random()) / 1000) });

/** Cuts messages into groups that one batch can take. */
function groupsOf(messages: readonly Opened[]): Opened[][] {
  const groups: Opened[][] = [];
  let room = 0;
  for (const one of messages) {
    const { length } = one.parked.work.touchpoints;
    if (length > room) {
      groups.push([]);
      room = MAX_TOUCHPOINTS;
    }
    groups.at(-1)?.push(one);
    room -= length;
  }
  return groups;
}

/** Ends a message that is stored: what could not be read of it gets its line. */
async function conclude({ db, clock }: Runtime, { message, parked }: Opened): Promise<void> {
  const { work, refused } = parked;
  if (refused !== null) {
    const row = { sourceId: work.sourceId, outcome: 'malformed', reason: refused } as const;
    await withRetry(() => insertDelivery(db, { ...row, id: clock.deliveryId(work.receivedAt) }).run(), ID_TAKEN);
  }
  message.ack();
}

/**
 * Writes messages in one batch. Where that fails though the database is well, one of them is at fault: the halves are written
 * each for itself, so that it ends alone and the others are stored.
 */
async function write(runtime: Runtime, group: readonly Opened[]): Promise<void> {
  try {
    await appendTogether(
      runtime.db,
      runtime.clock,
      group.map(({ parked }) => parked.work),
    );
  } catch (error) {
    const isBusy = error instanceof DatabaseBusy || isDatabaseTrouble(error);
    if (isBusy || group.length === 1) {
      if (!isBusy) logError(error);
      for (const { message } of group) postpone(message);
      return;
    }
    const half = Math.ceil(group.length / 2);
    await write(runtime, group.slice(0, half));
    return write(runtime, group.slice(half));
  }
  for (const one of group) {
    await conclude(runtime, one).catch((error) => {
      logError(error);
      postpone(one.message);
    });
  }
}

/** Takes in what the doors have put in the queue. Each message is told whether it is done or should come again. */
export async function takeIn(runtime: Runtime, messages: readonly Message<unknown>[]): Promise<void> {
  const readable: Opened[] = [];
  for (const message of messages) {
    const one = opened(message);
    if (one) readable.push(one);
    else postpone(message);
  }
  for (const group of groupsOf(readable)) await write(runtime, group);
}

/** What the line of a dead letter says; the cause stands in the worker's log. */
const GAVE_UP = 'could not be written, though it was tried for hours';

/**
 * Takes in what the queue has given up: each becomes a line of its source's delivery log with its body, to be looked at and
 * replayed. While the database is away it waits in the queue of dead letters.
 */
export async function bury(runtime: Runtime, messages: readonly Message<unknown>[]): Promise<void> {
  for (const message of messages) {
    try {
      await buryOne(runtime, opened(message));
      message.ack();
    } catch (error) {
      logError(error);
      postpone(message);
    }
  }
}

async function buryOne(runtime: Runtime, letter: Opened | null): Promise<void> {
  if (!letter) {
    log('dead_letter_unreadable');
    return;
  }
  const { headers = null, body, receivedAt, sourceId } = letter.parked.work;
  // It may have waited while its person was erased.
  const isErased = await withRetry(() => concernsErased(runtime.db, letter.parked.work));
  const source = await withRetry(() => sourceByInternalId(runtime, sourceId));
  const row = {
    sourceId: source?.id ?? null,
    outcome: 'dead',
    reason: GAVE_UP,
    headers: isErased ? null : headers,
  } as const;
  const kept = body === null || isErased ? null : new TextEncoder().encode(body);
  const id = () => runtime.clock.deliveryId(receivedAt);
  await withRetry(() => insertDelivery(runtime.db, { ...row, id: id(), body: kept }).run(), ID_TAKEN);
}
