import type { Runtime } from '../../platform/env.ts';
import { customersByIdentifier } from '../../record/customers.ts';
import { writeEdits } from '../../record/edits.ts';
import { joinOrganisation, liveTogether } from '../../record/groups/membership.ts';
import { createOrganisation } from '../../record/groups/organisations.ts';
import { addMember, listMembers } from '../../staff/members.ts';
import type { Person } from './people.ts';

const BY = { actor: 'staff', reason: 'Told us at the counter' } as const;

/** The café that buys for its tables, and what its people do there. */
const CAFE = { ok: true, name: 'Quayside Café', domain: 'quayside.example' } as const;
const ROLES = ['Owner', 'Buyer', null] as const;
/** Customers that somebody of the team looks after, the café's people first. */
const LOOKED_AFTER = 16;

/** Those of the town who have ordered by now, the same each time. */
async function neighbours({ db }: Runtime, people: readonly Person[], most: number): Promise<string[]> {
  const ids: string[] = [];
  for (const { email } of people.filter(({ tongue }) => tongue === 'en')) {
    const [customer] = ids.length < most ? await customersByIdentifier(db, 'email', email, 1) : [];
    if (customer && customer.stats.orders > 0) ids.push(customer.id);
  }
  return ids;
}

/** Says who looks after whom, so that they are told of what happens from then on. */
export async function writeOwners(runtime: Runtime, people: readonly Person[]): Promise<void> {
  const found = (await listMembers(runtime.db)).filter(({ isActive }) => isActive);
  const owner =
    found[0]?.id ?? (await addMember(runtime, { name: 'Nerys Vaughan', email: 'nerys@shop.example', isActive: true }));
  const edits = [{ field: 'owner', value: owner }];
  for (const id of await neighbours(runtime, people, LOOKED_AFTER)) await writeEdits(runtime, id, edits, BY);
}

/** A business with three people, and two who live together. */
export async function writeGroups(runtime: Runtime, people: readonly Person[]): Promise<void> {
  const ids = await neighbours(runtime, people, ROLES.length + 2);
  const cafe = await createOrganisation(runtime, CAFE);
  for (const [index, role] of ROLES.entries()) {
    const id = ids[index];
    if (id) await joinOrganisation(runtime, cafe, id, role, BY);
  }
  const [one, other] = ids.slice(ROLES.length);
  if (one && other) await liveTogether(runtime, one, other, BY);
}
