import type { CustomerStats } from '../../record/customers.ts';
import { formatCount, formatMoney } from '../format.ts';
import type { Column } from './listing.tsx';
import { Ago } from './time.tsx';

/** The columns that `StatsCells` fills. */
export const STATS_COLUMNS: readonly Column[] = [
  { title: 'Orders', is: 'number' },
  { title: 'Revenue', is: 'number' },
  { title: 'Last contact', is: 'number' },
];

/** A count in a list; on a narrow screen its word stands beside it. */
export function CountCell({ count, of }: { readonly count: number; readonly of: string }) {
  return (
    <td class="number" data-label={count === 1 ? of : `${of}s`}>
      {formatCount(count)}
    </td>
  );
}

type Props = {
  readonly stats: Pick<CustomerStats, 'orders' | 'revenue' | 'lastTouchpointAt'>;
  /** Epoch ms. */
  readonly now: number;
};

/** What somebody, or a group, bought and when they were last heard of. */
export function StatsCells({ stats: { orders, revenue, lastTouchpointAt }, now }: Props) {
  return (
    <>
      <CountCell count={orders} of="order" />
      <td class="number">{revenue.length === 0 ? '–' : revenue.map(formatMoney).join(' + ')}</td>
      <td class="number">{lastTouchpointAt === null ? '–' : <Ago ms={lastTouchpointAt} now={now} />}</td>
    </>
  );
}
