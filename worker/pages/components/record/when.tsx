import { dayKey, formatDay, formatMoment } from '../../format.ts';
import { Ago } from '../time.tsx';
import type { CardProps } from './card.ts';

type Props = Pick<CardProps, 'record' | 'now'> & { readonly ms: number };

/** A moment on a record: `3 days ago`; on the record of a past day, of which nothing is ago, its date. */
export function When({ record: { at }, now, ms }: Props) {
  if (at === null) return <Ago ms={ms} now={now} />;
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatMoment(ms)}>
      {dayKey(ms) === dayKey(at) ? 'that day' : formatDay(ms)}
    </time>
  );
}
