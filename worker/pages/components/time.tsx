import { formatMoment, formatRelative } from '../format.ts';

/** A moment as people say it, with the exact time on hover and for programs. */
export function Ago({ ms, now }: { readonly ms: number; readonly now: number }) {
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatMoment(ms)}>
      {formatRelative(ms, now)}
    </time>
  );
}

/** A moment in full. */
export function Moment({ ms }: { readonly ms: number }) {
  return <time dateTime={new Date(ms).toISOString()}>{formatMoment(ms)}</time>;
}
