import { type CustomField, plainName } from './custom-field.ts';
import { readDate } from './imports/dates.ts';
import { type Checked, checkField } from './staff-word.ts';
import type { Json } from './touchpoint.ts';

/** What sources tell of people beside what every business keeps, as the fields of the business take it. */

/** Under which names of its `data` a touchpoint tells something of its person: traits, answers to a form, columns of a file. */
export const TELLING = ['traits', 'fields', 'columns'] as const;

const YES: readonly string[] = ['yes', 'true', '1', 'on', 'y'];
const NO: readonly string[] = ['no', 'false', '0', 'off', 'n'];

const texts = (value: Json | undefined): string | null => {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

/** A day as machines and people write it, where it can be read in one way only. */
function dayOf(text: string): string {
  const iso = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(text)?.[1];
  if (iso !== undefined) return iso;
  const read = readDate(text, null, 'UTC');
  return 'at' in read ? new Date(read.at).toISOString().slice(0, 10) : text;
}

/** The way of writing that a field has for what was told. */
function written({ kind, choices }: CustomField, text: string): string {
  if (kind === 'choice') return choices.find((choice) => plainName(choice) === plainName(text)) ?? text;
  if (kind === 'date') return dayOf(text);
  if (kind !== 'yes_no') return text;
  const word = text.toLowerCase();
  return YES.includes(word) ? 'yes' : NO.includes(word) ? 'no' : text;
}

/** Whether what a source told fits a field, and as what it is kept. Null for what says nothing: an empty text, a list, an object. */
export function toldValue(field: CustomField, value: Json | undefined): Checked | null {
  const text = texts(value);
  return text === null ? null : checkField(field, written(field, text));
}

/** What a touchpoint tells, by plain name. Of several values of one name the first. */
export type Told = ReadonlyMap<string, Json>;

/** What the parts of a touchpoint's data that tell something say together. */
export function toldIn(parts: readonly Json[]): Told {
  const told = new Map<string, Json>();
  for (const part of parts) {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) continue;
    for (const [name, value] of Object.entries(part)) {
      const plain = plainName(name);
      if (plain !== '' && !told.has(plain)) told.set(plain, value);
    }
  }
  return told;
}

/** The value a touchpoint has for a field: of the names it is filled from the first whose value fits; else why none does. */
export function valueFor(field: CustomField, told: Told): Checked | null {
  const checked = field.filledFrom.flatMap((name) => toldValue(field, told.get(plainName(name))) ?? []);
  return checked.find(({ ok }) => ok) ?? checked[0] ?? null;
}
