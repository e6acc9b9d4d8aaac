import { StageBadge } from '../stage-badge.tsx';
import type { CardProps } from './card.ts';

/** The stage of the relationship, under the name. */
export function StageLine({ record: { stages } }: CardProps) {
  return stages.stage === null ? null : (
    <p>
      <a href="#stage" class="stage-link">
        <StageBadge stage={stages.stage} />
      </a>
    </p>
  );
}
