import type { CustomerRecord } from '../../../record/customer.ts';
import { pathWith } from '../../form.ts';
import { formatCount, formatMonth } from '../../format.ts';
import { FROM_THE_TOP } from '../from-the-top.ts';

/** Fewer months than this are seen at a glance in the timeline itself. */
const FEWEST = 3;
const HEIGHT = 40;
const WIDTH = 12;

const msOf = (month: string): number => Date.parse(`${month}-01T00:00:00Z`);
const told = ({ month, contacts }: CustomerRecord['months'][number]): string =>
  `${formatMonth(msOf(month))}: ${formatCount(contacts)} ${contacts === 1 ? 'contact' : 'contacts'}`;

type Props = { readonly months: CustomerRecord['months']; readonly path: string; readonly query: URLSearchParams };

/** How much there was month by month, drawn; and a way to each month that had something. */
export function Activity({ months, path, query }: Props) {
  if (months.length < FEWEST) return null;
  const most = Math.max(1, ...months.map(({ contacts }) => contacts));
  const busiest = months.reduce((best, one) => (one.contacts > best.contacts ? one : best));
  const to = (month: string | null) => `${pathWith(path, query, { month, ...FROM_THE_TOP })}#timeline`;
  const shown = query.get('month');
  return (
    <div class="activity">
      <svg
        viewBox={`0 0 ${months.length * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Contacts by month. The most in ${told(busiest)}.`}
      >
        {months.map(({ month, contacts }, index) => {
          const height = contacts === 0 ? 1 : Math.max(3, (contacts / most) * HEIGHT);
          return (
            <rect key={month} x={index * WIDTH + 1} y={HEIGHT - height} width={WIDTH - 2} height={height}>
              <title>{told({ month, contacts })}</title>
            </rect>
          );
        })}
      </svg>
      <details class="more" open={shown !== null}>
        <summary>Go to a month</summary>
        <ul class="chips">
          {shown !== null && (
            <li>
              <a class="chip" href={to(null)}>
                The latest
              </a>
            </li>
          )}
          {[...months]
            .reverse()
            .filter(({ contacts }) => contacts > 0)
            .map(({ month, contacts }) => (
              <li key={month}>
                <a class="chip" href={to(month)} aria-current={shown === month ? 'true' : undefined}>
                  {formatMonth(msOf(month))} <span class="number">{formatCount(contacts)}</span>
                </a>
              </li>
            ))}
        </ul>
      </details>
    </div>
  );
}
