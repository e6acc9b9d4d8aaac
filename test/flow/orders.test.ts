import { afterAll, describe, expect, it } from 'vitest';
import type { OrderFact, TouchpointInput } from '../../schema/touchpoint.ts';
import { append } from '../../worker/record/append.ts';
import { readCustomer } from '../../worker/record/customer.ts';
import { fc, runs } from '../support/chance.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { makeWorld, stillClock } from '../support/record.ts';
import { startWithSql } from '../support/sql.ts';

/** Revenue is read off orders: one row an order, folded from whatever was said of it. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const START = Date.UTC(2026, 0, 1);
const at = (hour: number): number => START + hour * 3_600_000;
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

/** Writes facts of orders of one customer, one by one; gives the record. */
async function tell(facts: readonly Partial<OrderFact>[], customerOf: (index: number) => string = () => '1') {
  const { sources } = await makeWorld(db);
  const sourceId = sources.shop;
  for (const [index, fact] of facts.entries()) {
    const touchpoint: TouchpointInput = {
      messageId: `m${index}`,
      kind: 'order_updated',
      channel: 'shop',
      direction: 'in',
      initiator: 'customer',
      occurredAt: fact.asOf ?? START,
      person: {
        key: `customer:${customerOf(index)}`,
        identifiers: [{ kind: 'customer', value: customerOf(index), assurance: 'asserted' }],
      },
      order: { id: 'o', asOf: START, ...fact },
    };
    await append(db, stillClock(), { sourceId, touchpoints: [touchpoint] });
  }
  const read = async (customer: string) => {
    const row = await db
      .prepare(
        'SELECT c.public_id AS id FROM fragment f JOIN customer c ON c.id = f.customer_id WHERE f.source_id = ?1 AND f.key = ?2',
      )
      .bind(sourceId, `customer:${customer}`)
      .first<{ id: string }>();
    const record = await readCustomer(db, row?.id ?? '', { limit: 1, offset: 0 });
    if (!record) throw new Error(`no record of ${customer}`);
    return { ...record.stats, list: record.orders };
  };
  return read;
}
const told = async (...facts: Partial<OrderFact>[]) => (await tell(facts))('1');

describe('an order', () => {
  it('placed, paid and fulfilled is one order and its total once', async () => {
    const record = await told(
      { total: eur(5000), placedAt: at(0) },
      { total: eur(5000), asOf: at(1), paidAt: at(1) },
      { total: eur(5000), asOf: at(2), fulfilledAt: at(2) },
    );
    expect(record).toMatchObject({ orders: 1, revenue: [eur(5000)], list: [{ status: 'fulfilled' }] });
  });

  it('is worth what was said of it last, though that came first', async () => {
    const record = await told({ total: eur(7000), asOf: at(5) }, { total: eur(5000), asOf: at(1) });
    expect(record.revenue).toEqual([eur(7000)]);
  });

  it('is worth nothing once it is cancelled or deleted, and stays so when older news comes', async () => {
    const cancelled = await told(
      { total: eur(5000), asOf: at(3), cancelledAt: at(3) },
      { total: eur(5000), asOf: at(1) },
    );
    expect(cancelled).toMatchObject({ orders: 0, revenue: [], list: [{ status: 'cancelled' }] });
    const deleted = await told({ deleted: true, asOf: at(2) }, { total: eur(5000), asOf: at(2) });
    expect(deleted).toMatchObject({ orders: 0, revenue: [], list: [{ status: 'deleted' }] });
  });

  it('counts again when its cancellation is taken back', async () => {
    const record = await told({ total: eur(5000), asOf: at(1), cancelledAt: at(1) }, { total: eur(5000), asOf: at(2) });
    expect(record).toMatchObject({ orders: 1, revenue: [eur(5000)] });
  });

  it('counts again when the shop restores it, in whichever order that is told', async () => {
    const facts = [
      { total: eur(5000), asOf: at(1) },
      { deleted: true, asOf: at(2) },
      { total: eur(5000), asOf: at(3) },
    ];
    for (const list of [facts, facts.toReversed()])
      expect(await told(...list)).toMatchObject({ orders: 1, revenue: [eur(5000)], list: [{ status: 'placed' }] });
  });

  it('that is void brings nothing, until something newer says that it is paid', async () => {
    const unpaid = { total: eur(5000), asOf: at(1), isVoid: true };
    const paid = { total: eur(5000), asOf: at(2), paidAt: at(2) };
    const failed = { total: eur(5000), asOf: at(3), isVoid: true };
    expect(await told(unpaid)).toMatchObject({ orders: 0, revenue: [], list: [{ status: 'void' }] });
    for (const facts of [
      [unpaid, paid],
      [paid, unpaid],
    ])
      expect(await told(...facts)).toMatchObject({ orders: 1, revenue: [eur(5000)], list: [{ status: 'paid' }] });
    expect(await told(unpaid, failed, paid)).toMatchObject({ orders: 0, revenue: [] });
    expect(await told(paid, { ...paid, isVoid: true })).toMatchObject({ orders: 0, list: [{ status: 'void' }] });
    expect(await told({ ...paid, isVoid: true }, paid)).toMatchObject({ orders: 0, list: [{ status: 'void' }] });
  });

  it('is worth what was said last by a clock that runs ahead of ours, in whichever order that came', async () => {
    const ahead = stillClock().now() + 3_600_000;
    const facts = [
      { total: eur(5000), asOf: ahead },
      { total: eur(2000), asOf: ahead + 1000 },
    ];
    for (const list of [facts, facts.toReversed()]) expect((await told(...list)).revenue).toEqual([eur(2000)]);
  });

  it('is known by its refund before it is known itself', async () => {
    const record = await told(
      { refunds: [{ id: 'r', amount: eur(1500) }], asOf: at(4) },
      { total: eur(5000), asOf: at(1) },
    );
    expect(record).toMatchObject({ orders: 1, revenue: [eur(3500)], list: [{ refunded: eur(1500) }] });
  });

  it('counts a refund once under its id, and a running total by its greatest', async () => {
    const refund = (amount: number) => ({ refunds: [{ id: 'r', amount: eur(amount) }] });
    const record = await told({ total: eur(5000) }, refund(1000), refund(3000), refund(2000), {
      refunds: [{ id: 's', amount: eur(500) }],
    });
    expect(record.revenue).toEqual([eur(1500)]);
  });

  it('is not raised by a refund below nothing', async () => {
    const record = await told({ total: eur(1000) }, { refunds: [{ id: 'r', amount: eur(-3000) }] });
    expect(record).toMatchObject({ revenue: [eur(1000)], list: [{ refunded: null }] });
  });

  it('is never worth less than nothing', async () => {
    const record = await told({ total: eur(1000) }, { refunds: [{ id: 'r', amount: eur(9000) }] });
    expect(record).toMatchObject({ revenue: [eur(0)], list: [{ status: 'refunded' }] });
  });

  it('leaves a refund in another currency to a person, whichever came first', async () => {
    const yen = { refunds: [{ id: 'r', amount: { amountMinor: 300, currency: 'JPY' } }] };
    for (const facts of [
      [{ total: eur(5000) }, yen],
      [yen, { total: eur(5000) }],
    ]) {
      expect(await told(...facts)).toMatchObject({ orders: 1, revenue: [eur(5000)], list: [{ refunded: null }] });
    }
  });

  it('of another person after all is taken off the one and given to the other', async () => {
    const read = await tell(
      [
        { total: eur(5000), asOf: at(1) },
        { total: eur(5000), asOf: at(2) },
      ],
      (index) => String(index + 1),
    );
    expect(await read('1')).toMatchObject({ orders: 0, revenue: [] });
    expect(await read('2')).toMatchObject({ orders: 1, revenue: [eur(5000)] });
  });
});

