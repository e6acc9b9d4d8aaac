import type { CustomField } from '../../../schema/custom-field.ts';
import { PROFILE_FIELDS } from '../../../schema/customer.ts';
import { TAG_HINT, tidyTag, tidyText } from '../../../schema/staff-word.ts';
import type { CustomerRecord } from '../../record/customer.ts';
import type { NewEdit } from '../../record/edits.ts';
import { dayFrom } from '../../record/products/cost-sheet.ts';
import type { Form } from '../form.ts';
import { codeName } from './words.ts';

/** The form in which staff say who a person is. Each control stands beside what it held when the form was shown. */
export type EditForm = {
  /** What each control shows, by field of edits. */
  readonly values: Readonly<Record<string, string>>;
  /** Fields that are to be taken back. */
  readonly back: readonly string[];
  readonly newOccasion: string;
  readonly newDay: string;
  readonly until: string;
  readonly reason: string;
  /** What does not fit, by control. */
  readonly faults: Readonly<Record<string, string>>;
};

const CHOICES = ['party', 'relationship', 'owner', 'channel'] as const;

/** The fields that the form of a record has, in their order. */
export function fieldsOf(record: CustomerRecord): readonly string[] {
  const own = record.customFields.filter(({ isArchived }) => !isArchived).map(({ key }) => `x:${key}`);
  const occasions = record.said.map(({ field }) => field).filter((field) => field.startsWith('occasion:'));
  return [...PROFILE_FIELDS, ...own, ...CHOICES, ...occasions];
}

const wordOn = (record: CustomerRecord, field: string): string =>
  record.said.find((word) => word.field === field)?.value ?? '';

/** What the control of a field shows, and held before anybody typed: what stands for the person, a code by its name. */
export function shownOf(record: CustomerRecord, field: string): string {
  const value = record.profile[field]?.value ?? wordOn(record, field);
  return codeName(field, value) ?? value;
}

/** The form as it is first shown. */
export const blankEdit = (record: CustomerRecord): EditForm => ({
  values: Object.fromEntries(fieldsOf(record).map((field) => [field, shownOf(record, field)])),
  back: [],
  newOccasion: '',
  newDay: '',
  until: '',
  reason: '',
  faults: {},
});

/** Name of the hidden control that keeps what another held. */
export const wasOf = (field: string): string => `was:${field}`;
/** Name of the box that takes a field back. */
export const backOf = (field: string): string => `back:${field}`;

const MAX_REASON = 500;

type Read = { readonly form: EditForm; readonly edits: readonly NewEdit[] };

/**
 * Reads what was posted. Only what was changed in the form is said, so that two people who have the same record open write over
 * nothing of each other's but what both have changed. A control that was emptied takes back what staff said.
 */
export function readEdit(posted: Form, record: CustomerRecord, now: number): Read {
  const faults: Record<string, string> = {};
  const until = posted.text('until').trim();
  const untilAt = until === '' ? null : dayFrom(until);
  if (until !== '' && (untilAt === null || untilAt <= now)) faults.until = 'Write a day to come, like 2027-01-31.';
  const fields = fieldsOf(record);
  const edits = fields.flatMap((field): NewEdit[] => {
    const value = tidyText(posted.text(field));
    if (posted.text(backOf(field)) !== '') return [{ field, value: null }];
    if (value === posted.text(wasOf(field))) return [];
    return [value === '' ? { field, value: null } : { field, value, untilAt }];
  });
  const [newOccasion, newDay] = [posted.text('new-occasion').trim(), posted.text('new-day').trim()];
  const what = tidyTag(newOccasion);
  if (newOccasion !== '' || newDay !== '') {
    if (what === null) faults['new-occasion'] = newOccasion === '' ? 'Say what the occasion is.' : `${TAG_HINT}.`;
    if (newDay === '') faults['new-day'] = 'Write its day.';
    if (what !== null && newDay !== '') edits.push({ field: `occasion:${what}`, value: newDay, untilAt });
  }
  const form: EditForm = {
    values: Object.fromEntries(fields.map((field) => [field, posted.text(field)])),
    back: fields.filter((field) => posted.text(backOf(field)) !== ''),
    newOccasion,
    newDay,
    until,
    reason: posted.text('reason').trim().slice(0, MAX_REASON),
    faults,
  };
  return { form, edits };
}

/** The fault of each control, from what does not fit. */
export const faultsOf = (
  misfits: readonly { readonly field: string; readonly message: string }[],
  form: EditForm,
): Record<string, string> =>
  Object.fromEntries(
    misfits.map(({ field, message }) => {
      const isNew = field.startsWith('occasion:') && !Object.hasOwn(form.values, field);
      // Its name was looked over when the form was read: what is left is the day.
      return [isNew ? 'new-day' : field, `This ${message}.`];
    }),
  );

/** The definition of a business's own field, by its field of edits. */
export const customOf = (record: CustomerRecord, field: string): CustomField | undefined =>
  record.customFields.find(({ key }) => `x:${key}` === field);
