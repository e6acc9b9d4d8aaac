import { type Assurance, assuranceOf } from '../../../schema/customer.ts';
import { CUSTOMER, definePart } from './part.ts';

export type Identifier = {
  readonly kind: string;
  readonly value: string;
  readonly assurance: Assurance;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
};

/** What names a person comes first, whoever says it: a hundred order ids must not push out an address that is only claimed. */
const identifiersOf = (
  lastAt: string,
  until: string,
): string => `SELECT i.kind, i.value, max(i.assurance) AS assurance, s.public_id AS source_id, s.name AS source_name,
    min(i.first_at) AS first_at, max(${lastAt}) AS last_at
  FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id JOIN source s ON s.id = f.source_id
  WHERE f.customer_id = ${CUSTOMER}${until} GROUP BY i.kind, i.value, s.id
  ORDER BY i.kind IN ('email', 'phone', 'user_id', 'customer') DESC, assurance DESC, i.kind IN ('email', 'phone') DESC, i.kind, last_at DESC, i.value LIMIT 100`;

type IdentifierRow = {
  kind: string;
  value: string;
  assurance: number;
  source_id: string;
  source_name: string;
  first_at: number;
  last_at: number;
};

const identifierOf = (row: IdentifierRow): Identifier => ({
  kind: row.kind,
  value: row.value,
  assurance: assuranceOf(row.assurance),
  sourceId: row.source_id,
  sourceName: row.source_name,
  firstSeenAt: row.first_at,
  lastSeenAt: row.last_at,
});

/** When it was last seen before the moment is not kept where it was seen since: then it stands by when it was seen first. */
const IDENTIFIERS = {
  now: identifiersOf('i.last_at', ''),
  past: identifiersOf('iif(i.last_at <= ?2, i.last_at, i.first_at)', ' AND i.first_at <= ?2'),
};

export const identifiers = definePart(IDENTIFIERS, (rows: readonly IdentifierRow[]) => rows.map(identifierOf));
