import type { Runtime } from '../platform/env.ts';
import { readLive } from '../record/live.ts';
import type { Touchpoint } from '../record/timeline.ts';
import { listSources, type Source, sourceById } from '../sources/store.ts';
import { Moment } from './components/time.tsx';
import { KindIcon } from './components/touchpoint-line.tsx';
import { humanise, plural } from './format.ts';
import { StaffPage } from './layout.tsx';
import { sentenceOf } from './sentence.tsx';
import { FAMILIES, kindsOf } from './words.ts';

/** A visit of somebody who is nobody yet: many of them, and little to say of each. */
const isPassing = ({ kind, customerName }: Touchpoint): boolean => kind === 'page_viewed' && customerName === null;

function LiveItem({ touchpoint }: { readonly touchpoint: Touchpoint }) {
  const { id, kind, customerId, customerName, receivedAt, sourceName, text, data } = touchpoint;
  return (
    <li class="event" data-seq={touchpoint.seq}>
      <KindIcon kind={kind} />
      <div class="event-body">
        <p class="event-line">
          <a href={`/customers/${customerId}`} class="who" dir="auto">
            {customerName ?? 'No name yet'}
          </a>{' '}
          <a href={`/touchpoints/${id}`} class="what" dir="auto">
            {sentenceOf(touchpoint)}
          </a>
        </p>
        {text && (
          <blockquote class="words" dir="auto">
            {text.slice(0, 280)}
          </blockquote>
        )}
        <p class="event-meta">
          <Moment ms={receivedAt} />
          <span dir="auto">{sourceName}</span>
          {data.test === true && <span>Test</span>}
        </p>
      </div>
    </li>
  );
}

type Chosen = { readonly source: string; readonly family: string };

function Filters({ sources, chosen }: { readonly sources: readonly Source[]; readonly chosen: Chosen }) {
  return (
    <form method="get" action="/live" class="row live-filters">
      <div class="field">
        <label for="live-source">Source</label>
        <select id="live-source" name="source">
          <option value="">All</option>
          {sources.map(({ publicId, name }) => (
            <option key={publicId} value={publicId} selected={publicId === chosen.source}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="live-family">Kind</label>
        <select id="live-family" name="family">
          <option value="">All</option>
          {FAMILIES.map((family) => (
            <option key={family} value={family} selected={family === chosen.family}>
              {humanise(family)}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="quiet">
        Show
      </button>
    </form>
  );
}

/** `GET /live`: touchpoints as they arrive. With `after` only what came since that place in the log. Null for a source that is none. */
export async function livePage(runtime: Runtime, query: URLSearchParams) {
  const chosen: Chosen = { source: query.get('source') ?? '', family: query.get('family') ?? '' };
  const [source, sources] = await Promise.all([
    chosen.source === '' ? null : sourceById(runtime, chosen.source),
    listSources(runtime),
  ]);
  if (chosen.source !== '' && !source) return null;
  const from = query.get('after') ?? '';
  const after = /^\d{1,15}$/.test(from) ? Number(from) : null;
  const { items, last } = await readLive(runtime.db, {
    after,
    source: source?.id ?? null,
    kinds: kindsOf(chosen.family || undefined),
  });
  const passing = items.filter(isPassing);
  const others = items.filter((touchpoint) => !isPassing(touchpoint));
  const again = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ''));
  return (
    <StaffPage title="Live" section="live" islands={['live']}>
      <header class="page-head">
        <h1>Live</h1>
        <p class="row">
          <a href={`/live?${again}`} data-live-again>
            Look again
          </a>
          <button type="button" class="quiet small" data-live-pause aria-pressed="false" hidden>
            Pause
          </button>
        </p>
      </header>
      <Filters sources={sources} chosen={chosen} />
      <p class="hint" role="status" data-live-status>
        What arrived last stands first.
      </p>
      <section aria-labelledby="arrivals" data-live-page data-last={last}>
        <h2 id="arrivals" class="visually-hidden">
          Touchpoints
        </h2>
        <details class="more" data-live-passing hidden={passing.length === 0}>
          <summary data-live-count>{plural(passing.length, 'page view')} by unknown visitors</summary>
          <ul class="events">
            {passing.map((touchpoint) => (
              <LiveItem key={touchpoint.id} touchpoint={touchpoint} />
            ))}
          </ul>
        </details>
        <ul class="events" data-live-list>
          {others.map((touchpoint) => (
            <LiveItem key={touchpoint.id} touchpoint={touchpoint} />
          ))}
        </ul>
        <div class="empty" data-live-empty hidden={items.length > 0}>
          <p>
            Nothing has arrived{chosen.source || chosen.family ? ' of what you chose' : ''} yet. Send a test event from
            the page of a source: it shows here.
          </p>
          <p>
            <a class="button" href={chosen.source ? `/sources/${chosen.source}` : '/sources'}>
              {chosen.source ? 'To the source' : 'To the sources'}
            </a>
          </p>
        </div>
      </section>
    </StaffPage>
  );
}
