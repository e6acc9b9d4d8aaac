import { ASSURANCES, type Assurance } from '../../schema/customer.ts';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { MAX_FIELDS, readForm } from '../platform/body.ts';
import { withRetry } from '../platform/database.ts';
import { fetchFrom } from '../platform/egress.ts';
import type { Runtime } from '../platform/env.ts';
import { sha256Hex } from '../platform/hmac.ts';
import { parseJson } from '../platform/json.ts';
import { append, MAX_TOUCHPOINTS } from '../record/append.ts';
import {
  type DeliveryRow,
  forgetBody,
  ID_TAKEN,
  insertDelivery,
  insertUnknownKey,
  keptBody,
} from '../record/deliveries.ts';
import { detailJobs } from './details.ts';
import { park } from './ingest.ts';
import { holderOf } from './proofs.ts';
import type { Delivery, Greeting, Misfit, Provider, Refusal, RefusedItem, VerifyContext } from './provider.ts';
import { currentSource, providerOf, recalledSource, type Source } from './store.ts';

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

/** Name the assurance is kept under: no header of a sender is kept by such a name. */
const KEPT_ASSURANCE = 'rapport-assurance';

/** What verification had found of a delivery, by its kept headers. */
export const keptAssurance = (headers: Headers): Assurance | null =>
  ASSURANCES.find((assurance) => assurance === headers.get(KEPT_ASSURANCE)) ?? null;

/** Headers that say what a body is. Signatures, cookies and addresses stay out of the log. */
function keptHeaders(headers: Headers, assurance: Assurance | null): string {
  const kept = [...headers].filter(
    ([name]) =>
      /^(content-type|x-|ce-|webhook-id|origin$)/.test(name) &&
      !/(signature|hmac|forwarded|real-ip|auth|token|secret)/.test(name),
  );
  const all = kept.map(([name, value]) => [name, value.slice(0, 500)]);
  if (assurance !== null) all.push([KEPT_ASSURANCE, assurance]);
  return JSON.stringify(Object.fromEntries(all));
}

/** Writes one line in the delivery log. */
export async function logDelivery(runtime: Runtime, row: Omit<DeliveryRow, 'id'>): Promise<void> {
  await withRetry(() => insertDelivery(runtime.db, { ...row, id: runtime.clock.deliveryId() }).run(), ID_TAKEN);
}

type Parsed =
  | {
      readonly ok: true;
      readonly payload: Json;
      /** The bytes that say whether two bodies are the same. */
      readonly identity: Uint8Array;
    }
  | { readonly ok: false; readonly misfits: readonly Misfit[] };

/** Reads the body as what it says it is: a form's fields, or JSON whatever the content type. An empty one says nothing. */
async function parseBody(delivery: Delivery): Promise<Parsed> {
  if (delivery.body.length === 0) return { ok: true, payload: null, identity: delivery.body };
  const contentType = delivery.headers.get('content-type') ?? '';
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(contentType)) {
    const json = parseJson(delivery.body);
    return json.ok ? { ok: true, payload: json.value, identity: delivery.body } : { ok: false, misfits: [json.fault] };
  }
  const fields = await readForm(delivery.body, contentType);
  if (!fields)
    return { ok: false, misfits: [{ path: '$', message: `is not ${contentType} of at most ${MAX_FIELDS} fields` }] };
  // Through the same gate as JSON, so that text which cannot be stored is refused alike.
  // Its identity too is that of the fields: browsers draw a new boundary for each sending of the same form.
  const canonical = new TextEncoder().encode(JSON.stringify(fields));
  const checked = parseJson(canonical);
  return checked.ok
    ? { ok: true, payload: checked.value, identity: canonical }
    : { ok: false, misfits: [checked.fault] };
}

/** A delivery whose sender is known: when it came (epoch ms) and how far it is trusted. */
export type Arrival = { readonly at: number; readonly assurance: Assurance | null };
type Arrived = Arrival & { readonly source: Source; readonly delivery: Delivery };

const wordsOf = (misfits: readonly Misfit[]): string =>
  misfits
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ')
    .slice(0, 500)
    .toWellFormed();

async function reject(runtime: Runtime, arrived: Arrived, misfits: readonly Misfit[]): Promise<Received> {
  const { source, delivery, assurance } = arrived;
  await logDelivery(runtime, {
    sourceId: source.id,
    outcome: 'malformed',
    reason: wordsOf(misfits),
    headers: keptHeaders(delivery.headers, assurance),
    body: delivery.body,
  });
  return { outcome: 'malformed', misfits };
}

/**
 * Writes what a delivery brought, in as many batches as it takes; the body is kept with the first. Should one fail, the
 * sender tries again and what was written already is not written twice.
 */
