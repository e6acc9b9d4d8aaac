import { assuranceOf, type ProfileField } from '../../../schema/customer.ts';
import type { Identifier, ProfileValue } from '../customer.ts';
import { CONTACT, type CustomerItem, type CustomerRow, customerItem } from '../customers.ts';

/** What sources say of a field. */
type Known = Pick<ProfileValue, 'value' | 'assurance' | 'at'>;

/** A person as two are compared: what names them and what is known, without what happened. */
export type Person = CustomerItem & {
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
type ProfileRow = { customer: number; field: ProfileField; value: string; assurance: number; at: number };

const LISTED = '(SELECT value FROM json_each(?1))';

const IDENTIFIERS = `SELECT f.customer_id AS customer, i.kind, i.value, max(i.assurance) AS assurance, s.public_id AS source_id, s.name AS source_name,
    min(i.first_at) AS first_at, max(i.last_at) AS last_at
  FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind IN ('email', 'phone', 'user_id', 'customer')
  CROSS JOIN source s ON s.id = f.source_id
  WHERE f.customer_id IN ${LISTED} GROUP BY f.customer_id, i.kind, i.value, s.id
  ORDER BY assurance DESC, i.kind, last_at DESC, i.value LIMIT 4000`;

const PROFILES = `SELECT f.customer_id AS customer, p.field, p.value, p.assurance, p.at
  FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id
  WHERE f.customer_id IN ${LISTED} ORDER BY p.assurance DESC, p.at DESC, p.value`;

/** People by their internal ids, in one round trip. */
export async function readPeople(db: D1Database, ids: readonly number[]): Promise<ReadonlyMap<number, Person>> {
  const list = JSON.stringify([...new Set(ids)]);
  const [customers, identifiers, profiles] = await db.batch([
    db.prepare(`SELECT c.*, ${CONTACT} FROM customer c WHERE c.id IN ${LISTED}`).bind(list),
    db.prepare(IDENTIFIERS).bind(list),
    db.prepare(PROFILES).bind(list),
  ]);
  const known = byCustomer((identifiers?.results ?? []) as IdentifierRow[]);
  const fields = byCustomer((profiles?.results ?? []) as ProfileRow[]);
  return new Map(
    ((customers?.results ?? []) as CustomerRow[]).map((row) => [
      row.id,
      {
        ...customerItem(row),
        identifiers: (known.get(row.id) ?? []).map(identifierOf),
        profile: profileOf(fields.get(row.id) ?? []),
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

/** The best value of each field; the rows come best first. */
function profileOf(rows: readonly ProfileRow[]): Person['profile'] {
  const profile: Partial<Record<ProfileField, Known>> = {};
  for (const { field, value, assurance, at } of rows)
    profile[field] ??= { value, assurance: assuranceOf(assurance), at };
  return profile;
}
