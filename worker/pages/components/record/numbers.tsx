import type { CustomerRecord } from '../../../record/customer.ts';
import { formatMinutes } from '../../contact-words.ts';
import { formatCount, formatMoney } from '../../format.ts';
import { scoresInOrder, scoreTitle, scoreValue } from '../../score-words.ts';
import type { CardProps } from './card.ts';
import { When } from './when.tsx';

/** What the contacts by hand took, and what they cost. */
function Effort({ effort: { minutes, cost } }: { readonly effort: CustomerRecord['effort'] }) {
  if (minutes === 0 && cost.length === 0) return null;
  return (
    <div>
      <dt>Contact by hand</dt>
      <dd>
        {cost.length > 0 ? cost.map((money) => <span key={money.currency}>{formatMoney(money)}</span>) : '–'}
        {minutes > 0 && <span class="numbers-more">{formatMinutes(minutes)}</span>}
      </dd>
    </div>
  );
}

/** What a relationship comes to, in a row. */
export function Numbers({ record, now }: CardProps) {
  const { touchpoints, orders, revenue, firstTouchpointAt, lastTouchpointAt } = record.stats;
  return (
    <dl class="numbers">
      <div>
        <dt>Touchpoints</dt>
        <dd>{formatCount(touchpoints)}</dd>
      </div>
      <div>
        <dt>Orders</dt>
        <dd>{formatCount(orders)}</dd>
      </div>
      <div>
        <dt>Revenue</dt>
        <dd>
          {revenue.length === 0 ? '–' : revenue.map((money) => <span key={money.currency}>{formatMoney(money)}</span>)}
        </dd>
      </div>
      {scoresInOrder(record.scores).map(({ kind, score, answeredAt }) => (
        <div key={kind}>
          <dt>{scoreTitle(kind)}</dt>
          <dd>
            {scoreValue(kind, score)}
            <span class="numbers-more">
              <When record={record} ms={answeredAt} now={now} />
            </span>
          </dd>
        </div>
      ))}
      <Effort effort={record.effort} />
      <div>
        <dt>Last contact</dt>
        <dd>
          {lastTouchpointAt === null ? '–' : <When record={record} ms={lastTouchpointAt} now={now} />}
          {firstTouchpointAt !== null && (
            <span class="numbers-more">
              first: <When record={record} ms={firstTouchpointAt} now={now} />
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}