async function appendAll(
  runtime: Runtime,
  { source, delivery, assurance }: Arrived,
  touchpoints: readonly TouchpointInput[],
): Promise<number> {
  const kept = { headers: keptHeaders(delivery.headers, assurance), body: delivery.body };
  let stored = 0;
  let keptWith: number | null = null;
  for (let from = 0; from < touchpoints.length; from += MAX_TOUCHPOINTS) {
    const part = touchpoints.slice(from, from + MAX_TOUCHPOINTS);
    const jobs = detailJobs(source, part);
    const work = { sourceId: source.id, touchpoints: part, jobs, ...(from === 0 && kept) };
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
  { source, delivery, assurance, at }: Arrived,
  touchpoints: readonly TouchpointInput[],
  refused: string | null,
): Promise<boolean> {
  const body = keptBody(delivery.body);
  if (!ingest || typeof body !== 'string') return false;
  const headers = keptHeaders(delivery.headers, assurance);
  const jobs = detailJobs(source, touchpoints);
  return park(ingest, { sourceId: source.id, touchpoints, jobs, headers, body, receivedAt: at }, refused);
}

/** A contact that the owner made up to see whether the door works: shown as such, no revenue, and nothing to ask for. */
const asTest = ({ needs: _needs, ...touchpoint }: TouchpointInput): TouchpointInput => ({
  ...touchpoint,
  data: { ...touchpoint.data, test: true },
  ...(touchpoint.order && { order: { ...touchpoint.order, isVoid: true } }),
});

/**
 * Parses, translates and stores a delivery whose sender is known: what a door does after verifying, and what a replay does.
 * `queue` has it stored later, where a queue is bound: for senders who need not be told how much of it was new.
 */
export async function store(
  runtime: Runtime,
  source: Source,
  provider: Provider,
  delivery: Delivery,
  arrival: Arrival,
  queue: 'queue' | null = null,
): Promise<Received> {
  const arrived: Arrived = { ...arrival, source, delivery };
  const parsed = await parseBody(delivery);
  if (!parsed.ok) return reject(runtime, arrived, parsed.misfits);
  const { payload } = parsed;
  const translation = provider.translate(payload, delivery, {
    settings: source.settings,
    bodyHash: await sha256Hex(parsed.identity),
    window: String(Math.floor(arrival.at / WINDOW_MS)),
    receivedAt: arrival.at,
    assurance: arrival.assurance,
  });
  if (!translation.ok) return reject(runtime, arrived, translation.misfits);
  if ('ignored' in translation) {
    await logDelivery(runtime, { sourceId: source.id, outcome: 'ignored', reason: translation.ignored.slice(0, 200) });
    return { outcome: 'ignored', source, payload };
  }
  const { refused = [] } = translation;
  const touchpoints = delivery.isTest ? translation.touchpoints.map(asTest) : translation.touchpoints;
  if (touchpoints.length === 0) return reject(runtime, arrived, [{ path: '$', message: 'holds no event' }]);
  if (touchpoints.length > MAX_EVENTS)
    return reject(runtime, arrived, [{ path: '$', message: `holds more than ${MAX_EVENTS} events` }]);
  const accepted = { outcome: 'accepted', source, read: touchpoints.length, refused, payload } as const;
  const reason = refused.length > 0 ? wordsOf(refused) : null;
  if (queue && (await queued(runtime, arrived, touchpoints, reason))) return { ...accepted, stored: null };
  const stored = await appendAll(runtime, arrived, touchpoints);
  // The body is kept beside what was stored of it; this line says what was not.
  if (reason !== null) await logDelivery(runtime, { sourceId: source.id, outcome: 'malformed', reason });
  return { ...accepted, stored };
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
  const recalled = recalledSource(runtime, key);
  const known = recalled ?? (await currentSource(runtime, key));
  const provider = known && providerOf(known.kind);
  if (!known || provider?.door !== door) {
    await withRetry(() => insertUnknownKey(runtime.db, runtime.clock.deliveryId()).run(), ID_TAKEN);
    return { outcome: 'unknown_key' };
  }
  const now = runtime.clock.now();
  const fetch = fetchFrom(provider.hosts ?? []);
  const contextOf = ({ id, secrets, settings }: Source): VerifyContext => ({
    secrets,
    settings,
    now,
    fetch,
    hold: holderOf(runtime, id),
  });
  const greeting = provider.handshake?.(delivery, contextOf(known));
  if (greeting) {
    await logDelivery(runtime, { sourceId: known.id, outcome: 'handshake', reason: greeting.note });
    return { outcome: 'handshake', greeting };
  }
  const first = await provider.verify(delivery, contextOf(known));
  // What is remembered may lack a secret that was added elsewhere a moment ago. Looking again also makes a refusal take as
  // long as a key that names no source.
  const source = first.ok || !recalled ? known : ((await currentSource(runtime, key)) ?? known);
  const verdict = source === known ? first : await provider.verify(delivery, contextOf(source));
  if (!verdict.ok) {
    await logDelivery(runtime, { sourceId: source.id, outcome: 'refused', reason: reasonOf(verdict.refusal) });
    return { outcome: 'refused' };
  }
  const arrival: Arrival = { at: now, assurance: verdict.assurance ?? null };
  // Who sends a test event waits to see what became of it.
  return store(runtime, source, provider, delivery, arrival, delivery.isTest ? null : 'queue');
}
