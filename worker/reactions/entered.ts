import { listSegments, populationOf, type Segment } from '../record/segments/segments.ts';
import { keepMembers, type MemberRow, membersAmong } from '../record/segments/watch.ts';
import type { Cause } from './action.ts';
import type { News } from './news.ts';

/** What stands before the name of a segment in the rule of an attention. */
const ENTERED = 'entered_segment:';

/** What entering a watched segment calls for. */
export const ENTERED_ACTIONS = ['raise_attention', 'tell_owner'] as const;

/** The name of the segment that a rule says somebody entered; null for other rules. */
export const enteredSegment = (rule: string): string | null =>
  rule.startsWith(ENTERED) ? rule.slice(ENTERED.length) : null;

export type Entered = { readonly causes: readonly Cause[]; readonly effects: readonly D1PreparedStatement[] };

/** Who of the news entered one segment: its causes, and who is kept as a member from now on. */
function enteredOne(
  db: D1Database,
  segment: Segment,
  rows: readonly MemberRow[],
  news: readonly News[],
  now: number,
): Entered {
  const byFragment = new Map(rows.map((row) => [row.fragment, row]));
  const came = rows.filter((row) => row.is_member && !row.was_member);
  const went = rows.filter((row) => !row.is_member && row.was_member);
  const told = new Set<number>();
  const causes = news.flatMap(({ seq, fragmentId, happening }): Cause[] => {
    const row = byFragment.get(fragmentId);
    // Once a customer, whichever of their fragments spoke first; what a file of past years tells asks nobody to act.
    if (!row?.is_member || row.was_member || happening.isHistory || told.has(row.customer)) return [];
    told.add(row.customer);
    return [{ seq, fragmentId, rule: `${ENTERED}${segment.name}` }];
  });
  const idsOf = (list: readonly MemberRow[]) => list.map(({ fragment }) => fragment);
  return { causes, effects: keepMembers(db, segment.key, idsOf(came), idsOf(went), now) };
}

/**
 * Who entered a watched segment with the news: they belong to it now, and were not seen in it when they were last heard of. Nothing
 * is asked where no segment is watched.
 */
export async function enteredWith(db: D1Database, news: readonly News[], now: number): Promise<Entered> {
  const segments = await listSegments(db);
  const watched = segments.flatMap((segment) => {
    const population = segment.watchedAt === null ? null : populationOf(segment, segments, now);
    return population ? [{ segment, population }] : [];
  });
  if (watched.length === 0) return { causes: [], effects: [] };
  const fragments = [...new Set(news.map(({ fragmentId }) => fragmentId))];
  const results = await db.batch<MemberRow>(
    watched.map(({ segment, population }) => membersAmong(db, segment.key, population, fragments)),
  );
  const entered = watched.map(({ segment }, index) =>
    enteredOne(db, segment, results[index]?.results ?? [], news, now),
  );
  return { causes: entered.flatMap(({ causes }) => causes), effects: entered.flatMap(({ effects }) => effects) };
}
