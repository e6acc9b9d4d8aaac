import { snippetOf, sourceUrl } from '../api/source-operations.ts';
import type { Runtime } from '../platform/env.ts';
import { type DeliveryLine, latestDeliveries, type SourceHealth, sourceHealth } from '../record/deliveries.ts';
import { IMPORT_KIND } from '../sources/imports/store.ts';
import type { Provider } from '../sources/provider.ts';
import { providerOf, type Source } from '../sources/store.ts';
import { Deliveries } from './components/deliveries.tsx';
import { type AtHand, Copyable, SetupSteps } from './components/setup-steps.tsx';
import { SecretForm, SettingsForm, type TypedSettings } from './components/source-forms.tsx';
import { Ago } from './components/time.tsx';
import { fileSourcePage } from './imports.tsx';
import { StaffPage, type StaffPageProps } from './layout.tsx';
import { DAY_MS, STANDINGS, standingOf } from './source-health.ts';
import { Outcomes } from './sources.tsx';

const SHOWN = 30;

export type SourceRequest = {
  readonly origin: string;
  readonly notice?: StaffPageProps['notice'];
  /** The secret just made, shown this once. */
  readonly freshSecret?: string | null;
  /** Settings that could not be saved. */
  readonly settings?: TypedSettings;
};

/** A form of the least that works, pointing at this source. */
const formExample = (url: string): string => `<form action="${url}" method="post">
  <label>Name <input name="name" autocomplete="name"></label>
  <label>E-mail <input name="email" type="email" autocomplete="email" required></label>
  <label>Message <textarea name="message" required></textarea></label>
  <button>Send</button>
</form>`;

function atHandOf(origin: string, source: Source, provider: Provider, freshSecret: string | null): AtHand {
  const url = sourceUrl(origin, source);
  return {
    url,
    key: source.key,
    secret: provider.secret === 'from_us' ? freshSecret : null,
    snippet: snippetOf(origin, source),
    form: formExample(url),
  };
}

function Status({
  source,
  health,
  now,
}: {
  readonly source: Source;
  readonly health: SourceHealth | undefined;
  readonly now: number;
}) {
  const standing = standingOf(health);
  return (
    <section
      class="card status-card"
      aria-labelledby="status"
      data-source={source.publicId}
      data-last={health?.lastDeliveryAt ?? ''}
    >
      <h2 id="status" class="visually-hidden">
        Status
      </h2>
      <div data-live="standing">
        <p class={`standing standing-${standing}`}>
          {STANDINGS[standing]}
          {health?.lastAcceptedAt != null && (
            <span class="muted">
              , last event <Ago ms={health.lastAcceptedAt} now={now} />
            </span>
          )}
        </p>
        <p class="event-meta">
          <Outcomes health={health} />
        </p>
      </div>
      <div class="row">
        <a href={`/sources/${source.publicId}`}>Check again</a>
        <form method="post" action={`/sources/${source.publicId}/test`}>
          <button type="submit">Send a test event</button>
        </form>
      </div>
    </section>
  );
}

function FreshSecret({ secret }: { readonly secret: string }) {
  return (
    <section class="card alerting" aria-labelledby="fresh">
      <h2 id="fresh">Your signing secret</h2>
      <p>Copy it now and paste it at the sender. It is shown this once; afterwards it is only kept.</p>
      <Copyable label="the signing secret" value={secret} />
    </section>
  );
}

type View = {
  readonly source: Source;
  readonly provider: Provider;
  readonly health: SourceHealth | undefined;
  readonly deliveries: readonly DeliveryLine[];
};

/** A source without a provider: contacts that staff log by hand. Nothing to set up, and nothing knocks there. */
const byHandPage = (source: Source) => (
  <StaffPage title={source.name} section="sources">
    <header class="page-head">
      <h1 dir="auto">{source.name}</h1>
    </header>
    <p>
      Calls, meetings, letters and notes that your colleagues log on a customer’s record. There is nothing to set up.
    </p>
    <p>
      <a href="/customers">Find a customer to log a contact</a>
    </p>
  </StaffPage>
);

async function readView(runtime: Runtime, source: Source, provider: Provider): Promise<View> {
  const [healths, deliveries] = await Promise.all([
    sourceHealth(runtime.db, runtime.clock.now() - DAY_MS),
    latestDeliveries(runtime.db, source.id, SHOWN),
  ]);
  return { source, provider, deliveries, health: healths.find(({ sourceId }) => sourceId === source.id) };
}

/** `GET /sources/:id`: how to connect it, whether it works, and what came. */
export async function sourcePage(runtime: Runtime, source: Source, request: SourceRequest) {
  const provider = providerOf(source.kind);
  if (source.kind === IMPORT_KIND) return fileSourcePage(runtime, source);
  if (!provider) return byHandPage(source);
  const now = runtime.clock.now();
  const { health, deliveries } = await readView(runtime, source, provider);
  const { origin, notice, freshSecret = null, settings } = request;
  return (
    <StaffPage title={source.name} section="sources" islands={['copy', 'source']} notice={notice ?? null}>
      <header class="page-head">
        <div>
          <p class="label">{provider.title}</p>
          <h1 dir="auto">{source.name}</h1>
        </div>
      </header>
      <p class="visually-hidden" role="status" data-announce />
      {freshSecret && <FreshSecret secret={freshSecret} />}
      <Status source={source} health={health} now={now} />
      <div class="columns">
        <div class="columns-main">
          <section class="card" aria-labelledby="setup">
            <h2 id="setup">Set it up</h2>
            <SetupSteps provider={provider} atHand={atHandOf(origin, source, provider, freshSecret)} />
          </section>
          <section aria-labelledby="deliveries" data-live="deliveries">
            <h2 id="deliveries">Latest deliveries</h2>
            <Deliveries deliveries={deliveries} now={now} />
          </section>
        </div>
        <div class="columns-side">
          {provider.secret !== 'none' && <SecretForm source={source} provider={provider} />}
          <SettingsForm source={source} typed={settings ?? null} />
        </div>
      </div>
    </StaffPage>
  );
}
