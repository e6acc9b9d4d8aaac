import { type Checked, checkWord } from '../../schema/staff-word.ts';
import type { Runtime } from '../platform/env.ts';
import { listFields } from './custom-fields.ts';
import { type EditBy, type NewEdit, writeEdits } from './edits.ts';

export type Misfit = { readonly field: string; readonly message: string };
export type Said =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'no_such_customer' }
  | { readonly ok: false; readonly why: 'misfit'; readonly misfits: readonly Misfit[] };

const isActiveMember = async (db: D1Database, id: string): Promise<boolean> =>
  (await db.prepare('SELECT 1 FROM staff_member WHERE public_id = ?1 AND is_active = 1').bind(id).first()) !== null;

const DAY_MS = 24 * 3600 * 1000;

/** A birthday that has not been yet anywhere on earth; other occasions may lie ahead. */
const isUnborn = ({ field, value }: NewEdit, now: number): boolean =>
  field === 'occasion:birthday' &&
  value !== null &&
  value.length > 5 &&
  value > new Date(now + DAY_MS).toISOString().slice(0, 10);

/** What somebody wants to say of a customer, looked at field by field before anything is written: all of it, or none. */
export async function say(runtime: Runtime, publicId: string, edits: readonly NewEdit[], by: EditBy): Promise<Said> {
  const { db } = runtime;
  const needsFields = edits.some(({ field, value }) => field.startsWith('x:') && value !== null);
  const fields = needsFields ? await listFields(db) : [];
  const misfits: Misfit[] = [];
  const checked: NewEdit[] = [];
  for (const edit of edits) {
    // Taking back is always possible, also of a field that is asked for no more.
    const result: Checked = edit.value === null ? { ok: true, value: '' } : checkWord(edit.field, edit.value, fields);
    if (!result.ok) misfits.push({ field: edit.field, message: result.message });
    else if (isUnborn(edit, runtime.clock.now())) misfits.push({ field: edit.field, message: 'has not come yet' });
    else if (edit.field === 'owner' && edit.value !== null && !(await isActiveMember(db, result.value)))
      misfits.push({ field: 'owner', message: 'is nobody of your team; see the page Team' });
    else checked.push({ ...edit, value: edit.value === null ? null : result.value });
  }
  if (misfits.length > 0) return { ok: false, why: 'misfit', misfits };
  return (await writeEdits(runtime, publicId, checked, by)) ? { ok: true } : { ok: false, why: 'no_such_customer' };
}
