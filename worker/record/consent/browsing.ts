import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import { REFUSED_PROFILING_BEFORE } from './kept.ts';
import { isOneBrowser } from './standing.ts';

/** What is noted of what people look at, which they may refuse: then it is not kept in the first place. */

/** A contact in which somebody looked at something and did nothing else. */
export const isBrowsing = ({ kind, direction }: Pick<TouchpointInput, 'kind' | 'direction'>): boolean =>
  direction === 'in' && kind.endsWith('_viewed');

const BROWSER = 'anonymous_id';

/** What a view is held against: the browser it was seen in, and whether it says itself that it is refused. Nothing for other contacts. */
export function browsingOf(t: TouchpointInput): { browsing?: 1; browser?: string; refuses?: 1 } {
  if (!isBrowsing(t)) return {};
  const browser = t.person.identifiers.find(({ kind }) => kind === BROWSER)?.value;
  const refuses = t.consents?.some(({ purpose, state }) => purpose === 'profiling' && state === 'denied');
  return { browsing: 1, ...(browser !== undefined && { browser }), ...(refuses && { refuses: 1 }) };
}

/** Rows of `consent` named `k` that are on what is looked at. */
const onProfiling = (k: string, fragment: string): string =>
  `${k}.fragment_id = ${fragment} AND ${k}.purpose = 'profiling' AND ${k}.channel = 'web'`;
/** Parts of records of the source that were seen in the browser of the view `t`: before somebody signed in, after, and whoever else did. */
const inBrowser = (b: string): string =>
  `${b}.kind = '${BROWSER}' AND ${b}.value = t.value ->> 'browser' AND ${b}.scope = f.source_id`;

/**
 * An SQL condition: what the touchpoint `t` (JSON of `browsingOf`) of the fragment `f` tells of is refused, as things stand. By itself; by
 * its customer, the same as `standing.ts` has it for one purpose and from the refusals outwards, since almost nobody has one; or by
 * its browser, which goes on refusing when somebody signs in there or out, until the browser agrees in as good a word.
 */
export const REFUSES_PROFILING = `(t.value ->> 'refuses' IS NOT NULL OR ${REFUSED_PROFILING_BEFORE} OR EXISTS (
  SELECT 1 FROM fragment g CROSS JOIN consent k ON ${onProfiling('k', 'g.id')} AND k.state = 'denied'
  WHERE g.customer_id = f.customer_id AND NOT EXISTS (
    SELECT 1 FROM consent n WHERE n.fragment_id = k.fragment_id AND n.purpose = k.purpose AND n.channel = k.channel
      AND (n.assurance > 1, n.at) > (k.assurance > 1, k.at) AND n.state <> 'denied'
      AND (n.assurance > 1 OR ${isOneBrowser('k.fragment_id')})))
  OR EXISTS (
  SELECT 1 FROM identifier b CROSS JOIN consent k ON ${onProfiling('k', 'b.fragment_id')} AND k.state = 'denied'
  WHERE ${inBrowser('b')} AND NOT EXISTS (
    SELECT 1 FROM identifier c CROSS JOIN consent n ON ${onProfiling('n', 'c.fragment_id')} AND n.state <> 'denied'
    WHERE ${inBrowser('c')} AND (n.assurance > 1, n.at) > (k.assurance > 1, k.at))))`;
