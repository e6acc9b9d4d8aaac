import type { CustomField } from '../../../schema/custom-field.ts';
import { type FieldRow, fieldOf } from '../custom-fields.ts';
import { definePart } from './part.ts';

/** The same for everybody, read along so that a record is one round trip. */
const FIELDS = 'SELECT * FROM custom_field WHERE ?1 IS NOT NULL ORDER BY is_archived, created_at, key';

/** The fields that the business has defined. */
export const customFields = definePart({ now: FIELDS }, (rows: readonly FieldRow[]): readonly CustomField[] =>
  rows.map(fieldOf),
);
