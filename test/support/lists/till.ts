/** A made-up shop's till: what happens to its orders, and how each stands. Senders tell of it each in their own format. */
export type Sold = {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly cents: number;
  /** Epoch ms, whole seconds, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly paidAt: number | null;
  readonly fulfilledAt: number | null;
  readonly cancelledAt: number | null;
  readonly refunds: readonly { readonly id: number; readonly cents: number; readonly at: number }[];
};
export type Deed = 'placed' | 'paid' | 'changed' | 'fulfilled' | 'refunded' | 'cancelled';
/** Something that happened, and the order right after it. */
export type Happening = { readonly deed: Deed; readonly order: Sold };

export const euros = (cents: number): string => (cents / 100).toFixed(2);

/** A till that starts at a moment. */
export function openTill(start: number) {
  const orders = new Map<number, Sold>();
  let last = 1000;
  let now = start;
  const keep = (deed: Deed, order: Sold): Happening => {
    orders.set(order.id, order);
    return { deed, order };
  };
  return {
    orders,
    /** Lets seconds go by; without it everything happens in one. */
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
    place: (cents: number): Happening => {
      const id = ++last;
      return keep('placed', {
        id,
        email: `buyer${id}@example.com`,
        name: 'Mara Lindqvist',
        cents,
        createdAt: now,
        updatedAt: now,
        paidAt: null,
        fulfilledAt: null,
        cancelledAt: null,
        refunds: [],
      });
    },
    /** Does something to an order; null where that cannot be done to it (again). */
    change: (id: number, deed: Exclude<Deed, 'placed'>, cents = 100): Happening | null => {
      const order = orders.get(id);
      if (!order || order.cancelledAt !== null) return null;
      const changed = { ...order, updatedAt: now };
      if (deed === 'changed') return keep(deed, { ...changed, cents: order.cents + cents });
      if (deed === 'paid') return order.paidAt === null ? keep(deed, { ...changed, paidAt: now }) : null;
      if (deed === 'fulfilled') return order.fulfilledAt === null ? keep(deed, { ...changed, fulfilledAt: now }) : null;
      if (deed === 'cancelled') return keep(deed, { ...changed, cancelledAt: now });
      if (order.paidAt === null) return null;
      const refund = { id: id * 100 + order.refunds.length, cents, at: now };
      return keep('refunded', { ...changed, refunds: [...order.refunds, refund] });
    },
  };
}
export type Till = ReturnType<typeof openTill>;
