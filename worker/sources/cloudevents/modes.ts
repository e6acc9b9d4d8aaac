import type { Json } from '../../../schema/touchpoint.ts';
import { decodeBase64 } from '../../platform/hmac.ts';
import { parseJson } from '../../platform/json.ts';
import type { Delivery, Misfit } from '../provider.ts';
import { idOf, isObject, type JsonObject, textOf } from '../read.ts';

/** One CloudEvent, whichever way it came. */
export type CloudEvent = {
  readonly path: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string | null;
  readonly time: Json | undefined;
  readonly data: Json;
};

type Reading = { readonly events: readonly CloudEvent[]; readonly misfits: readonly Misfit[] };

const BATCH = 'application/cloudevents-batch+json';
const STRUCTURED = 'application/cloudevents+json';

/**
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3-http-message-mapping: a
 * list of events, an event as the body, or an event whose attributes are headers and whose data is the body.
 */
export function eventsOf(payload: Json, { headers }: Delivery): Reading {
  const contentType = (headers.get('Content-Type') ?? '').toLowerCase();
  if (contentType.startsWith(BATCH) || Array.isArray(payload)) {
    const entries = Array.isArray(payload) ? payload : [payload];
    const readings = entries.map((entry, index) => structured(entry, `$[${index}]`));
    return {
      events: readings.flatMap(({ events }) => events),
      misfits: readings.flatMap(({ misfits }) => misfits),
    };
  }
  const isBinary = headers.has('ce-id') || headers.has('ce-type');
  if (isBinary && !contentType.startsWith(STRUCTURED)) return binary(payload, headers);
  return structured(payload, '$');
}

function structured(entry: Json, path: string): Reading {
  if (!isObject(entry)) return refuse(path, 'expected an event');
  return eventOf(entry, path, entry.data ?? dataInBase64(entry));
}

/** Bytes that are JSON after all; any other content we have no use for. */
function dataInBase64({ data_base64: encoded }: JsonObject): Json {
  const bytes = typeof encoded === 'string' ? decodeBase64(encoded) : null;
  const parsed = bytes && parseJson(bytes);
  return parsed?.ok ? parsed.value : null;
}

const ATTRIBUTES = ['id', 'source', 'type', 'subject', 'time'] as const;

function binary(payload: Json, headers: Headers): Reading {
  const attributes = Object.fromEntries(ATTRIBUTES.map((name) => [name, decoded(headers.get(`ce-${name}`))]));
  return eventOf(attributes, 'ce-', payload);
}

/** Section 3.1.3.2: what is no visible ASCII is percent-encoded in a header. */
function decoded(value: string | null): string | null {
  try {
    return value === null ? null : decodeURIComponent(value);
  } catch {
    // A percent sign that begins no encoding: senders that do not encode mean it as it stands.
    return value;
  }
}

function eventOf(attributes: JsonObject, path: string, data: Json): Reading {
  const [id, source, type] = [idOf(attributes.id), textOf(attributes.source), textOf(attributes.type)];
  const at = (name: string) => (path === 'ce-' ? `ce-${name}` : `${path}.${name}`);
  if (id === null) return refuse(at('id'), 'expected the id of the event');
  if (source === null) return refuse(at('source'), 'expected the source of the event');
  if (type === null) return refuse(at('type'), 'expected the type of the event');
  const { subject, time } = attributes;
  return { events: [{ path, id, source, type, subject: textOf(subject), time, data }], misfits: [] };
}

const refuse = (path: string, message: string): Reading => ({ events: [], misfits: [{ path, message }] });
