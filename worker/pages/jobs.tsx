import { jobTitle } from '../jobs.ts';
import type { Runtime } from '../platform/env.ts';
import { type DeadGroup, deadGroups, JOB_STATES, type JobLine, type JobState, listJobs } from '../platform/job-list.ts';
import type { Page } from '../platform/page.ts';
import { listSources, type Source } from '../sources/store.ts';
import { Ago } from './components/time.tsx';
import { pathWith } from './form.ts';
import { formatCount, humanise, plural } from './format.ts';
import { Icon } from './icons.tsx';
import { StaffPage, type StaffPageProps } from './layout.tsx';

const PATH = '/jobs';
/** Jobs shown of each state beside the others, and of one alone. */
const FEW = 10;
const MANY = 50;

const HEADINGS: Readonly<Record<JobState, string>> = {
  dead: 'Could not be done',
  pending: 'Waiting',
  done: 'Done lately',
};
const NONE: Readonly<Record<JobState, string>> = {
  dead: 'Nothing has been given up.',
  pending: 'Nothing waits to be done.',
  done: 'Nothing has been done in the last thirty days.',
};

type Sources = ReadonlyMap<number, Source>;
const titleOf = (kind: string): string => jobTitle(kind) ?? humanise(kind);

function SourceLink({ id, sources }: { readonly id: number | null; readonly sources: Sources }) {
  const source = id === null ? undefined : sources.get(id);
  if (!source) return null;
  return (
    <a href={`/sources/${source.publicId}`} dir="auto">
      {source.name}
    </a>
  );
}

function When({ job, now }: { readonly job: JobLine; readonly now: number }) {
  if (job.isRunning) return <span>{job.attempts > 1 ? `attempt ${job.attempts}` : 'first attempt'}</span>;
  const tried = job.attempts > 0 && <span>tried {plural(job.attempts, 'time')}</span>;
  if (job.runAt === null)
    return (
      <>
        {job.state === 'dead' && tried}
        <span>
          {job.state === 'dead' ? 'given up ' : 'done '}
          <Ago ms={job.endedAt ?? job.createdAt} now={now} />
        </span>
      </>
    );
  return (
    <>
      {tried}
      {job.runAt <= now ? (
        <span>due now</span>
      ) : (
        <span>
          {job.attempts > 0 ? 'next try ' : 'begins '}
          <Ago ms={job.runAt} now={now} />
        </span>
      )}
    </>
  );
}

function JobItem({ job, sources, now }: { readonly job: JobLine; readonly sources: Sources; readonly now: number }) {
  const title = titleOf(job.kind);
  return (
    <li>
      <div>
        <p class="delivery-head">
          {job.isRunning && <span class="status status-good">Running</span>} <strong>{title}</strong>
        </p>
        {job.error && (
          <p class={job.state === 'dead' ? 'tone-bad' : 'hint'} dir="auto">
            {job.error}
          </p>
        )}
        <p class="event-meta">
          <When job={job} now={now} />
          <SourceLink id={job.sourceId} sources={sources} />
        </p>
      </div>
      {job.state === 'dead' && (
        <form method="post" action={`${PATH}/${job.id}/retry`}>
          <button type="submit" class="small quiet">
            <Icon name="replay" />
            Try again
            <span class="visually-hidden">
              : {title}, number {String(job.id)}
            </span>
          </button>
        </form>
      )}
    </li>
  );
}

/** Trying all of a kind and source again at once: after a token was mended, or the other side is back. */
function Groups({ groups, sources }: { readonly groups: readonly DeadGroup[]; readonly sources: Sources }) {
  return (
    <ul class="deliveries">
      {groups.map(({ kind, sourceId, count }) => (
        <li key={`${kind} ${sourceId}`}>
          <div>
            <p class="delivery-head">
              <strong>{titleOf(kind)}</strong>
            </p>
            <p class="event-meta">
              <span>{formatCount(count)} given up</span>
              <SourceLink id={sourceId} sources={sources} />
            </p>
          </div>
          <form method="post" action={`${PATH}/retry`}>
            <input type="hidden" name="kind" value={kind} />
            <input type="hidden" name="source" value={sources.get(sourceId ?? 0)?.publicId ?? ''} />
            <button type="submit" class="small">
              <Icon name="replay" />
              Try all {formatCount(count)} again<span class="visually-hidden">: {titleOf(kind)}</span>
            </button>
          </form>
        </li>
      ))}
    </ul>
  );
}

