import type { DeliveryLine } from '../../record/deliveries.ts';
import { formatCount, plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { OUTCOMES, reasonSentence } from '../reasons.ts';
import { Ago } from './time.tsx';

export function Outcome({ outcome }: Pick<DeliveryLine, 'outcome'>) {
  const { word, tone } = OUTCOMES[outcome];
  return <span class={`status status-${tone}`}>{word}</span>;
}

/** Runs a kept delivery once more. */
export function ReplayButton({ id }: { readonly id: number }) {
  return (
    <form method="post" action={`/deliveries/${id}/replay`}>
      <button type="submit" class="small quiet">
        <Icon name="replay" />
        Replay<span class="visually-hidden"> delivery {String(id)}</span>
      </button>
    </form>
  );
}

function Delivery({ delivery, now }: { readonly delivery: DeliveryLine; readonly now: number }) {
  const { id, outcome, receivedAt, stored, hasBody, firstReceivedAt } = delivery;
  const reason = reasonSentence(delivery);
  return (
    <li>
      <div>
        <p class="delivery-head">
          <Outcome outcome={outcome} /> <Ago ms={receivedAt} now={now} />
          {firstReceivedAt !== null && (
            <span class="muted">
              read again, came <Ago ms={firstReceivedAt} now={now} />
            </span>
          )}
          {stored > 0 && <span class="muted">{plural(stored, 'touchpoint')}</span>}
        </p>
        {reason && (
          <p class="hint" dir="auto">
            {reason}
          </p>
        )}
      </div>
      {hasBody && (
        <div class="delivery-acts">
          <a href={`/deliveries/${id}`}>
            Look<span class="visually-hidden"> at delivery {String(id)}</span>
          </a>
          <ReplayButton id={id} />
        </div>
      )}
    </li>
  );
}

/** Deliveries shown at once; the others fold away. */
const SHOWN = 8;

/** What knocked at a source lately, whatever became of it. */
export function Deliveries({
  deliveries,
  now,
}: {
  readonly deliveries: readonly DeliveryLine[];
  readonly now: number;
}) {
  if (deliveries.length === 0)
    return <p class="empty">Nothing has knocked yet. Send a test event to see how it looks.</p>;
  const list = (lines: readonly DeliveryLine[]) => (
    <ul class="deliveries">
      {lines.map((delivery) => (
        <Delivery key={delivery.id} delivery={delivery} now={now} />
      ))}
    </ul>
  );
  const older = deliveries.slice(SHOWN);
  return (
    <>
      {list(deliveries.slice(0, SHOWN))}
      {older.length > 0 && (
        <details class="more">
          <summary>{formatCount(older.length)} before these</summary>
          {list(older)}
        </details>
      )}
    </>
  );
}
