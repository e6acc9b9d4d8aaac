import type { Random } from '../support/random.ts';
import { orderBody, refundBody, shopifyDelivery } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';

/** What a shop and a help desk would send of so many customers, and what has to stand on their records afterwards. */
export type Sources = {
  readonly shop: { readonly key: string; readonly secret: string };
  readonly desk: { readonly key: string; readonly secret: string };
};
export type Sending = {
  /** The message id it is stored under. */
  readonly message: string;
  readonly path: string;
  readonly make: () => { readonly headers: Record<string, string>; readonly body: string };
};
export type Expected = { readonly touchpoints: number; readonly orders: number; readonly revenue: number };
export type Story = { readonly sendings: readonly Sending[]; readonly expected: ReadonlyMap<string, Expected> };

const CONTACTS = 10;
const at = (customer: number, step: number): string =>
  new Date(Date.UTC(2026, 0, 1) + customer * 60_000 + step * 1000).toISOString();
const euros = (cents: number): string => (cents / 100).toFixed(2);

/** Ten contacts a customer: two orders placed, paid and sent, one partly refunded, and three times the help desk. */
export function tell(touchpoints: number, random: Random, { shop, desk }: Sources): Story {
  const expected = new Map<string, Expected>();
  const sendings: Sending[] = [];
  for (let customer = 0; customer * CONTACTS < touchpoints; customer++) {
    const email = `person${customer}@crash.example`;
    const cents = [1000 + random.below(9000), 1000 + random.below(9000)];
    const refunded = 100 + random.below(900);
    const fromShop = (topic: string, message: string, name: string, body: string): Sending => ({
      message,
      path: `/in/${shop.key}`,
      make: () => shopifyDelivery(shop.secret, topic, name, body),
    });
    const fromDesk = (step: number): Sending => {
      const id = `desk-${customer}-${step}`;
      // The desk knows that the address is theirs.
      const data = { id, email, email_verified: true, text: `Question ${step}` };
      const body = JSON.stringify({ type: 'ticket.created', timestamp: at(customer, step), data });
      return {
        message: id,
        path: `/in/${desk.key}`,
        // Signed when it is sent: the time is part of it.
        make: () => signStandardWebhooks(body, { secret: desk.secret, now: Date.now(), id }),
      };
    };
    const own: Sending[] = [1, 2, 3].map(fromDesk);
    for (const [index, total] of cents.entries()) {
      const id = 1_000_000 + customer * 10 + index;
      const said = (step: number) =>
        orderBody({
          id,
          // The second order is a guest's: only the address says whose it is.
          customer: index === 0 ? 5000 + customer : undefined,
          email,
          total: euros(total),
          createdAt: at(customer, 10 * index),
          updatedAt: at(customer, 10 * index + step),
        });
      const facts = { 'orders/create': 'placed', 'orders/paid': 'paid', 'orders/fulfilled': 'fulfilled' };
      for (const [step, [topic, fact]] of Object.entries(facts).entries())
        own.push(fromShop(topic, `order:${id}:${fact}`, `${id}-${step}`, said(step)));
      const refund = { id: id * 10, order: id, amount: euros(refunded), createdAt: at(customer, 30) };
      if (index === 0)
        own.push(fromShop('refunds/create', `refund:${id * 10}:created`, `${id}-refund`, refundBody(refund)));
    }
    sendings.push(...own);
    expected.set(email, {
      touchpoints: own.length,
      orders: 2,
      revenue: cents.reduce((sum, total) => sum + total, -refunded),
    });
  }
  return { sendings: random.shuffle(sendings), expected };
}
