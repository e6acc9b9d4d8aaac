import type { Comparison } from '../../sources/comparisons.ts';
import type { Source } from '../../sources/store.ts';
import { Ago, Moment } from './time.tsx';

type Props = { readonly source: Source; readonly comparison: Comparison; readonly now: number };

function Standing({ comparison, now }: Omit<Props, 'source'>) {
  const { isReady, isRunning, lastAt, lastNote, nextAt, error } = comparison;
  if (!isReady) return <p>Not compared yet: fill in the access above first.</p>;
  return (
    <>
      {error && (
        <p class="tone-bad" dir="auto">
          {error}
        </p>
      )}
      <p dir="auto">
        {lastAt === null ? (
          'Not compared yet.'
        ) : (
          <>
            Compared <Ago ms={lastAt} now={now} />. {lastNote}
          </>
        )}
      </p>
      <p class="hint">
        {isRunning
          ? 'It is being compared now.'
          : nextAt !== null && <>Next: {nextAt <= now ? 'within a minute' : <Moment ms={nextAt} />}.</>}
      </p>
    </>
  );
}

/** What the sender lists, held against what its webhooks brought: how that stands, and a way to do it at once. */
export function ComparisonCard({ source, comparison, now }: Props) {
  return (
    <section class="card stack" aria-labelledby="comparison" data-live="comparison">
      <h2 id="comparison">Compared with the sender’s list</h2>
      <p>Each hour the sender’s own list is held against what came, and what no webhook brought is filled in.</p>
      <Standing comparison={comparison} now={now} />
      {comparison.isReady && (
        <form method="post" action={`/sources/${source.publicId}/compare`} class="stack">
          <div class="field">
            <label for="compare-since">Also from before (optional)</label>
            <input id="compare-since" name="since" type="date" aria-describedby="compare-hint" />
            <p class="hint" id="compare-hint">
              A day to go back to: history that the sender still has is brought in.
            </p>
          </div>
          <button type="submit" class="quiet">
            Compare now
          </button>
        </form>
      )}
    </section>
  );
}
