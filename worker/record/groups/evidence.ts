import { assuranceRank } from '../../../schema/customer.ts';
import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import { rankOfPerson } from '../person-rank.ts';
import type { Stamp } from '../stamp.ts';
import { domainOf, isFreeMail, MAX_ROLE, nameKey, tidyName } from './names.ts';

/** What a source says of the organisations of its people, written with the touchpoint that says it. */
export type OrganisationRow = {
  readonly message: string;
  readonly key: string;
  /** Public id of the organisation, should it be new. */
  readonly uuid: string;
  /** What it is called; null where the source gives only its own id. */
  readonly name: string | null;
  readonly nameKey: string | null;
  readonly domain: string | null;
  readonly role: string | null;
};

const MAX_KEY = 200;
const CLAIMED = assuranceRank('claimed');

/** A claim puts nobody anywhere: anybody with a public key could fill the list with names, or a company with strangers. */
export function organisationRows(t: TouchpointInput, uuid: () => string): OrganisationRow[] {
  const { organisations = [], identifiers } = t.person;
  if (organisations.length === 0 || rankOfPerson(identifiers) <= CLAIMED) return [];
  return organisations.flatMap(({ key, name, domain, role }): OrganisationRow[] => {
    const id = tidyName(key, MAX_KEY);
    const title = tidyName(name);
    const host = domainOf(domain);
    return id === null
      ? []
      : [
          {
            message: t.messageId,
            key: id,
            uuid: uuid(),
            name: title,
            nameKey: title && nameKey(title),
            domain: host === null || isFreeMail(host) ? null : host,
            role: tidyName(role, MAX_ROLE),
          },
        ];
  });
}

/** The rows of touchpoints that are new with their delivery: a repetition says nothing. */
const SAID = `said AS MATERIALIZED (
  SELECT g.value ->> 'source' AS source_id, g.value ->> 'key' AS key, g.value ->> 'uuid' AS uuid, g.value ->> 'name' AS name,
    g.value ->> 'nameKey' AS name_key, g.value ->> 'domain' AS domain, g.value ->> 'role' AS role, g.value ->> 'received' AS received_at,
    t.fragment_id, t.occurred_at AS at
  FROM json_each(?1) g CROSS JOIN touchpoint t ON t.source_id = g.value ->> 'source' AND t.message_id = g.value ->> 'message'
  WHERE t.delivery_id = g.value ->> 'delivery')`;

/** One that no source of this key has named before. Of several in a batch one is made. */
const MAKE = `WITH ${SAID} INSERT INTO organisation (public_id, name, name_key, domain, named_by, created_at)
  SELECT max(s.uuid), s.key, lower(s.key), NULL, 'source', min(s.received_at) FROM said s
  WHERE NOT EXISTS (SELECT 1 FROM organisation_key k WHERE k.source_id = s.source_id AND k.key = s.key)
  GROUP BY s.source_id, s.key`;

const NAME_KEYS = `WITH ${SAID} INSERT INTO organisation_key (source_id, key, organisation_id)
  SELECT s.source_id, s.key, o.id FROM said s JOIN organisation o ON o.public_id = s.uuid WHERE true
  ON CONFLICT (source_id, key) DO NOTHING`;

/** Field by field the newest stands, and the greater of two at one time, so that the order of arrival never decides. */
const newest = (field: string, columns: readonly string[]): string =>
  `WITH ${SAID}, best AS (SELECT * FROM (SELECT s.*, row_number() OVER (PARTITION BY s.source_id, s.key ORDER BY s.at DESC, s.${field} DESC) AS place
     FROM said s WHERE s.${field} IS NOT NULL) WHERE place = 1)
   UPDATE organisation_key SET ${columns.map((column) => `${column} = b.${column}`).join(', ')}, ${field}_as_of = b.at
   FROM best b WHERE organisation_key.source_id = b.source_id AND organisation_key.key = b.key
     AND (organisation_key.${field} IS NULL OR (b.at, b.${field}) > (organisation_key.${field}_as_of, organisation_key.${field}))`;

const MEMBERS = `WITH ${SAID} INSERT INTO organisation_member (fragment_id, organisation_id, role, first_at, at)
  SELECT s.fragment_id, k.organisation_id, s.role, s.at, s.at FROM said s
  JOIN organisation_key k ON k.source_id = s.source_id AND k.key = s.key WHERE true
  ON CONFLICT (fragment_id, organisation_id) DO UPDATE SET
    role = CASE WHEN (excluded.at, coalesce(excluded.role, '')) > (at, coalesce(role, '')) THEN coalesce(excluded.role, role) ELSE coalesce(role, excluded.role) END,
    first_at = min(first_at, excluded.first_at), at = max(at, excluded.at)`;

/** What staff have named stays; the rest is called what its source calls it now. */
const RENAME = `WITH ${SAID} UPDATE organisation SET
    name = coalesce(k.name, k.key), name_key = coalesce(k.name_key, lower(k.key)), domain = k.domain
  FROM organisation_key k JOIN said s ON s.source_id = k.source_id AND s.key = k.key
  WHERE k.organisation_id = organisation.id AND organisation.named_by = 'source'
    AND (organisation.name <> coalesce(k.name, k.key) OR organisation.domain IS NOT k.domain)`;

/** Statements for the organisations of a batch, after its people and touchpoints. */
export const writeOrganisations = (
  db: D1Database,
  rows: readonly (OrganisationRow & Stamp)[],
): readonly D1PreparedStatement[] =>
  [MAKE, NAME_KEYS, newest('name', ['name', 'name_key']), newest('domain', ['domain']), MEMBERS, RENAME].map((sql) =>
    db.prepare(sql).bind(JSON.stringify(rows)),
  );
