import { assuranceOf } from '../../../schema/customer.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { parseStored } from '../../platform/json.ts';
import { customerIdOf } from '../customers.ts';
import type { Holding } from './holding.ts';
import { HOLDINGS } from './holdings.ts';

/** All that is held of one person, table by table, as they are handed it. Made from the same list as erasure. */
export type PersonExport = {
  readonly customerId: string;
  readonly displayName: string | null;
  /** True where the record holds more that is not proven to be theirs. */
  readonly isPart: boolean;
  readonly holdings: readonly Held[];
};
export type Held = {
  readonly table: string;
  readonly title: string;
  /** True when there are more than are given. */
  readonly isCut: boolean;
  readonly rows: readonly { readonly [column: string]: Json }[];
};

/** Rows of one table that are given: more belong into a request of their own. */
export const MOST_ROWS = 20_000;

type Names = {
  readonly sources: ReadonlyMap<number, string>;
  readonly keys: ReadonlyMap<number, string>;
  readonly organisations: ReadonlyMap<number, string>;
  /** What stands for the field of an edit that puts them into one: its name, and not an id of ours. */
  readonly fields: ReadonlyMap<string, string>;
  /** Colleagues by their public id: whoever looks after somebody is known to them by name. */
  readonly colleagues: ReadonlyMap<string, string>;
};

const JSON_COLUMNS = ['data', 'lines', 'revenue', 'evidence', 'headers', 'proof'];
const isTime = (column: string): boolean => /(^|_)(at|as_of|since|until)$/.test(column);
const camel = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A cell as people and programs read it: RFC 3339 times, words for ranks, JSON as JSON. */
function cellOf(column: string, value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && isTime(column)) return new Date(value).toISOString();
  if (typeof value === 'number' && column === 'assurance') return assuranceOf(value);
  if (typeof value === 'string' && JSON_COLUMNS.includes(column)) return parseStored<Json>(value, null);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  // Bytes: D1 gives them as a list of numbers.
  return Array.isArray(value) ? new TextDecoder().decode(Uint8Array.from(value)) : String(value);
}

/** What stands for a number of ours: the source by its name, the person by the key that source knows them by. */
function linkOf(column: string, value: unknown, { sources, keys, organisations }: Names): readonly [string, Json][] {
  const id = Number(value);
  if (column === 'source_id') return [['source', sources.get(id) ?? null]];
  if (column === 'scope') return [['source', sources.get(id) ?? null]];
  if (column === 'organisation_id') return [['organisation', organisations.get(id) ?? null]];
  if (column === 'fragment_id') return [['knownAs', keys.get(id) ?? null]];
  if (column === 'fragment_a' || column === 'fragment_b') return [[camel(column), keys.get(id) ?? 'another record']];
  return [];
}

/** A cell that is no link; a field that holds an id of ours tells what it names, and so does the value of who looks after them. */
function textOf(column: string, row: Readonly<Record<string, unknown>>, { fields, colleagues }: Names): Json {
  const value = row[column];
  if (column === 'field') return cellOf(column, fields.get(String(value)) ?? value);
  const isOwner = column === 'owner' || (column === 'value' && row.field === 'owner');
  return cellOf(column, isOwner && value ? (colleagues.get(String(value)) ?? value) : value);
}

const rowOf = ({ columns }: Holding, row: Readonly<Record<string, unknown>>, names: Names) =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([column, fate]): readonly (readonly [string, Json])[] =>
      fate === 'link' ? linkOf(column, row[column], names) : [[camel(column), textOf(column, row, names)]],
    ),
  );

/**
 * Deliveries that brought something of theirs, without what was sent: the log does not know all whom a body was about. What it brought that
 * was stored before, ignored or refused is of others and counted nowhere. All of it that is this person's stands in the other tables.
 */
const DELIVERIES = `SELECT d.id, d.source_id, d.outcome, d.reason, n.theirs AS stored, NULL AS headers, NULL AS body
  FROM (SELECT t.delivery_id AS id, count(*) AS theirs FROM touchpoint t WHERE t.fragment_id IN (SELECT value FROM json_each(?1))
    GROUP BY t.delivery_id) n CROSS JOIN delivery d ON d.id = n.id
  ORDER BY d.id DESC LIMIT ?2`;

const selectOf = (holding: Holding): string =>
  holding.table === 'delivery' ? DELIVERIES : `SELECT x.* FROM ${holding.table} AS x WHERE ${holding.where} LIMIT ?2`;

type FragmentRow = { id: number; key: string };
type Whole = { readonly customer: number; readonly publicId: string; readonly fragments: readonly FragmentRow[] };

