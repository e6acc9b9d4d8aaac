import { type Place, placeKey, placeOf, type Touchpoint } from '../../record/timeline.ts';
import { pathWith } from '../form.ts';
import { Icon } from '../icons.tsx';
import { FROM_THE_TOP } from './from-the-top.ts';

/** Where the address of a page says that a timeline begins; null for its top, or for an address of before there were places. */
export const placeIn = (query: URLSearchParams): Place | null =>
  placeOf('older', query.get('older')) ?? placeOf('newer', query.get('newer'));

type PagerProps = {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly touchpoints: readonly Touchpoint[];
  readonly hasMore: boolean;
  readonly hasNewer: boolean;
};

/** Each link names the touchpoint that it goes on from, so that it leads to the same whatever has come since. */
export function TimelinePager({ path, query, touchpoints, hasMore, hasNewer }: PagerProps) {
  const [first, last] = [touchpoints[0], touchpoints.at(-1)];
  if (!hasMore && !hasNewer) return null;
  const to = (change: Record<string, string>) => `${pathWith(path, query, { ...FROM_THE_TOP, ...change })}#timeline`;
  return (
    <nav class="pager" aria-label="Pages of the timeline">
      {hasNewer && <a href={first ? to({ newer: placeKey(first) }) : to({})}>Newer</a>}
      {hasMore && last && (
        <a href={to({ older: placeKey(last) })}>
          Older
          <Icon name="arrow" />
        </a>
      )}
    </nav>
  );
}
