import type { Runtime } from '../platform/env.ts';
import { replyIn } from './mail/address.ts';
import type { Delivery, PrepareContext, Prepared, Provider } from './provider.ts';
import { providerOf, type Source, sourceByKey } from './store.ts';

/** True where a source takes what comes to this door. Mails may be handed to the door of webhooks as well, as they are. */
export const opens = (provider: Provider | null | undefined, door: Provider['door']): provider is Provider =>
  provider?.door === door || (provider?.door === 'mail' && door === 'webhook');

/** A verified delivery ready to be translated, with what was found of it on the way. */
export async function prepared(
  runtime: Runtime,
  source: Source,
  provider: Provider,
  delivery: Delivery,
): Promise<Prepared> {
  const context: PrepareContext = {
    sourceKey: source.key,
    files: runtime.files ?? null,
    reply: (address) => replyIn(runtime, source, address),
  };
  return (await provider.prepare?.(delivery, context)) ?? { delivery };
}

/**
 * Largest body at the door of webhooks for the source with this key, in bytes. Only a request that is larger than usual, or does
 * not say how large, costs the look.
 */
export async function maxBodyOf(runtime: Runtime, key: string, usual: number): Promise<number> {
  const source = await sourceByKey(runtime, key);
  return (source && providerOf(source.kind)?.maxBody) ?? usual;
}
