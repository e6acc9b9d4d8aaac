import { parseStored } from '../../platform/json.ts';
import { decodeCursor, type Page, pageOf } from '../../platform/page.ts';
import { HOLDINGS } from './holdings.ts';
import { type Mention, mentionsIn } from './mentions.ts';

/** What shows that somebody was erased, without saying who. */
export type Certificate = {
  readonly id: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly erasedAt: number;
  /** Records that went. */
  readonly people: number;
  /** Rows removed or made anonymous, by what they were. */
  readonly removed: readonly { readonly what: string; readonly table: string; readonly rows: number }[];
  /** What is kept of them, as keyed hashes: refusals of their addresses, so that these are not written to should they come back. */
  readonly keptRefusals: number;
  /** Where something that staff wrote names them: for staff to look at. */
  readonly mentions: readonly Mention[];
  /** When bodies and files had been searched to the end; null while that goes on. */
  readonly sweptAt: number | null;
};

type Row = {
  id: number;
  public_id: string;
  reason: string;
  erased_at: number;
  people: number;
  counts: string;
  mentions: string | null;
  swept_at: number | null;
};

/** Counted beside what was removed, and no part of it. */
const KEPT = 'kept_refusal';

const countsOf = ({ counts }: Row) => parseStored<Record<string, number>>(counts, {});

const certificateOf = (row: Row): Certificate => ({
  id: row.public_id,
  reason: row.reason,
  erasedAt: row.erased_at,
  people: row.people,
  removed: Object.entries(countsOf(row)).flatMap(([table, rows]) =>
    rows > 0 && table !== KEPT
      ? [{ what: HOLDINGS.find((holding) => holding.table === table)?.title ?? table, table, rows }]
      : [],
  ),
  keptRefusals: countsOf(row)[KEPT] ?? 0,
  mentions: mentionsIn(row.mentions),
  sweptAt: row.swept_at,
});

/** One certificate by its public id, or null. */
export async function readCertificate(db: D1Database, id: string): Promise<Certificate | null> {
  const row = await db.prepare('SELECT * FROM erasure WHERE public_id = ?1').bind(id).first<Row>();
  return row && certificateOf(row);
}

/** Certificates, latest first. Null when the cursor is none of ours. */
export async function listCertificates(
  db: D1Database,
  limit: number,
  cursor?: string,
): Promise<Page<Certificate> | null> {
  const before = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, 1);
  if (!before) return null;
  const { results } = await db
    .prepare('SELECT * FROM erasure WHERE id < ?1 ORDER BY id DESC LIMIT ?2')
    .bind(before[0] ?? 0, limit + 1)
    .all<Row>();
  return pageOf(results, limit, (row) => [row.id], certificateOf);
}