type SectionProps = {
  readonly state: JobState;
  readonly page: Page<JobLine>;
  readonly query: URLSearchParams;
  readonly groups: readonly DeadGroup[];
  readonly sources: Sources;
  readonly now: number;
};

function StateSection({ state, page, query, groups, sources, now }: SectionProps) {
  const isAlone = query.get('state') === state;
  const more = pathWith(PATH, query, { state, cursor: isAlone ? page.nextCursor : null });
  const several = groups.filter(({ count }) => count > 1);
  return (
    <section class={state === 'dead' && page.items.length > 0 ? 'card alerting' : 'card'} aria-labelledby={state}>
      <h2 id={state}>{HEADINGS[state]}</h2>
      {page.items.length === 0 && <p class="hint">{NONE[state]}</p>}
      {state === 'dead' && several.length > 0 && <Groups groups={several} sources={sources} />}
      <ul class="deliveries">
        {page.items.map((job) => (
          <JobItem key={job.id} job={job} sources={sources} now={now} />
        ))}
      </ul>
      {page.nextCursor !== null && (
        <p>
          <a href={more}>{isAlone ? 'The next ones' : `All of “${HEADINGS[state]}”`}</a>
        </p>
      )}
    </section>
  );
}

function States({ query }: { readonly query: URLSearchParams }) {
  const shown = query.get('state');
  return (
    <ul class="chips" aria-label="Show only">
      {[null, ...JOB_STATES].map((state) => (
        <li key={state}>
          <a
            class="chip"
            aria-current={shown === state ? 'true' : undefined}
            href={pathWith(PATH, query, { state, cursor: null })}
          >
            {state === null ? 'Everything' : HEADINGS[state]}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Runs the minute's work by hand; only the development build answers there. */
const RunNow = () => (
  <form method="post" action="/demo/cron">
    <input type="hidden" name="back" value={PATH} />
    <button type="submit" class="quiet">
      Run now
    </button>
  </form>
);

const OfSource = ({ source }: { readonly source: Source }) => (
  <p>
    Only of{' '}
    <a href={`/sources/${source.publicId}`} dir="auto">
      {source.name}
    </a>
    . <a href={PATH}>Show all</a>
  </p>
);

/** `GET /jobs`: work in the background, by how it stands. Null for a state, source or place in the list that is none. */
export async function jobsPage(runtime: Runtime, query: URLSearchParams, notice: StaffPageProps['notice']) {
  const { db, clock } = runtime;
  const now = clock.now();
  const [all, groups] = await Promise.all([listSources(runtime), deadGroups(db)]);
  const sources = new Map(all.map((source) => [source.id, source]));
  const [wantedState, wantedSource] = [query.get('state'), query.get('source')];
  const source = wantedSource === null ? null : all.find(({ publicId }) => publicId === wantedSource);
  const states = JOB_STATES.filter((state) => wantedState === null || state === wantedState);
  if (source === undefined || states.length === 0) return null;
  const cursor = wantedState === null ? undefined : (query.get('cursor') ?? undefined);
  const limit = wantedState === null ? FEW : MANY;
  const pages = await Promise.all(
    states.map((state) => listJobs(db, { state, limit, cursor, sourceId: source?.id ?? null }, now)),
  );
  const own = source ? groups.filter(({ sourceId }) => sourceId === source.id) : groups;
  return (
    <StaffPage title="Jobs" section="jobs" notice={notice ?? null}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href="/sources">Sources</a>
          </p>
          <h1>Jobs</h1>
        </div>
        {__DEV__ && <RunNow />}
      </header>
      <p class="lead">
        Work that follows from what comes in and is done in the background. What fails is tried again with growing
        pauses for about a day; then it waits here for you.
      </p>
      {source && <OfSource source={source} />}
      <States query={query} />
      <div class="jobs">
        {states.map((state, index) => {
          const page = pages[index];
          return page && <StateSection key={state} {...{ state, page, query, groups: own, sources, now }} />;
        })}
      </div>
    </StaffPage>
  );
}
