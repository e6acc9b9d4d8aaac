import { type Assurance, assuranceOf, type ProfileField } from '../../../schema/customer.ts';
import { CUSTOMER, definePart } from './part.ts';

export type ProfileValue = { readonly value: string; readonly assurance: Assurance; readonly at: number };
export type Profile = Readonly<Partial<Record<ProfileField, ProfileValue>>>;

const PROFILE = `SELECT p.field, p.value, p.assurance, p.at FROM fragment f CROSS JOIN profile p ON p.fragment_id = f.id
  WHERE f.customer_id = ${CUSTOMER} ORDER BY p.assurance DESC, p.at DESC, p.value`;

type ProfileRow = { field: ProfileField; value: string; assurance: number; at: number };

/** The best value of each field; the rows come best first. */
function profileOf(rows: readonly ProfileRow[]): Profile {
  const profile: Partial<Record<ProfileField, ProfileValue>> = {};
  for (const { field, value, assurance, at } of rows)
    profile[field] ??= { value, assurance: assuranceOf(assurance), at };
  return profile;
}

export const profile = definePart({ now: PROFILE }, profileOf);
