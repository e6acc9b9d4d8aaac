import type { Touchpoint } from '../../record/timeline.ts';
import { formatClock, plural } from '../format.ts';
import type { OrderNumbers } from '../sentence.tsx';
import { KindIcon, TimelineItem } from './touchpoint-line.tsx';

const VIEW = 'page_viewed';

/** Contacts in the order they stand, with page views that follow each other put together. */
export function foldViews(touchpoints: readonly Touchpoint[]): Touchpoint[][] {
  const lines: Touchpoint[][] = [];
  for (const touchpoint of touchpoints) {
    const last = lines.at(-1);
    if (touchpoint.kind === VIEW && last?.[0]?.kind === VIEW) last.push(touchpoint);
    else lines.push([touchpoint]);
  }
  return lines;
}

type Props = { readonly views: readonly Touchpoint[]; readonly numbers: OrderNumbers };

/** A walk through the pages, in one line that unfolds. */
export function ViewsLine({ views, numbers }: Props) {
  const [latest, earliest] = [views[0]?.occurredAt ?? 0, views.at(-1)?.occurredAt ?? 0];
  return (
    <li class="event">
      <KindIcon kind={VIEW} />
      <div class="event-body">
        <details class="more">
          <summary>{plural(views.length, 'page')} viewed</summary>
          <ol class="events">
            {views.map((view) => (
              <TimelineItem key={view.id} touchpoint={view} numbers={numbers} />
            ))}
          </ol>
        </details>
        <p class="event-meta">
          <span>
            {formatClock(earliest)} to {formatClock(latest)}
          </span>
        </p>
      </div>
    </li>
  );
}
