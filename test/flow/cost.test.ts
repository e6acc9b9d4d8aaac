import { afterAll, describe, expect, it } from 'vitest';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { systemClock } from '../../worker/platform/clock.ts';
import { followLog } from '../../worker/reactions/follow.ts';
import { append } from '../../worker/record/append.ts';
import { readCustomer } from '../../worker/record/customer.ts';
import { customerIdOf, customersByIdentifier, listCustomers } from '../../worker/record/customers.ts';
import { latestDeliveries } from '../../worker/record/deliveries.ts';
import { listTouchpoints } from '../../worker/record/timeline.ts';
import { fill, nameOf } from '../bench/fill.ts';
import { addSource } from '../support/shop.ts';
import { type Bound, databaseOver, startWithSql } from '../support/sql.ts';

/**
 * What each thing costs in rows read, which is what D1 bills and what grows when a statement takes the wrong index: it may
 * depend on the customer, never on how many others there are.
 */
const { worker, run, db } = await startWithSql();
afterAll(() => worker.dispose());

const shop = await addSource(worker, 'shopify', { secret: 'cost' });
const desk = await addSource(worker, 'standard_webhooks');
const idOf = async (key: string): Promise<number> =>
  (await db.prepare('SELECT id FROM source WHERE key = ?1').bind(key).first<{ id: number }>())?.id ?? 0;
const [shopId, deskId] = [await idOf(shop.key), await idOf(desk.key)];

let read = 0;
let trips = 0;
const counted = databaseOver(async (statements: readonly Bound[]) => {
  const results = await run(statements);
  trips++;
  read += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
  return results;
});
const runtime = { db: counted, clock: systemClock };

let step = 0;
const touchpoint = (over: Partial<TouchpointInput> & Pick<TouchpointInput, 'person'>): TouchpointInput => ({
  messageId: `cost-${++step}`,
  kind: 'order_placed',
  channel: 'shop',
  direction: 'in',
  initiator: 'customer',
  occurredAt: Date.UTC(2026, 0, 1) + step,
  ...over,
});
const asserted = (kind: string, value: string) => ({ kind, value, assurance: 'asserted' }) as const;
const known = (customer: number) => [
  asserted('customer', `${customer}`),
  asserted('email', `filled${customer}@bench.example`),
];
const order = (id: string) => ({ id, asOf: Date.UTC(2026, 0, 1), total: { amountMinor: 4850, currency: 'EUR' } });
const write = (sourceId: number, ...touchpoints: TouchpointInput[]) =>
  append(counted, systemClock, { sourceId, touchpoints });

/** Each works on a customer of its own, so that one does not pay for what another has left. */
const deeds: Record<string, (customer: number) => Promise<unknown>> = {
  'an order of somebody known': (c) =>
    write(
      shopId,
      touchpoint({
        person: { key: `customer:${c}`, identifiers: known(c), profile: { name: nameOf(c) } },
        order: order(`k${c}`),
      }),
    ),
  'an order of somebody new': (c) =>
    write(
      shopId,
      touchpoint({
        person: {
          key: `customer:new${c}`,
          identifiers: [asserted('customer', `new${c}`), asserted('email', `new${c}@x.example`)],
          profile: { name: 'New' },
        },
        order: order(`n${c}`),
      }),
    ),
  'a refund that names nobody': (c) =>
    write(
      shopId,
      touchpoint({
        person: { key: `order:filled-${c * 5}`, identifiers: [asserted('order', `filled-${c * 5}`)] },
        order: {
          id: `filled-${c * 5}`,
          asOf: 0,
          refunds: [{ id: `r${c}`, amount: { amountMinor: 100, currency: 'EUR' } }],
        },
      }),
    ),
  'somebody met by another source': (c) =>
    write(
      deskId,
      touchpoint({
        person: { key: `email:filled${c}@bench.example`, identifiers: [asserted('email', `filled${c}@bench.example`)] },
      }),
    ),
  'a new name': (c) =>
    write(
      shopId,
      touchpoint({ person: { key: `customer:${c}`, identifiers: known(c), profile: { name: 'Renamed' } } }),
    ),
  'the record of a customer': (c) => readCustomer(counted, `filled-${c}`, { limit: 50, offset: 0 }),
  'the touchpoints of a customer': async (c) =>
    listTouchpoints(counted, { limit: 50, customer: (await customerIdOf(counted, `filled-${c}`)) ?? 0 }),
  'the latest touchpoints': () => listTouchpoints(counted, { limit: 50 }),
  'the list of customers': () => listCustomers(counted, { limit: 50 }),
  'a search by e-mail': (c) => listCustomers(counted, { limit: 50, q: `filled${c}@bench` }),
  'a search by order number': (c) => listCustomers(counted, { limit: 50, q: `F${c}` }),
  'a search by order number in capitals and small letters': (c) => listCustomers(counted, { limit: 50, q: `f${c}` }),
  'a search by telephone': () => listCustomers(counted, { limit: 50, q: '+48 (0) 123 234-456' }),
  'a search by two words': (c) => listCustomers(counted, { limit: 50, q: `example filled${c}@bench` }),
  'a search that finds nothing': () => listCustomers(counted, { limit: 50, q: 'zzzz' }),
  'who holds an e-mail': (c) => customersByIdentifier(counted, 'email', `filled${c}@bench.example`, 50),
  'the delivery log': () => latestDeliveries(counted, shopId, 50),
  'following the log': async () => {
    while (await followLog(runtime));
  },
};

/** Rows read by each deed, on customers from `first` on. */
async function costs(first: number): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [index, [name, deed]] of Object.entries(deeds).entries()) {
    read = 0;
    await deed(first + index);
    found[name] = read;
  }
  return found;
}

await fill(run, shopId, 0, 1000);
const small = await costs(10);
await fill(run, shopId, 1000, 20_000);
const large = await costs(30);

describe('what something costs', () => {
  it.each(Object.keys(deeds))('does not grow with the number of customers: %s', (name) => {
    expect(large[name]).toBeLessThanOrEqual((small[name] ?? 0) * 1.3 + 30);
  });

  it('is one round trip for a customer page, and one for a delivery of somebody known', async () => {
    const tripsOf = async (deed: () => Promise<unknown>) => {
      trips = 0;
      await deed();
      return trips;
    };
    const name = 'an order of somebody known';
    expect(await tripsOf(async () => deeds['the record of a customer']?.(40))).toBe(1);
    expect(await tripsOf(async () => deeds[name]?.(41))).toBe(1);
  });
});
