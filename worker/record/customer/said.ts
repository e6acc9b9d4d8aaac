import { CUSTOMER, definePart } from './part.ts';

/** What staff say of one field, as it stands. */
export type Word = {
  /** `name`, `party`, `x:<key>`, `tag:<tag>`, `occasion:<what>` … */
  readonly field: string;
  readonly value: string;
  /** The name of the member of staff whose public id the value is. */
  readonly valueName: string | null;
  /** Epoch ms. */
  readonly at: number;
  /** Stands until then; null for good. */
  readonly untilAt: number | null;
  /** Public id of who said it, or a word for who else it was. */
  readonly actor: string;
  readonly actorName: string | null;
  readonly reason: string | null;
};

const standing = (isInForce: string): string =>
  `SELECT field, value, value_name, at, until_at, actor, actor_name, reason FROM (
     SELECT e.*, m.name AS actor_name, iif(e.field = 'owner', o.name, NULL) AS value_name,
       row_number() OVER (PARTITION BY e.field ORDER BY e.at DESC, e.id DESC) AS place
     FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND ${isInForce}
     LEFT JOIN staff_member m ON m.public_id = e.actor LEFT JOIN staff_member o ON o.public_id = e.value
     WHERE f.customer_id = ${CUSTOMER})
   WHERE place = 1 AND value IS NOT NULL ORDER BY field`;

export const SAID = {
  now: standing('e.is_over = 0'),
  past: standing('e.at <= ?2 AND (e.until_at IS NULL OR e.until_at > ?2)'),
};

export type WordRow = {
  field: string;
  value: string;
  value_name: string | null;
  at: number;
  until_at: number | null;
  actor: string;
  actor_name: string | null;
  reason: string | null;
};

export const wordOf = (row: WordRow): Word => ({
  field: row.field,
  value: row.value,
  valueName: row.value_name,
  at: row.at,
  untilAt: row.until_at,
  actor: row.actor,
  actorName: row.actor_name,
  reason: row.reason,
});

export const said = definePart(SAID, (rows: readonly WordRow[]) => rows.map(wordOf));
