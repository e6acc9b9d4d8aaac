import type { Replay } from '../../record/replays.ts';
import type { Source } from '../../sources/store.ts';
import { formatCount, plural } from '../format.ts';
import { Ago } from './time.tsx';

const DAY_MS = 24 * 3600 * 1000;

/** How far the latest replay has come. */
export function ReplayProgress({ replay, now }: { readonly replay: Replay; readonly now: number }) {
  const { done, stored, failed, finishedAt, outcomes } = replay;
  const what = outcomes.includes('held') ? 'Reading what was held' : 'Replay';
  return (
    <p class="hint">
      <strong>
        {what}: {finishedAt === null ? 'under way' : 'done'}
      </strong>
      , {plural(done, 'delivery', 'deliveries')} read again, {formatCount(stored)} of them brought something new,{' '}
      {formatCount(failed)} still not readable;{' '}
      {finishedAt === null ? (
        <>
          begun <Ago ms={replay.createdAt} now={now} />, it goes on by itself
        </>
      ) : (
        <Ago ms={finishedAt} now={now} />
      )}
      .
    </p>
  );
}

/** Reads everything once more since a moment. */
export function ReplayForm({ source, now }: { readonly source: Source; readonly now: number }) {
  return (
    <details class="more">
      <summary>Replay all since a time</summary>
      <form method="post" action={`/sources/${source.publicId}/replay`} class="stack narrow">
        <p class="hint">
          Every delivery kept since then is read once more, by the settings as they are now. What had been stored is not
          stored twice.
          {source.bodyDays === 0 && ' This source keeps no bodies, so only what could not be read can be replayed.'}
        </p>
        <div class="field">
          <label for="since">Since (UTC)</label>
          <input
            id="since"
            name="since"
            type="datetime-local"
            required
            value={new Date(now - DAY_MS).toISOString().slice(0, 16)}
          />
        </div>
        <fieldset class="radio-chips">
          <legend>Which</legend>
          <div class="chips">
            <label class="chip">
              <input type="radio" name="which" value="failed" checked />
              Only what could not be read
            </label>
            <label class="chip">
              <input type="radio" name="which" value="all" />
              All
            </label>
          </div>
        </fieldset>
        <button type="submit" class="quiet">
          Replay
        </button>
      </form>
    </details>
  );
}
