import { contentOf, type ImportPlan, type ImportRow, MAX_IMPORT_ROWS } from '../../../schema/imports/plan.ts';
import type { TableRow } from './table.ts';

/** Longer cells are cut: no field keeps as much. */
const LONGEST_CELL = 20_000;
/** Characters of one request. */
const REQUEST_CHARACTERS = 500_000;
const SLICE = 5000;

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const cut = (cell: string): string => (cell.length > LONGEST_CELL ? cell.slice(0, LONGEST_CELL).toWellFormed() : cell);

/** What has to come together: the id of a row's order; null for a row that stands alone. */
const groupOf = ({ kind, columns }: ImportPlan, cells: readonly string[]): string | null => {
  const id = kind === 'orders' && columns.orderId !== undefined ? (cells[columns.orderId] ?? '').trim() : '';
  return id === '' ? null : id;
};

/**
 * The rows of a file as they are sent: those of one order together at the place of its first, each with the number of equal
 * rows before it. The same file and plan always give the same list, so that an import can be gone on with.
 */
export async function rowsToSend(plan: ImportPlan, table: readonly TableRow[]): Promise<ImportRow[][]> {
  const groups: ImportRow[][] = [];
  const byOrder = new Map<string, ImportRow[]>();
  const copies = new Map<string, number>();
  for (const [index, { line, cells }] of table.entries()) {
    if (index % SLICE === SLICE - 1) await breath();
    const content = contentOf(plan, cells);
    const copy = copies.get(content) ?? 0;
    copies.set(content, copy + 1);
    const row: ImportRow = { line, cells: cells.map(cut), ...(copy > 0 && { copy }) };
    const order = groupOf(plan, cells);
    const group = order === null ? undefined : byOrder.get(order);
    if (group) {
      group.push(row);
      continue;
    }
    const begun = [row];
    groups.push(begun);
    if (order !== null) byOrder.set(order, begun);
  }
  return groups;
}

/**
 * What has to be looked at to know the first `most` rows as they are sent: the first of the file, and later ones that belong to
 * an order among them.
 */
export async function firstOf(plan: ImportPlan, table: readonly TableRow[], most: number): Promise<TableRow[]> {
  const first = table.slice(0, most);
  const orders = new Set(first.map(({ cells }) => groupOf(plan, cells)));
  orders.delete(null);
  if (orders.size === 0) return first;
  for (let at = most; at < table.length; at++) {
    if (at % SLICE === 0) await breath();
    const row = table[at];
    const order = row ? groupOf(plan, row.cells) : null;
    if (row && order !== null && orders.has(order)) first.push(row);
  }
  return first;
}

const sizeOf = (row: ImportRow): number => row.cells.reduce((sum, cell) => sum + cell.length + 4, 20);

/** The requests of an import, from the row where it is: as many whole orders each as fit. */
export function* requestsOf(groups: readonly (readonly ImportRow[])[], from: number): Generator<ImportRow[]> {
  let skipped = 0;
  let request: ImportRow[] = [];
  let size = 0;
  for (const group of groups) {
    const rest = group.slice(Math.max(0, from - skipped));
    skipped += group.length;
    const weight = rest.reduce((sum, row) => sum + sizeOf(row), 0);
    if (request.length > 0 && (request.length + rest.length > MAX_IMPORT_ROWS || size + weight > REQUEST_CHARACTERS)) {
      yield request;
      request = [];
      size = 0;
    }
    request.push(...rest);
    size += weight;
    // An order of more rows than a request takes goes in parts; the worker says so of the later ones.
    for (; request.length > MAX_IMPORT_ROWS; size = 0) yield request.splice(0, MAX_IMPORT_ROWS);
  }
  if (request.length > 0) yield request;
}
