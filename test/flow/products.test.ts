import { afterAll, describe, expect, it } from 'vitest';
import type { OrderFact, TouchpointInput } from '../../schema/touchpoint.ts';
import { append } from '../../worker/record/append.ts';
import { followOrders, forgetLines } from '../../worker/record/products/follow.ts';
import { fc, patience, runs } from '../support/chance.ts';
import { productDrift, queryOf } from '../support/numbers.ts';
import { makeWorld, stillClock } from '../support/record.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** What was sold, followed from the log: always what the orders say as they stand, however their news came. */
const RUNS = runs(20);
const { worker, db, run } = await startWithSql();
afterAll(() => worker.dispose());
const query = queryOf(db);

const START = Date.UTC(2026, 0, 1);
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

type Told = { readonly order: OrderFact; readonly customer: number };

async function tell(sourceId: number, told: readonly Told[], isFollowed: (index: number) => boolean = () => false) {
  for (const [index, { order, customer }] of told.entries()) {
    const touchpoint: TouchpointInput = {
      messageId: `m${index}`,
      kind: 'order_updated',
      channel: 'shop',
      direction: 'in',
      initiator: 'customer',
      occurredAt: START,
      person: {
        key: `customer:${customer}`,
        identifiers: [{ kind: 'customer', value: `${customer}`, assurance: 'asserted' }],
      },
      order,
    };
    await append(db, stillClock(), { sourceId, touchpoints: [touchpoint] });
    if (isFollowed(index)) await followOrders(db);
  }
}
const follow = async () => {
  while (await followOrders(db));
};
const shopOf = async () => (await makeWorld(db)).sources.shop ?? 0;

const linesOf = (sourceId: number) =>
  query<Record<string, unknown>>(
    `SELECT l.external_id, l.line_no, p.key, l.quantity, l.amount_minor, l.net_minor, l.currency
     FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.source_id = ${sourceId} ORDER BY 1, 2`,
  );

const upTo = (max: number) => fc.integer({ min: 0, max });
const line = fc.record({
  title: fc.constantFrom('Teapot', 'teapot ', 'Чайник', 'Cup'),
  sku: fc.constantFrom(null, null, 'POT-1', 'pot-1', ' '),
  quantity: fc.constantFrom(1, 2, 0.5),
  amountMinor: fc.constantFrom(null, 0, 333, 1000),
});
const order: fc.Arbitrary<OrderFact> = fc.record({
  id: fc.constantFrom('a', 'b'),
  asOf: upTo(3).map((day) => START + day * 86_400_000),
  total: fc.constantFrom(eur(0), eur(1000), eur(2333), { amountMinor: 700, currency: 'JPY' }, null),
  lines: fc.array(line, { maxLength: 3 }),
  cancelledAt: fc.constantFrom(null, null, START),
  isVoid: fc.constantFrom(false, false, true),
  deleted: fc.constantFrom(false, false, false, true),
  refunds: fc.array(fc.record({ id: fc.constantFrom('r', 's'), amount: fc.constantFrom(eur(100), eur(1000)) }), {
    maxLength: 1,
  }),
});
const story = fc.array(fc.record({ order, customer: upTo(1) }), { minLength: 1, maxLength: 7 }).chain((told) =>
  fc.record({
    told: fc.constant(told),
    retold: fc.shuffledSubarray(told, { minLength: told.length, maxLength: told.length }),
    followed: fc.array(fc.boolean(), { minLength: told.length, maxLength: told.length }),
  }),
);

