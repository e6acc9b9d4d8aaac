import type { Stamp } from '../stamp.ts';

/**
 * Refusals that outlive an erasure: keyed hashes of addresses that must not be written to, and who has such an address now. They stand
 * over all that is said but by the person: who proves to have the address and agrees lifts them, and nobody else.
 */

/** An address that came with a touchpoint, if a refusal was kept for its hash. */
export type RefusedRow = {
  readonly message: string;
  readonly kind: string;
  readonly address: string;
  readonly hash: string;
  /** Rank. */
  readonly assurance: number;
};

/** What was refused before an erasure, as rows of `consent`. `fragments` is a subquery of fragment ids; `upto` an SQL time. */
export const refusedBefore = (fragments: string, upto: string): string =>
  `SELECT r.fragment_id, p.purpose, p.channel, 'denied' AS state, p.at, p.assurance, 'before_erasure' AS basis, NULL AS source_id, NULL AS wording, NULL AS proof
   FROM (${fragments}) m CROSS JOIN refused_address r ON r.fragment_id = m.id CROSS JOIN kept_refusal p ON p.hash = r.hash
   WHERE p.what = 'refused' AND p.at <= ${upto} AND iif(r.assurance > 1, p.assurance > 1,
     NOT EXISTS (SELECT 1 FROM identifier n WHERE n.fragment_id = r.fragment_id AND n.assurance > 1))`;

/** Addresses that were not to be written to before an erasure, as `suppressedOf` has them. */
export const suppressedBefore = (addresses: string, upto: string): string =>
  `SELECT p.channel, r.value AS address, p.what AS reason, p.at, 1 AS isKept FROM (${addresses}) a
   CROSS JOIN refused_address r ON r.value = a.value AND r.kind = a.kind CROSS JOIN kept_refusal p ON p.hash = r.hash
   WHERE p.what <> 'refused' AND p.at <= ${upto}`;

/** An SQL condition: the customer of the fragment `f` had refused to be profiled, and was erased since. */
export const REFUSED_PROFILING_BEFORE = `EXISTS (
  SELECT 1 FROM fragment g CROSS JOIN refused_address r ON r.fragment_id = g.id CROSS JOIN kept_refusal p ON p.hash = r.hash
  WHERE g.customer_id = f.customer_id AND p.what = 'refused' AND p.purpose = 'profiling' AND p.channel = 'web' AND r.assurance > 1)`;

/** Rows of addresses that came back, with the touchpoints that are new with their delivery. */
export const insertRefused = (db: D1Database, rows: readonly (RefusedRow & Stamp)[]): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO refused_address (fragment_id, kind, value, hash, assurance)
       SELECT t.fragment_id, r.value ->> 'kind', r.value ->> 'address', r.value ->> 'hash', max(r.value ->> 'assurance')
       FROM json_each(?1) r
       CROSS JOIN touchpoint t ON t.source_id = r.value ->> 'source' AND t.message_id = r.value ->> 'message'
       WHERE t.delivery_id = r.value ->> 'delivery' GROUP BY 1, 2, 3
       ON CONFLICT (fragment_id, kind, value) DO UPDATE SET assurance = max(assurance, excluded.assurance)`,
    )
    .bind(JSON.stringify(rows));

type Said = Stamp & {
  readonly message: string;
  readonly channel: string;
  readonly state: string;
  /** Of a word on a purpose. */
  readonly purpose?: string;
  readonly said?: number | null;
  readonly assurance?: number;
  readonly basis?: string;
  /** Of a word on an address. */
  readonly reason?: string;
};

/** Words by which the person takes a refusal back: proven to be them, or sent from the number itself. */
const isLifting = ({ state, basis, assurance }: Said): boolean =>
  state === 'lifted' || (state === 'granted' && (assurance === 3 || basis === 'stop_word'));

/** Refusals that end with what touchpoints bring, new with their delivery. Empty where nothing of the kind was said. */
export function liftBySaid(db: D1Database, said: readonly Said[]): D1PreparedStatement[] {
  const lifting = said.filter(isLifting);
  if (lifting.length === 0) return [];
  return [
    db
      .prepare(
        `DELETE FROM kept_refusal WHERE (hash, channel, purpose, what) IN (
           SELECT p.hash, p.channel, p.purpose, p.what FROM json_each(?1) c
           CROSS JOIN touchpoint t ON t.source_id = c.value ->> 'source' AND t.message_id = c.value ->> 'message'
           CROSS JOIN refused_address r ON r.fragment_id = t.fragment_id AND r.assurance > 1
           CROSS JOIN kept_refusal p ON p.hash = r.hash AND p.channel = c.value ->> 'channel'
           WHERE t.delivery_id = c.value ->> 'delivery' AND p.at < min(coalesce(c.value ->> 'said', t.occurred_at), t.received_at)
             AND (p.purpose = c.value ->> 'purpose' OR p.what = c.value ->> 'reason'))`,
      )
      .bind(JSON.stringify(lifting)),
  ];
}

/**
 * SQL that ends what somebody takes back in so many words. `speakers` is a subquery of the fragments that are proven theirs; `said` an
 * SQL list of JSON of what they said; `address` the one their link was mailed to, which that has proven. Who agrees to anything by a channel
 * wants its address written to again.
 */
export const liftBy = (speakers: string, said: string, address: string): string =>
  `DELETE FROM kept_refusal WHERE (hash, channel, purpose, what) IN (
     SELECT p.hash, p.channel, p.purpose, p.what FROM (${speakers}) s CROSS JOIN refused_address r ON r.fragment_id = s.id
     CROSS JOIN kept_refusal p ON p.hash = r.hash CROSS JOIN json_each(${said}) c ON c.value ->> 'channel' = p.channel
     WHERE c.value ->> 'state' = 'granted' AND (r.assurance > 1 OR r.value = ${address})
       AND (p.what <> 'refused' OR p.purpose = c.value ->> 'purpose'))`;

/** How many addresses of the erased must not be written to. */
export async function countKept(db: D1Database): Promise<number> {
  const row = await db.prepare('SELECT count(DISTINCT hash) AS n FROM kept_refusal').first<{ n: number }>();
  return row?.n ?? 0;
}
