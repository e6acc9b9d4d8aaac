import { decimalOf, isYenOrYuan, readAmount } from '../../../schema/imports/amounts.ts';
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

/** Amounts that are looked at for a currency. */
const AMOUNTS = 2000;
/** Characters that Chinese is written with and Japanese is not. */
const SIMPLIFIED = /[单订户编间时额价总计称货币电话备评邮产实]/;
const KANA = /[\u3041-\u30ff]/;

/** Whose `¥` a file writes, by its encoding and the names of its columns; null when they do not say. */
function yenOrYuan({ reading, header }: Opened): 'JPY' | 'CNY' | null {
  const names = header.join(' ');
  if (reading.encoding === 'gb18030' || SIMPLIFIED.test(names)) return 'CNY';
  return reading.encoding === 'shift_jis' || KANA.test(names) ? 'JPY' : null;
}

/** The currency that the first amounts name, if they name one. One `¥` that can only be yuan makes all of them yuan. */
function currencyIn(opened: Opened, columns: ImportColumns): string | null {
  let looked = 0;
  let first: string | null = null;
  for (const value of amountsOf(opened, columns)) {
    const read = readAmount(value, '.');
    const [code] = 'decimal' in read ? read.currencies : [];
    if ('decimal' in read && code !== undefined) {
      if (!isYenOrYuan(read.currencies)) return first ?? code;
      const said = yenOrYuan(opened);
      if (said !== null || code === 'CNY') return said ?? code;
      first ??= code;
    }
    if (++looked > AMOUNTS) break;
  }
  return first;
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
