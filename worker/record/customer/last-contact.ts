import { CUSTOMER, definePart } from './part.ts';

/** The latest of each fragment by its index, so that a long history is not read for it. */
const lastUntil = (until: string): string =>
  `SELECT t.channel, t.occurred_at AS at FROM fragment f CROSS JOIN touchpoint t ON t.seq = (
     SELECT x.seq FROM touchpoint x WHERE x.fragment_id = f.id${until} ORDER BY x.occurred_at DESC, x.seq DESC LIMIT 1)
   WHERE f.customer_id = ${CUSTOMER} ORDER BY t.occurred_at DESC, t.channel LIMIT 1`;

/** When and how the last contact was, epoch ms; null before the first. */
export const lastContact = definePart(
  { now: lastUntil(''), past: lastUntil(' AND x.occurred_at <= ?2') },
  ([row]: readonly { readonly channel: string; readonly at: number }[]) => row ?? null,
);
