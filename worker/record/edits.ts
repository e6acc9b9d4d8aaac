import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { customerIdOf } from './customers.ts';
import { settle } from './identity/settle.ts';

/**
 * What staff say of a person themselves. It stands over what sources say, is only ever added to, and can be taken back: see
 * `standing.ts` for what of it stands.
 */
export type NewEdit = {
  /** `name`, `party`, `owner`, `x:<key>`, `tag:<tag>` …: schema/customer.ts has the list. */
  readonly field: string;
  /** Null takes back what staff said: the sources speak again. */
  readonly value: string | null;
  /** Stands until this moment only, epoch ms. */
  readonly untilAt?: number | null;
};
/** Who says it: the public id of a member of staff, or a word for who else it is; and why, if they say. */
export type EditBy = { readonly actor: string; readonly reason: string | null };

/** Only what says something new is written, so that repeating a form or a request leaves no second line in the log. */
const INSERT = `INSERT INTO edit (fragment_id, field, value, until_at, at, actor, reason)
  SELECT ?1, w.value ->> 'field', w.value ->> 'value', w.value ->> 'untilAt', ?3, ?4, ?5 FROM json_each(?2) w
  WHERE NOT EXISTS (
    SELECT 1 FROM (SELECT e.value, e.until_at FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id
        AND e.field = w.value ->> 'field' AND e.is_over = 0
      WHERE f.customer_id = (SELECT customer_id FROM fragment WHERE id = ?1) ORDER BY e.at DESC, e.id DESC LIMIT 1) s
    WHERE s.value IS w.value ->> 'value' AND s.until_at IS w.value ->> 'untilAt')
  AND (w.value ->> 'value' IS NOT NULL OR EXISTS (
    SELECT 1 FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = w.value ->> 'field' AND e.is_over = 0
    WHERE f.customer_id = (SELECT customer_id FROM fragment WHERE id = ?1)))`;

/**
 * Adds what staff say of a customer, by a public id of theirs, former ones included; of two words on one field the latter counts.
 * False when there is no such customer. Bears repetition. @throws DatabaseBusy
 */
export async function writeEdits(
  runtime: Runtime,
  publicId: string,
  edits: readonly NewEdit[],
  by: EditBy,
): Promise<boolean> {
  const customer = await customerIdOf(runtime.db, publicId);
  if (customer === null) return false;
  await writeEditsOf(runtime, customer, edits, by);
  return true;
}

/** The same for one fragment of a customer: what a person says of themselves goes with them, should their record be parted. @throws DatabaseBusy */
export async function writeEditsOf(
  runtime: Runtime,
  fragmentId: number,
  edits: readonly NewEdit[],
  by: EditBy,
): Promise<void> {
  const { db, clock } = runtime;
  const words = [...new Map(edits.map((edit) => [edit.field, edit])).values()];
  if (words.length === 0) return;
  const now = clock.now();
  const written = await withRetry(() =>
    db.prepare(INSERT).bind(fragmentId, JSON.stringify(words), now, by.actor, by.reason).run(),
  );
  // What is left to work out is put down with the words; should the process end here, the minute does it.
  if (written.meta.changes > 0) await settle(db, clock, [[fragmentId, 'label']]);
}

/** Words whose time is up in one step. */
const AT_ONCE = 200;

/** Ends what was said until a moment that has come, and works out what then stands. Called by the minute; true if there may be more. */
export async function endEdits({ db, clock }: Runtime): Promise<boolean> {
  const { results } = await withRetry(() =>
    db
      .prepare(
        `UPDATE edit SET is_over = 1 WHERE id IN (
           SELECT id FROM edit WHERE until_at IS NOT NULL AND is_over = 0 AND until_at <= ?1 ORDER BY until_at LIMIT ${AT_ONCE})
         RETURNING fragment_id`,
      )
      .bind(clock.now())
      .all<{ fragment_id: number }>(),
  );
  const fragments = [...new Set(results.map(({ fragment_id }) => fragment_id))];
  if (fragments.length > 0)
    await settle(
      db,
      clock,
      fragments.map((id) => [id, 'label'] as const),
    );
  return results.length === AT_ONCE;
}
