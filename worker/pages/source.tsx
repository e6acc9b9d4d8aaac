import { snippetOf, sourceUrl } from '../api/source-operations.ts';
import type { Runtime } from '../platform/env.ts';
import { type DeliveryLine, latestDeliveries } from '../record/deliveries.ts';
import { type Pulse, readPulse, type SourceHealth, sourceHealth } from '../record/health.ts';
import { latestReplay, type Replay } from '../record/replays.ts';
import { type Comparison, comparisonOf } from '../sources/comparisons.ts';
import { type Lack, lackOf } from '../sources/details.ts';
import { IMPORT_KIND } from '../sources/imports/store.ts';
import type { Misfit, Provider } from '../sources/provider.ts';
import { makesSecret, providerOf, type Source } from '../sources/store.ts';
import { AccessForm } from './components/access-form.tsx';
import { ComparisonCard } from './components/comparison.tsx';
import { Deliveries } from './components/deliveries.tsx';
import { Installs } from './components/installs.tsx';
import { KeepingForm } from './components/keeping-form.tsx';
import { MailerForm } from './components/mailer-form.tsx';
import { Rates } from './components/rate.tsx';
import { ReplayForm, ReplayProgress } from './components/replays.tsx';
import { SecretForm } from './components/secret-form.tsx';
import { type AtHand, Copyable, SetupSteps } from './components/setup-steps.tsx';
import { SettingsForm, type TypedSettings } from './components/source-forms.tsx';
import { StatusCard } from './components/source-status.tsx';
import { Troubles } from './components/troubles.tsx';
import { fileSourcePage } from './imports.tsx';
import { StaffPage, type StaffPageProps } from './layout.tsx';
import { troublesOf } from './reasons.ts';
import { recentPace } from './source-health.ts';

const SHOWN = 30;

export type SourceRequest = {
  readonly origin: string;
  readonly notice?: StaffPageProps['notice'];
  /** The secret just made, shown this once. */
  readonly freshSecret?: string | null;
  /** Settings that could not be saved. */
  readonly settings?: TypedSettings;
  /** What is wrong with the days to keep bodies. */
  readonly keepingFault?: string | null;
  /** What is wrong with the access to the sender's API. */
  readonly accessMisfits?: readonly Misfit[];
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
    secret: makesSecret(provider) ? freshSecret : null,
    snippet: snippetOf(origin, source),
    form: formExample(url),
  };
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
  readonly health: SourceHealth | undefined;
  readonly pulse: Pulse;
  readonly deliveries: readonly DeliveryLine[];
  readonly replay: Replay | null;
  readonly lack: Lack | null;
  readonly comparison: Comparison | null;
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

async function readView(runtime: Runtime, source: Source): Promise<View> {
  const { db, clock } = runtime;
  const now = clock.now();
  const [[health], pulse, deliveries, replay, lack, comparison] = await Promise.all([
    sourceHealth(db, now, source.id),
    readPulse(db, source.id, now),
    latestDeliveries(db, source.id, SHOWN),
    latestReplay(db, source.id),
    lackOf(runtime, source),
    comparisonOf(runtime, source),
  ]);
  return { health, pulse, deliveries, replay, lack, comparison };
}

/** `GET /sources/:id`: how to connect it, whether it works, and what came. */
export async function sourcePage(runtime: Runtime, source: Source, request: SourceRequest) {
  const provider = providerOf(source.kind);
  if (source.kind === IMPORT_KIND) return fileSourcePage(runtime, source);
  if (!provider) return byHandPage(source);
  const now = runtime.clock.now();
  const { health, pulse, deliveries, replay, lack, comparison } = await readView(runtime, source);
  const { origin, notice, freshSecret = null, settings, keepingFault = null, accessMisfits = [] } = request;
  const atHand = atHandOf(origin, source, provider, freshSecret);
  const isBusy = replay !== null && replay.finishedAt === null;
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
      <StatusCard {...{ source, health, now, isBusy }} pace={recentPace(pulse, source.createdAt, now)} />
      <div class="columns">
        <div class="columns-main">
          <section class="card" aria-labelledby="setup">
            <h2 id="setup">Set it up</h2>
            <SetupSteps steps={provider.setup} atHand={atHand} />
            {provider.vouching && (
              <details class="more">
                <summary>Vouch for people who sign in on your site</summary>
                <SetupSteps steps={provider.vouching} atHand={atHand} />
              </details>
            )}
            {provider.confirming && (
              <details class="more">
                <summary>Let visitors confirm their address</summary>
                <SetupSteps steps={provider.confirming.steps} atHand={atHand} />
              </details>
            )}
          </section>
          {provider.installs && (
            <section class="card" aria-labelledby="installs">
              <h2 id="installs">Where it goes</h2>
              <Installs installs={provider.installs} origin={origin} script={`${origin}/w/${source.key}.js`} />
            </section>
          )}
          <section class="card" aria-labelledby="rate" data-live="rate">
            <h2 id="rate">What comes</h2>
            <Rates pulse={pulse} now={now} />
          </section>
          <section class="card" aria-labelledby="troubles" data-live="troubles">
            <h2 id="troubles">What went wrong</h2>
            <Troubles troubles={troublesOf(pulse.failures, provider)} now={now} />
          </section>
          <section aria-labelledby="deliveries">
            <h2 id="deliveries">Latest deliveries</h2>
            <div data-live="replay">{replay && <ReplayProgress replay={replay} now={now} />}</div>
            <ReplayForm source={source} now={now} />
            <div data-live="deliveries">
              <Deliveries deliveries={deliveries} now={now} />
            </div>
          </section>
        </div>
        <div class="columns-side">
          {(provider.secret !== 'none' || provider.vouching) && (
            <SecretForm source={source} provider={provider} now={now} />
          )}
          {provider.api && (
            <AccessForm
              source={source}
              title="Access to the sender"
              access={provider.api}
              lack={lack}
              misfits={accessMisfits}
            />
          )}
          {provider.mailer && <MailerForm source={source} mailer={provider.mailer} misfits={accessMisfits} />}
          {comparison && <ComparisonCard source={source} comparison={comparison} now={now} />}
          <SettingsForm source={source} typed={settings ?? null} />
          <KeepingForm source={source} fault={keepingFault} />
        </div>
      </div>
    </StaffPage>
  );
}
