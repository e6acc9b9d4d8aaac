import type { PostalAddress, TouchpointInput } from '../../schema/touchpoint.ts';
import { encodeHex, signHmac, utf8 } from '../platform/hmac.ts';
import { erasureKey } from './erasure/hashes.ts';
import { placeOf, postalKey } from './identity/postal-key.ts';
import type { Stamp } from './stamp.ts';

/**
 * What is kept of postal addresses: a keyed hash of each, so that two records with one are seen, and its town. The street is
 * never written down. Who has the whole database has the key too, and could try out addresses; who has the hashes alone cannot.
 */

/** Addresses kept of one fragment. A record with more is a business that has things sent to its own customers. */
export const MOST_ADDRESSES = 20;
/** Addresses of one touchpoint that are read: to be billed, to be sent to, one's own. */
const MOST_OF_ONE = 5;
/** 128 bits of the hash are kept. */
const KEPT = 32;

export type AddressRow = {
  readonly message: string;
  readonly person: string;
  /** In the form it is compared in; for the hash alone. */
  readonly address: string;
  readonly place: string | null;
  readonly assurance: number;
};

/** The addresses of a touchpoint that tell a house, each once. `assurance` is that of what names its person. */
export function addressRows(t: TouchpointInput, assurance: number): AddressRow[] {
  const rows = (t.person.addresses ?? []).slice(0, MOST_OF_ONE).flatMap((written: PostalAddress) => {
    const address = postalKey(written);
    if (address === null) return [];
    return [{ message: t.messageId, person: t.person.key, address, place: placeOf(written), assurance }];
  });
  return [...new Map(rows.map((row) => [row.address, row])).values()];
}

/** The key of each database, as this isolate has read it: it never changes. */
const keys = new WeakMap<D1Database, Uint8Array>();

async function keyOf(db: D1Database): Promise<Uint8Array> {
  const key = keys.get(db) ?? utf8(await erasureKey(db));
  keys.set(db, key);
  return key;
}

/** Statements for addresses that came with touchpoints which are new with their delivery. */
export async function upsertAddresses(
  db: D1Database,
  rows: readonly (AddressRow & Stamp)[],
): Promise<readonly D1PreparedStatement[]> {
  if (rows.length === 0) return [];
  const key = await keyOf(db);
  const hashed = rows.map(async ({ address, ...row }) => {
    const mac = await signHmac('SHA-256', key, utf8(JSON.stringify(['postal', address])));
    return { ...row, likeness: encodeHex(mac).slice(0, KEPT) };
  });
  return [
    db
      .prepare(
        `INSERT INTO postal_address (fragment_id, likeness, place, assurance, first_at, last_at)
         SELECT t.fragment_id, a.value ->> 'likeness', a.value ->> 'place', a.value ->> 'assurance', t.occurred_at, t.occurred_at
         FROM json_each(?1) a
         CROSS JOIN touchpoint t ON t.source_id = a.value ->> 'source' AND t.message_id = a.value ->> 'message'
         WHERE t.delivery_id = a.value ->> 'delivery' AND (
           EXISTS (SELECT 1 FROM postal_address p WHERE p.fragment_id = t.fragment_id AND p.likeness = a.value ->> 'likeness')
           OR (SELECT count(*) FROM postal_address p WHERE p.fragment_id = t.fragment_id) < ${MOST_ADDRESSES})
         ON CONFLICT (fragment_id, likeness) DO UPDATE SET
           place = coalesce(max(place, excluded.place), place, excluded.place),
           assurance = max(assurance, excluded.assurance),
           first_at = min(first_at, excluded.first_at),
           last_at = max(last_at, excluded.last_at)`,
      )
      .bind(JSON.stringify(await Promise.all(hashed))),
  ];
}
