import { CUSTOMER, definePart } from './part.ts';

/** The latest score on one kind of question. */
export type LatestScore = { readonly kind: string; readonly score: number; readonly answeredAt: number };

/** The latest of each kind until then; of two at the same time the lower score, so that arrival does not decide. */
const scoresOf = (until: string): string => `SELECT kind, score, occurred_at AS at FROM (
    SELECT a.kind, a.score, a.occurred_at, row_number() OVER (PARTITION BY a.kind ORDER BY a.occurred_at DESC, a.score) AS place
    FROM fragment f CROSS JOIN answer a ON a.fragment_id = f.id WHERE f.customer_id = ${CUSTOMER}${until})
  WHERE place = 1 ORDER BY kind`;

export const scores = definePart(
  { now: scoresOf(''), past: scoresOf(' AND a.occurred_at <= ?2') },
  (rows: readonly { kind: string; score: number; at: number }[]) =>
    rows.map(({ kind, score, at }): LatestScore => ({ kind, score, answeredAt: at })),
);
