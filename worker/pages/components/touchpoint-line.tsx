import type { Touchpoint } from '../../record/timeline.ts';
import { formatClock, formatMoney } from '../format.ts';
import { Icon } from '../icons.tsx';
import { type OrderNumbers, sentenceOf } from '../sentence.tsx';
import { familyOf, iconOf } from '../words.ts';
import { Ago } from './time.tsx';

/** The icon of a kind on the colour of its family. */
export function KindIcon({ kind }: { readonly kind: string }) {
  return (
    <span class={`event-icon family-${familyOf(kind) ?? 'other'}`}>
      <Icon name={iconOf(kind)} />
    </span>
  );
}

/** A touchpoint in the timeline of its customer. */
export function TimelineItem({
  touchpoint,
  numbers,
}: {
  readonly touchpoint: Touchpoint;
  readonly numbers: OrderNumbers;
}) {
  const { id, kind, occurredAt, sourceName, text, cost, data } = touchpoint;
  return (
    <li class="event">
      <KindIcon kind={kind} />
      <div class="event-body">
        <p class="event-line">
          <a href={`/touchpoints/${id}`} dir="auto">
            {sentenceOf(touchpoint, numbers)}
          </a>
        </p>
        {text && (
          <blockquote class="words" dir="auto">
            {text}
          </blockquote>
        )}
        <p class="event-meta">
          <time dateTime={new Date(occurredAt).toISOString()}>{formatClock(occurredAt)}</time>
          <span dir="auto">{sourceName}</span>
          {data.test === true && <span>Test</span>}
          {cost && <span>cost {formatMoney(cost)}</span>}
        </p>
      </div>
    </li>
  );
}

type LatestProps = {
  readonly touchpoint: Touchpoint;
  readonly now: number;
  readonly numbers?: OrderNumbers;
  /** True under a heading that says the day: then the time of day is told. */
  readonly isDated?: boolean;
};

/** A touchpoint in a list of many customers'. */
export function LatestItem({ touchpoint, now, numbers, isDated = false }: LatestProps) {
  const { id, kind, customerId, customerName, occurredAt, sourceName, data } = touchpoint;
  return (
    <li class="event">
      <KindIcon kind={kind} />
      <div class="event-body">
        <p class="event-line">
          <a href={`/customers/${customerId}`} class="who" dir="auto">
            {customerName ?? 'No name yet'}
          </a>{' '}
          <a href={`/touchpoints/${id}`} class="what" dir="auto">
            {sentenceOf(touchpoint, numbers)}
          </a>
        </p>
        <p class="event-meta">
          {isDated ? (
            <time dateTime={new Date(occurredAt).toISOString()}>{formatClock(occurredAt)}</time>
          ) : (
            <Ago ms={occurredAt} now={now} />
          )}
          <span dir="auto">{sourceName}</span>
          {data.test === true && <span>Test</span>}
        </p>
      </div>
    </li>
  );
}
