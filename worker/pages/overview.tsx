import { insights } from '../insights/answers.gen.ts';
import { lastMonths } from '../insights/spans.ts';
import type { Runtime } from '../platform/env.ts';
import { countDead } from '../platform/job-list.ts';
import { type AttentionItem, listAttention } from '../reactions/attention.ts';
import { countCustomers } from '../record/customers.ts';
import { type ComingOccasion, comingOccasions } from '../record/occasions.ts';
import { countSuggestions } from '../record/suggestions/list.ts';
import { listTouchpoints, type Touchpoint } from '../record/timeline.ts';
import { listSources, providerOf } from '../sources/store.ts';
import { AttentionLine } from './components/attention.tsx';
import { Checklist, type Progress } from './components/checklist.tsx';
import { ComingOccasions } from './components/coming-occasions.tsx';
import { type Answering, InsightCard } from './components/insight-card.tsx';
import { LatestItem } from './components/touchpoint-line.tsx';
import { formatCount, plural } from './format.ts';
import { Icon } from './icons.tsx';
import { StaffPage } from './layout.tsx';
import { type Asked, askedOf } from './segments/asked.ts';
import { SegmentChoice } from './segments/choice.tsx';

const MONTHS = 12;
const LATEST = 12;
const WAITING = 6;
/** Days ahead that occasions are told of, and how many of one day at most. */
const OCCASION_DAYS = 30;
const OCCASIONS = 8;
/** With more touchpoints than this a business needs no checklist any more. */
const BEGINNING = 200;

type Overview = {
  readonly answers: readonly Answering[];
  readonly latest: readonly Touchpoint[];
  readonly waiting: readonly AttentionItem[];
  readonly hasMoreWaiting: boolean;
  readonly customers: number;
  readonly occasions: readonly ComingOccasion[];
  /** Pairs of records that may be one. */
  readonly alike: number;
  /** Jobs that were given up. */
  readonly dead: number;
  readonly progress: Progress | null;
};

/** All of the page in one turn: the statements go out together. */
async function readOverview(runtime: Runtime, asked: Asked): Promise<Overview> {
  const { db, clock } = runtime;
  const spans = lastMonths(clock.now(), MONTHS);
  const [answers, latest, waiting, customers, alike, all, dead, occasions] = await Promise.all([
    Promise.all(
      (asked.fault === null ? [...insights] : [])
        .sort((a, b) => a.order - b.order)
        .map(async (insight) => ({ insight, answered: await insight.answer(db, spans, asked.among) })),
    ),
    listTouchpoints(db, { limit: LATEST }),
    listAttention(db, WAITING),
    countCustomers(db),
    countSuggestions(db),
    listSources(runtime),
    countDead(db),
    comingOccasions(db, clock.now(), { days: OCCASION_DAYS, ofDay: OCCASIONS }),
  ]);
  const sources = all.filter((source) => providerOf(source.kind));
  const site = sources.find((source) => providerOf(source.kind)?.door === 'site');
  const touchpoints = latest?.items ?? [];
  const progress: Progress = {
    source: sources[0] ? { id: sources[0].publicId } : null,
    site: site ? { id: site.publicId } : null,
    hasEvent: touchpoints.length > 0,
    hasAnswer: answers.some(({ answered }) => answered.series.some(({ total }) => total.low !== null && total.n > 0)),
  };
  const isBeginning = (touchpoints[0]?.seq ?? 0) < BEGINNING;
  return {
    answers,
    latest: touchpoints,
    waiting: waiting?.items ?? [],
    hasMoreWaiting: waiting?.nextCursor != null,
    customers,
    occasions,
    alike,
    dead,
    progress: isBeginning ? progress : null,
  };
}

type WaitingProps = { readonly waiting: readonly AttentionItem[]; readonly hasMore: boolean; readonly now: number };

