import type { Runtime } from '../platform/env.ts';
import { type SourceHealth, sourceHealth } from '../record/health.ts';
import { IMPORT_KIND } from '../sources/imports/store.ts';
import { listSources, providerOf, type Source } from '../sources/store.ts';
import { Outcomes, Standing } from './components/source-status.tsx';
import { Icon } from './icons.tsx';
import { FileSources } from './imports.tsx';
import { StaffPage } from './layout.tsx';

function SourceCard({
  source,
  health,
  now,
}: {
  readonly source: Source;
  readonly health: SourceHealth | undefined;
  readonly now: number;
}) {
  return (
    <li class="card source">
      <h2>
        <a href={`/sources/${source.publicId}`} dir="auto">
          {source.name}
        </a>
      </h2>
      <p class="label">{providerOf(source.kind)?.title ?? source.kind}</p>
      <Standing source={source} health={health} now={now} />
      <p class="event-meta">
        <Outcomes health={health} />
      </p>
    </li>
  );
}

/** `GET /sources`: every door in, and whether anything comes through it. */
export async function sourcesPage(runtime: Runtime) {
  const now = runtime.clock.now();
  const [all, healths] = await Promise.all([listSources(runtime), sourceHealth(runtime.db, now)]);
  const sources = all.filter((source) => providerOf(source.kind));
  const healthOf = new Map(healths.map((health) => [health.sourceId, health]));
  return (
    <StaffPage title="Sources" section="sources">
      <header class="page-head">
        <h1>Sources</h1>
        <p class="row">
          <a href="/imports">Imports</a>
          {sources.length > 0 && (
            <a class="button" href="/sources/new">
              Add a source
            </a>
          )}
        </p>
      </header>
      {sources.length === 0 ? (
        <div class="empty">
          <p>Touchpoints come in through sources: your shop, your payment service, a form, your website.</p>
          <p>
            <a class="button" href="/sources/new">
              Add the first source
            </a>
          </p>
        </div>
      ) : (
        <ul class="cards">
          {sources.map((source) => (
            <SourceCard key={source.id} source={source} health={healthOf.get(source.id)} now={now} />
          ))}
        </ul>
      )}
      <FileSources sources={all.filter(({ kind }) => kind === IMPORT_KIND)} />
      {sources.length > 0 && (
        <p class="hint">
          <Icon name="code" /> Anything else can send by <a href="/sources/new">Standard Webhooks</a>; the{' '}
          <a href="/api">API</a> reads it all. What is still to be done in the background stands under{' '}
          <a href="/jobs">Jobs</a>.
        </p>
      )}
    </StaffPage>
  );
}