describe('the lines of orders', () => {
  it(
    'are what the orders say, whatever the order of their news and however often they were followed in between',
    async () => {
      await fc.assert(
        fc.asyncProperty(story, async ({ told, retold, followed }) => {
          const [one, other] = [await shopOf(), await shopOf()];
          await tell(one, told);
          await tell(other, retold, (index) => followed[index] ?? false);
          await follow();
          expect(await linesOf(other)).toEqual(await linesOf(one));
        }),
        { numRuns: RUNS },
      );
    },
    patience(120_000),
  );

  it('and the totals of products add up to them', async () => {
    expect(await productDrift(query)).toEqual([]);
    expect(await query('SELECT 1 FROM order_line LIMIT 1')).toHaveLength(1);
  });

  it('are built anew from nothing to the same', async () => {
    const before = await query('SELECT * FROM order_line');
    await forgetLines(db);
    expect(await query('SELECT * FROM product_total')).toEqual([]);
    await follow();
    expect(await query('SELECT * FROM order_line')).toEqual(before);
    expect(await productDrift(query)).toEqual([]);
  });

  it('bear two that follow at once', async () => {
    const shop = await shopOf();
    const lines = [{ title: 'Twice', sku: 'TWICE', quantity: 2, amountMinor: 500 }];
    await tell(shop, [{ order: { id: 'x', asOf: START, total: eur(500), lines }, customer: 1 }]);
    await Promise.all([followOrders(db), followOrders(db), followOrders(db)]);
    expect(await linesOf(shop)).toHaveLength(1);
    expect(await productDrift(query)).toEqual([]);
  });

  it('are not written anew for news that changes none of them', async () => {
    const shop = await shopOf();
    const lines = [{ title: 'Calm', sku: 'CALM', quantity: 1, amountMinor: 500 }];
    const fact = { id: 'x', asOf: START, total: eur(500), lines };
    await tell(shop, [{ order: fact, customer: 1 }]);
    await follow();
    await tell(shop, [
      { order: fact, customer: 1 },
      { order: { id: 'x', asOf: START, paidAt: START }, customer: 1 },
    ]);
    let changes = 0;
    const counted = databaseOver(async (statements) => {
      const results = await run(statements);
      changes += results.reduce((sum, { meta }) => sum + meta.changes, 0);
      return results;
    });
    await followOrders(counted);
    // The cursor alone.
    expect(changes).toBe(1);
    expect(await linesOf(shop)).toHaveLength(1);
  });
});

type Listed = {
  id: string;
  sku: string;
  title: string;
  units: number;
  customers: number;
  revenue: unknown;
  cost: unknown;
};

describe('a product', () => {
  it('counts what stands: a refund in part lessens it, one in full and a cancellation take it away', async () => {
    const shop = await shopOf();
    const sold = (id: string, more: Partial<OrderFact>, customer: number): Told => ({
      order: {
        id,
        asOf: START,
        total: eur(2000),
        lines: [
          { title: 'Counted pot', sku: 'CNT', quantity: 2, amountMinor: 1500 },
          { title: 'Delivery', sku: null, quantity: 1, amountMinor: 500 },
        ],
        ...more,
      },
      customer,
    });
    await tell(shop, [
      sold('whole', {}, 1),
      sold('part', { refunds: [{ id: 'r', amount: eur(1000) }] }, 1),
      sold('back', { refunds: [{ id: 'r', amount: eur(2000) }] }, 2),
      sold('off', { cancelledAt: START }, 3),
      sold('again', {}, 2),
    ]);
    await follow();
    const { items } = await callApi<{ items: Listed[] }>(worker, '/products?q=counted');
    expect(items).toMatchObject([{ sku: 'CNT', units: 6, customers: 2, revenue: [eur(3750)], cost: null }]);
  });

  it('is given a cost from a day on, and keeps what it cost before', async () => {
    const { items } = await callApi<{ items: Listed[] }>(worker, '/products?q=CNT');
    const path = `/products/${items[0]?.id}`;
    for (const [validFrom, amountMinor] of [
      ['2026-01-01', 400],
      ['2026-06-01', 450],
      ['2026-06-01', 455],
    ] as const)
      await callApi(worker, `${path}/cost`, { method: 'PUT', body: { amountMinor, currency: 'eur', validFrom } });
    await callApi(worker, `${path}/cost`, {
      method: 'PUT',
      body: { amountMinor: 999, currency: 'EUR', validFrom: '2999-01-01' },
    });
    const { cost, costs } = await callApi<{ cost: object; costs: object[] }>(worker, path);
    expect(cost).toEqual({ ...eur(455), validFrom: '2026-06-01' });
    expect(costs).toEqual([
      { ...eur(999), validFrom: '2999-01-01' },
      { ...eur(455), validFrom: '2026-06-01' },
      { ...eur(400), validFrom: '2026-01-01' },
    ]);
  });

  it('stands behind those that have no cost yet', async () => {
    const { items } = await callApi<{ items: Listed[] }>(worker, '/products?limit=200');
    const without = items.filter(({ cost }) => cost === null);
    expect(items.slice(0, without.length)).toEqual(without);
    expect(items.at(-1)?.sku).toBe('CNT');
    const { items: missing } = await callApi<{ items: Listed[] }>(worker, '/products?limit=200&cost=missing');
    expect(missing).toEqual(without);
  });
});
