import type { Runtime } from '../platform/env.ts';
import { isOneBrowser } from '../record/consent/standing.ts';
import { ERASED } from '../record/erasure/hashes.ts';
import { saidOf } from '../record/standing.ts';

/** Somebody a mail goes to: the fragment it is about, whose record that is, and the address it goes to. */
export type Recipient = {
  readonly fragmentId: number;
  /** Internal id. */
  readonly customer: number;
  readonly publicId: string;
  readonly address: string;
  /** What they want to be written to in, as sources tell; null for unknown. */
  readonly language: string | null;
};

/** Records that one address may lead to; more are no person's. */
const MOST_RECORDS = 5;

const IS_SOMEBODY = `substr(f.key, 1, ${ERASED.length}) <> '${ERASED}'`;

/**
 * Whether the address in `i` is theirs to whom it is written. A source asserts it or it was proven; where all that is known of
 * somebody is what was typed, it is the one address that was typed, on a fragment of that address or of one browser: any other claimed
 * fragment is of whoever names it, who could put an address of their own there. An address that somebody merely claims beside their own
 * is not: who holds it would be shown another person's record.
 */
const IS_THEIRS = `(i.assurance > 1 OR ((f.key = 'email:' || i.value OR ${isOneBrowser('f.id')}) AND NOT EXISTS (
  SELECT 1 FROM fragment g CROSS JOIN identifier n ON n.fragment_id = g.id
  WHERE g.customer_id = f.customer_id AND n.kind <> 'anonymous_id' AND (n.assurance > 1 OR (n.kind = 'email' AND n.value <> i.value)))))`;

const LANGUAGE = `coalesce(${saidOf('c.id', 'language')}, (SELECT p.value FROM fragment g
  CROSS JOIN profile p ON p.fragment_id = g.id AND p.field = 'language' WHERE g.customer_id = c.id ORDER BY p.assurance DESC, p.at DESC LIMIT 1))`;

const COLUMNS = `f.id AS fragmentId, c.id AS customer, c.public_id AS publicId, i.value AS address, ${LANGUAGE} AS language`;

/**
 * Everybody an address belongs to, best known first, one for each record. None for an address that is nobody's. Of those known equally
 * well the oldest come first, so that nobody is crowded out by what strangers write today.
 */
export async function peopleOf({ db }: Pick<Runtime, 'db'>, address: string): Promise<Recipient[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS}, max(i.assurance * 1e15 - i.first_at) AS rank
       FROM identifier i CROSS JOIN fragment f ON f.id = i.fragment_id CROSS JOIN customer c ON c.id = f.customer_id
       WHERE i.kind = 'email' AND i.value = ?1 AND i.scope = 0 AND ${IS_SOMEBODY} AND ${IS_THEIRS}
       GROUP BY c.id ORDER BY rank DESC, c.id LIMIT ?2`,
    )
    .bind(address, MOST_RECORDS)
    .all<Recipient & { rank: number }>();
  return results.map(({ rank: _rank, ...recipient }) => recipient);
}

/** Where the person of a fragment is written to: the given address if it is theirs, else their best. Null where there is none. */
export function recipientOf(
  { db }: Pick<Runtime, 'db'>,
  fragmentId: number,
  address: string | null = null,
): Promise<Recipient | null> {
  return db
    .prepare(
      `SELECT ${COLUMNS} FROM fragment o CROSS JOIN customer c ON c.id = o.customer_id
         CROSS JOIN fragment f ON f.customer_id = c.id CROSS JOIN identifier i ON i.fragment_id = f.id
       WHERE o.id = ?1 AND i.kind = 'email' AND i.scope = 0 AND (?2 IS NULL OR i.value = ?2) AND ${IS_SOMEBODY} AND ${IS_THEIRS}
       ORDER BY i.assurance DESC, f.id = ?1 DESC, i.last_at DESC LIMIT 1`,
    )
    .bind(fragmentId, address)
    .first<Recipient>();
}

/** Whose a fragment is. */
export type Owner = { readonly fragmentId: number; readonly customer: number; readonly publicId: string };

/** The record that a fragment belongs to now; null for one that was erased. */
export function ownerOf({ db }: Pick<Runtime, 'db'>, fragmentId: number): Promise<Owner | null> {
  return db
    .prepare(
      `SELECT f.id AS fragmentId, c.id AS customer, c.public_id AS publicId
       FROM fragment f CROSS JOIN customer c ON c.id = f.customer_id WHERE f.id = ?1 AND ${IS_SOMEBODY}`,
    )
    .bind(fragmentId)
    .first<Owner>();
}
