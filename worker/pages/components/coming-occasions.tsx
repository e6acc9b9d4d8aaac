import { type ComingOccasion, FIRST_ORDER } from '../../record/occasions.ts';
import { humanise } from '../format.ts';
import { dayWords, inDaysWords } from '../who/words.ts';

/** Those of the next seven days, and those of the month after them; so many of each are named. */
const WEEK = 7;
const NAMED = 6;

function yearsWords({ what, years }: ComingOccasion): string {
  if (years === null) return '';
  return what === FIRST_ORDER ? ` (${years === 1 ? 'a year' : `${years} years`} ago)` : ` (${years})`;
}

function Coming({ occasion }: { readonly occasion: ComingOccasion }) {
  const { what, day, inDays, customerId, customerName } = occasion;
  return (
    <li>
      <a href={`/customers/${customerId}`} dir="auto">
        {customerName ?? 'No name yet'}
      </a>
      : <span dir="auto">{humanise(what).toLowerCase()}</span>
      {yearsWords(occasion)}{' '}
      <span class="muted">
        {inDaysWords(inDays)}, {dayWords(day.slice(-5))}
      </span>
    </li>
  );
}

function Span({ title, occasions }: { readonly title: string; readonly occasions: readonly ComingOccasion[] }) {
  if (occasions.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="coming">
        {occasions.slice(0, NAMED).map((occasion) => (
          <Coming key={`${occasion.customerId} ${occasion.what}`} occasion={occasion} />
        ))}
      </ul>
    </>
  );
}

const ALL = [
  { label: 'All birthdays of the month', rule: 'birthday within 30 days' },
  { label: 'All first-order anniversaries', rule: 'anniversary within 30 days' },
];

/** Days that come round soon: birthdays, occasions of the business's own, and the day of the first order. */
export function ComingOccasions({ occasions }: { readonly occasions: readonly ComingOccasion[] }) {
  if (occasions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="occasions">
      <h2 id="occasions">Coming up</h2>
      <Span title="In the next 7 days" occasions={occasions.filter(({ inDays }) => inDays <= WEEK)} />
      <Span title="In the next 30 days" occasions={occasions.filter(({ inDays }) => inDays > WEEK)} />
      <p class="event-meta">
        {ALL.map(({ label, rule }) => (
          <a key={rule} href={`/customers?where=${encodeURIComponent(rule)}`}>
            {label}
          </a>
        ))}
      </p>
    </section>
  );
}
