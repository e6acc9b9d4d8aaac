import * as z from 'zod';
import { invalid, notFound, type Problem } from '../platform/problem.ts';
import { joinOrganisation, leaveGroup } from '../record/groups/membership.ts';
import { MAX_NAME, MAX_ROLE } from '../record/groups/names.ts';
import {
  type Checked,
  changeOrganisation,
  checkOrganisation,
  createOrganisation,
  deleteOrganisation,
  listOrganisations,
  organisationById,
  type Organisation as Stored,
} from '../record/groups/organisations.ts';
import { giveOrganisation, MOST_GIVEN } from '../record/groups/owner.ts';
import { numbersOf, readGroup } from '../record/groups/read.ts';
import {
  badCursor,
  byCaller,
  GroupMember,
  GroupScores,
  GroupStats,
  groupMember,
  groupScores,
  groupStats,
  joined,
  reason,
  Saved,
} from './group-schemas.ts';
import { fail, ok, operation } from './route.ts';
import { pageSchema, paging, time, toTime } from './schemas.ts';

const tag = 'Organisations';
const byId = z.object({ id: z.string() });
const byMember = z.object({ id: z.string(), customer: z.string() });
/** Offsets deeper than this are nobody's wish, and each costs the rows it skips. */
const MAX_OFFSET = 10_000;

const Organisation = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.string().nullable().describe('Domain of its people’s e-mail addresses; whoever has one is suggested'),
  namedBy: z.enum(['staff', 'source']),
  stats: GroupStats,
  createdAt: time,
});

const organisationItem = ({ id, name, domain, namedBy, createdAt }: Stored) => ({
  id,
  name,
  domain,
  namedBy,
  createdAt: toTime(createdAt),
});

const fields = {
  name: z.string().max(MAX_NAME),
  domain: z.string().max(300).nullable().optional().describe('acme.example'),
};

const unfit = ({ faults }: Extract<Checked, { ok: false }>): Problem =>
  invalid(Object.entries(faults).map(([field, message]) => ({ path: `body.${field}`, message })));

/** One that is there and not deleted. */
async function live(db: D1Database, id: string): Promise<Stored | null> {
  const found = await organisationById(db, id);
  return found && found.deletedAt === null ? found : null;
}

async function withStats(db: D1Database, found: Stored) {
  const numbers = (await numbersOf(db, 'organisation', [found.key])).get(found.key);
  return numbers ? ok({ ...organisationItem(found), stats: groupStats(numbers) }) : fail(notFound('organisation'));
}

