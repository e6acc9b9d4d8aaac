import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { customerIdOf } from '../customers.ts';
import { type EditBy, writeEdits } from '../edits.ts';
import { keepApart } from '../identity/rulings.ts';
import { type GroupKind, groupsOf, membershipField, NOT_A_MEMBER } from './members.ts';
import { MAX_ROLE, tidyName } from './names.ts';
import { organisationById } from './organisations.ts';

/** A group that a customer belongs to. */
export type Membership = {
  readonly kind: GroupKind;
  /** Internal id of the group. */
  readonly key: number;
  readonly id: string;
  /** Null for a household, whose name is made of its members'. */
  readonly name: string | null;
  readonly role: string | null;
  readonly saidBy: 'staff' | 'source';
};

type Row = {
  kind: GroupKind;
  id: number;
  public_id: string;
  name: string | null;
  role: string | null;
  said_by: 'staff' | 'source';
};

export const membershipOf = (row: Row): Membership => ({
  kind: row.kind,
  key: row.id,
  id: row.public_id,
  name: row.name,
  role: row.role,
  saidBy: row.said_by,
});
export type { Row as MembershipRow };

/** The groups of a customer, by a public id of theirs. */
export async function membershipsOf({ db }: Runtime, publicId: string): Promise<Membership[]> {
  const { results } = await db
    .prepare(groupsOf('(SELECT f.customer_id FROM customer c JOIN fragment f ON f.id = c.id WHERE c.public_id = ?1)'))
    .bind(publicId)
    .all<Row>();
  return results.map(membershipOf);
}

export type Joined = 'done' | 'no_such_customer' | 'no_such_group';

/** A role as it is kept: what would say that somebody is no member is no role. */
const roleOf = (role: string | null | undefined): string => {
  const text = tidyName(role, MAX_ROLE) ?? '';
  return text === NOT_A_MEMBER ? '' : text;
};

/** Puts a customer into an organisation, or changes their role there. @throws DatabaseBusy */
export async function joinOrganisation(
  runtime: Runtime,
  organisation: string,
  customer: string,
  role: string | null,
  by: EditBy,
): Promise<Joined> {
  const found = await organisationById(runtime.db, organisation);
  if (!found || found.deletedAt !== null) return 'no_such_group';
  const edit = { field: membershipField('organisation', found.id), value: roleOf(role) };
  return (await writeEdits(runtime, customer, [edit], by)) ? 'done' : 'no_such_customer';
}

/** Says that a customer is no member, whatever a source says, and not to be suggested as one. @throws DatabaseBusy */
export async function leaveGroup(
  runtime: Runtime,
  kind: GroupKind,
  id: string,
  customer: string,
  by: EditBy,
): Promise<Joined> {
  const edit = { field: membershipField(kind, id), value: NOT_A_MEMBER };
  return (await writeEdits(runtime, customer, [edit], by)) ? 'done' : 'no_such_customer';
}

/** The fields of households that a customer belongs to, but for one. */
async function otherHouseholds(runtime: Runtime, customer: string, but: string): Promise<string[]> {
  const all = await membershipsOf(runtime, customer);
  return all.filter(({ kind, id }) => kind === 'household' && id !== but).map(({ id }) => id);
}

/** Puts a customer into a household; one lives in one, so that they leave another. @throws DatabaseBusy */
async function joinHousehold(runtime: Runtime, household: string, customer: string, by: EditBy): Promise<Joined> {
  const found = await runtime.db.prepare('SELECT 1 FROM household WHERE public_id = ?1').bind(household).first();
  if (!found) return 'no_such_group';
  const left = await otherHouseholds(runtime, customer, household);
  const edits = [
    ...left.map((id) => ({ field: membershipField('household', id), value: NOT_A_MEMBER })),
    { field: membershipField('household', household), value: '' },
  ];
  return (await writeEdits(runtime, customer, edits, by)) ? 'done' : 'no_such_customer';
}

/**
 * Says that two customers live together, so that they are two people and are not suggested as one any more. The second joins the household of the first, the first that of the second where only that
 * one has any, else both begin a new one. Gives the public id of the household; null when one of the two is not there, or both are
 * one record. @throws DatabaseBusy
 */
export async function liveTogether(runtime: Runtime, one: string, other: string, by: EditBy): Promise<string | null> {
  const { db, clock } = runtime;
  const [a, b] = await Promise.all([customerIdOf(db, one), customerIdOf(db, other)]);
  if (a === null || b === null || a === b) return null;
  const [ofOne, ofOther] = await Promise.all([membershipsOf(runtime, one), membershipsOf(runtime, other)]);
  const existing = [...ofOne, ...ofOther].find(({ kind }) => kind === 'household');
  const id = existing?.id ?? clock.uuid();
  if (!existing)
    await withRetry(() =>
      db
        .prepare('INSERT INTO household (public_id, created_at) VALUES (?1, ?2) ON CONFLICT (public_id) DO NOTHING')
        .bind(id, clock.now())
        .run(),
    );
  await keepApart(runtime, one, other, {
    reason: by.reason ?? 'They live together, and are two people.',
    actor: by.actor,
  });
  await joinHousehold(runtime, id, one, by);
  await joinHousehold(runtime, id, other, by);
  return id;
}
