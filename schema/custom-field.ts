/** A field that the business keeps of people beside what every business does: "Shoe size", "Account number". */
export const FIELD_KINDS = ['text', 'number', 'date', 'choice', 'yes_no'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export type CustomField = {
  /** What programs call it, and what it is called in edits after `x:`. */
  readonly key: string;
  /** What people call it. */
  readonly label: string;
  readonly kind: FieldKind;
  /** For a field of kind `choice`. */
  readonly choices: readonly string[];
  /** Not asked for any more; what is held in it stays. */
  readonly isArchived: boolean;
};

/** Keys of custom fields. */
export const FIELD_KEY = /^[a-z][a-z0-9_]{0,39}$/;

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
