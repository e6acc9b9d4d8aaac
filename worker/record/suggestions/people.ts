import { assuranceOf, PROFILE_FIELDS, type ProfileField } from '../../../schema/customer.ts';
import type { Identifier, ProfileValue } from '../customer.ts';
import { CONTACT, type CustomerItem, type CustomerRow, customerItem } from '../customers.ts';
import type { Address, Comparable } from '../identity/compare.ts';
import { POSTAL } from './keys.ts';
import { saysSomething } from './recount.ts';

/** What stands of a field. */
type Known = Pick<ProfileValue, 'value' | 'assurance' | 'at'>;

/** A person as two are compared: what names them and what is known, without what happened. */
export type Person = CustomerItem &
  Comparable & {
    readonly identifiers: readonly Identifier[];
    readonly profile: Readonly<Partial<Record<ProfileField, Known>>>;
  };

type IdentifierRow = {
  customer: number;
  kind: string;
  value: string;
  assurance: number;
  source_id: string;
  source_name: string;
  first_at: number;
  last_at: number;
};
/** `assurance` is null where staff say it. */
type ProfileRow = { customer: number; field: ProfileField; value: string; assurance: number | null; at: number };
type AddressRow = { customer: number; likeness: string; place: string | null; assurance: number };

const LISTED = '(SELECT value FROM json_each(?1))';

const IDENTIFIERS = `SELECT f.customer_id AS customer, i.kind, i.value, max(i.assurance) AS assurance, s.public_id AS source_id, s.name AS source_name,
    min(i.first_at) AS first_at, max(i.last_at) AS last_at
  FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind IN ('email', 'phone', 'user_id', 'customer')
  CROSS JOIN source s ON s.id = f.source_id
  WHERE f.customer_id IN ${LISTED} GROUP BY f.customer_id, i.kind, i.value, s.id
  ORDER BY assurance DESC, i.kind, last_at DESC, i.value LIMIT 4000`;

const FIELDS = PROFILE_FIELDS.map((field) => `'${field}'`).join(', ');

/** What staff say of each fragment themselves, then what sources do, the best first. */
const PROFILES = `SELECT customer, field, value, assurance, at FROM (
    SELECT f.customer_id AS customer, e.field, e.value, NULL AS assurance, e.at, 9 AS rank
    FROM fragment f CROSS JOIN edit e ON e.fragment_id = f.id AND +e.field IN (${FIELDS}) AND e.is_over = 0 AND e.value IS NOT NULL
    WHERE f.customer_id IN ${LISTED} AND NOT EXISTS (SELECT 1 FROM edit n
      WHERE n.fragment_id = e.fragment_id AND n.field = e.field AND n.is_over = 0 AND (n.at, n.id) > (e.at, e.id))
    UNION ALL
    SELECT f.customer_id, p.field, p.value, p.assurance, p.at, p.assurance
    FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id WHERE f.customer_id IN ${LISTED})
  ORDER BY rank DESC, at DESC, value`;

const ADDRESSES = `SELECT f.customer_id AS customer, p.likeness, max(p.place) AS place, max(p.assurance) AS assurance
  FROM fragment f CROSS JOIN postal_address p ON p.fragment_id = f.id
  WHERE f.customer_id IN ${LISTED} AND ${saysSomething(`'${POSTAL}'`, 'p.likeness')}
  GROUP BY f.customer_id, p.likeness ORDER BY max(p.assurance) DESC, max(p.last_at) DESC, p.likeness LIMIT 4000`;

/** People by their internal ids, in one round trip. */
export async function readPeople(db: D1Database, ids: readonly number[]): Promise<ReadonlyMap<number, Person>> {
  const list = JSON.stringify([...new Set(ids)]);
  const [customers, identifiers, profiles, addresses] = await db.batch([
    db.prepare(`SELECT c.*, ${CONTACT} FROM customer c WHERE c.id IN ${LISTED}`).bind(list),
    db.prepare(IDENTIFIERS).bind(list),
    db.prepare(PROFILES).bind(list),
    db.prepare(ADDRESSES).bind(list),
  ]);
  const known = byCustomer((identifiers?.results ?? []) as IdentifierRow[]);
  const fields = byCustomer((profiles?.results ?? []) as ProfileRow[]);
  const homes = byCustomer((addresses?.results ?? []) as AddressRow[]);
  return new Map(
    ((customers?.results ?? []) as CustomerRow[]).map((row) => [
      row.id,
      {
        ...customerItem(row),
        identifiers: (known.get(row.id) ?? []).map(identifierOf),
        profile: profileOf(fields.get(row.id) ?? []),
        known: knownOf(fields.get(row.id) ?? []),
        addresses: (homes.get(row.id) ?? []).map(addressOf),
      },
    ]),
  );
}

function byCustomer<Row extends { customer: number }>(rows: readonly Row[]): ReadonlyMap<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.customer);
    if (group) group.push(row);
    else groups.set(row.customer, [row]);
  }
  return groups;
}

const identifierOf = (row: IdentifierRow): Identifier => ({
  kind: row.kind,
  value: row.value,
  assurance: assuranceOf(row.assurance),
  sourceId: row.source_id,
  sourceName: row.source_name,
  firstSeenAt: row.first_at,
  lastSeenAt: row.last_at,
});

const addressOf = ({ likeness, place, assurance }: AddressRow): Address => ({
  likeness,
  place,
  isProven: assurance > 1,
});

/** The best value of each field; the rows come best first. */
function profileOf(rows: readonly ProfileRow[]): Person['profile'] {
  const profile: Partial<Record<ProfileField, Known>> = {};
  for (const { field, value, assurance, at } of rows)
    profile[field] ??= { value, assurance: assurance === null ? 'staff' : assuranceOf(assurance), at };
  return profile;
}

/** Values of a field that are compared, each with each: more are those of a record that is many. */
const MOST_VALUES = 8;

function knownOf(rows: readonly ProfileRow[]): Person['known'] {
  const known: Partial<Record<ProfileField, string[]>> = {};
  for (const { field, value } of rows) {
    const values = known[field] ?? [];
    known[field] = values.includes(value) || values.length >= MOST_VALUES ? values : [...values, value];
  }
  return known;
}