describe('revenue', () => {
  const money = fc.record({
    amountMinor: fc.integer({ min: 0, max: 10_000 }),
    currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  });
  const fact = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    asOf: fc.integer({ min: 0, max: 9 }).map(at),
    total: fc.option(money),
    isCancelled: fc.boolean(),
    isVoid: fc.boolean(),
    deleted: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
    refund: fc.option(fc.record({ id: fc.constantFrom('r', 's'), amount: money })),
  });

  it('is what a second, plainer reading of the same facts comes to', async () => {
    const facts = fc.uniqueArray(fact, { minLength: 1, maxLength: 8, selector: ({ id, asOf }) => `${id} ${asOf}` });
    await fc.assert(
      fc.asyncProperty(facts, async (list) => {
        const record = await told(
          ...list.map(({ isCancelled, refund, total, ...rest }) => ({
            ...rest,
            total,
            cancelledAt: isCancelled ? rest.asOf : null,
            refunds: refund ? [refund] : [],
          })),
        );
        expect({ orders: record.orders, revenue: record.revenue }).toEqual(plainly(list));
      }),
      { numRuns: runs(40) },
    );
  });

  type Plain = {
    id: string;
    asOf: number;
    total: Money | null;
    isCancelled: boolean;
    isVoid: boolean;
    deleted: boolean;
    refund: { id: string; amount: Money } | null;
  };
  type Money = { amountMinor: number; currency: string };

  function plainly(list: readonly Plain[]) {
    const sums = new Map<string, number>();
    let orders = 0;
    for (const id of ['a', 'b', 'c']) {
      const said = list.filter((one) => one.id === id);
      const last = said.filter(({ total }) => total).sort((x, y) => y.asOf - x.asOf)[0];
      if (!last?.total || last.isCancelled || last.isVoid) continue;
      if (said.some(({ deleted, asOf }) => deleted && asOf >= last.asOf)) continue;
      const { currency, amountMinor } = last.total;
      let left = amountMinor;
      for (const refundId of ['r', 's']) {
        const amounts = said.flatMap(({ refund }) => (refund?.id === refundId ? [refund.amount] : []));
        const [greatest] = amounts.sort((x, y) => y.amountMinor - x.amountMinor || (x.currency < y.currency ? 1 : -1));
        if (greatest?.currency === currency) left -= greatest.amountMinor;
      }
      orders++;
      sums.set(currency, (sums.get(currency) ?? 0) + Math.max(0, left));
    }
    const revenue = [...sums].sort().map(([currency, amountMinor]) => ({ amountMinor, currency }));
    return { orders, revenue };
  }

  it('kept on the record is the revenue counted', async () => {
    expect(await drift(queryOf(db))).toEqual([]);
  });
});