/** What a person should look at, before any figure. */
function Waiting({ waiting, hasMore, now }: WaitingProps) {
  return (
    <section class={waiting.length > 0 ? 'card alerting waiting-room' : 'card waiting-room'} aria-labelledby="waiting">
      <h2 id="waiting">Needs attention</h2>
      {waiting.length === 0 ? (
        <p class="hint">Nothing waits for you. Low scores, failed payments and privacy requests appear here.</p>
      ) : (
        <ul class="events waitings">
          {waiting.map(({ id, title, raisedAt, touchpointId, customerId, customerName, text }) => (
            <AttentionLine
              key={id}
              {...{ id, title, raisedAt, touchpointId, text, now }}
              customer={{ id: customerId, name: customerName }}
              back="/"
            />
          ))}
        </ul>
      )}
      {hasMore && (
        <p>
          <a href="/customers?attention=1">All customers who need attention</a>
        </p>
      )}
    </section>
  );
}

/** Whose figures are shown. */
function FiguresOf({ asked: { segments, segment } }: { readonly asked: Asked }) {
  return (
    <form method="get" action="/" class="figures-of">
      <SegmentChoice segments={segments} chosen={segment?.id ?? null} label="Whose figures" />
      <button type="submit" class="small">
        Show
      </button>
      {segment && <a href={`/customers?segment=${segment.id}`}>Its customers</a>}
    </form>
  );
}

type Notice = Parameters<typeof StaffPage>[0]['notice'];

/** `GET /`: how the business stands with its customers. */
export async function overviewPage(runtime: Runtime, query: URLSearchParams, notice: Notice) {
  const now = runtime.clock.now();
  const asked = await askedOf(runtime, query);
  const { answers, latest, waiting, hasMoreWaiting, customers, occasions, alike, dead, progress } = await readOverview(
    runtime,
    asked,
  );
  return (
    <StaffPage title="Overview" section="overview" notice={notice ?? null}>
      <header class="page-head">
        <h1>Overview</h1>
        <p class="muted">
          <a href="/customers">{plural(customers, 'customer')}</a> known
          {alike > 0 && (
            <>
              , <a href="/suggestions">{plural(alike, 'pair')}</a> may be one person
            </>
          )}
        </p>
      </header>
      {progress && <Checklist progress={progress} />}
      {dead > 0 && (
        <p class="notice notice-bad">
          <Icon name="alert" />
          <span>
            {dead === 1 ? 'One thing' : `${formatCount(dead)} things`} could not be done.{' '}
            <a href="/jobs?state=dead">See why, and try again</a>
          </span>
        </p>
      )}
      <Waiting waiting={waiting} hasMore={hasMoreWaiting} now={now} />
      <div class="columns">
        <section class="columns-main" aria-labelledby="figures">
          <h2 id="figures">The last twelve months</h2>
          {asked.segments.length > 0 && <FiguresOf asked={asked} />}
          {asked.fault === null ? (
            <div class="insights">
              {answers.map((answering) => (
                <InsightCard key={answering.insight.id} {...answering} />
              ))}
            </div>
          ) : (
            <p class="empty" role="status">
              {asked.fault} <a href="/">Show everybody’s figures</a>
            </p>
          )}
        </section>
        <div class="columns-side">
          <ComingOccasions occasions={occasions} />
          <section aria-labelledby="latest">
            <h2 id="latest">Latest touchpoints</h2>
            {latest.length > 0 && (
              <p class="hint">
                <a href="/live">Watch them arrive</a>
              </p>
            )}
            {latest.length === 0 ? (
              <p class="empty">
                Nothing has come in yet. <a href="/sources/new">Add a source</a> and send a test event: it shows here.
              </p>
            ) : (
              <ul class="events">
                {latest.map((touchpoint) => (
                  <LatestItem key={touchpoint.id} touchpoint={touchpoint} now={now} />
                ))}
              </ul>
            )}
          </section>
        </div>
      </div>
    </StaffPage>
  );
}
