import { deliveryTime } from '../platform/clock.ts';
import type { Runtime } from '../platform/env.ts';
import { insertJobs } from '../platform/jobs.ts';
import { readDelivery } from '../record/deliveries.ts';
import { apiOf, backfillJob } from './details.ts';
import type { Delivery, Misfit } from './provider.ts';
import { publicUrl } from './public-url.ts';
import { keptAssurance, type Received, receive, store } from './receive.ts';
import {
  createSource,
  makeKey,
  makeSecret,
  providerOf,
  type Source,
  sourceByInternalId,
  updateSource,
} from './store.ts';

/** What the owner does with sources: add, change, try, replay. */

export type AddSource = {
  readonly kind: string;
  readonly name: string;
  readonly secret?: string | undefined;
  readonly settings?: unknown;
};
export type Managed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly misfits: readonly Misfit[] };

const refuse = (path: string, message: string): Managed<never> => ({ ok: false, misfits: [{ path, message }] });

/** Adds a source. A secret of ours is made unless one is given; a sender's secret may follow later, until then it refuses. */
export async function addSource(runtime: Runtime, input: AddSource): Promise<Managed<Source>> {
  const provider = providerOf(input.kind);
  if (!provider) return refuse('$.kind', 'is not a provider we know');
  const settings = provider.parseSettings(input.settings ?? {});
  if (!settings.ok)
    return { ok: false, misfits: settings.misfits.map((m) => ({ ...m, path: m.path.replace('$', '$.settings') })) };
  const given = input.secret?.trim();
  const isOurs = provider.secret === 'from_us' || provider.vouches;
  const made = isOurs ? [makeSecret()] : [];
  const key = makeKey();
  const chosen = given && (isOurs || provider.secret !== 'none') ? [given] : made;
  const secrets = chosen.map((secret) => provider.secretFor?.(key, secret) ?? secret);
  const name = input.name.trim() || provider.title;
  return {
    ok: true,
    value: await createSource(runtime, { kind: input.kind, name, key, secrets, settings: settings.settings }),
  };
}

export type ChangeSource = {
  readonly name?: string | undefined;
  readonly secret?: string | undefined;
  readonly settings?: unknown;
  /** What the sender's own API is asked with, by field; an empty text takes one away, what is not named stays. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
};

type Credentials = Readonly<Record<string, string>>;

/** The credentials after a change; misfits name the field. */
function changedCredentials(source: Source, given: Credentials): Managed<Credentials> {
  const fields = providerOf(source.kind)?.api?.fields ?? [];
  const next: Record<string, string> = { ...source.credentials };
  const misfits: Misfit[] = [];
  for (const [name, typed] of Object.entries(given)) {
    const field = fields.find((known) => known.name === name);
    const value = typed.trim();
    if (!field) misfits.push({ path: `$.credentials.${name}`, message: 'is nothing that this sender is asked with' });
    else if (value === '') delete next[name];
    else if (field.pattern && !field.pattern.test(value))
      misfits.push({ path: `$.credentials.${name}`, message: field.misfit ?? 'does not look like one' });
    else next[name] = value;
  }
  return misfits.length > 0 ? { ok: false, misfits } : { ok: true, value: next };
}

/** What is still incomplete is asked for once somebody can be asked. */
async function askAgain(runtime: Runtime, source: Source): Promise<void> {
  if (!apiOf(source)?.details) return;
  const now = runtime.clock.now();
  await insertJobs(runtime.db, [backfillJob(source, runtime.clock.uuid())], now).run();
}

/** Changes a source. A new secret joins the old one, which stays valid until the next change: senders rotate at leisure. */
export async function changeSource(runtime: Runtime, source: Source, change: ChangeSource): Promise<Managed<Source>> {
  const provider = providerOf(source.kind);
  if (!provider) return refuse('$.kind', 'is not a provider we know');
  const settings = change.settings === undefined ? null : provider.parseSettings(change.settings);
  if (settings && !settings.ok)
    return { ok: false, misfits: settings.misfits.map((m) => ({ ...m, path: m.path.replace('$', '$.settings') })) };
  const credentials = change.credentials ? changedCredentials(source, change.credentials) : null;
  if (credentials && !credentials.ok) return credentials;
  const given = change.secret?.trim();
  const secret = given && (provider.secretFor?.(source.key, given) ?? given);
  const next = await updateSource(runtime, source, {
    ...(change.name?.trim() && { name: change.name.trim() }),
    ...(secret && { secrets: [...new Set([secret, ...source.secrets])].slice(0, 2) }),
    ...(settings && { settings: settings.settings }),
    ...(credentials && { credentials: credentials.value }),
  });
  if (credentials) await askAgain(runtime, next);
  return { ok: true, value: next };
}

/** Stands in for the address of a source where no request tells it. */
const unknownAddress = (source: Source): string => `https://rapport.invalid/in/${source.key}`;

/** Sends a sample of the provider through the real path: signed, verified, translated, stored. */
export async function sendTest(runtime: Runtime, source: Source): Promise<Managed<Received>> {
  const provider = providerOf(source.kind);
  if (!provider) return refuse('$.kind', 'is not a provider we know');
  const [secret] = source.secrets;
  if (provider.secret.startsWith('from_') && !secret)
    return refuse('$.secret', 'is not set yet: paste the signing secret first');
  const url = publicUrl(source.settings) ?? unknownAddress(source);
  const now = runtime.clock.now();
  const sample = await provider.sample({ secret: secret ?? '', now, seed: runtime.clock.uuid(), url });
  const headers = new Headers(sample.headers);
  // Where only the owner's pages may send, the test pretends to come from one of them.
  const origins = source.settings.origins;
  if (Array.isArray(origins) && typeof origins[0] === 'string') headers.set('origin', origins[0]);
  const delivery: Delivery = {
    method: 'POST',
    url: new URL(url),
    headers,
    body: new TextEncoder().encode(sample.body),
    isTest: true,
  };
  const received = sample.isUnsigned
    ? await store(runtime, source, provider, delivery, { at: now, assurance: null })
    : await receive(runtime, provider.door, source.key, delivery);
  return { ok: true, value: received };
}

/**
 * Runs a kept delivery through translation and storage once more: it was verified when it came. What it brought before is
 * not stored twice. Null when there is no such delivery or its body is no longer kept.
 */
export async function replayDelivery(runtime: Runtime, deliveryId: number): Promise<Received | null> {
  const kept = await readDelivery(runtime.db, deliveryId);
  const source = kept?.sourceId == null ? null : await sourceByInternalId(runtime, kept.sourceId);
  const provider = source && providerOf(source.kind);
  if (!kept?.body || !source || !provider) return null;
  const delivery: Delivery = {
    method: 'POST',
    url: new URL(unknownAddress(source)),
    headers: new Headers(kept.headers),
    body: kept.body,
  };
  return store(runtime, source, provider, delivery, {
    at: deliveryTime(kept.id),
    assurance: keptAssurance(delivery.headers),
  });
}
