import * as z from 'zod';
import { invalid, notFound, type Problem } from '../platform/problem.ts';
import { addMember, changeMember, listMembers, type Member, readMember } from '../staff/members.ts';
import { fail, ok, operation } from './route.ts';

const tag = 'Team';
const byId = z.object({ id: z.string().max(100) });
const name = z.string().trim().min(1).max(100);
const email = z.email().max(200).nullable();

const StaffMember = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  isActive: z.boolean().describe('False for who has left'),
  digest: z.boolean().describe('A mail each morning tells them what is new about customers they look after'),
  customers: z.int().describe('Customers they look after'),
});
const item = (member: Member): z.input<typeof StaffMember> => ({ ...member });

const noAddress: Problem = invalid([
  { path: 'digest', message: 'needs an e-mail address; send null as email only with digest false' },
]);

export const memberOperations = [
  operation({
    method: 'get',
    path: '/staff-members',
    id: 'listStaffMembers',
    summary: 'Who works for the business',
    tag,
    response: z.object({ items: z.array(StaffMember), nextCursor: z.null() }),
    handle: async ({ runtime }) => ok({ items: (await listMembers(runtime.db)).map(item), nextCursor: null }),
  }),
  operation({
    method: 'post',
    path: '/staff-members',
    id: 'addStaffMember',
    summary: 'Add a member of staff',
    tag,
    body: z.strictObject({ name, email: email.default(null), digest: z.boolean().default(false) }),
    response: StaffMember,
    status: 201,
    handle: async ({ runtime, body }) => {
      if (body.digest && body.email === null) return fail(noAddress);
      const id = await addMember(runtime, { ...body, isActive: true });
      return ok({ id, ...body, isActive: true, customers: 0 });
    },
  }),
  operation({
    method: 'get',
    path: '/staff-members/{id}',
    id: 'getStaffMember',
    summary: 'One member of staff',
    tag,
    params: byId,
    response: StaffMember,
    handle: async ({ runtime, params }) => {
      const member = await readMember(runtime.db, params.id);
      return member ? ok(item(member)) : fail(notFound('member of staff'));
    },
  }),
  operation({
    method: 'patch',
    path: '/staff-members/{id}',
    id: 'changeStaffMember',
    summary: 'Rename a member of staff, or say that they have left',
    tag,
    params: byId,
    body: z.strictObject({
      name: name.optional(),
      email: email.optional(),
      isActive: z.boolean().optional(),
      digest: z.boolean().optional(),
    }),
    response: StaffMember,
    handle: async ({ runtime, params, body }) => {
      const member = await readMember(runtime.db, params.id);
      if (!member) return fail(notFound('member of staff'));
      const changed = {
        name: body.name ?? member.name,
        email: body.email === undefined ? member.email : body.email,
        isActive: body.isActive ?? member.isActive,
        digest: body.digest ?? member.digest,
      };
      if (changed.digest && changed.email === null) return fail(noAddress);
      await changeMember(runtime, params.id, changed);
      return ok({ ...item(member), ...changed });
    },
  }),
];
