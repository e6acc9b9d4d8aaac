import * as z from 'zod';
import { notFound, type Problem } from '../platform/problem.ts';
import { customerIdOf } from '../record/customers.ts';
import { listHouseholds } from '../record/groups/household-list.ts';
import { householdById, householdName, readHousehold } from '../record/groups/households.ts';
import { leaveGroup, liveTogether, membershipsOf } from '../record/groups/membership.ts';
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

const tag = 'Households';
const byId = z.object({ id: z.string() });

const nobodyElse: Problem = {
  status: 409,
  code: 'same_record',
  title: 'Nobody lives with themselves',
  detail: 'Both ids lead to the same customer.',
};

export const householdOperations = [
  operation({
    method: 'post',
    path: '/customers/{id}/household',
    id: 'liveTogether',
    summary: 'Say that two customers live together; a household they have is joined, else one begins',
    tag,
    params: byId,
    body: z.strictObject({ with: z.string().max(100).describe('Id of the other customer'), reason }),
    response: z.object({ householdId: z.string() }),
    status: 201,
    handle: async ({ runtime, actor, params, body }) => {
      const [one, other] = await Promise.all([
        customerIdOf(runtime.db, params.id),
        customerIdOf(runtime.db, body.with),
      ]);
      if (one === null || other === null) return fail(notFound('customer'));
      const householdId = await liveTogether(runtime, params.id, body.with, await byCaller({ actor }, body.reason));
      return householdId === null ? fail(nobodyElse) : ok({ householdId });
    },
  }),
  operation({
    method: 'get',
    path: '/households',
    id: 'listHouseholds',
    summary: 'Households in which somebody lives, the newest first, each with the numbers of its members together',
    tag,
    query: z.object({ ...paging }),
    response: pageSchema(
      z.object({
        id: z.string(),
        name: z.string().describe('Made of the names of its members; kept nowhere'),
        stats: GroupStats,
        createdAt: time,
      }),
    ),
    handle: async ({ runtime, query: { limit, cursor } }) => {
      const page = await listHouseholds(runtime.db, { limit, ...(cursor !== undefined && { cursor }) });
      if (!page) return fail(badCursor);
      const items = page.items.map(({ id, name, numbers, createdAt }) => ({
        id,
        name,
        stats: groupStats(numbers),
        createdAt: toTime(createdAt),
      }));
      return ok({ items, nextCursor: page.nextCursor });
    },
  }),
  operation({
    method: 'get',
    path: '/households/{id}',
    id: 'getHousehold',
    summary: 'People who live together, and their numbers together',
    tag,
    params: byId,
    response: z.object({
      id: z.string(),
      name: z.string().describe('Made of the names of its members; kept nowhere'),
      stats: GroupStats,
      scores: GroupScores,
      members: z.array(GroupMember),
    }),
    handle: async ({ runtime, params }) => {
      const found = await householdById(runtime.db, params.id);
      if (!found) return fail(notFound('household'));
      const view = await readHousehold(runtime.db, found, { limit: 1, offset: 0 });
      return ok({
        id: found.id,
        name: householdName(
          view.members.map(({ displayName }) => displayName),
          view.numbers.members,
        ),
        stats: groupStats(view.numbers),
        scores: groupScores(view),
        members: view.members.map(groupMember),
      });
    },
  }),
  operation({
    method: 'delete',
    path: '/households/{id}/members/{customer}',
    id: 'leaveHousehold',
    summary: 'Say that somebody does not live there',
    tag,
    params: z.object({ id: z.string(), customer: z.string() }),
    response: Saved,
    handle: async ({ runtime, actor, params: { id, customer } }) =>
      (await householdById(runtime.db, id))
        ? joined(await leaveGroup(runtime, 'household', id, customer, await byCaller({ actor })), 'household')
        : fail(notFound('household')),
  }),
  operation({
    method: 'get',
    path: '/customers/{id}/memberships',
    id: 'listMemberships',
    summary: 'The organisations and the household of a customer',
    tag,
    params: byId,
    response: z.object({
      items: z.array(
        z.object({
          kind: z.enum(['organisation', 'household']),
          id: z.string(),
          name: z.string().nullable().describe('Null for a household, whose name is made of its members’'),
          role: z.string().nullable(),
          saidBy: z.enum(['staff', 'source']),
        }),
      ),
      nextCursor: z.null(),
    }),
    handle: async ({ runtime, params }) => {
      if ((await customerIdOf(runtime.db, params.id)) === null) return fail(notFound('customer'));
      const items = await membershipsOf(runtime, params.id);
      return ok({ items: items.map(({ key: _key, ...membership }) => membership), nextCursor: null });
    },
  }),
];
