import { CUSTOMER, definePart } from './part.ts';

export type Attention = { readonly id: number; readonly rule: string; readonly raisedAt: number; readonly seq: number };

const openAt = (
  condition: string,
): string => `SELECT a.id, a.rule, a.raised_at, a.touchpoint_seq AS seq FROM fragment f CROSS JOIN attention a ON a.fragment_id = f.id
  WHERE f.customer_id = ${CUSTOMER} AND ${condition} ORDER BY a.raised_at DESC LIMIT 20`;

const OPEN = {
  now: openAt('a.closed_at IS NULL'),
  past: openAt('a.raised_at <= ?2 AND (a.closed_at IS NULL OR a.closed_at > ?2)'),
};

type AttentionRow = { id: number; rule: string; raised_at: number; seq: number };

export const attention = definePart(OPEN, (rows: readonly AttentionRow[]) =>
  rows.map((row): Attention => ({ id: row.id, rule: row.rule, raisedAt: row.raised_at, seq: row.seq })),
);
