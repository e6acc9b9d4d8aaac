import type { Json } from '../../../schema/touchpoint.ts';
import type { Translation } from '../provider.ts';
import { idOf, isObject, misfit, objectOf, textOf, unixTimeOf } from '../read.ts';
import { READERS } from './events.ts';
import { readThin } from './thin.ts';

/** Reads an event of Stripe, which is the same whether a webhook brings it or the list of events. */
export function readEvent(payload: Json): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  if (payload.object === 'v2.core.event') return readThin(payload);
  const type = textOf(payload.type);
  if (type === null) return misfit('$.type', 'expected the type of the event');
  const reader = READERS.get(type);
  if (!reader) return { ok: true, ignored: type };
  const messageId = idOf(payload.id);
  if (messageId === null) return misfit('$.id', 'expected the id of the event');
  const data = objectOf(payload.data);
  const object = objectOf(data.object);
  const id = idOf(object.id);
  if (id === null) return misfit('$.data.object.id', 'expected the id of what the event is about');
  return reader({
    type,
    messageId,
    occurredAt: unixTimeOf(payload.created),
    apiVersion: textOf(payload.api_version) ?? '',
    object,
    id,
    previous: objectOf(data.previous_attributes),
    isTest: payload.livemode === false,
  });
}
