import { v5 } from 'uuid';
import type { Json } from '../../../schema/touchpoint.ts';
import type { Misfit } from '../provider.ts';
import { fieldOf, isObject, type JsonObject, objectOf, textOf } from '../read.ts';

export const CALLS = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type Call = (typeof CALLS)[number];

/** The path names the call; the door hands it on in this header, over whatever the sender wrote there. */
export const CALL_HEADER = 'x-tracking-call';

/** https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#max-request-size, #batch */
export const MAX_EVENT_BYTES = 32 * 1024;
/** Twice the 500 KB of the description: analytics-node 3.1.0 can send more than that, and drops what is answered 413. */
export const MAX_BATCH_BYTES = 1024 * 1024;
export const MAX_EVENTS = 2500;

/** One call, with what its batch says for all of them. */
export type Item = {
  readonly call: Call;
  readonly body: JsonObject;
  readonly context: JsonObject;
  readonly sentAt: Json | undefined;
  readonly path: string;
};
export type Unread = Misfit & { readonly code: string };
export type Envelope = { readonly isBatch: boolean; readonly items: readonly (Item | Unread)[] };
type Whole = Pick<Item, 'context' | 'sentAt'> & { readonly writeKey: string | null };

/** The calls of a body, or what is wrong with the whole of it. */
export function envelopeOf(payload: Json, named: string | null): Envelope | Misfit {
  if (!isObject(payload)) return { path: '$', message: 'expected an object' };
  const batch = fieldOf(payload, 'batch');
  if (batch === undefined && named !== 'batch') {
    const item = itemOf(payload, '$', callOf(payload, named), { context: {}, sentAt: undefined, writeKey: null });
    return { isBatch: false, items: [item] };
  }
  if (!Array.isArray(batch) || batch.length === 0) return { path: '$.batch', message: 'expected a list of events' };
  if (batch.length > MAX_EVENTS) return { path: '$.batch', message: `holds more than ${MAX_EVENTS} events` };
  const list: readonly Json[] = batch;
  const keys = [payload, ...list].map((part) => textOf(fieldOf(objectOf(part), 'writeKey'), 600));
  const whole: Whole = {
    context: objectOf(fieldOf(payload, 'context')),
    sentAt: fieldOf(payload, 'sentAt'),
    writeKey: keys.find((key) => key !== null) ?? null,
  };
  const items = list.map((part, index) => {
    const path = `$.batch[${index}]`;
    if (!isObject(part)) return { path, message: 'expected an object', code: 'invalid' };
    return itemOf(part, path, callOf(part, null), whole);
  });
  return { isBatch: true, items };
}

/** What a call is: by its path, by its type, else by the field that only such a call has. */
function callOf(body: JsonObject, named: string | null): Call | null {
  const word = named ?? fieldOf(body, 'type');
  if (word !== undefined && word !== null) return CALLS.find((call) => call === word) ?? null;
  const has = (name: string) => fieldOf(body, name) !== undefined;
  if (has('event')) return 'track';
  if (has('previousId')) return 'alias';
  if (has('groupId')) return 'group';
  return has('traits') ? 'identify' : null;
}

function itemOf(body: JsonObject, path: string, call: Call | null, whole: Whole): Item | Unread {
  if (call === null)
    return { path: `${path}.type`, message: `expected one of ${CALLS.join(', ')}`, code: 'unknown_type' };
  if (new TextEncoder().encode(JSON.stringify(body)).length > MAX_EVENT_BYTES)
    return { path, message: `is larger than ${MAX_EVENT_BYTES} bytes`, code: 'too_large' };
  const writeKey = textOf(fieldOf(body, 'writeKey'), 600);
  if (writeKey !== null && whole.writeKey !== null && writeKey !== whole.writeKey)
    return { path: `${path}.writeKey`, message: 'expected the key of the batch', code: 'other_key' };
  // What is said of one event is truer than what is said of all: https://segment.com/docs/.../http-api/#batch
  const context = { ...whole.context, ...objectOf(fieldOf(body, 'context')) };
  return { call, body, context, sentAt: fieldOf(body, 'sentAt') ?? whole.sentAt, path };
}

/** Namespace of ids made from contents (RFC 9562 section 5.5). Changing it would store what is sent again twice. */
const CONTENTS = '2b9a2a0e-6b0f-4c63-9a55-5e1d0c1f7a34';

/**
 * The id of a call. SDKs give one of less than 100 characters and keep it over retries. Without one the contents are the
 * id, and where they do not say when, the ten minutes they came in are part of it: the same words next month are news.
 */
export function messageIdOf({ call, body }: Item, window: string): string {
  const given = textOf(fieldOf(body, 'messageId'), MAX_EVENT_BYTES);
  if (given !== null) return given.length <= 100 ? given : v5(given, CONTENTS);
  const { sentAt: _sentAt, writeKey: _writeKey, ...contents } = body;
  const isDated = [contents.timestamp, contents.originalTimestamp].some((time) => typeof time === 'string');
  return v5(JSON.stringify([call, contents, isDated ? null : window]), CONTENTS);
}
