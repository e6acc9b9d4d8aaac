import { type CustomField, MAX_NAME, plainName } from '../custom-field.ts';

/**
 * What the columns of a file can mean, and how its cells are to be read. Shared by the page that helps with a file and the
 * worker that judges its rows.
 */
export const IMPORT_KINDS = ['customers', 'orders', 'touchpoints'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

const PERSON = [
  'customerId',
  'email',
  'phone',
  'name',
  'firstName',
  'lastName',
  'language',
  'street',
  'postalCode',
  'city',
  'country',
  'company',
] as const;

/** Fields a row may have, by kind of file, in the order they are offered. */
export const IMPORT_FIELDS = {
  customers: [...PERSON, 'doNotContact', 'date'],
  orders: [
    'orderId',
    'orderNumber',
    'date',
    ...PERSON,
    'product',
    'sku',
    'quantity',
    'price',
    'amount',
    'total',
    'currency',
    'status',
  ],
  touchpoints: [
    'date',
    'kind',
    'channel',
    'direction',
    ...PERSON,
    'subject',
    'text',
    'score',
    'question',
    'amount',
    'currency',
    'handler',
    'purpose',
  ],
} as const satisfies Record<ImportKind, readonly string[]>;

export type ImportField = (typeof IMPORT_FIELDS)[ImportKind][number];

/** What a field is called on the page and in what is said of a row. */
export const FIELD_LABELS: Readonly<Record<ImportField, string>> = {
  customerId: 'Customer id',
  email: 'E-mail',
  phone: 'Phone',
  name: 'Name',
  firstName: 'First name',
  lastName: 'Last name',
  language: 'Language',
  street: 'Street and number',
  postalCode: 'Postal code',
  city: 'City',
  country: 'Country',
  company: 'Company',
  doNotContact: 'Do not contact',
  date: 'Date',
  orderId: 'Order id',
  orderNumber: 'Order number',
  product: 'Product',
  sku: 'SKU',
  quantity: 'Quantity',
  price: 'Price of one',
  amount: 'Amount',
  total: 'Total of the order',
  currency: 'Currency',
  status: 'Status',
  kind: 'Kind of contact',
  channel: 'Channel',
  direction: 'Direction',
  subject: 'Subject',
  text: 'Text',
  score: 'Score',
  question: 'Question asked (nps, csat, ces)',
  handler: 'Handled by',
  purpose: 'Purpose',
};

/** Which of two numbers of a date is the day. */
export const DAY_ORDERS = ['dmy', 'mdy'] as const;
export type DayOrder = (typeof DAY_ORDERS)[number];
export const DECIMAL_MARKS = ['.', ','] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

/** Which column is what: the place of each mapped field in a row, from 0. */
export type ImportColumns = { readonly [Field in ImportField]?: number | undefined };

/** How the rows of a file are read. The same rows under the same plan always mean the same. */
export type ImportPlan = {
  readonly kind: ImportKind;
  /** Names of the columns, for what is said of them. */
  readonly header: readonly string[];
  readonly columns: ImportColumns;
  /** Columns that fill fields of the business's own: by name their place in a row, from 0. Set when the import begins. */
  readonly own?: { readonly [name: string]: number } | undefined;
  /** Null where no date needs it; one that does is then refused. */
  readonly dayOrder: DayOrder | null;
  /** IANA time zone of times without an offset. */
  readonly zone: string;
  /** Null where no amount needs it; one that does is then refused. */
  readonly decimal: DecimalMark | null;
  /** ISO 4217, for amounts that name none. */
  readonly currency: string | null;
  /** ISO 3166 alpha-2, for telephone numbers without a country code. */
  readonly country: string | null;
  /** Kind and channel of touchpoints whose row names none. */
  readonly contact: string | null;
  readonly channel: string | null;
  /** How the file was read, so that the same file can be gone on with in the same way. */
  readonly reading?: FileReading | null | undefined;
};
export type FileReading = { readonly encoding: string; readonly delimiter: string; readonly hasHeader: boolean };

/**
 * One row as it is sent: its line in the file, its cells, and how many equal rows stand before it (two equal sales of a day
 * are two sales).
 */
export type ImportRow = {
  readonly line: number;
  readonly cells: readonly string[];
  readonly copy?: number | undefined;
};

/** Most rows of one request. */
export const MAX_IMPORT_ROWS = 500;

/** Columns of a file that mean nothing else and are called as one of the business's fields is filled from. Of two that are called so the first. */
export function ownColumns(
  { header, columns }: Pick<ImportPlan, 'header' | 'columns'>,
  fields: readonly CustomField[],
): { readonly [name: string]: number } {
  const wanted = new Set(
    fields.filter(({ isArchived }) => !isArchived).flatMap(({ filledFrom }) => filledFrom.map(plainName)),
  );
  const taken = new Set(Object.values(columns));
  const own = new Map<string, readonly [name: string, index: number]>();
  for (const [index, name] of header.entries()) {
    const plain = plainName(name);
    if (wanted.has(plain) && !taken.has(index) && !own.has(plain))
      own.set(plain, [name.trim().slice(0, MAX_NAME), index]);
  }
  return Object.fromEntries(own.values());
}

/** The name of a column for people: its header, else its place. */
export const columnName = (header: readonly string[], index: number): string =>
  header[index]?.trim() || `Column ${index + 1}`;

/** Fields that came later than files did: a file that was read without them is still known as the same. */
const LATER: readonly string[] = ['street', 'postalCode'] satisfies readonly ImportField[];

/** The mapped cells of a row as one text. Rows with the same one are copies of each other. */
export const contentOf = (
  { columns, own = {} }: Pick<ImportPlan, 'columns' | 'own'>,
  cells: readonly string[],
): string =>
  JSON.stringify(
    [...Object.entries(columns), ...Object.entries(own).map(([name, index]) => [`x:${name}`, index] as const)]
      .filter(([field]) => !LATER.includes(field))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, index]) => [field, (cells[index ?? -1] ?? '').trim()]),
  );
