import type { Point, Unit } from '../insights/insight.ts';
import { describePoint, formatFigure, formatTick, formatUncertainty, isCounted } from './figures.ts';
import { formatMonth, formatMonthName } from './format.ts';

/** Units of the drawing; it is stretched to its box, and strokes do not stretch with it. */
const STEP = 100;
const HEIGHT = 100;

export type ChartProps = {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly currency: string | null;
  readonly points: readonly Point[];
};

type Scale = { readonly min: number; readonly max: number };

/** Lowest and highest value to show: counted things start at zero, measured ones where their intervals do. */
function scaleOf(unit: Unit, points: readonly Point[]): Scale {
  const values = points.flatMap(({ estimate, low, high }) =>
    [estimate, low, high].filter((value): value is number => value !== null),
  );
  const max = Math.max(...values);
  // What is counted and what is a share begin at nothing; a score's own scale may not.
  const min = isCounted(unit) || unit === 'share' ? 0 : Math.min(...values);
  if (values.length === 0 || max === min) return { min: Math.min(0, min), max: Math.max(max, min + 1, 1) };
  return { min, max };
}

const xOf = (index: number): number => (index + 0.5) * STEP;
const yOf = ({ min, max }: Scale, value: number): number =>
  Math.round(HEIGHT * (1 - (value - min) / (max - min)) * 100) / 100;

/** Runs of neighbouring points that were measured: a month without answers is a gap, never a line to guess along. */
export function runsOf(points: readonly Point[]): { readonly index: number; readonly point: Point }[][] {
  const runs: { index: number; point: Point }[][] = [];
  for (const [index, point] of points.entries()) {
    if (point.estimate === null) continue;
    const last = runs.at(-1);
    if (last?.at(-1)?.index === index - 1) last.push({ index, point });
    else runs.push([{ index, point }]);
  }
  return runs;
}

/** The interval as a band; a lone point gets a bar as wide as half a month. */
function bandPath(run: ReturnType<typeof runsOf>[number], scale: Scale): string {
  const reach = run.length === 1 ? STEP / 6 : 0;
  const edge = (index: number, value: number) => `${xOf(index)},${yOf(scale, value)}`;
  const first = run[0];
  if (!first) return '';
  if (reach > 0) {
    const { low, high } = first.point;
    const [left, right] = [xOf(first.index) - reach, xOf(first.index) + reach];
    return `M${left},${yOf(scale, high ?? 0)}H${right}V${yOf(scale, low ?? 0)}H${left}Z`;
  }
  const upper = run.map(({ index, point }) => edge(index, point.high ?? point.estimate ?? 0));
  const lower = run.map(({ index, point }) => edge(index, point.low ?? point.estimate ?? 0)).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

function Line({ points, scale }: { readonly points: readonly Point[]; readonly scale: Scale }) {
  const runs = runsOf(points);
  const at = ({ index, point }: { index: number; point: Point }) => `${xOf(index)},${yOf(scale, point.estimate ?? 0)}`;
  return (
    <>
      {runs.map((run) => (
        <path key={run[0]?.index} class="chart-band" d={bandPath(run, scale)} />
      ))}
      {runs.map((run) => (
        <path key={run[0]?.index} class="chart-line" d={`M${run.map(at).join('L')}`} />
      ))}
      {/* A line of no length with round ends is a dot that does not stretch. */}
      {runs.flat().map((entry) => (
        <path key={entry.index} class="chart-dot" d={`M${at(entry)}h0.01`} />
      ))}
    </>
  );
}

function Bars({ points, scale }: { readonly points: readonly Point[]; readonly scale: Scale }) {
  return (
    <>
      {points.map(({ from, estimate }, index) => {
        const y = yOf(scale, estimate ?? 0);
        return <rect key={from} class="chart-bar" x={xOf(index) - 32} y={y} width={64} height={HEIGHT - y} />;
      })}
    </>
  );
}

/**
 * A monthly series. The columns over the drawing are one group of radio buttons: by pointer, touch or arrow keys each
 * month tells its figure, without a script. The table below says the same.
 */
export function Chart({ id, title, unit, currency, points }: ChartProps) {
  const scale = scaleOf(unit, points);
  const hasZero = scale.min < 0 && scale.max > 0;
  const ticks = [scale.max, scale.min];
  return (
    <div class="chart">
      <div class="chart-ticks" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick}>{formatTick(unit, tick, currency)}</span>
        ))}
      </div>
      <fieldset class="chart-plot">
        <legend class="visually-hidden">{title} by month</legend>
        <svg
          viewBox={`0 0 ${points.length * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
        >
          {hasZero && <path class="chart-zero" d={`M0,${yOf(scale, 0)}H${points.length * STEP}`} />}
          {isCounted(unit) ? <Bars points={points} scale={scale} /> : <Line points={points} scale={scale} />}
        </svg>
        <div class="chart-columns">
          {points.map((point, index) => (
            <label key={point.from} class="chart-column" title={describePoint(unit, point, currency)}>
              <input
                type="radio"
                name={`month-${id}`}
                class="visually-hidden"
                checked={index === points.length - 1}
                autocomplete="off"
              />
              <span class="chart-month" aria-hidden="true">
                {formatMonthName(point.from)}
              </span>
              <span class="chart-readout">{describePoint(unit, point, currency)}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

/** The same figures as a table. */
export function SeriesTable({ title, unit, currency, points }: Omit<ChartProps, 'id'>) {
  return (
    <details class="figures">
      <summary>As a table</summary>
      <table>
        <caption class="visually-hidden">{title} by month</caption>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col" class="number">
              Figure
            </th>
            <th scope="col" class="number">
              {isCounted(unit) ? 'Size' : 'Interval and size'}
            </th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.from}>
              <th scope="row">{formatMonth(point.from)}</th>
              <td class="number">{point.estimate === null ? '–' : formatFigure(unit, point.estimate, currency)}</td>
              <td class="number">{point.estimate === null ? '–' : formatUncertainty(unit, point, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
