import { directionOf } from '../../../../widgets/locales/locale.ts';
import { factsOf } from '../../../insights/summary/facts.ts';
import { summaryOf } from '../../../insights/summary/summary.ts';
import type { CardProps } from './card.ts';

/** The relationship in one sentence of the reader's language. */
export function SummaryLine({ record, now, locale }: CardProps) {
  const summary = summaryOf(factsOf(record, now), locale);
  if (summary === null) return null;
  return (
    <p class="summary" lang={locale} dir={directionOf(locale)}>
      {summary}
    </p>
  );
}
