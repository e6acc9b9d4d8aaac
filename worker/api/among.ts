import * as z from 'zod';
import type { Runtime } from '../platform/env.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { listFields } from '../record/custom-fields.ts';
import type { Population } from '../record/segments/population.ts';
import { checkRule, listSegments, readPopulation } from '../record/segments/segments.ts';
import { type Answer, fail, ok } from './route.ts';

/** Parameters by which a list is asked of some customers alone. */
export const amongQuery = {
  segment: z.string().max(100).optional().describe('Id of a segment: only its customers'),
  where: z.string().max(4000).optional().describe('A rule as segments have: orders > 2 and nps <= 6'),
};
type Asked = { readonly segment?: string | undefined; readonly where?: string | undefined };

/** The part of a filter that these parameters ask for; what is wrong with them otherwise. With both, the rule is asked. */
export async function amongOf(
  runtime: Runtime,
  { segment, where }: Asked,
): Promise<Answer<{ readonly among?: Population }>> {
  if (where !== undefined) {
    const checked = checkRule(where, await listSegments(runtime.db), null, await listFields(runtime.db));
    if (checked.ok) return ok({ among: { rule: checked.expanded, now: runtime.clock.now() } });
    return fail(
      invalid(checked.errors.map(({ from, message }) => ({ path: 'query.where', message: `${message} (at ${from})` }))),
    );
  }
  if (segment === undefined) return ok({});
  const found = await readPopulation(runtime, segment);
  return found ? ok({ among: found.population }) : fail(notFound('segment'));
}
