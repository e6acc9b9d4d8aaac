import { encodeHex, signHmac, utf8 } from '../../platform/hmac.ts';
import { randomKey } from '../../platform/random.ts';

/**
 * Keyed hashes of what named somebody who was erased: HMAC-SHA256 under a random key of the database. Who has the database has the
 * key beside the hashes, and could try out addresses; who has a list of hashes alone cannot. A key outside of it (the admin
 * token) would be stronger, but changing that would forget everybody who was erased, which is worse.
 */

/** What begins every key and id that an erasure has put in the place of another. */
export const ERASED = 'erased:';

/** 128 bits of the hash are kept: no two values will ever share them. */
const KEPT = 32;

export type Hasher = (what: HashOf, source: number, ...values: readonly string[]) => Promise<string>;
/** What a hash is of; the source is that of its namespace, 0 where all sources mean the same. */
export type HashOf = 'identifier' | 'fragment' | 'message' | 'order' | 'refund' | 'refusal';

/** Hashes under a key; the same value is worked out once for as long as the hasher is held. */
export function hasherOf(key: string): Hasher {
  const bytes = utf8(key);
  const known = new Map<string, Promise<string>>();
  return (what, source, ...values) => {
    const text = JSON.stringify([what, source, ...values]);
    const hash =
      known.get(text) ?? signHmac('SHA-256', bytes, utf8(text)).then((mac) => ERASED + encodeHex(mac).slice(0, KEPT));
    known.set(text, hash);
    return hash;
  };
}

/** The key of this database, made when there is none. */
export async function erasureKey(db: D1Database): Promise<string> {
  const [, read] = await db.batch<{ key: string }>([
    db.prepare('INSERT INTO erasure_key (id, key) VALUES (1, ?1) ON CONFLICT (id) DO NOTHING').bind(randomKey(32)),
    db.prepare('SELECT key FROM erasure_key'),
  ]);
  const row = read?.results[0];
  if (!row) throw new Error('the key of erasures was inserted but not returned');
  return row.key;
}

/** True for a key or id that an erasure has put in the place of another. */
export const isErased = (id: string): boolean => id.startsWith(ERASED);
