import { decodeCursor, type Page, pageOf } from '../platform/page.ts';
import { ruleTitle } from './rules.ts';

/** Something that waits for a person. */
export type AttentionItem = {
  readonly id: number;
  readonly rule: string;
  readonly title: string;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly touchpointId: string;
  readonly text: string | null;
  readonly score: number | null;
  /** Epoch ms. */
  readonly raisedAt: number;
};

type Row = {
  id: number;
  rule: string;
  raised_at: number;
  seq: number;
  text: string | null;
  score: number | null;
  customer_id: string;
  customer_name: string | null;
};

const itemOf = (row: Row): AttentionItem => ({
  id: row.id,
  rule: row.rule,
  title: ruleTitle(row.rule),
  customerId: row.customer_id,
  customerName: row.customer_name,
  touchpointId: `tp_${row.seq}`,
  text: row.text,
  score: row.score,
  raisedAt: row.raised_at,
});

/** What is open, latest first. Null when the cursor is none of ours. */
export async function listAttention(
  db: D1Database,
  limit: number,
  cursor?: string,
): Promise<Page<AttentionItem> | null> {
  const before = cursor === undefined ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, 2);
  if (!before) return null;
  const { results } = await db
    .prepare(
      `SELECT a.id, a.rule, a.raised_at, t.seq, t.text, t.score, c.public_id AS customer_id, c.display_name AS customer_name
       FROM attention a JOIN touchpoint t ON t.seq = a.touchpoint_seq JOIN fragment f ON f.id = a.fragment_id
       JOIN customer c ON c.id = f.customer_id
       WHERE a.closed_at IS NULL AND (a.raised_at, a.id) < (?1, ?2)
       ORDER BY a.raised_at DESC, a.id DESC LIMIT ?3`,
    )
    .bind(before[0] ?? 0, before[1] ?? 0, limit + 1)
    .all<Row>();
  return pageOf(results, limit, (row) => [row.raised_at, row.id], itemOf);
}

/** Marks one as seen to. False when there is no such open one. */
export async function closeAttention(db: D1Database, id: number, now: number): Promise<boolean> {
  const { meta } = await db
    .prepare('UPDATE attention SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL')
    .bind(id, now)
    .run();
  return meta.changes > 0;
}
