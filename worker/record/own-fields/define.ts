import type { CustomField } from '../../../schema/custom-field.ts';
import type { Runtime } from '../../platform/env.ts';
import { addField, changeField, type FieldChange } from '../custom-fields.ts';
import { fillFields } from './fill.ts';

/** Steps taken at once, so that staff see what they asked for; the minute goes on with the rest. */
const STEPS = 4;

async function fillSome(db: D1Database): Promise<void> {
  for (let step = 0; step < STEPS && (await fillFields(db)); step++);
}

/** Defines a field and begins to fill it. False when its key is taken or there are too many. */
export async function defineField(runtime: Runtime, field: CustomField): Promise<boolean> {
  const isAdded = await addField(runtime, field);
  if (isAdded) await fillSome(runtime.db);
  return isAdded;
}

/** Changes a field and fills it anew where other values fit it now; gives it as it then is. Null when there is none of that key. */
export async function reviseField(db: D1Database, key: string, change: FieldChange): Promise<CustomField | null> {
  const field = await changeField(db, key, change);
  if (field) await fillSome(db);
  return field;
}
