import { deliveryTime } from '../../platform/clock.ts';
import { formatCount, plural } from '../format.ts';
import type { Trouble } from '../reasons.ts';
import { Outcome } from './deliveries.tsx';
import { Ago } from './time.tsx';

/** Kinds of failure shown; the rest are counted together. */
const SHOWN = 6;

/** What went wrong in the last week, by reason, each with its mend. The latest stands first. */
export function Troubles({ troubles, now }: { readonly troubles: readonly Trouble[]; readonly now: number }) {
  if (troubles.length === 0) return <p class="hint">Nothing was refused or unreadable in the last seven days.</p>;
  const others = troubles.slice(SHOWN).reduce((sum, { n }) => sum + n, 0);
  return (
    <>
      <ul class="troubles">
        {troubles.slice(0, SHOWN).map(({ outcome, sentence, mend, n, lastDay, lastId }) => (
          <li key={sentence}>
            <p class="delivery-head">
              <Outcome outcome={outcome} />
              <span>
                {formatCount(n)} in 7 days, {formatCount(lastDay)} in 24 hours, last{' '}
                <Ago ms={deliveryTime(lastId)} now={now} />
              </span>
            </p>
            <p dir="auto">{sentence}</p>
            {mend && (
              <p class="hint">
                At the sender: {mend} <a href="#secret">Go to the secret</a>
              </p>
            )}
          </li>
        ))}
      </ul>
      {others > 0 && <p class="hint">And {plural(others, 'other')} for other reasons.</p>}
    </>
  );
}
