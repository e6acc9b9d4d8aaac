import { DatabaseBusy } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { insertJobs } from '../platform/jobs.ts';
import { BODY_DAYS, MAX_BODY_DAYS } from '../record/retention.ts';
import { accessFields, accessHosts } from './access.ts';
import { compareAnew } from './comparisons.ts';
import { apiOf, backfillJob } from './details.ts';
import type { Delivery, Misfit } from './provider.ts';
import { publicUrl } from './public-url.ts';
import { type Received, receive, store } from './receive.ts';
import { pauseSource, resumeSource } from './replay.ts';
import { ROTATION_MS } from './rotation.ts';
import {
  createSource,
  makeKey,
  makeMailKey,
  makeSecret,
  makesSecret,
  providerOf,
  type Source,
  type SourceChange,
  sourceByInternalId,
  unknownAddress,
  updateSource,
} from './store.ts';

/** What the owner does with sources: add, change, try. */

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
  const isOurs = makesSecret(provider);
  const made = isOurs ? [makeSecret()] : [];
  const key = provider.door === 'mail' ? makeMailKey() : makeKey();
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
  /** Ends the older of two secrets now, for one that has leaked. */
  readonly endOldSecret?: true | undefined;
  /** Days that raw bodies are kept, 0 for not at all. */
  readonly bodyDays?: number | undefined;
  readonly paused?: boolean | undefined;
};

type Credentials = Readonly<Record<string, string>>;

/** Secrets that would go to another host than the one they were typed for. */
function strayed(source: Source, given: Credentials, next: Credentials): Misfit[] {
  const hosts = (credentials: Credentials) => accessHosts(source.kind, credentials).join(' ');
  if (hosts(source.credentials) === hosts(next)) return [];
  return accessFields(source.kind)
    .filter(({ name, isSecret }) => isSecret && next[name] && !given[name]?.trim())
    .map(({ name }) => ({
      path: `$.credentials.${name}`,
      message: 'has to be typed again, since it would go to another address now',
    }));
}

/** The credentials after a change; misfits name the field. */
function changedCredentials(source: Source, given: Credentials): Managed<Credentials> {
  const fields = accessFields(source.kind);
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
  misfits.push(...strayed(source, given, next));
  return misfits.length > 0 ? { ok: false, misfits } : { ok: true, value: next };
}

/** By then no isolate remembers the source as it was before, and what was in a queue is stored. */
const LATE_MS = 10 * 60 * 1000;

/**
 * What is still incomplete, and what never came, is asked for once somebody can be asked, and looked for a second time later: what came in meanwhile
 * may have been taken in by an isolate that had not heard of the change.
 */
async function askAgain(runtime: Runtime, source: Source): Promise<void> {
  await compareAnew(runtime, source);
  if (!apiOf(source)?.details) return;
  const now = runtime.clock.now();
  const again = { ...backfillJob(source, runtime.clock.uuid()), runAt: now + LATE_MS };
  await insertJobs(runtime.db, [backfillJob(source, runtime.clock.uuid()), again], now).run();
}

/** The secrets after a change: a new one joins the present one, which stays valid for a day. */
function changedSecrets(
  { clock }: Runtime,
  source: Source,
  given: string | undefined,
  endOld: boolean,
): Pick<SourceChange, 'secrets' | 'oldSecretUntil' | 'oldSecretUsedAt'> {
  const [present, older] = source.secrets;
  if (given && given !== present) {
    const secrets = present === undefined || endOld ? [given] : [given, present];
    return { secrets, oldSecretUntil: secrets.length > 1 ? clock.now() + ROTATION_MS : null, oldSecretUsedAt: null };
  }
  if (!endOld || present === undefined || older === undefined) return {};
  return { secrets: [present], oldSecretUntil: null, oldSecretUsedAt: null };
}

const isBodyDays = (days: number): boolean => Number.isInteger(days) && days >= 0 && days <= MAX_BODY_DAYS;

async function pauseOrResume(runtime: Runtime, source: Source, paused: boolean | undefined): Promise<Source> {
  if (paused === undefined || paused === (source.pausedAt !== null)) return source;
  return paused ? pauseSource(runtime, source) : resumeSource(runtime, source);
}

/** So often a change is made anew on what somebody else has changed meanwhile. */
const ATTEMPTS = 10;

/**
 * Changes a source. A new secret joins the old one, which stays valid for a day unless it is ended: senders rotate at leisure.
 * Two changes at once both stand.
 * @throws DatabaseBusy when others go on changing the same.
 */
export async function changeSource(runtime: Runtime, source: Source, change: ChangeSource): Promise<Managed<Source>> {
  let current = source;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const changed = await changeOnce(runtime, current, change);
    if (changed) return changed;
    current = (await sourceByInternalId(runtime, source.id)) ?? current;
  }
  throw new DatabaseBusy('a source was changed over and over');
}

/** One attempt; null when what the change builds on is not as it was read. */
async function changeOnce(runtime: Runtime, source: Source, change: ChangeSource): Promise<Managed<Source> | null> {
  const provider = providerOf(source.kind);
  if (!provider) return refuse('$.kind', 'is not a provider we know');
  const settings = change.settings === undefined ? null : provider.parseSettings(change.settings);
  if (settings && !settings.ok)
    return { ok: false, misfits: settings.misfits.map((m) => ({ ...m, path: m.path.replace('$', '$.settings') })) };
  const credentials = change.credentials ? changedCredentials(source, change.credentials) : null;
  if (credentials && !credentials.ok) return credentials;
  const { bodyDays, paused } = change;
  if (bodyDays !== undefined && !isBodyDays(bodyDays))
    return refuse('$.bodyDays', `is a number of days from 0 to ${MAX_BODY_DAYS}`);
  const given = change.secret?.trim();
  const secret = given ? (provider.secretFor?.(source.key, given) ?? given) : undefined;
  const next = await updateSource(runtime, source, {
    ...(change.name?.trim() && { name: change.name.trim() }),
    ...changedSecrets(runtime, source, secret, change.endOldSecret ?? false),
    ...(settings && { settings: settings.settings }),
    ...(credentials && { credentials: credentials.value }),
    ...(bodyDays !== undefined && { bodyDays: bodyDays === BODY_DAYS ? null : bodyDays }),
  });
  if (!next) return null;
  if (credentials) await askAgain(runtime, next);
  return { ok: true, value: await pauseOrResume(runtime, next, paused) };
}

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
