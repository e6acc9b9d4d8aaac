import type { Point, Unit } from '../insights/insight.ts';
import {
  formatCount,
  formatMean,
  formatMoney,
  formatMonth,
  formatRoundMoney,
  formatShare,
  formatSigned,
} from './format.ts';

/** Fewer answers than this say next to nothing, however the figure looks. */
export const FEW = 10;

/** A figure of an insight in the words of its unit. */
export function formatFigure(unit: Unit, value: number, currency: string | null): string {
  switch (unit) {
    case 'points':
      return formatSigned(value);
    case 'share':
      return formatShare(value);
    case 'mean':
      return formatMean(value);
    case 'count':
      return formatCount(value);
    case 'money':
      return currency ? formatMoney({ amountMinor: value, currency }) : formatCount(value);
  }
}

/** The same for the axis, where minor units would be noise. */
export const formatTick = (unit: Unit, value: number, currency: string | null): string =>
  unit === 'money' && currency
    ? formatRoundMoney({ amountMinor: value, currency })
    : formatFigure(unit, value, currency);

/** What was counted whole has no interval, and its total is its number. */
export const isCounted = (unit: Unit): boolean => unit === 'count' || unit === 'money';

/** `between +18 and +46, n = 84`: a figure never stands without it. */
export function formatUncertainty(unit: Unit, { n, low, high }: Point, currency: string | null): string {
  const interval =
    low !== null && high !== null
      ? `between ${formatFigure(unit, low, currency)} and ${formatFigure(unit, high, currency)}`
      : null;
  const size = unit === 'count' ? null : `n\u00a0=\u00a0${formatCount(n)}`;
  return [interval, size].filter((part) => part !== null).join(', ');
}

/** A point of a series in one line, for the readout and for who cannot see the chart. */
export function describePoint(unit: Unit, point: Point, currency: string | null): string {
  const name = formatMonth(point.from);
  if (point.estimate === null) return `${name}: nothing measured`;
  const figure = formatFigure(unit, point.estimate, currency);
  const more = formatUncertainty(unit, point, currency);
  return more ? `${name}: ${figure}, ${more}` : `${name}: ${figure}`;
}
