import { countryCodeOf, languageTagOf } from './code-names.ts';
import type { CustomField } from './custom-field.ts';
import { PROFILE_FIELDS } from './customer.ts';
import { isOccasionDay } from './occasion.ts';
import { PARTIES, RELATIONSHIPS, WISH_CHANNELS } from './vocabulary.ts';

/**
 * What staff can say of a person, field by field, and what fits each. A field is `name` and the other fields of the profile,
 * `party`, `relationship`, `owner`, `channel`, `tag:<tag>`, `occasion:<what>` or `x:<key of a custom field>`.
 */
export type Checked = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

const ok = (value: string): Checked => ({ ok: true, value });
const no = (message: string): Checked => ({ ok: false, message });

const MAX_TEXT = 200;
const MAX_NAME = 40;

/** As it is kept: composed, one space between words, nothing that cannot be seen. */
export const tidyText = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** A tag or the name of an occasion as it is kept: small letters, so that `VIP` and `vip` are one. Null for what is none. */
export function tidyTag(text: string): string | null {
  const tag = tidyText(text).toLowerCase();
  return tag.length <= MAX_NAME && /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._&+/-]*$/u.test(tag) ? tag : null;
}
export const TAG_HINT = `Up to ${MAX_NAME} letters, digits and spaces`;

function checkText(value: string): Checked {
  const text = tidyText(value);
  if (text === '') return no('is empty; send null to take it back');
  return text.length <= MAX_TEXT ? ok(text) : no(`is longer than ${MAX_TEXT} characters`);
}

function checkLanguage(value: string): Checked {
  const tag = languageTagOf(tidyText(value));
  return tag ? ok(tag) : no('is no language we know; write its name, such as Polish or polski, or its tag, such as pl');
}

/** A country is kept by its code, whoever wrote its name, so that one question finds all who live there. */
function checkCountry(value: string): Checked {
  const code = countryCodeOf(tidyText(value));
  return code ? ok(code) : no('is no country we know; write its name, such as Portugal, or its code, such as PT');
}

const oneOf = (words: readonly string[], value: string): Checked =>
  words.includes(value) ? ok(value) : no(`is none of ${words.join(', ')}`);

const isDay = (value: string): boolean => /^\d{4}-/.test(value) && isOccasionDay(value);

function checkCustom(key: string, value: string, fields: readonly CustomField[]): Checked {
  const field = fields.find((candidate) => candidate.key === key);
  return field && !field.isArchived ? checkField(field, value) : no('is no field of yours; define it first');
}

/** Whether a value fits one of the business's own fields, and as what it is kept. */
export function checkField(field: CustomField, value: string): Checked {
  if (field.kind === 'choice') return oneOf(field.choices, tidyText(value));
  if (field.kind === 'yes_no') return oneOf(['yes', 'no'], value);
  if (field.kind === 'date') return isDay(value) ? ok(value) : no('is no day; write it like 2026-11-22');
  if (field.kind === 'text') return checkText(value);
  const number = Number(value.trim().replace(',', '.'));
  return value.trim() !== '' && Number.isFinite(number) ? ok(String(number)) : no('is no number; write it like 12.5');
}

const named = (name: string): boolean => tidyTag(name) === name;

/** Whether a value fits a field, and as what it is kept. Whether an owner exists is for the record to say. */
export function checkWord(field: string, value: string, fields: readonly CustomField[]): Checked {
  const [kind = '', ...rest] = field.split(':');
  const name = rest.join(':');
  if (kind === 'x') return checkCustom(name, value, fields);
  if (kind === 'tag') return named(name) ? ok('1') : no(`is no tag: ${TAG_HINT.toLowerCase()}`);
  if (kind === 'occasion') {
    if (!named(name)) return no(`is no name of an occasion: ${TAG_HINT.toLowerCase()}`);
    return isOccasionDay(value) ? ok(value) : no('is no day; write it like 03-14, or 1980-03-14 with its year');
  }
  if (field === 'language') return checkLanguage(value);
  if (field === 'country') return checkCountry(value);
  if (field === 'party') return oneOf(PARTIES, value);
  if (field === 'relationship') return oneOf(RELATIONSHIPS, value);
  if (field === 'channel') return oneOf(WISH_CHANNELS, value);
  if (field === 'owner' || PROFILE_FIELDS.some((known) => known === field)) return checkText(value);
  return no('is nothing that can be said here');
}
