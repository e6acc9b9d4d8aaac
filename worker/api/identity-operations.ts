import * as z from 'zod';
import { notFound, type Problem } from '../platform/problem.ts';
import { customerIdOf } from '../record/customers.ts';
import { readAccount } from '../record/identity/account.ts';
import { keepApart, mergeCustomers, type Ruled, revokeDecision } from '../record/identity/rulings.ts';
import { type Answer, fail, ok, operation } from './route.ts';
import { time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Identity';
const byId = z.object({ id: z.string() });
const reason = z.string().trim().min(1).max(500).describe('Why, in your own words; kept with the decision');

const sameRecord: Problem = {
  status: 409,
  code: 'same_record',
  title: 'These are one record already',
  detail: 'Both ids lead to the same customer.',
};

const ruled = (result: Ruled): Answer<{ decisionId: string }> => {
  if (result.ok) return ok({ decisionId: result.decisionId });
  return fail(result.why === 'same_record' ? sameRecord : notFound('customer'));
};

const REVOKE_PROBLEMS: Readonly<Record<string, Problem>> = {
  no_such_decision: notFound('decision'),
  already_revoked: { status: 409, code: 'already_revoked', title: 'This decision was taken back before' },
  follows_from_evidence: {
    status: 409,
    code: 'follows_from_evidence',
    title: 'Nobody decided this: it follows from the evidence',
    detail: 'To make the two records one all the same, merge them.',
  },
};

const Decision = z.object({ decisionId: z.string() });

const Side = z.object({
  customerId: z.string(),
  displayName: z.string().nullable(),
  sourceName: z.string(),
  key: z.string().describe('What the source calls the person'),
  isOwn: z.boolean().describe('Belongs to this record now'),
});

export const identityOperations = [
  operation({
    method: 'post',
    path: '/customers/{id}/merge',
    id: 'mergeCustomers',
    summary: 'Make two records one; the id of the one seen first survives and the other leads to it',
    tag,
    params: byId,
    body: z.strictObject({ from: z.string().max(100).describe('Id of the other customer'), reason }),
    response: Decision,
    status: 201,
    handle: async ({ runtime, params, body, actor }) =>
      ruled(await mergeCustomers(runtime, params.id, body.from, { reason: body.reason, actor: await actor() })),
  }),
  operation({
    method: 'post',
    path: '/customers/{id}/keep-apart',
    id: 'keepCustomersApart',
    summary: 'Say that two records are two people: they are never joined by evidence and not suggested again',
    tag,
    params: byId,
    body: z.strictObject({ from: z.string().max(100).describe('Id of the other customer'), reason }),
    response: Decision,
    status: 201,
    handle: async ({ runtime, params, body, actor }) =>
      ruled(await keepApart(runtime, params.id, body.from, { reason: body.reason, actor: await actor() })),
  }),
  operation({
    method: 'get',
    path: '/customers/{id}/decisions',
    id: 'listDecisions',
    summary: 'Why this record is what it is: every link, refusal and merge with its evidence',
    tag,
    params: byId,
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          action: z.enum(['link', 'refuse']),
          actor: z.string().describe('"rule" when it follows from the evidence'),
          decidedBy: z.string().nullable().describe('The member of staff who decided, by name, where it is known'),
          decidedById: z
            .string()
            .nullable()
            .describe('Id of a member of staff, "staff" or "api"; null where the evidence decides'),
          reason: z.looseObject({ rule: z.string() }),
          decidedAt: time,
          revokedAt: time.nullable(),
          revokeReason: z.string().nullable(),
          revokedBy: z.string().nullable().describe('The member of staff who took it back, by name'),
          revokedById: z.string().nullable().describe('As decidedById; null where the evidence changed'),
          sides: z.array(Side),
        }),
      ),
      nextCursor: z.null(),
    }),
    handle: async ({ runtime, params }) => {
      if ((await customerIdOf(runtime.db, params.id)) === null) return fail(notFound('customer'));
      const entries = await readAccount(runtime.db, params.id);
      const items = entries.map(({ decidedAt, revokedAt, reason: why, sides, ...entry }) => ({
        ...entry,
        reason: { ...why },
        sides: [...sides],
        decidedAt: toTime(decidedAt),
        revokedAt: toTimeOrNull(revokedAt),
      }));
      return ok({ items, nextCursor: null });
    },
  }),
  operation({
    method: 'post',
    path: '/decisions/{id}/revoke',
    id: 'revokeDecision',
    summary: 'Take a decision back; records and numbers are worked out anew',
    tag,
    params: z.object({ id: z.string().regex(/^\d{1,15}$/) }),
    body: z.strictObject({ reason }),
    response: Decision.describe(
      'The decision that now stands for it: a link made by evidence is answered by a refusal',
    ),
    handle: async ({ runtime, params, body, actor }) => {
      const by = { reason: body.reason, actor: await actor() };
      const revoked = await revokeDecision(runtime, Number(params.id), by);
      return revoked.ok
        ? ok({ decisionId: revoked.decisionId })
        : fail(REVOKE_PROBLEMS[revoked.why] ?? notFound('decision'));
    },
  }),
];
