import { decodeCursor, type Page, pageOf } from '../../platform/page.ts';
import { stands } from '../standing.ts';
import { type Household, householdName } from './households.ts';
import { members, NOT_A_MEMBER } from './members.ts';
import { type GroupNumbers, numbersOf } from './read.ts';

export type ListedHousehold = Household & { readonly name: string; readonly numbers: GroupNumbers };

type Row = { id: number; public_id: string; created_at: number };

/** Each in which somebody lives now: by the index over fields of edits. */
const LISTED = `SELECT h.id, h.public_id, h.created_at FROM household h WHERE (?1 = 0 OR h.id < ?1)
    AND EXISTS (SELECT 1 FROM edit e CROSS JOIN fragment f ON f.id = e.fragment_id
      WHERE e.field = 'household:' || h.public_id AND e.value <> '${NOT_A_MEMBER}' AND ${stands('f.customer_id')})
  ORDER BY h.id DESC LIMIT ?2`;

const NAMES = `WITH ${members('household', 'SELECT g.id, g.public_id FROM household g WHERE g.id IN (SELECT value FROM json_each(?1))')}
  SELECT m.group_id, c.display_name AS name FROM member m CROSS JOIN customer c ON c.id = m.customer_id
  ORDER BY m.group_id, c.last_at DESC, c.id DESC`;

/** Households in which somebody lives, the newest first, each with its numbers. Null when the cursor is none of ours. */
export async function listHouseholds(
  db: D1Database,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<Page<ListedHousehold> | null> {
  const before = cursor === undefined ? [0] : decodeCursor(cursor, 1);
  if (!before) return null;
  const { results } = await db
    .prepare(LISTED)
    .bind(before[0] ?? 0, limit + 1)
    .all<Row>();
  const ids = results.slice(0, limit).map(({ id }) => id);
  const [numbers, names] = await Promise.all([
    numbersOf(db, 'household', ids),
    db.prepare(NAMES).bind(JSON.stringify(ids)).all<{ group_id: number; name: string | null }>(),
  ]);
  return pageOf(
    results,
    limit,
    (row) => [row.id],
    (row) => {
      const own = numbers.get(row.id);
      if (!own) throw new Error('a household was listed without its numbers');
      const called = names.results.filter(({ group_id }) => group_id === row.id).map(({ name }) => name);
      return {
        key: row.id,
        id: row.public_id,
        createdAt: row.created_at,
        name: householdName(called, own.members),
        numbers: own,
      };
    },
  );
}
