import * as z from 'zod';
import { invalid, notFound } from '../platform/problem.ts';
import type { EditBy } from '../record/edits.ts';
import type { Joined } from '../record/groups/membership.ts';
import type { GroupNumbers, GroupView, Member } from '../record/groups/read.ts';
import { customerItem } from './customer-operations.ts';
import { type Answer, type Call, fail, ok } from './route.ts';
import { CustomerItem, Stats, time, toTime, toTimeOrNull } from './schemas.ts';

/** What organisations and households have in common in the API. */

export const badCursor = invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]);
export const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .optional()
  .describe('Why, in your own words; kept with the edit');
export const byCaller = async (
  { actor }: Pick<Call<unknown, unknown, unknown>, 'actor'>,
  why: string | null = null,
): Promise<EditBy> => ({ actor: await actor(), reason: why });

export const GroupStats = Stats.extend({ members: z.int() }).describe(
  'Of all members together, read off their records',
);
export const groupStats = (numbers: GroupNumbers): z.input<typeof GroupStats> => ({
  members: numbers.members,
  touchpoints: numbers.touchpoints,
  orders: numbers.orders,
  revenue: [...numbers.revenue],
  firstTouchpointAt: toTimeOrNull(numbers.firstTouchpointAt),
  lastTouchpointAt: toTimeOrNull(numbers.lastTouchpointAt),
});

export const GroupMember = CustomerItem.extend({
  role: z.string().nullable(),
  saidBy: z.enum(['staff', 'source']).describe('"source" where only a source puts them there'),
});
export const groupMember = ({ role, saidBy, ...item }: Member): z.input<typeof GroupMember> => ({
  ...customerItem(item),
  role,
  saidBy,
});

export const GroupScores = z.array(
  z.object({ kind: z.string(), score: z.number(), answeredAt: time, customerId: z.string() }),
);
export const groupScores = ({ scores }: GroupView): z.input<typeof GroupScores> =>
  scores.map(({ kind, score, answeredAt, customerId }) => ({
    kind,
    score,
    answeredAt: toTime(answeredAt),
    customerId,
  }));

export const Saved = z.object({ saved: z.literal(true) });

export const joined = (result: Joined, group: string): Answer<z.input<typeof Saved>> => {
  if (result === 'done') return ok({ saved: true });
  return fail(notFound(result === 'no_such_customer' ? 'customer' : group));
};