/** What is worked out over all of a record, and would tell of its other parts. */
const OF_ALL: readonly string[] = ['customer', 'stage_change', 'standing'];
/** Of what joins two records only what stays within the part is told. */
const WITHIN: Readonly<Record<string, string>> = {
  decision: 'x.fragment_a IN (SELECT value FROM json_each(?1)) AND x.fragment_b IN (SELECT value FROM json_each(?1))',
};

/** The best of the names that sources tell. */
const nameIn = (
  profile: readonly { readonly field: string; readonly value: string; readonly assurance: number }[],
): string | null =>
  profile.filter(({ field }) => field === 'name').sort((a, b) => b.assurance - a.assurance)[0]?.value ?? null;

async function exportFragments(
  db: D1Database,
  { customer, publicId, fragments }: Whole,
  isPart: boolean,
): Promise<PersonExport> {
  const ids = JSON.stringify(fragments.map(({ id }) => id));
  const exported = HOLDINGS.filter(({ isExported, table }) => isExported && !(isPart && OF_ALL.includes(table)));
  const sqlOf = (holding: Holding) =>
    selectOf(isPart ? { ...holding, where: WITHIN[holding.table] ?? holding.where } : holding);
  const [who, sources, colleagues, organisations, ...tables] = await db.batch([
    db.prepare('SELECT public_id AS id, display_name AS name FROM customer WHERE id = ?1').bind(customer),
    db.prepare('SELECT id, name FROM source'),
    db.prepare('SELECT public_id AS id, name FROM staff_member'),
    db
      .prepare(
        `SELECT o.id, o.public_id, o.name FROM organisation o WHERE o.id IN (
           SELECT m.organisation_id FROM json_each(?1) x CROSS JOIN organisation_member m ON m.fragment_id = x.value
           UNION SELECT p.id FROM json_each(?1) x CROSS JOIN edit e ON e.fragment_id = x.value AND e.field >= 'organisation:' AND e.field < 'organisation;'
             CROSS JOIN organisation p ON p.public_id = substr(e.field, 14))`,
      )
      .bind(ids),
    ...exported.map((holding) => db.prepare(sqlOf(holding)).bind(ids, MOST_ROWS + 1)),
  ]);
  const rows = <Row>(result: D1Result | undefined) => (result?.results ?? []) as Row[];
  const named = <Id>(result: D1Result | undefined): ReadonlyMap<Id, string> =>
    new Map(rows<{ id: Id; name: string }>(result).map(({ id, name }) => [id, name]));
  const names: Names = {
    sources: named(sources),
    colleagues: named(colleagues),
    organisations: named(organisations),
    fields: new Map(
      rows<{ public_id: string; name: string }>(organisations).map(({ public_id, name }) => [
        `organisation:${public_id}`,
        `organisation: ${name}`,
      ]),
    ),
    keys: new Map(fragments.map(({ id, key }) => [id, key])),
  };
  const [person] = rows<{ id: string; name: string | null }>(who);
  return {
    customerId: person?.id ?? publicId,
    // What a joined record is called may be the name of the other part.
    displayName: isPart
      ? nameIn(rows(tables[exported.findIndex(({ table }) => table === 'profile')]))
      : (person?.name ?? null),
    isPart,
    holdings: exported.map((holding, index) => {
      const found = rows<Record<string, unknown>>(tables[index]);
      return {
        table: holding.table,
        title: holding.title,
        isCut: found.length > MOST_ROWS,
        rows: found.slice(0, MOST_ROWS).map((row) => rowOf(holding, row, names)),
      };
    }),
  };
}

async function wholeOf(db: D1Database, publicId: string): Promise<Whole | null> {
  const customer = await customerIdOf(db, publicId);
  if (customer === null) return null;
  const { results: fragments } = await db
    .prepare('SELECT f.id, f.key FROM fragment f WHERE f.customer_id = ?1 ORDER BY f.id')
    .bind(customer)
    .all<FragmentRow>();
  return { customer, publicId, fragments };
}

/** Everything held of a customer, by a public id of theirs. Null when there is no such customer. */
export async function exportPerson(db: D1Database, publicId: string): Promise<PersonExport | null> {
  const whole = await wholeOf(db, publicId);
  return whole && exportFragments(db, whole, false);
}

/** The same of a part of the record, where only that is proven to be of who asks; null for all of it. */
export async function exportOwn(
  db: D1Database,
  publicId: string,
  part: readonly number[] | null,
): Promise<PersonExport | null> {
  const whole = await wholeOf(db, publicId);
  if (!whole || part === null) return whole && exportFragments(db, whole, false);
  return exportFragments(db, { ...whole, fragments: whole.fragments.filter(({ id }) => part.includes(id)) }, true);
}
