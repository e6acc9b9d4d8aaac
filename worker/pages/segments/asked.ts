import type { CustomField } from '../../../schema/custom-field.ts';
import type { Runtime } from '../../platform/env.ts';
import { listFields } from '../../record/custom-fields.ts';
import type { Population } from '../../record/segments/population.ts';
import { checkRule, listSegments, populationOf, type Segment } from '../../record/segments/segments.ts';

/** Whom the address of a page asks for: `?segment=` by its id, or `?where=` by a rule. */
export type Asked = {
  readonly segments: readonly Segment[];
  /** The segment that is chosen. */
  readonly segment: Segment | null;
  /** The rule that is asked for by itself. */
  readonly where: string | null;
  /** Why nobody can be meant: the segment is no more, or the rule does not hold. Then nobody is shown. */
  readonly fault: string | null;
  readonly among: Population | undefined;
};

const GONE = 'There is no such segment any more.';
const UNREADABLE = 'The rule of this segment does not hold any more.';

function askedByRule(where: string, segments: readonly Segment[], fields: readonly CustomField[], now: number): Asked {
  const checked = checkRule(where, segments, null, fields);
  const fault = checked.ok ? null : `The rule does not hold: ${checked.errors[0]?.message ?? ''}`;
  return { segments, segment: null, where, fault, among: checked.ok ? { rule: checked.expanded, now } : undefined };
}

/** Reads whom a page is asked for: a segment stands over a rule. */
export async function askedOf({ db, clock }: Runtime, query: URLSearchParams): Promise<Asked> {
  const segments = await listSegments(db);
  const [id, where, now] = [query.get('segment'), query.get('where'), clock.now()];
  if (!id) return where ? askedByRule(where, segments, await listFields(db), now) : { ...EVERYBODY, segments };
  const segment = segments.find((one) => one.id === id) ?? null;
  const among = segment ? (populationOf(segment, segments, now) ?? undefined) : undefined;
  return { segments, segment, where: null, fault: segment ? (among ? null : UNREADABLE) : GONE, among };
}

const EVERYBODY = { segment: null, where: null, fault: null, among: undefined } as const;
