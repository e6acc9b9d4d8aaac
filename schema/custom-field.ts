/** A field that the business keeps of people beside what every business does: "Shoe size", "Account number". */
export const FIELD_KINDS = ['text', 'number', 'date', 'choice', 'yes_no'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export type CustomField = {
  /** What programs call it, and what it is called in edits and profiles after `x:`. */
  readonly key: string;
  /** What people call it. */
  readonly label: string;
  readonly kind: FieldKind;
  /** For a field of kind `choice`. */
  readonly choices: readonly string[];
  /** Not asked for any more; what is held in it stays. */
  readonly isArchived: boolean;
  /** What sources call it: traits of people, questions of forms, columns of files. Empty: only staff fill it in. */
  readonly filledFrom: readonly string[];
};

/** Keys of custom fields. */
export const FIELD_KEY = /^[a-z][a-z0-9_]{0,39}$/;

/** Most names one field is filled from, and their length: a question of a form is a sentence. */
export const MOST_NAMES = 20;
export const MAX_NAME = 100;

/** `Shirt size`, `shirt_size` and `shirtSize` are one name. Empty where nothing of it is a letter or digit. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');

/** A key made of a label: `Shoe size (EU)` becomes `shoe_size_eu`. Empty where nothing of it can be kept. */
export const keyOfLabel = (label: string): string =>
  label
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
