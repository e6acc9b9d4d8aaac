import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import { REFUSED_PROFILING_BEFORE } from './kept.ts';
import { isOneBrowser } from './standing.ts';

/** What is noted of what people look at, which they may refuse: then it is not kept in the first place. */

/** A contact in which somebody looked at something and did nothing else. */
export const isBrowsing = ({ kind, direction }: TouchpointInput): boolean =>
  direction === 'in' && kind.endsWith('_viewed');

/**
 * An SQL condition: the customer of the fragment `f` refuses to be profiled, as things stand. The same as `standing.ts` has it, for one
 * purpose and from the refusals outwards: almost nobody has one.
 */
export const REFUSES_PROFILING = `(${REFUSED_PROFILING_BEFORE} OR EXISTS (
  SELECT 1 FROM fragment g CROSS JOIN consent k ON k.fragment_id = g.id AND k.purpose = 'profiling' AND k.channel = 'web' AND k.state = 'denied'
  WHERE g.customer_id = f.customer_id AND NOT EXISTS (
    SELECT 1 FROM consent n WHERE n.fragment_id = k.fragment_id AND n.purpose = k.purpose AND n.channel = k.channel
      AND (n.assurance > 1, n.at) > (k.assurance > 1, k.at) AND n.state <> 'denied'
      AND (n.assurance > 1 OR ${isOneBrowser('k.fragment_id')}))))`;
