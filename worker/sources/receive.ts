import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { withRetry } from '../platform/database.ts';
import { fetchFrom } from '../platform/egress.ts';
import type { Runtime } from '../platform/env.ts';
import { sha256Hex } from '../platform/hmac.ts';
import { append, MAX_TOUCHPOINTS } from '../record/append.ts';
import {
  type DeliveryRow,
  forgetBody,
  ID_TAKEN,
  insertDelivery,
  insertHeld,
  insertUnknownKey,
  keptBody,
  settleDelivery,
} from '../record/deliveries.ts';
import { currentFragment } from '../record/people.ts';
import { detailJobs } from './details.ts';
import { park } from './ingest.ts';
import { type Arrival, type Arrived, keptOf } from './kept.ts';
import { parseBody } from './parse.ts';
import { opens, prepared } from './prepare.ts';
import { holderOf } from './proofs.ts';
import type { Delivery, Greeting, Misfit, Provider, Refusal, RefusedItem, Verdict, VerifyContext } from './provider.ts';
import { verifyRotating } from './rotation.ts';
import { currentSource, providerOf, recalledSource, type Source, validSecrets } from './store.ts';

const WINDOW_MS = 10 * 60 * 1000;

/** Largest body any door takes, in bytes. */
export const MAX_BODY = 1024 * 1024;

/** Most events of one delivery, whatever its size: they are written in several batches before it is answered. */
const MAX_EVENTS = 5 * MAX_TOUCHPOINTS;

/** What became of a delivery. Each door puts it in the words of its own callers. */
export type Received =
  | {
      readonly outcome: 'accepted';
      readonly source: Source;
      /** Events that were read, and how many of them were new: null while they wait in the queue. */
      readonly read: number;
      readonly stored: number | null;
      readonly refused: readonly RefusedItem[];
      readonly payload: Json;
    }
  | { readonly outcome: 'ignored'; readonly source: Source; readonly payload: Json }
  /** Kept and not read: its source is paused. To its sender it is as good as taken. */
  | { readonly outcome: 'held'; readonly source: Source; readonly payload: Json }
  | { readonly outcome: 'handshake'; readonly greeting: Greeting }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unknown_key' }
  | { readonly outcome: 'malformed'; readonly misfits: readonly Misfit[] };

const reasonOf = (refusal: Refusal): string =>
  refusal.reason === 'timestamp_stale'
    ? `${refusal.reason}: ${refusal.ageSeconds} s off`
    : refusal.reason === 'origin_refused'
      ? `${refusal.reason}: ${refusal.origin.slice(0, 200)}`
      : refusal.reason;

/** Writes one line in the delivery log. */
async function logDelivery(runtime: Runtime, row: Omit<DeliveryRow, 'id'>): Promise<void> {
  await withRetry(() => insertDelivery(runtime.db, { ...row, id: runtime.clock.deliveryId() }).run(), ID_TAKEN);
}

const wordsOf = (misfits: readonly Misfit[]): string =>
  misfits
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ')
    .slice(0, 500)
    .toWellFormed();

/** Writes the line of a delivery that brought nothing; of one that is read once more, it changes the line it has. */
async function logNothing(
  runtime: Runtime,
  { source, replayOf }: Arrived,
  line: Pick<DeliveryRow, 'headers' | 'body'> & { outcome: 'ignored' | 'malformed'; reason: string },
): Promise<void> {
  if (replayOf === undefined) return logDelivery(runtime, { sourceId: source.id, ...line });
  await withRetry(() => settleDelivery(runtime.db, replayOf, line.outcome, line.reason).run());
}

async function reject(runtime: Runtime, arrived: Arrived, misfits: readonly Misfit[]): Promise<Received> {
  await logNothing(runtime, arrived, { outcome: 'malformed', reason: wordsOf(misfits), ...keptOf(arrived, true) });
  return { outcome: 'malformed', misfits };
}

const isPaused = ({ source, replayOf, delivery }: Arrived): boolean =>
  source.pausedAt !== null && replayOf === undefined && !delivery.isTest;

/** Keeps a delivery for later. Null when its source has been resumed meanwhile: then it is to be read now. */
async function keepForLater(runtime: Runtime, arrived: Arrived, payload: Json): Promise<Received | null> {
  const { source } = arrived;
  const kept = keptOf(arrived, true);
  const { meta } = await withRetry(
    () => insertHeld(runtime.db, { id: runtime.clock.deliveryId(), sourceId: source.id, ...kept }).run(),
    ID_TAKEN,
  );
  return meta.changes > 0 ? { outcome: 'held', source, payload } : null;
}

