import type { Json } from '../../../schema/touchpoint.ts';
import { fileCatalogues } from '../../../widgets/locales/pages/file/catalogues.ts';
import { momentIn } from '../../outbox/templates.ts';
import { humanise } from '../format.ts';
import { countIn, languageIn, moneyIn, regionIn } from '../preferences/speech.ts';
import type { Speech } from '../public/locale.ts';
import { becauseWords } from './because.ts';

/** What is kept of a person in the words of who reads it: tables, columns, and what is kept as a code. JSON keys and codes stay as they are. */

export type Row = { readonly [column: string]: Json };

/** Columns that hold codes of ours. What is in no list stands as it was written: it is somebody's own words. */
const CODED: ReadonlySet<string> = new Set([
  ...['action', 'assurance', 'basis', 'channel', 'direction', 'handler', 'initiator', 'kind', 'limit', 'madeBy'],
  ...['namespace', 'outcome', 'party', 'phase', 'purpose', 'question', 'reason', 'relationship', 'rule', 'stage'],
  ...['state', 'template'],
  // What senders write beside a contact.
  ...['activity', 'arrangement', 'cancelReason', 'costFrom', 'financialStatus', 'fulfillmentStatus', 'means', 'optIn'],
  ...['trade'],
]);
/** Columns that hold a kind and a name, `order:1234`. */
const NAMED: ReadonlySet<string> = new Set(['fragmentA', 'fragmentB', 'key', 'knownAs', 'subject']);
const KIND_AND_NAME = /^([a-z]+(?:_[a-z]+)*):(\S+)$/;
/** Columns whose numbers name something and count nothing. */
const NUMBERS_OF: readonly string[] = ['id', 'seq', 'evidence'];
/** Columns that name whoever of the staff it was, by an id that tells nobody anything. */
const ACTORS: readonly string[] = ['actor', 'decidedBy', 'revokedBy'];
const isFlag = (column: string): boolean =>
  /^(is|has)[A-Z]/.test(column) || column === 'mayLink' || column === 'counts';
/** Fields whose value is a code, where a row tells of a field and its value. */
const CODED_FIELDS: readonly string[] = ['party', 'relationship', 'stage', 'channel'];
const CODE = /^[a-z]+(_[a-z0-9]+)+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A time in epoch ms, by the name of its column. */
const isMoment = (column: string, value: number): boolean => /(At|Since|asOf|AsOf)$/.test(column) && value > 1e11;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const wordOf = ({ locale }: Speech, key: string): string | null => fileCatalogues[locale][`file.${key}`] ?? null;

/** A text of the file with its `{placeholders}`. */
export const fileText = (speech: Speech, key: string, values: Readonly<Record<string, string | number>> = {}): string =>
  (wordOf(speech, key) ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

export const tableTitle = (speech: Speech, table: string, title: string): string =>
  wordOf(speech, `table.${table}`) ?? humanise(title);

/** `orderId` as people read it; what senders have called something, by their own word. */
export const columnTitle = (speech: Speech, column: string): string =>
  wordOf(speech, `column.${column}`) ?? humanise(column.replace(/([A-Z])/g, ' $1').toLowerCase());

const codeWords = (speech: Speech, code: string): string =>
  wordOf(speech, `word.${code}`) ?? (CODE.test(code) ? humanise(code) : code);

/** `tag:vip` as "Label: vip"; groups are known by an id, which tells nobody anything. */
function fieldWords(speech: Speech, field: string): string {
  const [kind = '', ...rest] = field.split(':');
  const name = rest.join(':').trim();
  if (kind === 'x') return humanise(name);
  const word = codeWords(speech, kind);
  return name === '' || kind === 'household' ? word : `${word}: ${name}`;
}

/** `order:1234` as "Order: 1234", where the kind is one of ours; a subject that people wrote stands as it is. */
function namedWords(speech: Speech, value: string): string {
  const [, kind = '', name = ''] = KIND_AND_NAME.exec(value) ?? [];
  const word = wordOf(speech, `word.${kind}`);
  return word === null ? value : `${word}: ${name}`;
}

function numberWords({ locale }: Speech, column: string, value: number): string {
  if (isMoment(column, value)) return momentIn(locale, value);
  return Number.isInteger(value) && !NUMBERS_OF.includes(column) ? countIn(locale, value) : String(value);
}

function textWords(speech: Speech, column: string, value: string, { field }: Row): string {
  const { locale } = speech;
  if (TIME.test(value)) return momentIn(locale, Date.parse(value));
  if (column === 'field') return fieldWords(speech, value);
  if (ACTORS.includes(column)) return wordOf(speech, `word.${value}`) ?? codeWords(speech, 'staff');
  // A row that tells of a field is as much of a code as that field is.
  const about = column === 'value' && typeof field === 'string' ? field : column;
  // Who of the staff it is, where only their id is known.
  if (about === 'owner' && UUID.test(value)) return codeWords(speech, 'staff');
  if (about === 'country') return regionIn(locale, value);
  if (NAMED.has(about)) return namedWords(speech, value);
  if (column === 'cause') return namedWords(speech, value.replace(/^tp:/, 'contact:'));
  if (about === 'locale' || about === 'language') return languageIn(locale, value);
  const isCoded = about === column ? CODED.has(column) : CODED_FIELDS.includes(about);
  return isCoded ? codeWords(speech, value) : value;
}

/** One value that has no parts, as people read it. `row` is where it stands. */
export function valueWords(speech: Speech, column: string, value: string | number | boolean, row: Row): string {
  const isTicked = typeof value === 'boolean' || (isFlag(column) && (value === 0 || value === 1));
  if (isTicked) return codeWords(speech, value ? 'yes' : 'no');
  return typeof value === 'number' ? numberWords(speech, column, value) : textWords(speech, column, String(value), row);
}

/** The currency of an amount in `…Minor`, by the row it stands in; null for what is no amount of money. */
function currencyOf(column: string, value: Json, { currency, costCurrency }: Row): string | null {
  if (typeof value !== 'number' || !column.endsWith('Minor')) return null;
  const code = column === 'costMinor' ? costCurrency : currency;
  return typeof code === 'string' ? code : null;
}

/**
 * What of a row is shown: `totalMinor` beside its currency is money, and the currency of it need not stand there once more. Why
 * somebody stands at a stage is said in words.
 */
export function shownOf(speech: Speech, row: Row): readonly (readonly [column: string, value: Json])[] {
  const has = (isCost: boolean): boolean =>
    Object.entries(row).some(
      ([column, value]) => (column === 'costMinor') === isCost && currencyOf(column, value, row) !== null,
    );
  const isSaid = (column: string): boolean =>
    (column === 'currency' && has(false)) || (column === 'costCurrency' && has(true));
  return Object.entries(row).flatMap(([column, value]): readonly (readonly [string, Json])[] => {
    if (value === null || value === '' || isSaid(column)) return [];
    if (column === 'because') {
      const words = becauseWords(speech, value);
      return words.length === 0 ? [] : [[column, words]];
    }
    const currency = currencyOf(column, value, row);
    if (currency === null || typeof value !== 'number') return [[column, value]];
    return [[column.slice(0, -'Minor'.length), moneyIn(speech.locale, { amountMinor: value, currency })]];
  });
}
