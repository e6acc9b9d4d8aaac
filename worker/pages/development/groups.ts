import type { Runtime } from '../../platform/env.ts';
import { customersByIdentifier } from '../../record/customers.ts';
import { joinOrganisation, liveTogether } from '../../record/groups/membership.ts';
import { createOrganisation } from '../../record/groups/organisations.ts';
import type { Person } from './people.ts';

const BY = { actor: 'staff', reason: 'Told us at the counter' } as const;

/** The café that buys for its tables, and what its people do there. */
const CAFE = { ok: true, name: 'Quayside Café', domain: 'quayside.example' } as const;
const ROLES = ['Owner', 'Buyer', null] as const;

/** A business with three people, and two who live together: the same of them each time. */
export async function writeGroups(runtime: Runtime, people: readonly Person[]): Promise<void> {
  const ids: string[] = [];
  for (const { email } of people) {
    if (ids.length === ROLES.length + 2) break;
    const [customer] = await customersByIdentifier(runtime.db, 'email', email, 1);
    if (customer && customer.stats.orders > 1) ids.push(customer.id);
  }
  const cafe = await createOrganisation(runtime, CAFE);
  for (const [index, role] of ROLES.entries()) {
    const id = ids[index];
    if (id) await joinOrganisation(runtime, cafe, id, role, BY);
  }
  const [one, other] = ids.slice(ROLES.length);
  if (one && other) await liveTogether(runtime, one, other, BY);
}
