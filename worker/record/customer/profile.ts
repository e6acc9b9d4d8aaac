import { type Assurance, assuranceOf, type ProfileField } from '../../../schema/customer.ts';
import { type Asked, CUSTOMER, definePart } from './part.ts';

export type ProfileValue = {
  readonly value: string;
  readonly assurance: Assurance;
  readonly at: number;
  /** Of a past moment: it was said later than that. Only the latest of what a source says is kept. */
  readonly isAsToday: boolean;
};
export type Profile = Readonly<Partial<Record<ProfileField, ProfileValue>>>;

const profileOver = (fragments: string): string =>
  `SELECT p.field, p.value, p.assurance, p.at FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id
   WHERE f.customer_id = ${CUSTOMER}${fragments} ORDER BY p.assurance DESC, p.at DESC, p.value`;

/** Of a past moment: what is said by those that had been heard of. */
const PROFILE = {
  now: profileOver(''),
  past: profileOver(' AND EXISTS (SELECT 1 FROM touchpoint h WHERE h.fragment_id = f.id AND h.occurred_at <= ?2)'),
};

type ProfileRow = { field: ProfileField; value: string; assurance: number; at: number };

/** The best value of each field; the rows come best first. */
function profileOf(rows: readonly ProfileRow[], asked: Asked): Profile {
  const profile: Partial<Record<ProfileField, ProfileValue>> = {};
  for (const { field, value, assurance, at } of rows)
    profile[field] ??= { value, assurance: assuranceOf(assurance), at, isAsToday: asked.at !== null && at > asked.at };
  return profile;
}

export const profile = definePart(PROFILE, profileOf);
