import type { SourceHealth } from '../../record/health.ts';
import type { Source } from '../../sources/store.ts';
import { formatCount, plural } from '../format.ts';
import { OUTCOMES } from '../reasons.ts';
import { standingOf, standingWords, usualPace } from '../source-health.ts';
import { Ago } from './time.tsx';

type Props = {
  readonly source: Source;
  readonly health: SourceHealth | undefined;
  readonly now: number;
  /** How much comes, in words. */
  readonly pace?: string | null;
};

/** Outcomes of the last day, those that happened. */
export function Outcomes({ health }: Pick<Props, 'health'>) {
  const counts = Object.entries(OUTCOMES).flatMap(([outcome, { word, tone }]) => {
    const n = Object.entries(health?.outcomes ?? {}).find(([name]) => name === outcome)?.[1] ?? 0;
    return n > 0 ? [{ word, tone, n }] : [];
  });
  if (counts.length === 0) return <span class="muted">nothing in 24 hours</span>;
  return (
    <span class="outcomes">
      {counts.map(({ word, tone, n }) => (
        <span key={word} class={`tone-${tone}`}>
          {formatCount(n)}
          {health?.isCut && '+'} {word.toLowerCase()}
        </span>
      ))}
      <span class="muted">in 24 hours</span>
    </span>
  );
}

/** How a source is doing, in one line: its standing, its pace (the usual one where it is silent), and the last event. */
export function Standing({ source, health, now, pace = null }: Props) {
  const standing = standingOf(source, health, now);
  const said = standing === 'quiet' && health ? usualPace(health) : pace;
  return (
    <p class={`standing standing-${standing}`}>
      {standingWords(standing, health, now)}
      {standing === 'paused' && source.pausedAt !== null && (
        <span class="muted">
          {' '}
          <Ago ms={source.pausedAt} now={now} />
        </span>
      )}
      {said && <span class="muted">, {said}</span>}
      {health?.lastAcceptedAt != null && (
        <span class="muted">
          , last event <Ago ms={health.lastAcceptedAt} now={now} />
        </span>
      )}
    </p>
  );
}

/** What waits to be read: while the source is paused, and until all of it has been read. */
export function Held({ source, health }: Pick<Props, 'source' | 'health'>) {
  const held = health?.held ?? 0;
  if (source.pausedAt !== null)
    return (
      <p>
        What comes is checked and kept, and not read until you resume it. Nothing is lost: senders and visitors are
        answered as usual. {held > 0 && <strong>{plural(held, 'delivery', 'deliveries')} held so far.</strong>}
      </p>
    );
  return held > 0 ? <p>{plural(held, 'delivery', 'deliveries')} held meanwhile are being read now.</p> : null;
}

/** The card at the head of a source's page: how it does, and what can be done about it. */
export function StatusCard({ source, health, now, pace = null, isBusy }: Props & { readonly isBusy: boolean }) {
  const path = `/sources/${source.publicId}`;
  const isPaused = source.pausedAt !== null;
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
        <Standing source={source} health={health} now={now} pace={pace} />
        <p class="event-meta">
          <Outcomes health={health} />
        </p>
        <Held source={source} health={health} />
        {isBusy && <span data-busy />}
      </div>
      <div class="row">
        <a href={path}>Check again</a>
        <a href={`/live?source=${source.publicId}`}>Watch live</a>
        <form method="post" action={`${path}/test`}>
          <button type="submit">Send a test event</button>
        </form>
        <form method="post" action={`${path}/${isPaused ? 'resume' : 'pause'}`}>
          <button type="submit" class="quiet">
            {isPaused ? 'Resume' : 'Pause'}
          </button>
        </form>
        {!isPaused && (health?.held ?? 0) > 0 && !isBusy && (
          <form method="post" action={`${path}/resume`}>
            <button type="submit" class="quiet">
              Read what was held
            </button>
          </form>
        )}
      </div>
    </section>
  );
}