/**
 * Writes what a delivery brought, in as many batches as it takes; the body is kept with the first. Should one fail, the
 * sender tries again and what was written already is not written twice.
 */
async function appendAll(
  runtime: Runtime,
  arrived: Arrived,
  touchpoints: readonly TouchpointInput[],
  fragmentId: number | undefined,
): Promise<number> {
  const { source, replayOf = null } = arrived;
  const kept = keptOf(arrived, false);
  let stored = 0;
  let keptWith: number | null = null;
  for (let from = 0; from < touchpoints.length; from += MAX_TOUCHPOINTS) {
    const part = touchpoints.slice(from, from + MAX_TOUCHPOINTS);
    // What is read once more gives way with the last batch: nobody sends it again should this end half way.
    const isLast = from + MAX_TOUCHPOINTS >= touchpoints.length;
    const work = {
      sourceId: source.id,
      touchpoints: part,
      jobs: detailJobs(source, part),
      ...(fragmentId !== undefined && { fragmentId }),
      ...(from === 0 && kept),
      ...(isLast && { replayOf }),
    };
    const appended = await append(runtime.db, runtime.clock, work);
    stored += appended.stored;
    keptWith ??= appended.deliveryId;
    if (appended.isCut && from > 0) await withRetry(() => forgetBody(runtime.db, keptWith ?? 0).run());
  }
  return stored;
}

/** Leaves what a delivery brought in the queue; false where there is none, or it is to be written at once. */
async function queued(
  { ingest }: Pick<Runtime, 'ingest'>,
  arrived: Arrived,
  touchpoints: readonly TouchpointInput[],
  refused: string | null,
): Promise<boolean> {
  const { source, at } = arrived;
  // With its body in any case: should it never be written, that is what is left of it.
  const kept = keptOf(arrived, true);
  const body = keptBody(kept.body);
  if (!ingest || typeof body !== 'string') return false;
  const jobs = detailJobs(source, touchpoints);
  return park(ingest, { sourceId: source.id, touchpoints, jobs, headers: kept.headers, body, receivedAt: at }, refused);
}

/** A contact that the owner made up to see whether the door works: shown as such, no revenue, and nothing to ask for. */
const asTest = ({ needs: _needs, ...touchpoint }: TouchpointInput): TouchpointInput => ({
  ...touchpoint,
  data: { ...touchpoint.data, test: true },
  ...(touchpoint.order && { order: { ...touchpoint.order, isVoid: true } }),
});

/**
 * Parses, translates and stores a delivery whose sender is known: what a door does after verifying, and what a replay does. Of a
 * paused source it is kept and not read, unless the owner asks for it: a test, a replay. `queue` has it stored later, where a
 * queue is bound: for senders who need not be told how much of it was new.
 */
export async function store(
  runtime: Runtime,
  source: Source,
  provider: Provider,
  delivery: Delivery,
  arrival: Arrival,
  queue: 'queue' | null = null,
): Promise<Received> {
  const parsed = await parseBody(delivery);
  const hash = arrival.bodyHash ?? (await sha256Hex(parsed.ok ? parsed.identity : delivery.body));
  const arrived: Arrived = { ...arrival, source, delivery, hash };
  const held = isPaused(arrived) ? await keepForLater(runtime, arrived, parsed.ok ? parsed.payload : null) : null;
  if (held) return held;
  if (!parsed.ok) return reject(runtime, arrived, parsed.misfits);
  const { payload } = parsed;
  const fragmentId = arrival.fragmentId == null ? null : await currentFragment(runtime.db, arrival.fragmentId);
  const translation = provider.translate(payload, delivery, {
    settings: source.settings,
    bodyHash: hash,
    window: String(Math.floor(arrival.at / WINDOW_MS)),
    receivedAt: arrival.at,
    assurance: arrival.assurance,
    fragmentId,
  });
  if (!translation.ok) return reject(runtime, arrived, translation.misfits);
  if ('ignored' in translation) {
    await logNothing(runtime, arrived, { outcome: 'ignored', reason: translation.ignored.slice(0, 200) });
    return { outcome: 'ignored', source, payload };
  }
  const { refused = [] } = translation;
  const touchpoints = delivery.isTest ? translation.touchpoints.map(asTest) : translation.touchpoints;
  if (touchpoints.length === 0) return reject(runtime, arrived, [{ path: '$', message: 'holds no event' }]);
  if (touchpoints.length > MAX_EVENTS)
    return reject(runtime, arrived, [{ path: '$', message: `holds more than ${MAX_EVENTS} events` }]);
  const accepted = { outcome: 'accepted', source, read: touchpoints.length, refused, payload } as const;
  const reason = refused.length > 0 ? wordsOf(refused) : null;
  // What belongs to a fragment of another source is written on its own.
  if (queue && translation.fragmentId === undefined && (await queued(runtime, arrived, touchpoints, reason)))
    return { ...accepted, stored: null };
  const stored = await appendAll(runtime, arrived, touchpoints, translation.fragmentId);
  // The body is kept beside what was stored of it; this line says what was not.
  if (reason !== null && (stored > 0 || arrival.replayOf === undefined))
    await logDelivery(runtime, { sourceId: source.id, outcome: 'malformed', reason });
  return { ...accepted, stored };
}

