import { assuranceOf } from '../../../schema/customer.ts';
import { CONTACT, type CustomerItem, type CustomerRow, customerItem } from '../customers.ts';
import { members } from './members.ts';
import type { Organisation } from './organisations.ts';

/** Why somebody may belong to an organisation: the domain of an address of theirs, or the company that is named with them. */
export type Hint = {
  readonly why: 'domain' | 'company';
  /** The address, or the company as it is named. */
  readonly value: string;
  /** True where anybody may have typed it. */
  readonly isClaim: boolean;
};
export type MemberHint = Hint & { readonly customer: CustomerItem };
export type OrganisationHint = Hint & { readonly id: string; readonly name: string };

const LIMIT = 20;
/** Shortest text the trigram index can find. */
const TRIGRAM = 3;

const isOfDomain = (domain: string): string => `substr(i.value, instr(i.value, '@') + 1) = ${domain}`;

type MemberRow = CustomerRow & { why: Hint['why']; value: string; assurance: number };

const BY_DOMAIN = `SELECT c.id, 'domain' AS why, max(i.value) AS value, max(i.assurance) AS assurance FROM customer_search s
  CROSS JOIN fragment f ON f.customer_id = s.rowid
  CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind = 'email' AND ${isOfDomain('?3')}
  CROSS JOIN customer c ON c.id = s.rowid WHERE s.text MATCH ?2 GROUP BY c.id`;

const BY_COMPANY = `SELECT c.id, 'company' AS why, max(p.value) AS value, max(p.assurance) AS assurance FROM customer_search s
  CROSS JOIN fragment f ON f.customer_id = s.rowid
  CROSS JOIN profile p ON p.fragment_id = f.id AND p.field = 'company' AND (p.value = ?3 OR lower(p.value) = lower(?3))
  CROSS JOIN customer c ON c.id = s.rowid WHERE s.text MATCH ?2 GROUP BY c.id`;

const phrase = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Who may belong to an organisation and is neither in it nor said not to be: a hint for staff, nothing follows from it. */
export async function memberHints(db: D1Database, organisation: Organisation): Promise<MemberHint[]> {
  const { key, name, domain } = organisation;
  const among = `WITH ${members('organisation', 'SELECT o.id, o.public_id FROM organisation o WHERE o.id = ?1')}`;
  const ask = (found: string, text: string, value: string) =>
    db
      .prepare(
        `${among}, found AS (${found}) SELECT c.*, ${CONTACT}, x.why, x.value, x.assurance FROM found x CROSS JOIN customer c ON c.id = x.id
         WHERE c.id NOT IN (SELECT customer_id FROM member UNION SELECT customer_id FROM said)
         ORDER BY x.assurance DESC, c.last_at DESC, c.id LIMIT ${LIMIT}`,
      )
      .bind(key, phrase(text), value);
  const asked = [
    ...(domain ? [ask(BY_DOMAIN, `@${domain}`, domain)] : []),
    ...([...name].length >= TRIGRAM ? [ask(BY_COMPANY, name, name)] : []),
  ];
  if (asked.length === 0) return [];
  const rows = (await db.batch<MemberRow>(asked)).flatMap(({ results }) => results);
  const hints = rows.map((row) => ({
    customer: customerItem(row),
    why: row.why,
    value: row.value,
    isClaim: assuranceOf(row.assurance) === 'claimed',
  }));
  // Each once, by the better reason.
  return [...new Map([...hints].reverse().map((hint) => [hint.customer.id, hint])).values()].reverse().slice(0, LIMIT);
}

/**
 * Organisations that a customer may belong to, as a SELECT over the SQL expression `customer`: those of the domain of an address
 * and those of the name of their company. One that staff or a source have said anything of is none.
 */
export const organisationHints = (
  customer: string,
): string => `WITH own (id) AS (SELECT f.id FROM fragment f WHERE f.customer_id = ${customer}),
  hint AS (
    SELECT o.id, 'domain' AS why, i.value, i.assurance FROM own CROSS JOIN identifier i ON i.fragment_id = own.id AND +i.kind = 'email'
      CROSS JOIN organisation o ON ${isOfDomain('o.domain')}
    UNION ALL
    SELECT o.id, 'company', p.value, p.assurance FROM own CROSS JOIN profile p ON p.fragment_id = own.id AND p.field = 'company'
      CROSS JOIN organisation o ON o.name_key IN (p.value, lower(p.value)))
  SELECT o.public_id AS id, o.name, max(h.why) AS why, h.value, max(h.assurance) AS assurance FROM hint h CROSS JOIN organisation o ON o.id = h.id
  WHERE o.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM own CROSS JOIN edit e ON e.fragment_id = own.id AND e.field = 'organisation:' || o.public_id)
    AND NOT EXISTS (SELECT 1 FROM own CROSS JOIN organisation_member m ON m.fragment_id = own.id AND m.organisation_id = o.id)
  GROUP BY o.id ORDER BY assurance DESC, o.id LIMIT 5`;

export type OrganisationHintRow = {
  id: string;
  name: string;
  why: Hint['why'];
  value: string;
  assurance: number;
};

export const organisationHintOf = (row: OrganisationHintRow): OrganisationHint => ({
  id: row.id,
  name: row.name,
  why: row.why,
  value: row.value,
  isClaim: assuranceOf(row.assurance) === 'claimed',
});
