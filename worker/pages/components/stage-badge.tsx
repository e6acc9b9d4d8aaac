import type { Stage } from '../../../schema/vocabulary.ts';
import { stageTitle } from '../stage-words.ts';

/** A stage in one word, coloured where it means something. */
export function StageBadge({ stage }: { readonly stage: Stage }) {
  return (
    <span class={`stage-badge stage-badge-${stage}`}>
      <span class="visually-hidden">Stage: </span>
      {stageTitle(stage)}
    </span>
  );
}
