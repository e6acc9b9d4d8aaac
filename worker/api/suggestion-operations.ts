import * as z from 'zod';
import { invalid } from '../platform/problem.ts';
import { MATCH_KINDS } from '../record/suggestions/keys.ts';
import { listSuggestions } from '../record/suggestions/list.ts';
import { customerItem } from './customer-operations.ts';
import { fail, ok, operation } from './route.ts';
import { CustomerItem, pageSchema, paging } from './schemas.ts';

const Argument = z.looseObject({
  says: z
    .string()
    .describe('same_value, same_mailbox, same_name, similar_name, same_field, differing_id, differing_field'),
});

const Suggested = z.object({
  people: z.array(CustomerItem).length(2).describe('The record seen first stands first'),
  evidence: z.array(z.enum(MATCH_KINDS)).describe('What both have'),
  pro: z.array(Argument).describe('For one person'),
  contra: z.array(Argument).describe('For two people'),
});

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
];
