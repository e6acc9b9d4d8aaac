/**
 * Who belongs to an organisation or a household. Staff say so on the person (the field `<kind>:<public id>` of their edits, the
 * latest over all fragments of a customer); a source may put somebody into an organisation, and the word of staff stands over it.
 * Nothing of a person flows to another by it: no identifier, no profile field, no consent.
 */
export type GroupKind = 'organisation' | 'household';

/** What an edit says of somebody who is no member, also where a source says they are. */
export const NOT_A_MEMBER = '!';

/** The field of an edit that says whether somebody belongs to a group; its value is their role there. */
export const membershipField = (kind: GroupKind, publicId: string): string => `${kind}:${publicId}`;

/** What counts of what was said: what stands now, or what stood at a moment (an SQL expression of epoch ms). */
export type Moment = string | null;
const counted = (moment: Moment): string =>
  moment === null ? 'e.is_over = 0' : `e.at <= ${moment} AND (e.until_at IS NULL OR e.until_at > ${moment})`;
const evident = (moment: Moment): string => (moment === null ? 'true' : `m.first_at <= ${moment}`);

const shown = (moment: Moment): string => `shown (group_id, customer_id, role) AS (
    SELECT group_id, customer_id, role FROM (
      SELECT m.organisation_id AS group_id, f.customer_id, m.role,
        row_number() OVER (PARTITION BY m.organisation_id, f.customer_id ORDER BY m.at DESC, m.role DESC) AS place
      FROM chosen g CROSS JOIN organisation_member m ON m.organisation_id = g.id CROSS JOIN fragment f ON f.id = m.fragment_id
      WHERE ${evident(moment)})
    WHERE place = 1)`;

/**
 * The body of a WITH clause that ends in `member (group_id, customer_id, role, said_by)`. `groups` is a SELECT of id and public_id.
 */
export const members = (
  kind: GroupKind,
  groups: string,
  moment: Moment = null,
): string => `chosen (id, public_id) AS (${groups}),
  said (group_id, customer_id, value) AS (
    SELECT group_id, customer_id, value FROM (
      SELECT g.id AS group_id, f.customer_id, e.value,
        row_number() OVER (PARTITION BY g.id, f.customer_id ORDER BY e.at DESC, e.id DESC) AS place
      FROM chosen g CROSS JOIN edit e ON e.field = '${kind}:' || g.public_id CROSS JOIN fragment f ON f.id = e.fragment_id
      WHERE ${counted(moment)})
    WHERE place = 1 AND value IS NOT NULL)${kind === 'organisation' ? `,\n  ${shown(moment)}` : ''},
  member (group_id, customer_id, role, said_by) AS (
    SELECT group_id, customer_id, nullif(value, ''), 'staff' FROM said WHERE value <> '${NOT_A_MEMBER}'${
      kind === 'organisation'
        ? `
    UNION ALL SELECT s.group_id, s.customer_id, s.role, 'source' FROM shown s
    WHERE NOT EXISTS (SELECT 1 FROM said x WHERE x.group_id = s.group_id AND x.customer_id = s.customer_id)`
        : ''
    })`;

/**
 * The groups of one customer, as a SELECT of kind, id, public_id, role and said_by. `customer` is an SQL expression of the internal
 * id. Deleted organisations are none.
 */
export const groupsOf = (
  customer: string,
  moment: Moment = null,
): string => `WITH own (id) AS (SELECT f.id FROM fragment f WHERE f.customer_id = ${customer}),
  said (field, value) AS (
    SELECT field, value FROM (
      SELECT e.field, e.value, row_number() OVER (PARTITION BY e.field ORDER BY e.at DESC, e.id DESC) AS place
      FROM own CROSS JOIN edit e ON e.fragment_id = own.id
        AND (e.field >= 'household:' AND e.field < 'household;' OR e.field >= 'organisation:' AND e.field < 'organisation;')
      WHERE ${counted(moment)})
    WHERE place = 1 AND value IS NOT NULL),
  shown (id, role) AS (
    SELECT organisation_id, role FROM (
      SELECT m.organisation_id, m.role, row_number() OVER (PARTITION BY m.organisation_id ORDER BY m.at DESC, m.role DESC) AS place
      FROM own CROSS JOIN organisation_member m ON m.fragment_id = own.id AND ${evident(moment)})
    WHERE place = 1)
  SELECT 'organisation' AS kind, o.id, o.public_id, o.name, nullif(s.value, '') AS role, 'staff' AS said_by
    FROM said s CROSS JOIN organisation o ON s.field = 'organisation:' || o.public_id AND o.public_id = substr(s.field, 14)
    WHERE s.value <> '${NOT_A_MEMBER}' AND o.deleted_at IS NULL
  UNION ALL
  SELECT 'organisation', o.id, o.public_id, o.name, x.role, 'source' FROM shown x CROSS JOIN organisation o ON o.id = x.id
    WHERE o.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM said s WHERE s.field = 'organisation:' || o.public_id)
  UNION ALL
  SELECT 'household', h.id, h.public_id, NULL, nullif(s.value, ''), 'staff'
    FROM said s CROSS JOIN household h ON h.public_id = substr(s.field, 11) AND s.field = 'household:' || h.public_id
    WHERE s.value <> '${NOT_A_MEMBER}'
  ORDER BY kind, name, public_id`;
