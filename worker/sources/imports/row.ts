import { currenciesIn, readAmount } from '../../../schema/imports/amounts.ts';
import { uninert } from '../../../schema/imports/csv.ts';
import { ONE_DAY_MS, readDate } from '../../../schema/imports/dates.ts';
import { contentOf, type ImportField, type ImportPlan, type ImportRow } from '../../../schema/imports/plan.ts';
import { currencyCode, type Money, minorDigits, moneyFromMajor } from '../../../schema/money.ts';
import { numberOf, TEXT_LIMIT, textOf, WORD_LIMIT } from '../read.ts';

/** What is wrong with a cell, and how to mend it. `field` is null when it is about the row as a whole. */
export type Fault = { readonly field: ImportField | null; readonly message: string };

const shown = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;

const DATE_FAULTS = {
  unreadable: 'is not a date that can be read; write it as 2024-01-31',
  ambiguous: 'can be read in two ways; choose whether day or month comes first',
  no_such_day: 'is no day of the calendar',
} as const;

/**
 * The cells of a row by what they mean. What cannot be read is noted, so that a row is refused with all that is wrong with it.
 */
export class RowReader {
  readonly faults: Fault[] = [];
  readonly #plan: ImportPlan;
  readonly #row: ImportRow;
  readonly #now: number;

  constructor(plan: ImportPlan, row: ImportRow, now: number) {
    this.#plan = plan;
    this.#row = row;
    this.#now = now;
  }

  get line(): number {
    return this.#row.line;
  }
  get copy(): number {
    return this.#row.copy ?? 0;
  }
  /** When the file is read, epoch ms. */
  get now(): number {
    return this.#now;
  }
  get plan(): ImportPlan {
    return this.#plan;
  }

  fault(field: ImportField | null, message: string): null {
    this.faults.push({ field, message });
    return null;
  }

  /** The field, if a column is mapped to it; null where the row as a whole is at fault. */
  column(field: ImportField): ImportField | null {
    return this.#plan.columns[field] === undefined ? null : field;
  }

  /** The text of a field; null where nothing stands or nothing is mapped. */
  text(field: ImportField, limit = WORD_LIMIT): string | null {
    const index = this.#plan.columns[field];
    return index === undefined ? null : textOf(uninert(this.#row.cells[index] ?? ''), limit);
  }

  longText(field: ImportField): string | null {
    return this.text(field, TEXT_LIMIT);
  }

  /** Epoch ms. Null where nothing stands. */
  date(field: ImportField): number | null {
    const text = this.text(field);
    if (text === null) return null;
    const read = readDate(text, this.#plan.dayOrder, this.#plan.zone);
    if ('fault' in read) return this.fault(field, `${shown(text)} ${DATE_FAULTS[read.fault]}`);
    if (read.at > this.#now + ONE_DAY_MS) return this.fault(field, `${shown(text)} has not come yet`);
    return read.at;
  }

  number(field: ImportField): number | null {
    const text = this.text(field);
    if (text === null) return null;
    const read = readAmount(text, this.#plan.decimal ?? '.');
    return 'decimal' in read ? numberOf(read.decimal) : this.fault(field, `${shown(text)} is not a number`);
  }

  /** Money of a field; its currency stands in the cell, in the column of currencies, or is that of the file. */
  money(field: ImportField): Money | null {
    const text = this.text(field);
    if (text === null) return null;
    const read = readAmount(text, this.#plan.decimal);
    if ('fault' in read) {
      const why =
        read.fault === 'ambiguous'
          ? 'can be read in two ways; choose the decimal mark'
          : 'is not an amount that can be read; write it as 12.50';
      return this.fault(field, `${shown(text)} ${why}`);
    }
    const currency = this.#currency(read.currencies);
    if (currency === null) return this.fault(field, `${shown(text)} has no currency; choose the currency of the file`);
    // Half a yen is nothing that was paid: the currency is another, or the amount is not what was meant.
    if (minorDigits(currency) === 0 && /\.\d*[1-9]/.test(read.decimal))
      return this.fault(field, `${shown(text)} has a fraction, which ${currency} does not have; choose its currency`);
    const money = moneyFromMajor(read.decimal, currency);
    return money ?? this.fault(field, `${shown(text)} is more than any amount that is taken`);
  }

  #currency(written: readonly string[]): string | null {
    const column = this.text('currency');
    const named = column === null ? [] : [...currenciesIn(column)];
    const said = named.length > 0 ? named : written;
    const usual = this.#plan.currency;
    // A sign may be that of several: the usual one, if it is among them.
    return currencyCode(usual !== null && (said.length === 0 || said.includes(usual)) ? usual : (said[0] ?? usual));
  }

  /** What stands in the columns that fill fields of the business's own, by their names. */
  get own(): { readonly [name: string]: string } {
    const cells = Object.entries(this.#plan.own ?? {}).flatMap(([name, index]) => {
      const text = textOf(uninert(this.#row.cells[index] ?? ''), WORD_LIMIT + 1);
      return text === null ? [] : [[name, text] as const];
    });
    return Object.fromEntries(cells);
  }

  /** What the row says, as one text: the same for equal rows, whatever columns are not used. */
  get content(): string {
    return contentOf(this.#plan, this.#row.cells);
  }
}
