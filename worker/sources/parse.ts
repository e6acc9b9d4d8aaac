import type { Json } from '../../schema/touchpoint.ts';
import { MAX_FIELDS, readForm } from '../platform/body.ts';
import { parseJson } from '../platform/json.ts';
import type { Delivery, Misfit } from './provider.ts';

type Parsed =
  | {
      readonly ok: true;
      readonly payload: Json;
      /** The bytes that say whether two bodies are the same. */
      readonly identity: Uint8Array;
    }
  | { readonly ok: false; readonly misfits: readonly Misfit[] };

/** Reads the body as what it says it is: a form's fields, or JSON whatever the content type. An empty one says nothing. */
export async function parseBody(delivery: Delivery): Promise<Parsed> {
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
