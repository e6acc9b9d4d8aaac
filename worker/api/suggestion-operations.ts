import * as z from 'zod';
import { invalid } from '../platform/problem.ts';
import {
  type IdentityRules,
  MOST_NEVER,
  readIdentityRules,
  readNever,
  setLimits,
  setNeverJoin,
} from '../record/identity/rules.ts';
import { settleOverdue } from '../record/identity/settle.ts';
import { MATCH_KINDS } from '../record/suggestions/keys.ts';
import { listSuggestions } from '../record/suggestions/list.ts';
import { customerItem } from './customer-operations.ts';
import { fail, ok, operation } from './route.ts';
import { CustomerItem, pageSchema, paging } from './schemas.ts';

const Argument = z.looseObject({
  says: z
    .string()
    .describe(
      'same_value, same_mailbox, same_name, similar_name, same_field, same_address, same_home, differing_id, differing_field',
    ),
});

const Suggested = z.object({
  people: z.array(CustomerItem).length(2).describe('The record seen first stands first'),
  evidence: z.array(z.enum(MATCH_KINDS)).describe('What both have'),
  pro: z.array(Argument).describe('For one person'),
  contra: z.array(Argument).describe('For two people'),
});

const most = z.int().min(1).max(10_000);
const AllLimits = z.object({
  email: most.describe('Proven e-mail addresses in a year'),
  phone: most.describe('Telephone numbers in a year'),
  anonymous_id: most.describe('Browsers in a week'),
  identifiers: most.describe('Addresses, numbers and ids in all'),
  merges: most.describe('Parts joined to one record'),
});
const Never = z
  .array(z.string().trim().min(1).max(254))
  .max(MOST_NEVER)
  .describe('Whole values, beginnings of addresses (reception@) or their ends (@agency.example)');
const Rules = z.object({ neverJoin: Never, limits: AllLimits });
const rulesOf = ({ neverJoin, limits }: IdentityRules) => ({ neverJoin: [...neverJoin], limits: { ...limits } });

export const suggestionOperations = [
  operation({
    method: 'get',
    path: '/suggestions',
    id: 'listSuggestions',
    summary: 'Two records that may be one person, what says most first; merge them, or keep them apart for good',
    tag: 'Identity',
    query: z.object({ ...paging, evidence: z.enum(MATCH_KINDS).optional().describe('Only those that rest on it') }),
    response: pageSchema(Suggested),
    handle: async ({ runtime, query: { limit, cursor, evidence } }) => {
      const filter = { limit, ...(cursor !== undefined && { cursor }), ...(evidence && { evidence }) };
      const page = await listSuggestions(runtime.db, filter);
      if (!page) return fail(invalid([{ path: 'query.cursor', message: 'is not a cursor of this list' }]));
      const items = page.items.map(({ people, evidence: kinds, comparison }) => ({
        people: people.map(customerItem),
        evidence: [...kinds],
        pro: comparison.pro.map((one) => ({ ...one })),
        contra: comparison.contra.map((one) => ({ ...one })),
      }));
      return ok({ items, nextCursor: page.nextCursor });
    },
  }),
  operation({
    method: 'get',
    path: '/identity-rules',
    id: 'readIdentityRules',
    summary: 'What never joins two records, and how much one person may have',
    tag: 'Identity',
    response: Rules,
    handle: async ({ runtime }) => ok(rulesOf(await readIdentityRules(runtime.db))),
  }),
  operation({
    method: 'put',
    path: '/identity-rules',
    id: 'setIdentityRules',
    summary: 'Say what never joins two records, and how much one person may have; what is left out stays as it is',
    tag: 'Identity',
    body: z.strictObject({ neverJoin: Never.optional(), limits: AllLimits.partial().optional() }),
    response: Rules,
    handle: async ({ runtime, body: { neverJoin, limits } }) => {
      if (neverJoin) {
        const { values, wrong } = readNever(neverJoin);
        if (wrong.length > 0) return fail(invalid([{ path: 'body.neverJoin', message: `does not fit: ${wrong[0]}` }]));
        await setNeverJoin(runtime, values);
      }
      if (limits) {
        const before = (await readIdentityRules(runtime.db)).limits;
        const given = Object.fromEntries(Object.entries(limits).filter(([, most]) => most !== undefined));
        await setLimits(runtime, { ...before, ...given });
      }
      await settleOverdue(runtime.db, runtime.clock);
      return ok(rulesOf(await readIdentityRules(runtime.db)));
    },
  }),
];