export const organisationOperations = [
  operation({
    method: 'get',
    path: '/organisations',
    id: 'listOrganisations',
    summary: 'Organisations by name, each with the numbers of its members together',
    tag,
    query: z.object({ ...paging, q: z.string().max(200).optional().describe('Part of a name or a domain') }),
    response: pageSchema(Organisation),
    handle: async ({ runtime, query: { q, limit, cursor } }) => {
      const page = await listOrganisations(runtime, {
        limit,
        ...(q !== undefined && { q }),
        ...(cursor !== undefined && { cursor }),
      });
      if (!page) return fail(badCursor);
      const items = page.items.map((item) => ({ ...organisationItem(item), stats: groupStats(item.numbers) }));
      return ok({ items, nextCursor: page.nextCursor });
    },
  }),
  operation({
    method: 'post',
    path: '/organisations',
    id: 'createOrganisation',
    summary: 'Make an organisation',
    tag,
    body: z.strictObject(fields),
    response: Organisation,
    status: 201,
    handle: async ({ runtime, body: { name, domain } }) => {
      const checked = checkOrganisation({ name, domain: domain ?? null });
      if (!checked.ok) return fail(unfit(checked));
      const found = await live(runtime.db, await createOrganisation(runtime, checked));
      return found ? withStats(runtime.db, found) : fail(notFound('organisation'));
    },
  }),
  operation({
    method: 'get',
    path: '/organisations/{id}',
    id: 'getOrganisation',
    summary: 'One organisation: its members’ numbers together and their latest scores',
    tag,
    params: byId,
    response: Organisation.extend({
      owners: z
        .array(z.object({ id: z.string(), name: z.string(), members: z.int() }))
        .describe('Members of staff who look after its members'),
      scores: GroupScores.describe('The latest of each kind that any member gave'),
    }),
    handle: async ({ runtime, params }) => {
      const found = await live(runtime.db, params.id);
      if (!found) return fail(notFound('organisation'));
      const none = { limit: 1, offset: 0 };
      const view = await readGroup(runtime.db, 'organisation', found.key, {
        members: none,
        timeline: none,
      });
      return ok({
        ...organisationItem(found),
        stats: groupStats(view.numbers),
        owners: [...view.owners],
        scores: groupScores(view),
      });
    },
  }),
  operation({
    method: 'patch',
    path: '/organisations/{id}',
    id: 'changeOrganisation',
    summary: 'Call an organisation otherwise; what a source calls it then changes nothing any more',
    tag,
    params: byId,
    body: z.strictObject({ name: fields.name.optional(), domain: fields.domain }),
    response: Organisation,
    handle: async ({ runtime, params, body }) => {
      const before = await live(runtime.db, params.id);
      if (!before) return fail(notFound('organisation'));
      const checked = checkOrganisation({
        name: body.name ?? before.name,
        domain: body.domain === undefined ? before.domain : body.domain,
      });
      if (!checked.ok) return fail(unfit(checked));
      await changeOrganisation(runtime, params.id, checked);
      const found = await live(runtime.db, params.id);
      return found ? withStats(runtime.db, found) : fail(notFound('organisation'));
    },
  }),
  operation({
    method: 'delete',
    path: '/organisations/{id}',
    id: 'deleteOrganisation',
    summary: 'Take an organisation away; its members stay as they are',
    tag,
    params: byId,
    response: Saved,
    handle: async ({ runtime, params }) =>
      (await deleteOrganisation(runtime, params.id)) ? ok({ saved: true as const }) : fail(notFound('organisation')),
  }),
  operation({
    method: 'put',
    path: '/organisations/{id}/owner',
    id: 'giveOrganisation',
    summary: `Say who looks after all members of an organisation, at most ${MOST_GIVEN} of them`,
    tag,
    params: byId,
    body: z.strictObject({ owner: z.string().max(100).nullable().describe('Id of a member of staff'), reason }),
    response: z.object({ members: z.int() }),
    handle: async ({ runtime, actor, params, body }) => {
      const found = await live(runtime.db, params.id);
      if (!found) return fail(notFound('organisation'));
      const members = await giveOrganisation(runtime, found.key, body.owner, await byCaller({ actor }, body.reason));
      return members === null
        ? fail(invalid([{ path: 'body.owner', message: 'is nobody of your team' }]))
        : ok({ members });
    },
  }),
  operation({
    method: 'get',
    path: '/organisations/{id}/members',
    id: 'listOrganisationMembers',
    summary: 'Who belongs to an organisation, latest heard of first',
    tag,
    params: byId,
    query: z.object({
      limit: paging.limit,
      cursor: z
        .string()
        .regex(/^\d{1,5}$/, 'is not a cursor of this list')
        .default('0'),
    }),
    response: pageSchema(GroupMember),
    handle: async ({ runtime, params, query: { limit, cursor } }) => {
      const offset = Number(cursor);
      if (offset > MAX_OFFSET) return fail(badCursor);
      const found = await live(runtime.db, params.id);
      if (!found) return fail(notFound('organisation'));
      const view = await readGroup(runtime.db, 'organisation', found.key, {
        members: { limit, offset },
        timeline: { limit: 1, offset: 0 },
      });
      const nextCursor = view.hasMoreMembers ? String(offset + limit) : null;
      return ok({ items: view.members.map(groupMember), nextCursor });
    },
  }),
  operation({
    method: 'put',
    path: '/organisations/{id}/members/{customer}',
    id: 'putOrganisationMember',
    summary: 'Put a customer into an organisation, or change their role there',
    tag,
    params: byMember,
    body: z.strictObject({ role: z.string().max(MAX_ROLE).nullable().optional(), reason }),
    response: Saved,
    handle: async ({ runtime, actor, params: { id, customer }, body }) =>
      joined(
        await joinOrganisation(runtime, id, customer, body.role ?? null, await byCaller({ actor }, body.reason)),
        'organisation',
      ),
  }),
  operation({
    method: 'delete',
    path: '/organisations/{id}/members/{customer}',
    id: 'removeOrganisationMember',
    summary: 'Say that a customer does not belong to an organisation, whatever a source says',
    tag,
    params: byMember,
    response: Saved,
    handle: async ({ runtime, actor, params: { id, customer } }) =>
      (await live(runtime.db, id))
        ? joined(await leaveGroup(runtime, 'organisation', id, customer, await byCaller({ actor })), 'organisation')
        : fail(notFound('organisation')),
  }),
];
