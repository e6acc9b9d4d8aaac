import type { Answered, Insight, Series } from '../../insights/insight.ts';
import { Chart, SeriesTable } from '../chart.tsx';
import { FEW, formatFigure, formatUncertainty, isCounted } from '../figures.ts';

export type Answering = { readonly insight: Insight; readonly answered: Answered };

function Figure({ answered, series }: { readonly answered: Answered; readonly series: Series }) {
  const { unit } = answered;
  const currency = unit === 'money' ? series.name : null;
  const { total } = series;
  const isFew = !isCounted(unit) && total.n > 0 && total.n < FEW;
  return (
    <>
      <p class="figure">
        {total.estimate === null ? '–' : formatFigure(unit, total.estimate, currency)}
        <span class="figure-more">
          {total.n === 0 ? 'nothing measured yet' : formatUncertainty(unit, total, currency)}
        </span>
      </p>
      {isFew && <p class="hint">Too few to say: wait for {String(FEW)} answers before acting on it.</p>}
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
      {main ? (
        <Figure answered={answered} series={main} />
      ) : (
        <p class="figure">
          –<span class="figure-more">nothing measured yet</span>
        </p>
      )}
      {others.map((series) => (
        <p key={series.name} class="hint">
          and {series.total.estimate === null ? '–' : formatFigure(answered.unit, series.total.estimate, series.name)},{' '}
          {formatUncertainty(answered.unit, series.total, series.name)}
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
