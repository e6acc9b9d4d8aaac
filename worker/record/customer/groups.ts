import { groupsOf, type Moment, members } from '../groups/members.ts';
import { type Membership, type MembershipRow, membershipOf } from '../groups/membership.ts';
import {
  type OrganisationHint,
  type OrganisationHintRow,
  organisationHintOf,
  organisationHints,
} from '../groups/suggestions.ts';
import { CUSTOMER, type Part, rowsOf } from './part.ts';

/** The part of a record that says whom a customer belongs to. */
export type Groups = {
  readonly organisations: readonly Membership[];
  readonly households: readonly HouseholdPart[];
  /** Organisations they may belong to. */
  readonly hints: readonly OrganisationHint[];
};
export type HouseholdPart = {
  readonly id: string;
  /** Themselves among them, latest heard of first. */
  readonly members: readonly { readonly id: string; readonly name: string | null }[];
};

/** Most people of a household that a record names. */
const MOST = 30;

const HOUSEHOLDS = `SELECT DISTINCT h.id, h.public_id FROM fragment f
  CROSS JOIN edit e ON e.fragment_id = f.id AND e.field >= 'household:' AND e.field < 'household;'
  CROSS JOIN household h ON h.public_id = substr(e.field, 11) WHERE f.customer_id = ${CUSTOMER}`;

const peopleOf = (moment: Moment): string => `WITH ${members('household', HOUSEHOLDS, moment)}
  SELECT m.group_id, c.public_id AS id, c.display_name AS name FROM member m CROSS JOIN customer c ON c.id = m.customer_id
  ORDER BY m.group_id, c.last_at DESC, c.id LIMIT ${MOST}`;

type PersonRow = { group_id: number; id: string; name: string | null };

function groupsFrom(
  rows: readonly MembershipRow[],
  people: readonly PersonRow[],
  hints: readonly OrganisationHintRow[],
): Groups {
  const all = rows.map(membershipOf);
  return {
    organisations: all.filter(({ kind }) => kind === 'organisation'),
    households: all
      .filter(({ kind }) => kind === 'household')
      .map(({ key, id }) => ({
        id,
        members: people
          .filter(({ group_id }) => group_id === key)
          .map(({ id: person, name }) => ({ id: person, name })),
      })),
    hints: hints.map(organisationHintOf),
  };
}

/** Whom they belong to and live with; of the past, what had been said by then. What is only suggested is for today. */
export const groups: Part<Groups> = {
  now: [groupsOf(CUSTOMER), peopleOf(null), organisationHints(CUSTOMER)],
  past: [groupsOf(CUSTOMER, '?2'), peopleOf('?2'), `SELECT * FROM (${organisationHints(CUSTOMER)}) WHERE ?2 IS NULL`],
  read: ([rows, people, hints]) =>
    groupsFrom(rowsOf<MembershipRow>(rows), rowsOf<PersonRow>(people), rowsOf<OrganisationHintRow>(hints)),
};
