import type { HourCount, Pulse } from '../../record/health.ts';
import { formatClock, formatCount, formatMoment, formatWeekday, plural } from '../format.ts';

/** How much comes: by hour of the last day, by day of the last week. Bars for the eye, a sentence and a table for everybody. */

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const STEP = 10;
const HEIGHT = 40;

type Bar = { readonly from: number; readonly label: string; readonly good: number; readonly bad: number };

const isBad = ({ outcome }: HourCount): boolean =>
  outcome === 'refused' || outcome === 'malformed' || outcome === 'dead';

/** The counts of spans of equal length that begin at `first`, epoch ms. */
export function barsOf(
  hours: readonly HourCount[],
  span: {
    readonly first: number;
    readonly lengthMs: number;
    readonly n: number;
    readonly label: (ms: number) => string;
  },
): Bar[] {
  const bars = Array.from({ length: span.n }, (_, index) => {
    const from = span.first + index * span.lengthMs;
    return { from, label: span.label(from), good: 0, bad: 0 };
  });
  for (const count of hours) {
    const bar = bars[Math.floor((count.hour * HOUR_MS - span.first) / span.lengthMs)];
    if (bar) bar[isBad(count) ? 'bad' : 'good'] += count.n;
  }
  return bars;
}

function Bars({ bars }: { readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ good, bad }) => good + bad));
  const height = (n: number): number => Math.round((HEIGHT * n * 100) / most) / 100;
  return (
    <svg
      class="pace-bars"
      viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {bars.map(({ from, good, bad }, index) => (
        <g key={from}>
          <rect
            class="chart-bar"
            x={index * STEP + 1}
            width={STEP - 2}
            y={HEIGHT - height(good)}
            height={height(good)}
          />
          <rect
            class="chart-bar-bad"
            x={index * STEP + 1}
            width={STEP - 2}
            y={HEIGHT - height(good) - height(bad)}
            height={height(bad)}
          />
        </g>
      ))}
    </svg>
  );
}

const sum = (bars: readonly Bar[], of: 'good' | 'bad'): number => bars.reduce((total, bar) => total + bar[of], 0);

/** How much came, and when most of it: one at a time is the most of nothing. */
export function summaryOf(bars: readonly Bar[], unit: string): string {
  const [good, bad] = [sum(bars, 'good'), sum(bars, 'bad')];
  if (good + bad === 0) return 'Nothing came.';
  const busiest = bars.reduce((best, bar) => (bar.good + bar.bad > best.good + best.bad ? bar : best));
  const failed = bad > 0 ? `, ${formatCount(bad)} refused or not readable` : '';
  const came = `${plural(good + bad, 'delivery', 'deliveries')}${failed}.`;
  const most = busiest.good + busiest.bad;
  return most > 1 ? `${came} Most in the ${unit} of ${busiest.label}: ${formatCount(most)}.` : came;
}

function Rate({ title, unit, bars }: { readonly title: string; readonly unit: string; readonly bars: readonly Bar[] }) {
  return (
    <figure class="pace">
      <figcaption>
        <strong>{title}</strong> <span class="muted">{summaryOf(bars, unit)}</span>
      </figcaption>
      <Bars bars={bars} />
      <p class="pace-ends" aria-hidden="true">
        <span>{bars[0]?.label}</span>
        <span>{bars.at(-1)?.label}</span>
      </p>
      <details class="figures">
        <summary>
          As a table<span class="visually-hidden">: {title}</span>
        </summary>
        <table>
          <caption class="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">From (UTC)</th>
              <th scope="col" class="number">
                Came
              </th>
              <th scope="col" class="number">
                Failed
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ from, label, good, bad }) => (
              <tr key={from}>
                <th scope="row">{label}</th>
                <td class="number">{formatCount(good + bad)}</td>
                <td class="number">{formatCount(bad)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** The two pictures of a source's pace. Days and hours are those of UTC. */
export function Rates({ pulse, now }: { readonly pulse: Pulse; readonly now: number }) {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  const byHour = { first: hour - 23 * HOUR_MS, lengthMs: HOUR_MS, n: 24, label: formatClock };
  const byDay = { first: day - 6 * DAY_MS, lengthMs: DAY_MS, n: 7, label: formatWeekday };
  return (
    <>
      <div class="paces">
        <Rate title="Last 24 hours" unit="hour" bars={barsOf(pulse.hours, byHour)} />
        <Rate title="Last 7 days" unit="day" bars={barsOf(pulse.hours, byDay)} />
      </div>
      {pulse.countedFrom !== null && (
        <p class="hint">So much came that only what came since {formatMoment(pulse.countedFrom)} was counted.</p>
      )}
    </>
  );
}
