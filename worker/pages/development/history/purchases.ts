import { GOODS } from '../goods.ts';
import type { Person } from '../people.ts';
import type { Random } from '../random.ts';
import {
  checkoutLeft,
  customerCreated,
  customerIdOf,
  type Line,
  type Order,
  orderCancelled,
  orderFulfilled,
  orderPlaced,
  orderRefunded,
  totalOf,
} from '../shopify-payloads.ts';
import { DAY, fromShop, type Happening, HOUR } from './happening.ts';

/** Orders before it got its parcels from the harbour late; what was ordered since then waits longer. */
const TROUBLE_DAYS = 24;
const FIRST_NUMBER = 1001;
const FIRST_ID = 5_400_000_000_000;

export type Purchase = {
  readonly order: Order;
  /** When it was sent, epoch ms; null while it is not. */
  readonly fulfilledAt: number | null;
  readonly isLate: boolean;
};
export type Purchases = { readonly purchases: readonly Purchase[]; readonly happenings: readonly Happening[] };

type Draft = Pick<Order, 'person' | 'customerId' | 'at' | 'lines'>;

/** A time of day at which people shop. */
const onDay = (random: Random, now: number, daysAgo: number): number =>
  Math.min(now - HOUR, Math.floor(now / DAY - daysAgo) * DAY + random.between(6 * 60, 22 * 60) * 60_000);

function basket(random: Random): readonly Line[] {
  const first = random.pick(GOODS);
  const second = random.pick(GOODS);
  const line = { good: first, quantity: random.chance(0.15) ? 2 : 1 };
  return random.chance(0.4) && second !== first ? [line, { good: second, quantity: 1 }] : [line];
}

/** The orders of one customer: the first when they join, most never more than a few. */
function ordersOf(random: Random, now: number, person: Person): Draft[] {
  const joinedDays = 2 + Math.floor(360 * random.next());
  const most = Math.ceil(joinedDays / 45);
  const more = Math.min(most, random.chance(0.25) ? random.between(3, 7) : random.between(0, 2));
  const days = [joinedDays, ...Array.from({ length: more }, () => random.between(1, joinedDays))];
  const customerId = customerIdOf(person.email);
  return days.map((daysAgo) => ({ person, customerId, at: onDay(random, now, daysAgo), lines: basket(random) }));
}

function afterwards(
  random: Random,
  now: number,
  order: Order,
): Purchase & { readonly happenings: readonly Happening[] } {
  const isLate = now - order.at < TROUBLE_DAYS * DAY && random.chance(0.6);
  const sentAt = order.at + (isLate ? random.between(6, 11) : random.between(1, 2)) * DAY + random.between(0, 8) * HOUR;
  const happenings = [fromShop(orderPlaced(order), order.at)];
  const cancelledAt = order.at + random.between(2, 20) * HOUR;
  if (random.chance(0.03) && cancelledAt < now) {
    happenings.push(fromShop(orderCancelled(order, cancelledAt), cancelledAt));
    return { order, fulfilledAt: null, isLate: false, happenings };
  }
  if (sentAt >= now) return { order, fulfilledAt: null, isLate, happenings };
  happenings.push(fromShop(orderFulfilled(order, sentAt), sentAt));
  const refundedAt = sentAt + random.between(4, 12) * DAY;
  if (random.chance(isLate ? 0.2 : 0.06) && refundedAt < now) {
    const amount = random.chance(0.5) ? totalOf(order.lines) : (order.lines[0]?.good.priceMinor ?? 0);
    const note = isLate ? 'Arrived too late' : 'Arrived chipped';
    happenings.push(fromShop(orderRefunded(order, amount, note, refundedAt), refundedAt));
  }
  return { order, fulfilledAt: sentAt, isLate, happenings };
}

/** Twelve months of buying: orders, what became of them, and baskets that were left. */
export function purchasesOf(random: Random, now: number, people: readonly Person[]): Purchases {
  const drafts = people.flatMap((person) => ordersOf(random, now, person));
  // A household that shares a mailbox, with two accounts in the shop: who is who, only a person can say.
  const [shared] = drafts;
  if (shared) {
    const other = { ...shared.person, first: 'Marged', email: shared.person.email };
    drafts.push({ ...shared, person: other, customerId: shared.customerId + 1, at: onDay(random, now, 16) });
  }
  const orders = drafts
    .toSorted((a, b) => a.at - b.at)
    .map((draft, index): Order => ({ ...draft, id: FIRST_ID + index * 10, number: FIRST_NUMBER + index }));
  const purchases = orders.map((order) => afterwards(random, now, order));
  const firstOrders = new Map(orders.toReversed().map((order) => [order.customerId, order]));
  const joined = [...firstOrders.values()].map(({ person, customerId, at }) =>
    fromShop(customerCreated(person, customerId, at - 60_000), at - 60_000),
  );
  const left = orders
    .filter(() => random.chance(0.09))
    .map((order) => ({ ...order, id: order.id + 5, at: Math.min(now - HOUR, order.at + random.between(3, 40) * DAY) }))
    .map((order) => fromShop(checkoutLeft(order), order.at));
  return { purchases, happenings: [...joined, ...purchases.flatMap(({ happenings }) => happenings), ...left] };
}
