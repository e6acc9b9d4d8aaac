import type { CustomField, FieldKind } from '../../schema/custom-field.ts';
import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { parseStored } from '../platform/json.ts';

/** Fields that the business has defined. What they hold stands in the edits and profiles of people, under `x:<key>`. */

export type FieldRow = {
  key: string;
  label: string;
  kind: FieldKind;
  choices: string;
  is_archived: number;
  filled_from: string;
  filled_to: number;
  revision: number;
};

/** A field as its row says. */
export const fieldOf = (row: FieldRow): CustomField => ({
  key: row.key,
  label: row.label,
  kind: row.kind,
  choices: parseStored<string[]>(row.choices, []),
  isArchived: row.is_archived === 1,
  filledFrom: parseStored<string[]>(row.filled_from, []),
});

/** All of them, in the order they were defined; those not asked for any more last. There are at most `MOST_FIELDS`. */
export async function listFields(db: D1Database): Promise<CustomField[]> {
  const { results } = await db
    .prepare('SELECT * FROM custom_field ORDER BY is_archived, created_at, key')
    .all<FieldRow>();
  return results.map(fieldOf);
}

/** More would make no form that anybody fills in. */
const MOST_FIELDS = 100;

/** Defines a field. False when its key is taken or there are too many. */
export async function addField({ db, clock }: Runtime, field: CustomField): Promise<boolean> {
  const result = await withRetry(() =>
    db
      .prepare(
        // What may be left of one that had this key is taken out before it is filled.
        `INSERT INTO custom_field (key, label, kind, choices, is_archived, filled_from, filled_to, revision, created_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, -1, ?7, ?7 WHERE (SELECT count(*) FROM custom_field) < ${MOST_FIELDS}
         ON CONFLICT (key) DO NOTHING`,
      )
      .bind(
        field.key,
        field.label,
        field.kind,
        JSON.stringify(field.choices),
        field.isArchived ? 1 : 0,
        JSON.stringify(field.filledFrom),
        clock.now(),
      )
      .run(),
  );
  return result.meta.changes > 0;
}

/** What of a field can be changed: its kind cannot, since values are held in it. */
export type FieldChange = Partial<Pick<CustomField, 'label' | 'choices' | 'isArchived' | 'filledFrom'>>;

const IS_OTHER = '(coalesce(?3, choices) <> choices OR coalesce(?5, filled_from) <> filled_from)';

/**
 * Changes a field; gives it as it then is. Null when there is none of that key. With other choices or sources of its values what
 * sources told is read anew.
 */
export async function changeField(db: D1Database, key: string, change: FieldChange): Promise<CustomField | null> {
  const json = (list: readonly string[] | undefined) => (list ? JSON.stringify(list) : null);
  const row = await withRetry(() =>
    db
      .prepare(
        `UPDATE custom_field SET label = coalesce(?2, label), choices = coalesce(?3, choices), is_archived = coalesce(?4, is_archived),
           filled_from = coalesce(?5, filled_from), filled_to = iif(${IS_OTHER}, -1, filled_to), revision = revision + ${IS_OTHER}
         WHERE key = ?1 RETURNING *`,
      )
      .bind(
        key,
        change.label ?? null,
        json(change.choices),
        change.isArchived === undefined ? null : Number(change.isArchived),
        json(change.filledFrom),
      )
      .first<FieldRow>(),
  );
  return row && fieldOf(row);
}

/** What sources told of the fields of the business; the terms are those of the index `profile_own`. */
export const OWN_PROFILE = "p.field >= 'x:' AND p.field < 'x;'";

/** Takes a definition away. False when something is held in it, or there is none: then it can be archived. */
export async function dropField(db: D1Database, key: string): Promise<'dropped' | 'in_use' | 'no_such_field'> {
  const results = await withRetry(() =>
    db.batch<{ key: string }>([
      db.prepare('SELECT key FROM custom_field WHERE key = ?1').bind(key),
      db
        .prepare(
          `DELETE FROM custom_field WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM edit e WHERE e.field = 'x:' || ?1)
             AND NOT EXISTS (SELECT 1 FROM profile p WHERE p.field = 'x:' || ?1 AND ${OWN_PROFILE}) RETURNING key`,
        )
        .bind(key),
    ]),
  );
  if (!results[0]?.results.length) return 'no_such_field';
  return results[1]?.results.length ? 'dropped' : 'in_use';
}
