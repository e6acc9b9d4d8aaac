import Papa from 'papaparse';
import { csvLine, uninert } from '../../../schema/imports/csv.ts';
import { type Money, minorDigits, moneyFromMajor } from '../../../schema/money.ts';
import { type CostEntry, productsOf, saveCosts } from './costs.ts';
import { listProducts, type Product } from './products.ts';

/** Costs of goods as a sheet: `sku,title,cost,currency,from`. What is downloaded can be filled in and given back. */

const COLUMNS = ['sku', 'title', 'cost', 'currency', 'from', 'units', 'revenue'] as const;
/** More lines than this are no price list of a shop; give them in parts. */
export const MAX_LINES = 5000;

export type LineFault = { readonly line: number; readonly message: string };
export type Imported = { readonly saved: number; readonly faults: readonly LineFault[] };

type Entry = { line: number; sku: string; title: string; money: Money; validFrom: number };
type Read = { readonly entry: Entry } | { readonly fault: LineFault };

const decimal = ({ amountMinor, currency }: Money): string => {
  const digits = minorDigits(currency);
  return (amountMinor / 10 ** digits).toFixed(digits);
};

/** A day as `2026-11-22`, at its beginning in UTC; null for none. */
export function dayFrom(text: string): number | null {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 31 February reads as March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : null;
}

function readLine(cells: Readonly<Record<string, string>>, line: number, today: number, currency: string): Read[] {
  const cell = (name: string): string => uninert((cells[name] ?? '').trim());
  const fault = (message: string): Read[] => [{ fault: { line, message } }];
  const [sku, title, cost, from] = [cell('sku'), cell('title'), cell('cost'), cell('from')];
  // A downloaded sheet that was filled in halfway: the rest of it says nothing.
  if (cost === '') return [];
  if (sku === '' && title === '')
    return fault('There is no SKU and no title, so it is not clear which product is meant.');
  const money = moneyFromMajor(
    /^\d+,\d{1,2}$/.test(cost) ? cost.replace(',', '.') : cost,
    cell('currency') || currency,
  );
  if (!money || money.amountMinor < 0)
    return fault(`“${cost} ${cell('currency')}” is not an amount such as 12.50 with a currency such as EUR.`);
  const validFrom = from === '' ? today : dayFrom(from);
  if (validFrom === null) return fault(`“${from}” is not a day such as 2026-11-22.`);
  return [{ entry: { line, sku, title, money, validFrom } }];
}

/** Reads a sheet. Without a line of headings the columns are sku, cost, currency and from. */
function readSheet(text: string, today: number, currency: string): { entries: Entry[]; faults: LineFault[] } {
  const { data } = Papa.parse<string[]>(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'), { skipEmptyLines: false });
  const first = (data[0] ?? []).map((cell) => cell.trim().toLowerCase());
  const hasHead = first.includes('cost');
  const names = hasHead ? first : ['sku', 'cost', 'currency', 'from'];
  const read = data.flatMap((cells, index) => {
    if ((index === 0 && hasHead) || cells.every((cell) => cell.trim() === '')) return [];
    return readLine(Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])), index + 1, today, currency);
  });
  const faults = read.flatMap((one) => ('fault' in one ? [one.fault] : []));
  if (read.length > MAX_LINES)
    return {
      entries: [],
      faults: [{ line: 1, message: `Give at most ${MAX_LINES} lines at once; these are ${read.length}.` }],
    };
  return { entries: read.flatMap((one) => ('entry' in one ? [one.entry] : [])), faults };
}

/** Saves the costs of a sheet. Lines that fit are saved, the others named with what is wrong; giving it twice changes nothing. */
export async function importSheet(db: D1Database, text: string, today: number, currency: string): Promise<Imported> {
  const { entries, faults } = readSheet(text, today, currency);
  const products = await productsOf(db, entries);
  const known: CostEntry[] = [];
  const unknown: LineFault[] = [];
  for (const [index, { line, sku, title, money, validFrom }] of entries.entries()) {
    const product = products[index] ?? null;
    if (product === null) unknown.push({ line, message: `No order has named a product “${sku || title}” yet.` });
    else known.push({ product, validFrom, ...money });
  }
  if (known.length > 0) await saveCosts(db, known);
  return { saved: known.length, faults: [...faults, ...unknown].sort((a, b) => a.line - b.line) };
}

const rowOf = ({ sku, title, cost, units, revenue }: Product): string[] => [
  sku ?? '',
  title,
  cost ? decimal(cost) : '',
  cost?.currency ?? '',
  cost ? new Date(cost.validFrom).toISOString().slice(0, 10) : '',
  String(units),
  revenue.map((money) => `${decimal(money)} ${money.currency}`).join(' + '),
];

/** Every product as a sheet. */
export async function writeSheet(db: D1Database, at: number): Promise<string> {
  const products = await listProducts(db, { q: '', isWithoutCost: false, at, limit: 100_000, offset: 0 });
  return [COLUMNS, ...products.map(rowOf)].map(csvLine).join('');
}
