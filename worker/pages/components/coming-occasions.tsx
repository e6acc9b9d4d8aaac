import type { ComingOccasion } from '../../record/occasions.ts';
import { humanise } from '../format.ts';
import { dayWords, inDaysWords } from '../who/words.ts';

/** Days that come round soon, of people whose days are written down. */
export function ComingOccasions({ occasions }: { readonly occasions: readonly ComingOccasion[] }) {
  if (occasions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="occasions">
      <h2 id="occasions">Coming occasions</h2>
      <ul class="coming">
        {occasions.map(({ what, day, inDays, years, customerId, customerName }) => (
          <li key={`${customerId} ${what}`}>
            <a href={`/customers/${customerId}`} dir="auto">
              {customerName ?? 'No name yet'}
            </a>
            : <span dir="auto">{humanise(what).toLowerCase()}</span>
            {years !== null && ` (${years})`}{' '}
            <span class="muted">
              {inDaysWords(inDays)}, {dayWords(day.slice(-5))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
