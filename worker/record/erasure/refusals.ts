import { latestOf } from '../consent/standing.ts';
import type { Hasher } from './hashes.ts';

/** What is kept of the refusals of somebody who is erased: that their addresses must not be written to. */
export type Refusal = {
  readonly kind: 'email' | 'phone';
  readonly value: string;
  readonly channel: string;
  /** '' for whatever purpose. */
  readonly purpose: string;
  readonly what: string;
  /** Epoch ms. */
  readonly at: number;
  /** Rank of whose word it was. */
  readonly assurance: number;
};

const LISTED = '(SELECT value FROM json_each(?1))';
const FOREVER = '9007199254740991';

/** The address in `i` of the record of `g` is theirs: proven, or all that is known of them. */
const IS_THEIRS = `(i.assurance > 1 OR NOT EXISTS (SELECT 1 FROM fragment h CROSS JOIN identifier n ON n.fragment_id = h.id
  WHERE h.customer_id = g.customer_id AND n.kind <> 'anonymous_id' AND (n.assurance > 1 OR (n.kind = i.kind AND n.value <> i.value))))`;

/**
 * The refusals of the fragments in ?1, for each address of the same record. Of what concerns their orders no claim refuses anything, and an
 * address that they merely claimed may be somebody else's: there only a claim will be held against it.
 */
export const REFUSALS = `SELECT kind, value, channel, purpose, 'refused' AS what, max(at) AS at, max(assurance) AS assurance FROM (
    SELECT i.kind, i.value, l.channel, l.purpose, l.at, iif(${IS_THEIRS}, l.assurance, 1) AS assurance
    FROM (${latestOf('SELECT value AS id FROM json_each(?1)', FOREVER)}) l CROSS JOIN fragment f ON f.id = l.fragment_id
    CROSS JOIN fragment g ON g.customer_id = f.customer_id AND g.id IN ${LISTED}
    CROSS JOIN identifier i ON i.fragment_id = g.id AND +i.kind IN ('email', 'phone')
    WHERE l.state = 'denied')
  WHERE assurance > 1 OR purpose <> 'service' GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT iif(s.channel = 'email', 'email', 'phone'), s.address, s.channel, '', s.reason, max(s.at), 2 FROM suppression s
  WHERE s.fragment_id IN ${LISTED} AND s.state = 'suppressed' AND NOT EXISTS (SELECT 1 FROM suppression o
    WHERE o.channel = s.channel AND o.address = s.address AND o.reason = s.reason AND o.state = 'lifted' AND o.at > s.at)
  GROUP BY 1, 2, 3, 5`;

/**
 * Keeps them, and names who else has one of the addresses: for them nothing changes. `isCounted` is the statement that notes how many rows
 * the one before has written.
 */
export async function keepRefusals(
  db: D1Database,
  ids: string,
  refusals: readonly Refusal[],
  hash: Hasher,
  isCounted: D1PreparedStatement,
): Promise<D1PreparedStatement[]> {
  if (refusals.length === 0) return [];
  const rows = await Promise.all(
    refusals.map(async (row) => ({ ...row, hash: await hash('refusal', 0, row.kind, row.value) })),
  );
  const list = JSON.stringify(rows);
  return [
    db
      .prepare(
        `INSERT INTO kept_refusal (hash, channel, purpose, what, at, assurance)
         SELECT k.value ->> 'hash', k.value ->> 'channel', k.value ->> 'purpose', k.value ->> 'what', k.value ->> 'at', k.value ->> 'assurance'
         FROM json_each(?1) k WHERE true ON CONFLICT (hash, channel, purpose, what) DO UPDATE SET
           at = max(at, excluded.at), assurance = max(assurance, excluded.assurance)`,
      )
      .bind(list),
    isCounted,
    db
      .prepare(
        `INSERT INTO refused_address (fragment_id, kind, value, hash, assurance)
         SELECT DISTINCT i.fragment_id, i.kind, i.value, k.value ->> 'hash', i.assurance FROM json_each(?2) k
         CROSS JOIN identifier i ON i.kind = k.value ->> 'kind' AND i.value = k.value ->> 'value' AND i.scope = 0
         WHERE i.fragment_id NOT IN ${LISTED} ON CONFLICT (fragment_id, kind, value) DO NOTHING`,
      )
      .bind(ids, list),
  ];
}
