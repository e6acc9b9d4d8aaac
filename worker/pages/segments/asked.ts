import type { Runtime } from '../../platform/env.ts';
import type { Population } from '../../record/segments/population.ts';
import { checkRule, listSegments, populationOf, type Segment } from '../../record/segments/segments.ts';

/** Whom the address of a page asks for: `?segment=` by its id, or `?where=` by a rule. */
export type Asked = {
  readonly segments: readonly Segment[];
  /** The segment that is chosen. */
  readonly segment: Segment | null;
  /** The rule that is asked for by itself. */
  readonly where: string | null;
  /** What is wrong with that rule. */
  readonly fault: string | null;
  readonly among: Population | undefined;
};

/** Reads whom a page is asked for: a segment stands over a rule, and one that is no more asks for everybody. */
export async function askedOf({ db, clock }: Runtime, query: URLSearchParams): Promise<Asked> {
  const segments = await listSegments(db);
  const segment = segments.find(({ id }) => id === query.get('segment')) ?? null;
  const where = segment ? null : query.get('where');
  if (where) {
    const checked = checkRule(where, segments);
    const fault = checked.ok ? null : (checked.errors[0]?.message ?? null);
    const among = checked.ok ? { rule: checked.expanded, now: clock.now() } : undefined;
    return { segments, segment: null, where, fault, among };
  }
  const among = segment ? (populationOf(segment, segments, clock.now()) ?? undefined) : undefined;
  return { segments, segment, where: null, fault: null, among };
}
