import { nameScore } from './names.ts';
import { IMPORT_FIELDS, type ImportColumns, type ImportField, type ImportKind } from './plan.ts';
import { commonShape, type Shape, shapeOf } from './shapes.ts';
import { TELLING } from './words.ts';

/** Which column is what, guessed by its name and by what stands in it. People look at the guess before anything is written. */

/** Rows that are looked at. */
const LOOKED_AT = 200;
const VALUES = 9;
/** What an exact name is worth above all else: less where the cells are odd, so that of two such columns the better one wins. */
const NAMED = 20;
const NAMED_ODDLY = 10;
/** A guess on less than this is none. */
const ENOUGH = 4;

/** The shape that most of a column has; `empty` for a column of nothing. */
const columnShape = (rows: readonly (readonly string[])[], index: number): Shape =>
  commonShape<Shape>(rows.map((row) => shapeOf(row[index] ?? ''))) ?? 'words';

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
  const { score, isExact } = nameScore(field, header);
  const fits = FITTING[field]?.includes(shape) ?? true;
  // Whatever stands in a column called "Date", its dates are wanted: a cell that is none is refused with its row.
  if (isExact) return score + (fits ? NAMED : NAMED_ODDLY);
  // A column called "Total in words" that holds words is no total.
  if (!fits) return 0;
  const isEvident = (field === 'email' || field === 'phone' || field === 'date') && shape === field;
  return score + (isEvident ? VALUES - score / 2 : 0);
}

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
  const hasDate =
    header.some((name) => nameScore('date', name).isExact) ||
    header.some((_, index) => columnShape(rows.slice(0, LOOKED_AT), index) === 'date');
  if (orders >= touchpoints && (orders >= 2 || (orders === 1 && hasDate))) return 'orders';
  return touchpoints >= 1 && hasDate ? 'touchpoints' : 'customers';
}

/** Fields that a file is of little use without, and what may stand in for each. */
const WANTED: readonly (readonly [field: ImportField, instead: readonly ImportField[]])[] = [
  ['email', []],
  ['date', []],
  ['total', ['amount', 'price']],
];

/** Columns whose name says e-mail, date or total, though nothing is taken for that: the field each of them names. */
export function overlookedIn(
  kind: ImportKind,
  header: readonly string[],
  columns: ImportColumns,
): readonly { readonly index: number; readonly field: ImportField }[] {
  const allowed: readonly ImportField[] = IMPORT_FIELDS[kind];
  const used = new Set(Object.values(columns));
  return WANTED.filter(
    ([field, instead]) => allowed.includes(field) && [field, ...instead].every((one) => columns[one] === undefined),
  ).flatMap(([field]) =>
    header.flatMap((name, index) => (!used.has(index) && nameScore(field, name).score > 0 ? [{ index, field }] : [])),
  );
}
