/** Body of a request as raw bytes, or null when it is larger than `limit`, declared or not. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  if (!request.body) return new Uint8Array();
  // A declared length frames the body, so that it is read at one go; only an undeclared one has to be counted part by part.
  if (request.headers.has('content-length') && !request.headers.has('transfer-encoding')) {
    const body = new Uint8Array(await request.arrayBuffer());
    return body.byteLength > limit ? null : body;
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> = request.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(part.value);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

/** No form that people fill in has more fields; what has is made to be slow to read. */
export const MAX_FIELDS = 1000;

/** Puts the values of each name together, in one pass: a body decides how many names there are. Null beyond `MAX_FIELDS`. */
function byName(entries: Iterable<[string, string | File]>): Record<string, string | string[]> | null {
  const fields: Record<string, string | string[]> = Object.create(null);
  let count = 0;
  for (const [name, entry] of entries) {
    if (++count > MAX_FIELDS) return null;
    const value = typeof entry === 'string' ? entry : entry.name;
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else if (typeof known === 'string') fields[name] = [known, value];
    else known.push(value);
  }
  return fields;
}

/**
 * Fields of an HTML form body as an object: a name given more than once becomes an array. Files become their names. Null for
 * what is no form, or one of more than `MAX_FIELDS` fields.
 */
export async function readForm(
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<Record<string, string | string[]> | null> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    return byName(form.entries());
  } catch {
    return null;
  }
}
