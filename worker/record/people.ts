import { GLOBAL_KINDS, UNIQUE_KINDS } from '../../schema/customer.ts';
import { neverJoins } from './identity/never.ts';
import type { StampedRows } from './rows.ts';

/** The id of a fragment if it is still there, else null. */
export async function currentFragment(db: D1Database, id: number): Promise<number | null> {
  return (await db.prepare('SELECT id FROM fragment WHERE id = ?1').bind(id).first<{ id: number }>())?.id ?? null;
}

/** Statements for fragments, what identifies them and what is known of them. Each row names its source and delivery. */

/** A new fragment is born with a customer of the same id (the view's trigger), so that it has one from the start. */
export const insertPeople = (db: D1Database, people: StampedRows['people']): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO new_person (source_id, key, public_id, created_at)
       SELECT p.value ->> 'source', p.value ->> 'key', p.value ->> 'uuid', p.value ->> 'received' FROM json_each(?1) p`,
    )
    .bind(JSON.stringify(people));

/** Claims of one value that are noted as such in a day, and in all: a victim's record is not flooded by whoever claims to be them. */
const CLAIMS_A_DAY = 20;
const CLAIMS_EVER = 200;
const DAY_MS = 24 * 3600 * 1000;

type IdentifierRows = StampedRows['identifiers'];

const CLAIMED = 1;
const nameOf = ({ kind, value, scope }: IdentifierRows[number]): string => `${kind} ${scope} ${value}`;

/** Of many people in one request who claim the same value, the first: the statement below cannot see its own rows. */
function withoutCrowds(rows: IdentifierRows): IdentifierRows {
  const claimants = new Map<string, Set<string>>();
  return rows.filter((row) => {
    if (row.assurance > CLAIMED || !NAMED.includes(row.kind)) return true;
    const seen = claimants.get(nameOf(row)) ?? new Set();
    claimants.set(nameOf(row), seen);
    if (seen.size < CLAIMS_A_DAY) seen.add(row.person);
    return seen.has(row.person);
  });
}

/** Kinds that somebody can claim to be known by. */
const NAMED: readonly string[] = [...GLOBAL_KINDS, ...UNIQUE_KINDS];
const IS_NAMED = `i.value ->> 'kind' IN (${NAMED.map((kind) => `'${kind}'`).join(', ')})`;
const SAME = `x.kind = i.value ->> 'kind' AND x.value = i.value ->> 'value' AND x.scope = i.value ->> 'scope'`;

/** True where there is room for one more claim of the value; what is no claim, or was noted before, always has room. */
const HAS_ROOM = `(i.value ->> 'assurance' > ${CLAIMED} OR NOT ${IS_NAMED}
    OR EXISTS (SELECT 1 FROM identifier x WHERE ${SAME} AND x.fragment_id = t.fragment_id)
    OR (SELECT count(*) < ${CLAIMS_EVER} AND ifnull(sum(abs(c.first_at - t.occurred_at) < ${DAY_MS}), 0) < ${CLAIMS_A_DAY}
        FROM (SELECT x.first_at FROM identifier x WHERE ${SAME} AND x.assurance = ${CLAIMED} LIMIT ${CLAIMS_EVER}) c))`;

/**
 * Only rows of touchpoints that are new with this delivery count: a repetition must not move "last seen" to its own time.
 * On conflict the stronger assurance stands, and the times widen.
 */
export const upsertIdentifiers = (db: D1Database, rows: IdentifierRows): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO identifier (kind, value, scope, fragment_id, assurance, may_link, first_at, last_at)
       SELECT i.value ->> 'kind', i.value ->> 'value', i.value ->> 'scope', t.fragment_id,
              i.value ->> 'assurance', i.value ->> 'mayLink' AND NOT ${neverJoins("i.value ->> 'value'")}, t.occurred_at, t.occurred_at
       FROM json_each(?1) i
       CROSS JOIN touchpoint t ON t.source_id = i.value ->> 'source' AND t.message_id = i.value ->> 'message'
       WHERE t.delivery_id = i.value ->> 'delivery' AND ${HAS_ROOM}
       ON CONFLICT (kind, value, scope, fragment_id) DO UPDATE SET
         assurance = max(assurance, excluded.assurance),
         may_link = max(may_link, excluded.may_link),
         first_at = min(first_at, excluded.first_at),
         last_at = max(last_at, excluded.last_at)`,
    )
    .bind(JSON.stringify(withoutCrowds(rows)));

/**
 * A field keeps what is best assured, then newest; the value itself breaks a tie, so that arrival never does. `at` is since when
 * it has stood so (epoch ms), where that is another time than the touchpoint's.
 */
export const upsertProfiles = (
  db: D1Database,
  rows: readonly (StampedRows['profiles'][number] & { readonly at?: number | null })[],
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO profile (fragment_id, field, value, assurance, at)
       SELECT t.fragment_id, p.value ->> 'field', p.value ->> 'value', p.value ->> 'assurance', coalesce(p.value ->> 'at', t.occurred_at)
       FROM json_each(?1) p
       CROSS JOIN touchpoint t ON t.source_id = p.value ->> 'source' AND t.message_id = p.value ->> 'message'
       WHERE t.delivery_id = p.value ->> 'delivery'
       ON CONFLICT (fragment_id, field) DO UPDATE SET
         value = excluded.value, assurance = excluded.assurance, at = excluded.at
       WHERE (excluded.assurance, excluded.at, excluded.value) > (profile.assurance, profile.at, profile.value)`,
    )
    .bind(JSON.stringify(rows));
