import { decodeCursor, type Page, pageOf } from '../platform/page.ts';

/** One line of the log of changes: what staff changed about a person. */
export type Change = {
  readonly id: string;
  /** As in an edit: `name`, `x:<key>`, `tag:<tag>` … */
  readonly field: string;
  /** What staff had said before; null where they had said nothing or taken it back. A member of staff by name. */
  readonly from: string | null;
  readonly to: string | null;
  /** Epoch ms. */
  readonly at: number;
  readonly untilAt: number | null;
  readonly actor: string;
  /** Their name, where the actor is a member of staff. */
  readonly actorName: string | null;
  readonly reason: string | null;
  /** What the organisation is called that a field is about. */
  readonly groupName: string | null;
};

type Row = {
  id: number;
  field: string;
  value: string | null;
  before: string | null;
  at: number;
  until_at: number | null;
  actor: string;
  actor_name: string | null;
  reason: string | null;
  group_name: string | null;
};

const changeOf = (row: Row): Change => ({
  id: String(row.id),
  field: row.field,
  from: row.before,
  to: row.value,
  at: row.at,
  untilAt: row.until_at,
  actor: row.actor,
  actorName: row.actor_name,
  reason: row.reason,
  groupName: row.group_name,
});

/** A value as people read it: an owner by name. */
const nameOf = (column: string): string =>
  `iif(e.field = 'owner', coalesce((SELECT o.name FROM staff_member o WHERE o.public_id = e.${column}), e.${column}), e.${column}) AS ${column}`;

/** What staff changed about the customer with an internal id, latest first. Null when the cursor is none of ours. */
export async function listChanges(
  db: D1Database,
  customer: number,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<Change> | null> {
  const before = cursor === undefined ? [Number.MAX_SAFE_INTEGER, 0] : decodeCursor(cursor, 2);
  if (!before) return null;
  const { results } = await db
    .prepare(
      `SELECT e.id, e.field, ${nameOf('value')}, ${nameOf('before')}, e.at, e.until_at, e.actor, m.name AS actor_name, e.reason, g.name AS group_name
       FROM (SELECT e.*, lag(e.value) OVER (PARTITION BY e.field ORDER BY e.at, e.id) AS before
         FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id WHERE f.customer_id = ?1) e
       LEFT JOIN staff_member m ON m.public_id = e.actor
       LEFT JOIN organisation g ON e.field = 'organisation:' || g.public_id AND g.public_id = substr(e.field, 14)
       WHERE (e.at, e.id) < (?2, ?3) ORDER BY e.at DESC, e.id DESC LIMIT ?4`,
    )
    .bind(customer, before[0] ?? 0, before[1] ?? 0, limit + 1)
    .all<Row>();
  return pageOf(results, limit, (row) => [row.at, row.id], changeOf);
}
