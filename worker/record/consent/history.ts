import type { Basis, ConsentChannel, Purpose, ToldState } from '../../../schema/consent.ts';
import { type Assurance, assuranceOf } from '../../../schema/customer.ts';
import { parseStored } from '../../platform/json.ts';
import { decodeCursor, type Page, pageOf } from '../../platform/page.ts';
import { touchpointId } from '../timeline.ts';

/** One row of the ledger, as people read it. Times are epoch ms. */
export type Entry = {
  readonly id: string;
  readonly purpose: Purpose;
  readonly channel: ConsentChannel;
  readonly state: ToldState;
  /** When it was said. */
  readonly at: number;
  /** When we heard of it. */
  readonly recordedAt: number;
  readonly basis: Basis;
  readonly assurance: Assurance;
  readonly sourceName: string | null;
  /** Public id of the touchpoint that brought it. */
  readonly touchpointId: string | null;
  readonly wording: string | null;
  readonly proof: Readonly<Record<string, unknown>> | null;
};

type Row = {
  id: number;
  purpose: Purpose;
  channel: ConsentChannel;
  state: ToldState;
  at: number;
  recorded_at: number;
  basis: Basis;
  assurance: number;
  source_name: string | null;
  touchpoint_seq: number | null;
  wording: string | null;
  proof: string | null;
};

const entryOf = (row: Row): Entry => ({
  id: String(row.id),
  purpose: row.purpose,
  channel: row.channel,
  state: row.state,
  at: row.at,
  recordedAt: row.recorded_at,
  basis: row.basis,
  assurance: assuranceOf(row.assurance),
  sourceName: row.source_name,
  touchpointId: row.touchpoint_seq === null ? null : touchpointId(row.touchpoint_seq),
  wording: row.wording,
  proof: parseStored<Record<string, unknown> | null>(row.proof, null),
});

/**
 * The ledger of a customer (internal id), what was heard last first. What they told us of themselves stands there once, though it was
 * written for each part of their record. Null when the cursor is none of ours.
 */
export async function listLedger(
  db: D1Database,
  customer: number,
  limit: number,
  cursor?: string,
): Promise<Page<Entry> | null> {
  const before = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, 1);
  if (!before) return null;
  const { results } = await db
    .prepare(
      `SELECT max(k.id) AS id, k.purpose, k.channel, k.state, k.at, max(k.recorded_at) AS recorded_at, k.basis, k.assurance, k.wording, k.proof,
         max(k.touchpoint_seq) AS touchpoint_seq, s.name AS source_name
       FROM fragment f CROSS JOIN consent k ON k.fragment_id = f.id LEFT JOIN source s ON s.id = k.source_id
       WHERE f.customer_id = ?1
       GROUP BY iif(k.source_id IS NULL, NULL, k.id), k.purpose, k.channel, k.state, k.at, k.basis, k.assurance, k.wording, k.proof
       HAVING max(k.id) < ?2 ORDER BY 1 DESC LIMIT ?3`,
    )
    .bind(customer, before[0] ?? 0, limit + 1)
    .all<Row>();
  return pageOf(results, limit, (row) => [row.id], entryOf);
}
