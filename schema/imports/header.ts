import { isFieldName } from './names.ts';
import { commonShape, type Shape, shapeOf } from './shapes.ts';

/** Whether the first row of a file names its columns. */
type Row = readonly string[];
/** Numbers with letters beside them (`SKU1`, `Q4 2025`, `12 EUR`) and years are told from other numbers: headers hold them. */
type Look = Shape | 'labelled' | 'year';

function lookOf(cell: string): Look {
  const shape = shapeOf(cell);
  if (shape !== 'number') return shape;
  if (/^\s*(19|20)\d\d\s*$/.test(cell)) return 'year';
  return /\p{L}/u.test(cell) ? 'labelled' : 'number';
}

/** Looks that a cell of a header can have. */
const MAY_NAME: readonly Look[] = ['words', 'labelled', 'year'];

/** What one column says: 1 for a header, -1 for data from the first row on, 0 for nothing. */
function voteOf(first: Look, below: Look | null): number {
  if (first === 'empty' || below === 'empty' || below === null) return 0;
  if (first === below) return first === 'words' ? 0 : -1;
  // A year above numbers is one of them as well as it is a name.
  return first === 'words' || first === 'labelled' ? 1 : 0;
}

/**
 * True when the first row names the columns: it holds words alone, or two names of fields, or its cells look other than those
 * below. A number in a name (`2025`, `SKU1`) makes it no row of data; an address of somebody does.
 */
export function hasHeader([first = [], ...rest]: readonly Row[]): boolean {
  const looks = first.map(lookOf);
  if (looks.every((look) => look === 'words' || look === 'empty')) return true;
  if (looks.includes('email') || looks.includes('phone')) return false;
  const named = first.filter(isFieldName).length;
  if (named >= 2) return true;
  const votes = looks.reduce(
    (sum, look, index) => sum + voteOf(look, commonShape(rest.map((row) => lookOf(row[index] ?? '')))),
    0,
  );
  const mayName = looks.every((look) => look === 'empty' || MAY_NAME.includes(look));
  return votes > 0 || (votes === 0 && named > 0 && mayName);
}
