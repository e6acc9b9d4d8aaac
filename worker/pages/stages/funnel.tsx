import { STAGES, type Stage } from '../../../schema/vocabulary.ts';
import type { StageCounts } from '../../record/stages/read.ts';
import { formatCount, formatShare, plural } from '../format.ts';
import { STAGE_WORDS } from '../stage-words.ts';

/** Units of the drawing; it is stretched to its box. */
const WIDTH = 100;

/** A bar as long as its share of all. */
function Bar({ stage, share }: { readonly stage: Stage; readonly share: number }) {
  return (
    <svg class="stage-bar" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="stage-bar-ground" width={WIDTH} height="10" />
      <rect class={`stage-fill stage-fill-${stage}`} width={Math.round(share * WIDTH * 100) / 100} height="10" />
    </svg>
  );
}

/** The five stages with how many are in each: a picture, and a list that says the same. */
export function Funnel({ counts, total }: StageCounts) {
  return (
    <ol class="stage-list" aria-label="Customers by stage">
      {STAGES.map((stage) => {
        const n = counts[stage] ?? 0;
        const { title, meaning } = STAGE_WORDS[stage];
        return (
          <li key={stage}>
            <div class="stage-name">
              <a href={`/customers?stage=${stage}`}>{title}</a>
              <span class="hint">{meaning}</span>
            </div>
            <Bar stage={stage} share={total > 0 ? n / total : 0} />
            <p class="stage-count">
              <strong>{formatCount(n)}</strong>
              <span class="visually-hidden"> {n === 1 ? 'customer' : 'customers'},</span>{' '}
              <span class="hint">{total > 0 ? formatShare(n / total) : '–'}</span>
            </p>
          </li>
        );
      })}
    </ol>
  );
}

/** How far the work is, while there is some. */
export function Progress({ waiting, total }: StageCounts) {
  if (waiting === 0 || total === 0) return null;
  const done = Math.max(0, total - waiting);
  return (
    <div class="stage-progress" role="status">
      <label for="stage-progress">
        {plural(waiting, 'customer')} of {formatCount(total)} still to be worked out. This goes on by itself; reload to
        see how far it is.
      </label>
      <progress class="progress" id="stage-progress" max={total} value={done} />
    </div>
  );
}
