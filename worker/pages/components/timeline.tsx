import type { CustomerRecord } from '../../record/customer.ts';
import type { Thread } from '../../record/threads.ts';
import type { Touchpoint } from '../../record/timeline.ts';
import { pathWith } from '../form.ts';
import { dayKey, formatDayHeading, humanise } from '../format.ts';
import type { OrderNumbers } from '../sentence.tsx';
import { FAMILIES } from '../words.ts';
import { ConversationItem } from './conversation-item.tsx';
import { FROM_THE_TOP } from './from-the-top.ts';
import { Activity } from './record/activity.tsx';
import { TimelinePager } from './timeline-pager.tsx';
import { TimelineItem } from './touchpoint-line.tsx';
import { foldViews, ViewsLine } from './views-line.tsx';

/** Touchpoints cut where the day changes; they come latest first. */
export function byDay(touchpoints: readonly Touchpoint[]): { readonly day: string; readonly items: Touchpoint[] }[] {
  const days: { day: string; items: Touchpoint[] }[] = [];
  for (const touchpoint of touchpoints) {
    const day = dayKey(touchpoint.occurredAt);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(touchpoint);
    else days.push({ day, items: [touchpoint] });
  }
  return days;
}

function FamilyFilter({ path, query }: { readonly path: string; readonly query: URLSearchParams }) {
  const shown = query.get('show');
  return (
    <ul class="chips" aria-label="Show only">
      {[null, ...FAMILIES].map((family) => (
        <li key={family}>
          <a
            class="chip"
            aria-current={shown === family ? 'true' : undefined}
            href={`${pathWith(path, query, { show: family, ...FROM_THE_TOP })}#timeline`}
          >
            {family === null ? 'Everything' : humanise(family)}
          </a>
        </li>
      ))}
    </ul>
  );
}

type TimelineProps = {
  /** How much there was by month, where that is to be shown. */
  readonly months?: CustomerRecord['months'];
  readonly path: string;
  readonly query: URLSearchParams;
  readonly touchpoints: readonly Touchpoint[];
  /** Conversations by the `seq` of the contact that stands for them. */
  readonly conversations: ReadonlyMap<number, Thread>;
  readonly numbers: OrderNumbers;
  readonly hasMore: boolean;
  readonly hasNewer: boolean;
  /** Epoch ms; null on a past day, of which no day is today. */
  readonly now: number | null;
};

type LineProps = Pick<TimelineProps, 'conversations' | 'numbers'> & { readonly line: readonly Touchpoint[] };

function Line({ line, conversations, numbers }: LineProps) {
  const [touchpoint] = line;
  if (!touchpoint) return null;
  if (line.length > 1) return <ViewsLine views={line} numbers={numbers} />;
  const thread = conversations.get(touchpoint.seq);
  if (thread) return <ConversationItem touchpoint={touchpoint} thread={thread} />;
  return <TimelineItem touchpoint={touchpoint} numbers={numbers} />;
}

/** The course of a relationship, day by day, latest first. */
export function Timeline({
  months,
  path,
  query,
  touchpoints,
  conversations,
  numbers,
  hasMore,
  hasNewer,
  now,
}: TimelineProps) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      {months && <Activity months={months} path={path} query={query} />}
      <FamilyFilter path={path} query={query} />
      {touchpoints.length === 0 && (
        <p class="empty">Nothing of this kind. Choose “Everything” to see the whole course.</p>
      )}
      {byDay(touchpoints).map(({ day, items }) => (
        <section key={day} class="day">
          <h3>
            <time dateTime={day}>{formatDayHeading(items[0]?.occurredAt ?? 0, now)}</time>
          </h3>
          <ol class="events timeline">
            {foldViews(items).map((line) => (
              <Line key={line[0]?.id} line={line} conversations={conversations} numbers={numbers} />
            ))}
          </ol>
        </section>
      ))}
      <TimelinePager {...{ path, query, touchpoints, hasMore, hasNewer }} />
    </section>
  );
}
