import { Orders } from '../orders.tsx';
import type { CardProps } from './card.ts';

/** What was ordered, latest first. */
export function OrdersCard({ record }: CardProps) {
  return (
    <section class="card" aria-labelledby="orders">
      <h2 id="orders">Orders</h2>
      <Orders orders={record.orders} />
    </section>
  );
}
