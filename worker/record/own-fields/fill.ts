import { valueFor } from '../../../schema/told-value.ts';
import { withRetry } from '../../platform/database.ts';
import { type FieldRow, fieldOf, OWN_PROFILE } from '../custom-fields.ts';
import { reindexCustomers } from '../numbers.ts';
import { TOLD, toldOf } from './told.ts';

/**
 * Fills the fields of the business with what sources tell, off the write path: each field follows the touchpoints that tell something
 * of a person from a place of its own, so that one that is new or has changed reads all that was ever told. What it holds of a fragment is
 * what is best assured, then newest, whatever the order it was read in; reading anything twice changes nothing.
 */

/** Touchpoints read in one step, and values taken out in one. */
const STEP = 1000;
/** Values of one parameter: a text of it may be 2 MB at most. */
const AT_ONCE = 2000;

const TELLS = 'touchpoint t INDEXED BY touchpoint_telling';
const DUE = `SELECT * FROM custom_field WHERE is_archived = 0 AND (filled_to < 0 OR (filled_from <> '[]'
  AND EXISTS (SELECT 1 FROM ${TELLS} WHERE t.assurance IS NOT NULL AND t.seq > filled_to)))`;

const CUSTOMERS = 'SELECT f.customer_id FROM fragment f WHERE f.id IN (SELECT value FROM json_each(?1))';

/** Takes out what a field held of sources, a part at a time. */
async function empty(db: D1Database, { key, revision }: FieldRow): Promise<void> {
  const { results } = await db
    .prepare(`SELECT p.fragment_id AS id FROM profile p WHERE p.field = ?1 AND ${OWN_PROFILE} LIMIT ${STEP}`)
    .bind(`x:${key}`)
    .all<{ id: number }>();
  const ids = JSON.stringify(results.map(({ id }) => id));
  const stillSo = 'EXISTS (SELECT 1 FROM custom_field WHERE key = ?2 AND revision = ?3 AND filled_to < 0)';
  await withRetry(() =>
    db.batch([
      db
        .prepare(
          `DELETE FROM profile WHERE fragment_id IN (SELECT value FROM json_each(?1)) AND field = 'x:' || ?2 AND ${stillSo}`,
        )
        .bind(ids, key, revision),
      ...reindexCustomers(CUSTOMERS).map((sql) => db.prepare(sql).bind(ids)),
      ...(results.length < STEP
        ? [
            db
              .prepare('UPDATE custom_field SET filled_to = 0 WHERE key = ?1 AND revision = ?2 AND filled_to < 0')
              .bind(key, revision),
          ]
        : []),
    ]),
  );
}

type Telling = { readonly seq: number; readonly fragment: number; readonly told: string };
type Value = { readonly seq: number; readonly key: string; readonly revision: number; readonly value: string };

const READ = `SELECT t.seq, t.fragment_id AS fragment, ${TOLD} AS told FROM ${TELLS}
  WHERE t.assurance IS NOT NULL AND t.seq > ?1 ORDER BY t.seq LIMIT ${STEP}`;

/** Nothing is written of who was erased meanwhile, nor for a field that has changed since it was read. */
const WRITE = `INSERT INTO profile (fragment_id, field, value, assurance, at)
  SELECT t.fragment_id, 'x:' || c.key, w.value ->> 'value', t.assurance, t.occurred_at FROM json_each(?1) w
  CROSS JOIN custom_field c ON c.key = w.value ->> 'key' AND c.revision = w.value ->> 'revision'
  CROSS JOIN touchpoint t ON t.seq = w.value ->> 'seq' AND t.assurance IS NOT NULL
  WHERE true ON CONFLICT (fragment_id, field) DO UPDATE SET
    value = excluded.value, assurance = excluded.assurance, at = excluded.at
  WHERE (excluded.assurance, excluded.at, excluded.value) > (profile.assurance, profile.at, profile.value)`;

const MOVE = `UPDATE custom_field SET filled_to = max(filled_to, ?2) WHERE filled_to >= 0
  AND (key, revision) IN (SELECT w.value ->> 'key', w.value ->> 'revision' FROM json_each(?1) w)`;

const valuesOf = (rows: readonly Telling[], fields: readonly FieldRow[]): Value[] =>
  rows.flatMap(({ seq, told }) => {
    const all = toldOf(told);
    return fields.flatMap((row): Value[] => {
      const value = seq > row.filled_to ? valueFor(fieldOf(row), all) : null;
      return value?.ok ? [{ seq, key: row.key, revision: row.revision, value: value.value }] : [];
    });
  });

const parts = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / AT_ONCE) }, (_, at) => list.slice(at * AT_ONCE, (at + 1) * AT_ONCE));

/** Reads on from the field that is farthest behind. True when there may be more. */
async function fill(db: D1Database, fields: readonly FieldRow[]): Promise<boolean> {
  const from = Math.min(...fields.map(({ filled_to }) => filled_to));
  const { results: rows } = await db.prepare(READ).bind(from).all<Telling>();
  const values = valuesOf(rows, fields);
  const told = new Set(values.map(({ seq }) => seq));
  const people = JSON.stringify([...new Set(rows.flatMap(({ seq, fragment }) => (told.has(seq) ? [fragment] : [])))]);
  const last = rows.at(-1)?.seq ?? from;
  await withRetry(() =>
    db.batch([
      ...parts(values).map((part) => db.prepare(WRITE).bind(JSON.stringify(part))),
      ...(values.length > 0 ? reindexCustomers(CUSTOMERS).map((sql) => db.prepare(sql).bind(people)) : []),
      db.prepare(MOVE).bind(JSON.stringify(fields.map(({ key, revision }) => ({ key, revision }))), last),
    ]),
  );
  return rows.length === STEP;
}

/** One step of what keeps the fields filled. True when there may be more to do. */
export async function fillFields(db: D1Database): Promise<boolean> {
  const { results: due } = await db.prepare(DUE).all<FieldRow>();
  const stale = due.find(({ filled_to }) => filled_to < 0);
  if (stale) await empty(db, stale);
  else if (due.length > 0) return fill(db, due);
  return stale !== undefined;
}
