import { readAmount } from './amounts.ts';
import { looksLikeDate } from './dates.ts';
import { IMPORT_FIELDS, type ImportColumns, type ImportField, type ImportKind } from './plan.ts';
import { HEADER_WORDS, TELLING } from './words.ts';

/** Which column is what, guessed by its name and by what stands in it. People look at the guess before anything is written. */

/** Rows that are looked at. */
const LOOKED_AT = 200;
const EXACT = 10;
const PART = 4;
const VALUES = 9;
/** A guess on less than this is none. */
const ENOUGH = 4;

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
const words = new Map<ImportField, readonly string[]>();
for (const [field, text] of Object.entries(HEADER_WORDS))
  words.set(field as ImportField, text.normalize('NFKC').split(' '));

function nameScore(field: ImportField, header: string): number {
  const name = bare(header);
  if (name === '') return 0;
  const known = words.get(field) ?? [];
  const at = known.indexOf(name);
  // What stands first in the list is the plainest name.
  if (at >= 0) return EXACT - at / 100;
  const part = known.find((word) => word.length >= 4 && name.includes(word));
  return part ? PART + part.length / 10 : 0;
}

type Shape = 'email' | 'date' | 'phone' | 'number' | 'words' | 'empty';

function shapeOf(value: string): Shape {
  const text = value.trim();
  if (text === '') return 'empty';
  if (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text)) return 'email';
  if (/^\+\d[\d ()-]{7,}$/.test(text)) return 'phone';
  if (looksLikeDate(text)) return 'date';
  return 'decimal' in readAmount(text, '.') ? 'number' : 'words';
}

/** The shape that most of a column has; `empty` for a column of nothing. */
function columnShape(rows: readonly (readonly string[])[], index: number): Shape {
  const counts = new Map<Shape, number>();
  for (const row of rows) {
    const shape = shapeOf(row[index] ?? '');
    if (shape !== 'empty') counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best && best[1] > total * 0.7 ? best[0] : total === 0 ? 'empty' : 'words';
}

const FITTING: Readonly<Partial<Record<ImportField, readonly Shape[]>>> = {
  email: ['email', 'empty'],
  phone: ['phone', 'number', 'date', 'words', 'empty'],
  date: ['date', 'number', 'empty'],
  quantity: ['number', 'empty'],
  price: ['number', 'empty'],
  amount: ['number', 'empty'],
  total: ['number', 'empty'],
  score: ['number', 'empty'],
};

function scoreOf(field: ImportField, header: string, shape: Shape): number {
  const named = nameScore(field, header);
  const fitting = FITTING[field];
  // A column called "Total" that holds words is not one.
  if (fitting && !fitting.includes(shape)) return 0;
  const isEvident = (field === 'email' || field === 'phone' || field === 'date') && shape === field;
  return named + (isEvident ? VALUES - named / 2 : 0);
}

/** True when the first row names the columns: it holds no address, no date and no number. */
export const hasHeader = (rows: readonly (readonly string[])[]): boolean =>
  (rows[0] ?? []).every((cell) => ['words', 'empty'].includes(shapeOf(cell)));

/** Maps each field to at most one column and each column to at most one field, the surest first. */
export function guessColumns(
  kind: ImportKind,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): ImportColumns {
  const sample = rows.slice(0, LOOKED_AT);
  const shapes = header.map((_, index) => columnShape(sample, index));
  const candidates = IMPORT_FIELDS[kind]
    .flatMap((field: ImportField) =>
      header.map((name, index) => ({ field, index, score: scoreOf(field, name, shapes[index] ?? 'empty') })),
    )
    .filter(({ score }) => score >= ENOUGH)
    .sort((a, b) => b.score - a.score || a.index - b.index);
  const columns: { [Field in ImportField]?: number } = {};
  const taken = new Set<number>();
  for (const { field, index } of candidates) {
    if (columns[field] !== undefined || taken.has(index)) continue;
    columns[field] = index;
    taken.add(index);
  }
  return columns;
}

/** What a file most likely holds, by the names of its columns and by what is in them. */
export function guessKind(header: readonly string[], rows: readonly (readonly string[])[]): ImportKind {
  const count = (kind: ImportKind): number => {
    const columns = guessColumns(kind, header, rows);
    return TELLING[kind].filter((field) => columns[field] !== undefined).length;
  };
  const [orders, touchpoints] = [count('orders'), count('touchpoints')];
  const shapes = header.map((_, index) => columnShape(rows.slice(0, LOOKED_AT), index));
  if (orders >= touchpoints && (orders >= 2 || (orders === 1 && shapes.includes('date')))) return 'orders';
  return touchpoints >= 1 && shapes.includes('date') ? 'touchpoints' : 'customers';
}
