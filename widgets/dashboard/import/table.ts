import Papa from 'papaparse';

/** From bytes to rows, a slice at a time, so that the page stays alive while a large file is read. */
export const DELIMITERS = [
  [',', 'Comma ,'],
  [';', 'Semicolon ;'],
  ['\t', 'Tab'],
  ['|', 'Bar |'],
  [' ', 'Spaces'],
] as const;

/** A row with the line it begins at, counted from 1. */
export type TableRow = { readonly line: number; readonly cells: readonly string[] };
/** `fault` says what keeps the rest of the file from being read. */
export type Table = { readonly rows: readonly TableRow[]; readonly fault: string | null };

/** Bytes that are decoded and parsed in one go: some milliseconds of work. */
const SLICE = 256 * 1024;
/** A field longer than this is a quotation mark that was never closed. */
const LONGEST_FIELD = 1024 * 1024;

type Parsed = { readonly data: readonly string[][]; readonly meta: { readonly cursor: number } };

/** Complete rows at the start of a text, and where they end. The last row counts only when nothing follows. */
function parseRows(text: string, delimiter: string, isLast: boolean): Parsed {
  if (delimiter !== ' ') {
    const parser = new Papa.Parser({ delimiter, newline: '\n' });
    return parser.parse(text, 0, !isLast) as Parsed;
  }
  const end = isLast ? text.length : text.lastIndexOf('\n') + 1;
  const lines = text.slice(0, end).split('\n');
  if (!isLast) lines.pop();
  return { data: lines.map((line) => line.trim().split(/\s+/)), meta: { cursor: end } };
}

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Lines that a row takes up in the file. */
function heightOf(cells: readonly string[]): number {
  let height = 1;
  for (const cell of cells) for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) height++;
  return height;
}

/** Puts decoded pieces together into rows. Line ends of all three kinds become one first: mixed ones would corrupt rows. */
export class TableReader {
  readonly #delimiter: string;
  #rest = '';
  #endsInReturn = false;
  #line = 1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The rows that a piece completes. @throws RangeError for a quotation mark that is never closed. */
  add(piece: string, isLast: boolean): TableRow[] {
    let text = this.#endsInReturn ? `\r${piece}` : piece;
    // What follows may be the other half of the line end.
    this.#endsInReturn = !isLast && text.endsWith('\r');
    if (this.#endsInReturn) text = text.slice(0, -1);
    this.#rest += text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
    const { data, meta } = parseRows(this.#rest, this.#delimiter, isLast);
    this.#rest = isLast ? '' : this.#rest.slice(meta.cursor);
    if (this.#rest.length > LONGEST_FIELD)
      throw new RangeError(
        `A quotation mark in line ${this.#line + data.reduce((sum, row) => sum + heightOf(row), 0)} is never closed.`,
      );
    return data.flatMap((cells) => {
      const line = this.#line;
      this.#line += heightOf(cells);
      return isBlank(cells) ? [] : [{ line, cells }];
    });
  }
}

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Reads a whole file. `tell` hears how much of it is read, 0 to 1, and gives false to stop. */
export async function readTable(
  bytes: Uint8Array,
  encoding: string,
  delimiter: string,
  tell: (share: number) => boolean = () => true,
): Promise<Table> {
  const decoder = new TextDecoder(encoding);
  const reader = new TableReader(delimiter);
  const rows: TableRow[] = [];
  try {
    for (let at = 0; at < bytes.length; at += SLICE) {
      const isLast = at + SLICE >= bytes.length;
      const piece = decoder.decode(bytes.subarray(at, at + SLICE), { stream: !isLast });
      for (const row of reader.add(piece, isLast)) rows.push(row);
      if (!tell(Math.min(1, (at + SLICE) / bytes.length))) break;
      await breath();
    }
  } catch (error) {
    return { rows, fault: error instanceof RangeError ? error.message : 'The file cannot be read in this encoding.' };
  }
  // `sep=;` is a word of Excel to itself.
  const [first] = rows;
  return { rows: first && /^sep=/i.test(first.cells[0] ?? '') ? rows.slice(1) : rows, fault: null };
}

/** The start of a file as text. */
export const headOf = (bytes: Uint8Array, encoding: string): string =>
  new TextDecoder(encoding).decode(bytes.subarray(0, 64 * 1024), { stream: true });

/** The delimiter under which the first rows have the same number of cells, more than one; the widest of several. */
export function guessDelimiter(head: string): string {
  const said = /^sep=(.)/i.exec(head)?.[1];
  if (said) return said;
  let best = { delimiter: ',', score: 0 };
  for (const [delimiter] of DELIMITERS) {
    const rows = new TableReader(delimiter).add(head, false).slice(0, 100);
    const widths = rows.map(({ cells }) => cells.length);
    const counts = new Map<number, number>();
    for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
    const [width = 0, count = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
    const agreed = widths.length > 0 ? count / widths.length : 0;
    // Words are parted by spaces in any file, so that spaces have to agree in every row.
    const isByChance = delimiter === ' ' && (agreed < 1 || width < 3);
    const score = width < 2 || isByChance ? 0 : agreed * 10 + Math.min(width, 50) / 50;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}
