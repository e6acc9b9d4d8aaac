import type { Json } from '../../schema/touchpoint.ts';
import type { Runtime } from '../platform/env.ts';
import { encodeHex } from '../platform/hmac.ts';
import { parseStored } from '../platform/json.ts';
import { randomKey } from '../platform/random.ts';
import type { Provider } from './provider.ts';
import { providers } from './providers.gen.ts';

/** A configured door: where one shop, site or form delivers to. */
export type Source = {
  readonly id: number;
  readonly publicId: string;
  readonly kind: string;
  readonly name: string;
  readonly key: string;
  /** Newest first; two are valid while one is rotated out. Never leaves the worker but on the day it is made. */
  readonly secrets: readonly string[];
  readonly settings: Readonly<Record<string, Json>>;
  /** What the sender's own API is asked with, by the names of the provider's `api.fields`. Never leaves the worker but to that API. */
  readonly credentials: Readonly<Record<string, string>>;
  /** How far the sender's own list was compared with what came, epoch ms. */
  readonly reconciledTo: number | null;
  /** Since when the owner holds it, epoch ms: what comes is kept and not read. */
  readonly pausedAt: number | null;
  /** Until when the older of two secrets is valid, epoch ms; null for no end. */
  readonly oldSecretUntil: number | null;
  /** When the older of two secrets last signed something, to the minute; null for never. */
  readonly oldSecretUsedAt: number | null;
  /** Days that raw bodies are kept, 0 for not at all; null for the usual. */
  readonly bodyDays: number | null;
  /** Epoch ms. */
  readonly createdAt: number;
};

type SourceRow = {
  id: number;
  public_id: string;
  kind: string;
  name: string;
  key: string;
  secrets: string;
  settings: string;
  credentials: string;
  reconciled_to: number | null;
  paused_at: number | null;
  old_secret_until: number | null;
  old_secret_used_at: number | null;
  body_days: number | null;
  created_at: number;
};

const sourceOf = (row: SourceRow): Source => ({
  id: row.id,
  publicId: row.public_id,
  kind: row.kind,
  name: row.name,
  key: row.key,
  secrets: parseStored<string[]>(row.secrets, []),
  settings: parseStored<Record<string, Json>>(row.settings, {}),
  credentials: parseStored<Record<string, string>>(row.credentials, {}),
  reconciledTo: row.reconciled_to,
  pausedAt: row.paused_at,
  oldSecretUntil: row.old_secret_until,
  oldSecretUsedAt: row.old_secret_used_at,
  bodyDays: row.body_days,
  createdAt: row.created_at,
});

const byKind = new Map(providers.map((provider) => [provider.kind, provider]));

/** The provider of a kind, undefined for a kind nobody wrote. */
export const providerOf = (kind: string): Provider | undefined => byKind.get(kind);

/** The secrets that are valid now, newest first: the older of two has an end. `now` in epoch ms. */
export const validSecrets = ({ secrets, oldSecretUntil }: Source, now: number): readonly string[] =>
  oldSecretUntil !== null && oldSecretUntil <= now ? secrets.slice(0, 1) : secrets;

/** Stands in for the address of a source where no request tells it. */
export const unknownAddress = (source: Source): string => `https://rapport.invalid/in/${source.key}`;

/** Whether the secret of a source is ours to make: one that signs for the sender, or that vouches for visitors. */
export const makesSecret = ({ secret, vouching }: Provider): boolean => secret === 'from_us' || vouching !== undefined;

/** A secret of ours in the form Standard Webhooks gives it: `whsec_` and base64 of 32 bytes. */
export const makeSecret = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;

/**
 * What is known of sources, for a few seconds: a webhook then costs one round trip to the database instead of two. Holds no
 * customer's data. A change in this isolate shows at once, in others within the time to live. Keys that name no source are not
 * kept: anybody can think them up.
 */
const TTL_MS = 10_000;
const MAX_CACHED = 1000;
const cache = new Map<string, { source: Source; until: number }>();

/** What this isolate remembers of the source with this key, null for nothing. It may be some seconds old. */
export function recalledSource({ clock }: Runtime, key: string): Source | null {
  const known = cache.get(key);
  return known && known.until > clock.now() ? known.source : null;
}

/** The source with this key as it stands in the database, or null. */
export async function currentSource({ db, clock }: Runtime, key: string): Promise<Source | null> {
  const row = await db.prepare('SELECT * FROM source WHERE key = ?1').bind(key).first<SourceRow>();
  if (!row) return null;
  const source = sourceOf(row);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, { source, until: clock.now() + TTL_MS });
  return source;
}

