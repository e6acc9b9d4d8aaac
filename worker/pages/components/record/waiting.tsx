import { ruleTitle } from '../../../reactions/rules.ts';
import { touchpointId } from '../../../record/timeline.ts';
import { AttentionLine } from '../attention.tsx';
import type { CardProps } from './card.ts';

/** What asks for a person's attention. */
export function Waiting({ record, now }: CardProps) {
  if (record.attention.length === 0) return null;
  return (
    <section class="card alerting" aria-labelledby="waiting">
      <h2 id="waiting">Needs attention</h2>
      <ul class="events">
        {record.attention.map(({ id, rule, raisedAt, seq }) => (
          <AttentionLine
            key={id}
            id={id}
            title={ruleTitle(rule)}
            raisedAt={raisedAt}
            touchpointId={touchpointId(seq)}
            back={`/customers/${record.id}`}
            now={now}
          />
        ))}
      </ul>
    </section>
  );
}
