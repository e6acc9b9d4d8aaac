import { hasHeader as looksLikeHeader } from '../../../schema/imports/header.ts';
import { columnName, type FileReading } from '../../../schema/imports/plan.ts';
import { importsOf, type Listed } from './api.ts';
import { guessEncoding } from './encoding.ts';
import { guessDelimiter, headOf, readTable, type TableRow } from './table.ts';

/** A file that somebody chose, read into rows. */
export type Opened = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly fingerprint: string;
  readonly reading: FileReading;
  readonly header: readonly string[];
  /** Its rows without the header. */
  readonly rows: readonly TableRow[];
  /** What keeps the rest from being read. */
  readonly fault: string | null;
  readonly earlier: readonly Listed[];
};

/** Larger files fill the memory of a browser. */
const MOST_BYTES = 250 * 1024 * 1024;
const ROWS_LOOKED_AT = 20;

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** How the file is most likely to be read. */
function guessReading(bytes: Uint8Array, encoding = guessEncoding(bytes)): Omit<FileReading, 'hasHeader'> {
  return { encoding, delimiter: guessDelimiter(headOf(bytes, encoding)) };
}

type Tell = (share: number) => boolean;
type Wanted = {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly hasHeader?: boolean | undefined;
};

/** Reads the bytes into rows; what is not wanted in one way is guessed. */
export async function readFile(
  file: Pick<Opened, 'name' | 'bytes' | 'fingerprint' | 'earlier'>,
  wanted: Wanted,
  tell: Tell,
): Promise<Opened> {
  const guessed = guessReading(file.bytes, wanted.encoding);
  const delimiter = wanted.delimiter ?? guessed.delimiter;
  const { rows, fault } = await readTable(file.bytes, guessed.encoding, delimiter, tell);
  const cells = rows.slice(0, ROWS_LOOKED_AT).map((row) => row.cells);
  const hasHeader = wanted.hasHeader ?? looksLikeHeader(cells);
  const width = cells.reduce((most, row) => Math.max(most, row.length), 0);
  const names = hasHeader ? (rows[0]?.cells ?? []) : [];
  return {
    ...file,
    reading: { encoding: guessed.encoding, delimiter, hasHeader },
    header: Array.from({ length: width }, (_, index) => columnName(names, index).slice(0, 200)),
    rows: hasHeader ? rows.slice(1) : rows,
    fault,
  };
}

/** Opens a chosen file. @throws RangeError with what to say when it cannot be used. */
export async function openFile(file: File, tell: Tell): Promise<Opened> {
  if (file.size === 0) throw new RangeError('The file is empty.');
  if (file.size > MOST_BYTES) throw new RangeError('The file is larger than 250 MB. Divide it and bring the parts.');
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw new RangeError('This is a workbook or an archive. Save it as CSV (UTF-8) and choose that file.');
  const fingerprint = hex(await crypto.subtle.digest('SHA-256', bytes));
  const earlier = await importsOf(fingerprint);
  // What was begun is read as it was then: its rows are counted from there.
  const begun = earlier.find(({ finishedAt }) => finishedAt === null) ?? earlier[0];
  return readFile({ name: file.name, bytes, fingerprint, earlier }, begun?.plan.reading ?? {}, tell);
}
