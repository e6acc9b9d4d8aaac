/**
 * CSV as RFC 4180 has it, with cells that no spreadsheet takes for a formula. A text that begins with one of the marks below,
 * or has one after what may part cells where another separator is usual, gets an apostrophe in front of it; reading a file
 * takes exactly that one away again, so that what went out comes back as it was.
 * Source of the marks: OWASP, "CSV Injection"; the full-width ones are read as formulas by East Asian spreadsheets.
 */
const MARKS = '=+\\-@\uff1d\uff0b\uff0d\uff20';
// What moves to another cell or line is dangerous at the start alone.
const AT_START = `(?=[${MARKS}\\t\\r\\n])`;
const AFTER = `(?=[${MARKS}])`;
const START = new RegExp(`^( *'*)${AT_START}`);
const PARTED = new RegExp(`([,;|\\t\\r\\n"] *'*)${AFTER}`, 'g');
const GUARDED_START = new RegExp(`^( *'*)'${AT_START}`);
const GUARDED_PARTED = new RegExp(`([,;|\\t\\r\\n"] *'*)'${AFTER}`, 'g');

/** A text that opens as text. */
export const inert = (text: string): string => text.replace(PARTED, "$1'").replace(START, "$1'");

/** The text as it was before `inert`. */
export const uninert = (text: string): string =>
  text.includes("'") ? text.replace(GUARDED_START, '$1').replace(GUARDED_PARTED, '$1') : text;

/** What a cell may hold; `decimal` is a number written out by us. */
export type Cell = string | number | null | { readonly decimal: string };

/** A cell: numbers stay numbers, nothing stays empty, texts are made inert and quoted where they must be. */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return value.decimal;
  const text = inert(value);
  return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line with its end. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** What makes Excel read a file as UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff';