/** A request whose sender is known, and may speak. */
type Admitted = {
  readonly outcome: 'admitted';
  readonly source: Source;
  readonly provider: Provider;
  readonly verdict: Extract<Verdict, { ok: true }>;
  /** When it came, epoch ms. */
  readonly at: number;
};
type TurnedAway = Extract<Received, { outcome: 'unknown_key' | 'handshake' | 'refused' }>;

/** Finds the source of a request at a door, answers a greeting, and verifies; leaves a line in the delivery log where it goes no further. */
export async function admit(
  runtime: Runtime,
  door: Provider['door'],
  key: string,
  delivery: Delivery,
): Promise<Admitted | TurnedAway> {
  const recalled = recalledSource(runtime, key);
  const known = recalled ?? (await currentSource(runtime, key));
  const provider = known && providerOf(known.kind);
  if (!known || !opens(provider, door)) {
    await withRetry(() => insertUnknownKey(runtime.db, runtime.clock.deliveryId()).run(), ID_TAKEN);
    return { outcome: 'unknown_key' };
  }
  const now = runtime.clock.now();
  const fetch = fetchFrom(provider.hosts ?? []);
  const contextOf = (source: Source): VerifyContext => ({
    secrets: validSecrets(source, now),
    settings: source.settings,
    now,
    fetch,
    hold: holderOf(runtime, source.id),
  });
  const greeting = provider.handshake?.(delivery, contextOf(known));
  if (greeting) {
    await logDelivery(runtime, { sourceId: known.id, outcome: 'handshake', reason: greeting.note });
    return { outcome: 'handshake', greeting };
  }
  const first = await verifyRotating(runtime, known, provider, delivery, contextOf(known));
  // What is remembered may lack a secret that was added elsewhere a moment ago. Looking again also makes a refusal take as
  // long as a key that names no source.
  const source = first.ok || !recalled ? known : ((await currentSource(runtime, key)) ?? known);
  const verdict =
    source === known ? first : await verifyRotating(runtime, source, provider, delivery, contextOf(source));
  if (!verdict.ok) {
    await logDelivery(runtime, { sourceId: source.id, outcome: 'refused', reason: reasonOf(verdict.refusal) });
    return { outcome: 'refused' };
  }
  return { outcome: 'admitted', source, provider, verdict, at: now };
}

/**
 * A request at a door, from raw bytes to the record: find the source, answer a greeting, verify, then store. Everything that
 * is refused leaves one line in the delivery log and nothing else; what is accepted is durable before this returns, in the
 * database or, where a queue is bound, there.
 * @throws DatabaseBusy when the sender should try again.
 */
export async function receive(
  runtime: Runtime,
  door: Provider['door'],
  key: string,
  delivery: Delivery,
): Promise<Received> {
  const admitted = await admit(runtime, door, key, delivery);
  if (admitted.outcome !== 'admitted') return admitted;
  const { source, provider, verdict, at } = admitted;
  const { delivery: ready, ...found } = await prepared(runtime, source, provider, delivery);
  const arrival: Arrival = { at, assurance: verdict.assurance ?? null, ...found };
  // Who sends a test event waits to see what became of it.
  return store(runtime, source, provider, ready, arrival, delivery.isTest ? null : 'queue');
}
