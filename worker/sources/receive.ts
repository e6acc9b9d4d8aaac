import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { MAX_FIELDS, readForm } from '../platform/body.ts';
import { withRetry } from '../platform/database.ts';
import { fetchFrom } from '../platform/egress.ts';
import type { Runtime } from '../platform/env.ts';
import { sha256Hex } from '../platform/hmac.ts';
import { parseJson } from '../platform/json.ts';
import { append, MAX_TOUCHPOINTS } from '../record/append.ts';
import { type DeliveryRow, ID_TAKEN, insertDelivery, insertUnknownKey } from '../record/deliveries.ts';
import type { Delivery, Greeting, Misfit, Provider, Refusal, VerifyContext } from './provider.ts';
import { currentSource, providerOf, recalledSource, type Source } from './store.ts';

const WINDOW_MS = 10 * 60 * 1000;

/** Largest body any door takes, in bytes. */
export const MAX_BODY = 1024 * 1024;

/** What became of a delivery. Each door puts it in the words of its own callers. */
export type Received =
  | { readonly outcome: 'accepted'; readonly source: Source; readonly stored: number; readonly payload: Json }
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

/** Headers that say what a body is. Signatures, cookies and addresses stay out of the log. */
function keptHeaders(headers: Headers): string {
  const kept = [...headers].filter(
    ([name]) =>
      /^(content-type|x-|ce-|webhook-id|origin$)/.test(name) &&
      !/(signature|hmac|forwarded|real-ip|auth|token|secret)/.test(name),
  );
  return JSON.stringify(Object.fromEntries(kept.map(([name, value]) => [name, value.slice(0, 500)])));
}

/** Writes one line in the delivery log. */
export async function logDelivery(runtime: Runtime, row: Omit<DeliveryRow, 'id'>): Promise<void> {
  await withRetry(() => insertDelivery(runtime.db, { ...row, id: runtime.clock.deliveryId() }).run(), ID_TAKEN);
}

type Parsed =
  | {
      readonly ok: true;
      readonly payload: Json /** The bytes that say whether two bodies are the same. */;
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

async function reject(
  runtime: Runtime,
  source: Source,
  delivery: Delivery,
  misfits: readonly Misfit[],
): Promise<Received> {
  const reason = misfits
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ')
    .slice(0, 500)
    .toWellFormed();
  await logDelivery(runtime, {
    sourceId: source.id,
    outcome: 'malformed',
    reason,
    headers: keptHeaders(delivery.headers),
    body: delivery.body,
  });
  return { outcome: 'malformed', misfits };
}

/** A contact that the owner made up to see whether the door works: shown as such, and no revenue. */
const asTest = (touchpoint: TouchpointInput): TouchpointInput => ({
  ...touchpoint,
  data: { ...touchpoint.data, test: true },
  ...(touchpoint.order && { order: { ...touchpoint.order, isVoid: true } }),
});

/** Parses, translates and stores a delivery whose sender is known: what a door does after verifying, and what a replay does. */
export async function store(
  runtime: Runtime,
  source: Source,
  provider: Provider,
  delivery: Delivery,
  arrivedAt: number,
): Promise<Received> {
  const parsed = await parseBody(delivery);
  if (!parsed.ok) return reject(runtime, source, delivery, parsed.misfits);
  const bodyHash = await sha256Hex(parsed.identity);
  const translation = provider.translate(parsed.payload, delivery, {
    settings: source.settings,
    bodyHash,
    window: String(Math.floor(arrivedAt / WINDOW_MS)),
  });
  if (!translation.ok) return reject(runtime, source, delivery, translation.misfits);
  if ('ignored' in translation) {
    await logDelivery(runtime, { sourceId: source.id, outcome: 'ignored', reason: translation.ignored.slice(0, 200) });
    return { outcome: 'ignored', source, payload: parsed.payload };
  }
  const touchpoints = delivery.isTest ? translation.touchpoints.map(asTest) : translation.touchpoints;
  if (touchpoints.length === 0) return reject(runtime, source, delivery, [{ path: '$', message: 'holds no event' }]);
  if (touchpoints.length > MAX_TOUCHPOINTS) {
    return reject(runtime, source, delivery, [{ path: '$', message: `holds more than ${MAX_TOUCHPOINTS} events` }]);
  }
  const headers = keptHeaders(delivery.headers);
  const { stored } = await append(runtime.db, runtime.clock, {
    sourceId: source.id,
    touchpoints,
    headers,
    body: delivery.body,
  });
  return { outcome: 'accepted', source, stored, payload: parsed.payload };
}

/**
 * A request at a door, from raw bytes to the record: find the source, answer a greeting, verify, then store. Everything that
 * is refused leaves one line in the delivery log and nothing else; what is accepted is durable before this returns.
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
  const contextOf = ({ secrets, settings }: Source): VerifyContext => ({ secrets, settings, now, fetch });
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
  return store(runtime, source, provider, delivery, now);
}
