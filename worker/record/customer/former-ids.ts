import { CUSTOMER, definePart } from './part.ts';

const FORMER = `SELECT c.public_id AS id FROM fragment f CROSS JOIN customer c ON c.id = f.id
  WHERE f.customer_id = ${CUSTOMER} AND f.id <> f.customer_id ORDER BY c.id LIMIT 1000`;

/** Ids that lead to this record because theirs became part of it. */
export const formerIds = definePart({ now: FORMER }, (rows: readonly { id: string }[]) => rows.map(({ id }) => id));
