import { CUSTOMER, definePart } from './part.ts';

/** The latest score on one kind of question. */
export type LatestScore = { readonly kind: string; readonly score: number; readonly answeredAt: number };

/** The latest of each kind; of two at the same time the lower score, so that arrival does not decide. */
const SCORES = `SELECT kind, score, occurred_at AS at FROM (
    SELECT a.kind, a.score, a.occurred_at, row_number() OVER (PARTITION BY a.kind ORDER BY a.occurred_at DESC, a.score) AS place
    FROM fragment f CROSS JOIN answer a ON a.fragment_id = f.id WHERE f.customer_id = ${CUSTOMER})
  WHERE place = 1 ORDER BY kind`;

export const scores = definePart({ now: SCORES }, (rows: readonly { kind: string; score: number; at: number }[]) =>
  rows.map(({ kind, score, at }): LatestScore => ({ kind, score, answeredAt: at })),
);