/** The source with this key, or null. */
export const sourceByKey = async (runtime: Runtime, key: string): Promise<Source | null> =>
  recalledSource(runtime, key) ?? currentSource(runtime, key);

/** The source with this public id, or null. */
export async function sourceById({ db }: Runtime, publicId: string): Promise<Source | null> {
  const row = await db.prepare('SELECT * FROM source WHERE public_id = ?1').bind(publicId).first<SourceRow>();
  return row ? sourceOf(row) : null;
}

/** The source a row of the record names, or null. */
export async function sourceByInternalId({ db }: Runtime, id: number): Promise<Source | null> {
  const row = await db.prepare('SELECT * FROM source WHERE id = ?1').bind(id).first<SourceRow>();
  return row ? sourceOf(row) : null;
}

/** The oldest source whose settings name this mail address, or null. */
export async function sourceByAddress({ db }: Runtime, address: string): Promise<Source | null> {
  const row = await db
    .prepare("SELECT * FROM source WHERE settings ->> '$.address' = ?1 ORDER BY id LIMIT 1")
    .bind(address)
    .first<SourceRow>();
  return row ? sourceOf(row) : null;
}

/** All sources, oldest first. */
export async function listSources({ db }: Runtime): Promise<Source[]> {
  const { results } = await db.prepare('SELECT * FROM source ORDER BY id').all<SourceRow>();
  return results.map(sourceOf);
}

export type NewSource = {
  readonly kind: string;
  readonly name: string;
  readonly key: string;
  readonly secrets: readonly string[];
  readonly settings: Readonly<Record<string, Json>>;
};

/** An unguessable key for a new source. */
export const makeKey = (): string => randomKey(18);

/** The same for the part of a mail address before the @: servers on the way may fold its case, and it holds 64 characters. */
export const makeMailKey = (): string => encodeHex(crypto.getRandomValues(new Uint8Array(12)));

/** Stores a new source. The settings must have passed the provider's `parseSettings`. */
export async function createSource({ db, clock }: Runtime, source: NewSource): Promise<Source> {
  const row = await db
    .prepare(
      `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING *`,
    )
    .bind(
      clock.uuid(),
      source.kind,
      source.name,
      source.key,
      JSON.stringify(source.secrets),
      JSON.stringify(source.settings),
      clock.now(),
    )
    .first<SourceRow>();
  if (!row) throw new Error('a source was inserted but not returned');
  return sourceOf(row);
}

export type SourceChange = Partial<
  Pick<
    Source,
    'name' | 'secrets' | 'settings' | 'credentials' | 'pausedAt' | 'oldSecretUntil' | 'oldSecretUsedAt' | 'bodyDays'
  >
>;

const COLUMNS: Readonly<Record<keyof SourceChange, string>> = {
  name: 'name',
  secrets: 'secrets',
  settings: 'settings',
  credentials: 'credentials',
  pausedAt: 'paused_at',
  oldSecretUntil: 'old_secret_until',
  oldSecretUsedAt: 'old_secret_used_at',
  bodyDays: 'body_days',
};
type Column = keyof SourceChange;

/** What a change is made from: a new secret joins the one before, a credential the others. */
const BUILT_ON: readonly Column[] = ['secrets', 'credentials'];

const stored = (value: Source[Column] | undefined): string | number | null =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null);

const isColumn = (name: string): name is Column => Object.hasOwn(COLUMNS, name);

/**
 * Changes a source; what is not given stays as it is in the database. Null when what the change was made from has been changed by
 * somebody else meanwhile: read it again and make the change anew.
 */
export async function updateSource({ db }: Runtime, source: Source, change: SourceChange): Promise<Source | null> {
  const names = Object.keys(change).filter(isColumn);
  cache.delete(source.key);
  if (names.length === 0) return source;
  const guards = BUILT_ON.filter((name) => names.includes(name));
  const values = [...names.map((name) => stored(change[name])), ...guards.map((name) => stored(source[name]))];
  const row = await db
    .prepare(
      `UPDATE source SET ${names.map((name, at) => `${COLUMNS[name]} = ?${at + 2}`).join(', ')}
       WHERE id = ?1 ${guards.map((name, at) => `AND ${COLUMNS[name]} = ?${names.length + at + 2}`).join(' ')} RETURNING *`,
    )
    .bind(source.id, ...values)
    .first<SourceRow>();
  cache.delete(source.key);
  return row && sourceOf(row);
}
