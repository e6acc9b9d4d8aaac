import type { OrderLine } from '../../../schema/touchpoint.ts';
import type { Order } from '../../record/customer.ts';
import { formatCount, formatDay, formatMoney } from '../format.ts';

/** Orders shown at once; older ones fold away. */
const SHOWN = 2;

const STATUS: Readonly<Record<Order['status'], string>> = {
  placed: 'Placed',
  paid: 'Paid',
  fulfilled: 'Sent',
  refunded: 'Refunded',
  cancelled: 'Cancelled',
  deleted: 'Deleted',
  void: 'Not paid',
};

function Lines({ lines, currency }: { readonly lines: readonly OrderLine[]; readonly currency: string | null }) {
  return (
    <ul class="order-lines">
      {lines.map(({ title, sku, quantity, amountMinor }, index) => (
        <li key={`${sku ?? title} ${index}`}>
          <span class="number">{formatCount(quantity)} ×</span>
          <span dir="auto">{title}</span>
          {amountMinor !== null && currency && <span class="number">{formatMoney({ amountMinor, currency })}</span>}
        </li>
      ))}
    </ul>
  );
}

function OrderItem({ order }: { readonly order: Order }) {
  const { id, number, sourceName, status, total, refunded, placedAt, lines } = order;
  return (
    <li class="order">
      <p class="order-head">
        <strong dir="auto">{number ?? `#${id}`}</strong>
        <span class={`status status-${status}`}>{STATUS[status]}</span>
        {total && <span class="number order-total">{formatMoney(total)}</span>}
      </p>
      {lines.length > 0 && <Lines lines={lines} currency={total?.currency ?? null} />}
      {refunded && <p class="hint number">{formatMoney(refunded)} refunded</p>}
      <p class="event-meta">
        {placedAt !== null && <time dateTime={new Date(placedAt).toISOString()}>{formatDay(placedAt)}</time>}
        <span dir="auto">{sourceName}</span>
        {order.isAsToday && <span>has changed since</span>}
      </p>
    </li>
  );
}

/** The orders of a customer, newest first. */
export function Orders({ orders }: { readonly orders: readonly Order[] }) {
  const list = (items: readonly Order[]) => (
    <ul class="orders">
      {items.map((order) => (
        <OrderItem key={`${order.sourceName} ${order.id}`} order={order} />
      ))}
    </ul>
  );
  if (orders.length === 0) return <p class="hint">No orders yet.</p>;
  const older = orders.slice(SHOWN);
  return (
    <>
      {list(orders.slice(0, SHOWN))}
      {older.length > 0 && (
        <details class="more">
          <summary>{formatCount(older.length)} older</summary>
          {list(older)}
        </details>
      )}
    </>
  );
}
