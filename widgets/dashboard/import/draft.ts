import { decimalOf, readAmount } from '../../../schema/imports/amounts.ts';
import { dayOrderOf, type OrderFound } from '../../../schema/imports/dates.ts';
import { guessColumns, guessKind } from '../../../schema/imports/guess.ts';
import type {
  DayOrder,
  DecimalMark,
  ImportColumns,
  ImportField,
  ImportKind,
  ImportPlan,
} from '../../../schema/imports/plan.ts';
import type { Listed } from './api.ts';
import type { Opened } from './opened.ts';

/** What somebody has chosen so far. Null where the file is left to decide. */
export type Draft = {
  readonly kind: ImportKind;
  readonly columns: ImportColumns;
  readonly dayOrder: DayOrder | null;
  readonly zone: string;
  readonly decimal: DecimalMark | null;
  readonly currency: string | null;
  readonly country: string | null;
  readonly contact: string | null;
  readonly channel: string | null;
  /** Public id of the source its ids belong to; null for one of its own. */
  readonly sourceId: string | null;
};

const cellsOf = (opened: Opened): readonly (readonly string[])[] => opened.rows.slice(0, 200).map(({ cells }) => cells);

function* valuesOf({ rows }: Opened, index: number | undefined): Generator<string> {
  if (index !== undefined) for (const { cells } of rows) yield cells[index] ?? '';
}

const MONEY: readonly ImportField[] = ['price', 'amount', 'total'];

function* amountsOf(opened: Opened, columns: ImportColumns): Generator<string> {
  for (const field of MONEY) yield* valuesOf(opened, columns[field]);
}

/** The currency that the first amounts name, if they name one. */
function currencyIn(opened: Opened, columns: ImportColumns): string | null {
  let looked = 0;
  for (const value of amountsOf(opened, columns)) {
    const read = readAmount(value, '.');
    if ('decimal' in read && read.currencies[0]) return read.currencies[0];
    if (++looked > 50) break;
  }
  return null;
}

/** Kind and columns as the file suggests them; as they were when the same file was brought before. */
export function draftOf(opened: Opened): Draft {
  const [before] = opened.earlier;
  if (before && before.plan.header.length === opened.header.length)
    return { ...before.plan, sourceId: before.sourceId };
  const names = opened.reading.hasHeader ? opened.header : opened.header.map(() => '');
  const kind = guessKind(names, cellsOf(opened));
  const columns = guessColumns(kind, names, cellsOf(opened));
  return {
    kind,
    columns,
    dayOrder: null,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    decimal: null,
    currency: currencyIn(opened, columns),
    country: null,
    contact: null,
    channel: null,
    sourceId: null,
  };
}

/** The same file as another kind: its columns are guessed anew. */
export const withKind = (opened: Opened, draft: Draft, kind: ImportKind): Draft => ({
  ...draft,
  kind,
  columns: guessColumns(kind, opened.reading.hasHeader ? opened.header : opened.header.map(() => ''), cellsOf(opened)),
});

/** Makes a column mean a field, or nothing. A field is one column, so that it leaves the one it was. */
export function withColumn(draft: Draft, index: number, field: ImportField | null): Draft {
  const rest = Object.entries(draft.columns).filter(([name, at]) => at !== index && name !== field);
  const columns: ImportColumns = Object.fromEntries(field === null ? rest : [...rest, [field, index]]);
  return { ...draft, columns };
}

/** What the columns say of dates and amounts, over all rows. */
export type Found = { readonly dayOrder: OrderFound; readonly decimal: DecimalMark | null | 'ambiguous' };
export const findIn = (opened: Opened, columns: ImportColumns): Found => ({
  dayOrder: dayOrderOf(valuesOf(opened, columns.date)),
  decimal: decimalOf(amountsOf(opened, columns)),
});

/** The plan that the worker is given: what was chosen, else what was found. */
export function planOf(opened: Opened, draft: Draft, found: Found): ImportPlan {
  const { sourceId: _source, ...chosen } = draft;
  const order = found.dayOrder === 'dmy' || found.dayOrder === 'mdy' ? found.dayOrder : null;
  return {
    kind: chosen.kind,
    header: opened.header,
    columns: chosen.columns,
    dayOrder: chosen.dayOrder ?? order,
    zone: chosen.zone,
    decimal: chosen.decimal ?? (found.decimal === 'ambiguous' ? null : found.decimal),
    currency: chosen.currency,
    country: chosen.country,
    contact: chosen.contact,
    channel: chosen.channel,
    reading: opened.reading,
  };
}

/** The unfinished import of this file, if there is one. */
export const unfinishedOf = (opened: Opened): Listed | null =>
  opened.earlier.find(({ finishedAt, rowsTotal }) => finishedAt === null && rowsTotal === opened.rows.length) ?? null;
