import { CUSTOMER, definePart } from './part.ts';

const FIRST = `SELECT min(o.placed_at) AS at FROM fragment f CROSS JOIN orders o ON o.fragment_id = f.id AND o.counts = 1
  WHERE f.customer_id = ${CUSTOMER}`;

/** When their first order that counts was placed, epoch ms; null without one. */
export const firstOrderAt = definePart(
  { now: FIRST, past: `${FIRST} AND o.placed_at <= ?2` },
  ([row]: readonly { at: number | null }[]) => row?.at ?? null,
);
