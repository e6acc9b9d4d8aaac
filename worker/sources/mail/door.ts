import { withRetry } from '../../platform/database.ts';
import type { Bindings } from '../../platform/env.ts';
import { ensureMigrated } from '../../platform/migrate.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { ID_TAKEN, insertUnknownKey } from '../../record/deliveries.ts';
import type { Delivery } from '../provider.ts';
import { receive } from '../receive.ts';
import { sourceOfAddress } from './address.ts';
import { MAX_WHOLE } from './mime.ts';

/** Reads a stream up to `limit` bytes and lets go of the rest. */
async function readUpTo(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done && size < limit; part = await reader.read()) {
    chunks.push(part.value);
    size += part.value.byteLength;
  }
  await reader.cancel().catch(() => undefined);
  const bytes = new Uint8Array(Math.min(size, limit));
  let at = 0;
  for (const chunk of chunks) {
    const fitting = chunk.subarray(0, limit - at);
    bytes.set(fitting, at);
    at += fitting.byteLength;
  }
  return bytes;
}

/** A mail as a delivery: no request can have such an address, so that what the server before us wrote into it can be believed. */
const deliveryOf = (message: ForwardableEmailMessage, body: Uint8Array<ArrayBuffer>): Delivery => ({
  method: 'POST',
  url: new URL(
    `mailto:${encodeURIComponent(message.to)}?from=${encodeURIComponent(message.from)}&size=${message.rawSize}`,
  ),
  headers: new Headers({ 'content-type': 'message/rfc822' }),
  body,
});

/** Refuses for good, with words for the sender. Local servers hand the refusal on between processes, which has to be waited for. */
const refuse = async (message: ForwardableEmailMessage, reason: string): Promise<void> => message.setReject(reason);

/**
 * Takes a mail that Email Routing hands over. An address that is nobody's is refused for good; whatever throws makes the
 * server answer with a passing failure, after which the sender tries again: nothing is taken before it is stored.
 * @throws DatabaseBusy and whatever else goes wrong, for the sender to try again.
 */
export async function receiveMail(message: ForwardableEmailMessage, env: Bindings): Promise<void> {
  await ensureMigrated(env.DB);
  const runtime = runtimeOf(env);
  const source = await withRetry(() => sourceOfAddress(runtime, message.to));
  if (!source) {
    await withRetry(() => insertUnknownKey(runtime.db, runtime.clock.deliveryId()).run(), ID_TAKEN);
    await refuse(message, 'No such address here');
    return;
  }
  const body = await readUpTo(message.raw, MAX_WHOLE);
  const received = await receive(runtime, 'mail', source.key, deliveryOf(message, body));
  if (received.outcome === 'refused' || received.outcome === 'unknown_key') await refuse(message, 'Not accepted');
}
