import type { Answered, Insight, Series } from '../../insights/insight.ts';
import { Chart, SeriesTable } from '../chart.tsx';
import { FEW, formatFigure, formatUncertainty, isCounted } from '../figures.ts';

export type Answering = { readonly insight: Insight; readonly answered: Answered };

/** Counts side by side are told apart by their names; amounts by their currency. */
const isOneOfMany = ({ unit, series }: Answered): boolean => unit === 'count' && series.length > 1;

function Figure({ answered, series }: { readonly answered: Answered; readonly series: Series | undefined }) {
  if (!series || series.total.n === 0 || series.total.estimate === null)
    return <p class="figure figure-none">Nothing yet</p>;
  const { unit } = answered;
  const { total } = series;
  const currency = unit === 'money' ? series.name : null;
  return (
    <>
      <p class="figure">
        {formatFigure(unit, series.total.estimate, currency)}
        <span class="figure-more">
          {isOneOfMany(answered) ? series.name : formatUncertainty(unit, total, currency)}
        </span>
      </p>
      {!isCounted(unit) && total.n < FEW && (
        <p class="hint">Too few to say: wait for {String(FEW)} answers before acting on it.</p>
      )}
    </>
  );
}

/** A question, its answer over the year with how sure it is, and the months. */
export function InsightCard({ insight, answered }: Answering) {
  const { id, title, question } = insight;
  const [main, ...others] = answered.series;
  const currency = answered.unit === 'money' && main ? main.name : null;
  return (
    <article class="card insight" aria-labelledby={`insight-${id}`}>
      <h3 id={`insight-${id}`}>{title}</h3>
      <p class="hint">{question}</p>
      <Figure answered={answered} series={main} />
      {others.map((series) => (
        <p key={series.name} class="hint">
          and {series.total.estimate === null ? '–' : formatFigure(answered.unit, series.total.estimate, series.name)}
          {isOneOfMany(answered) ? ' ' : ', '}
          {isOneOfMany(answered) ? series.name : formatUncertainty(answered.unit, series.total, series.name)}
        </p>
      ))}
      {main && main.total.n > 0 && (
        <>
          <Chart id={id} title={title} unit={answered.unit} currency={currency} points={main.points} />
          <SeriesTable title={title} unit={answered.unit} currency={currency} points={main.points} />
        </>
      )}
    </article>
  );
}
