import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import type { Clock } from '../../worker/platform/clock.ts';
import { DatabaseBusy } from '../../worker/platform/database.ts';
import { append } from '../../worker/record/append.ts';
import { settleOverdue } from '../../worker/record/identity/settle.ts';
import { countRows, drift, queryOf } from '../support/numbers.ts';
import { addSource, deliver, orderBody, shopifyDelivery } from '../support/shop.ts';
import { databaseOver, type Run, startWithSql } from '../support/sql.ts';

/**
 * A database that fails before and after it has committed. The record's own code runs on it, and the sender does what senders
 * do: it sends again until it is told that all is well.
 */
const { worker, run, db } = await startWithSql();
// The record's code runs in this process and logs each retry; hundreds of them are the point of the test.
vi.spyOn(console, 'log').mockImplementation(() => undefined);
afterAll(() => worker.dispose());

const RETRYABLE = [
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
];
const OVERLOADED = [
  'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
  'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset',
];

const clock: Clock = {
  now: () => Date.now(),
  uuid: () => crypto.randomUUID(),
  deliveryId: () => Date.now() * 2048 + Math.floor(Math.random() * 2048),
};
const source = await addSource(worker, 'standard_webhooks', {});
const row = await db.prepare('SELECT id FROM source WHERE public_id = ?1').bind(source.id).first<{ id: number }>();
const sourceId = row?.id ?? 0;

/** Orders of forty people, some known by two numbers of the same address, so that there is something to place. */
function touchpointOf(n: number): TouchpointInput {
  const person = n % 40;
  const order = String(n % 150);
  return {
    messageId: `m${n}`,
    kind: 'order_placed',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: 1_760_000_000_000 + n * 1000,
    value: { amountMinor: 1000 + n, currency: 'EUR' },
    person: {
      key: n % 7 === 0 ? `email:p${person}@example.com` : `customer:${person}`,
      identifiers: [
        { kind: 'email', value: `p${person}@example.com`, assurance: 'asserted' },
        ...(n % 7 === 0 ? [] : [{ kind: 'customer', value: String(person), assurance: 'asserted' } as const]),
      ],
      profile: { name: `Person ${person}` },
    },
    order: {
      id: order,
      asOf: 1_760_000_000_000 + n * 1000,
      total: { amountMinor: 1000 + n, currency: 'EUR' },
      placedAt: 1,
    },
  };
}

describe('a database that loses the connection, one call in ten before and one in ten after it has committed', () => {
  it('loses nothing, doubles nothing, and miscounts nothing', async () => {
    const seed = Date.now() % 1_000_000;
    console.info(`faults: seed ${seed}`);
    const chances = fc.sample(fc.nat(99), { numRuns: 20_000, seed });
    let calls = 0;
    let thrown = 0;
    const failing: Run = async (statements) => {
      const chance = chances[calls++ % chances.length] ?? 99;
      const message = RETRYABLE[calls % RETRYABLE.length];
      if (chance < 10) {
        thrown++;
        throw new Error(message);
      }
      const results = await run(statements);
      if (chance < 20) {
        thrown++;
        throw new Error(message);
      }
      return results;
    };
    const flaky = databaseOver(failing);
    const EVENTS = 600;
    const send = async (n: number): Promise<void> => {
      for (let attempt = 0; attempt < 20; attempt++) {
        try {
          await append(flaky, clock, { sourceId, touchpoints: [touchpointOf(n)] });
          return;
        } catch (error) {
          if (!(error instanceof DatabaseBusy)) throw error;
        }
      }
      throw new Error('never accepted');
    };
    let next = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let n = next++; n < EVENTS; n = next++) await send(n);
      }),
    );
    expect(thrown).toBeGreaterThan(100);
    for (let left = 1; left > 0; ) left = await settleOverdue(db, clock);

    expect((await countRows(db)).touchpoint).toBe(EVENTS);
    expect(await drift(queryOf(db))).toEqual([]);
    const people = await db.prepare('SELECT count(*) AS n FROM customer WHERE is_current = 1').first<{ n: number }>();
    expect(people?.n).toBe(40);
  }, 120_000);
});

describe('a database that says it has too much to do', () => {
  it.each(OVERLOADED)('is not pressed: %s', async (message) => {
    let calls = 0;
    const busy = databaseOver(async () => {
      calls++;
      throw new Error(message);
    });
    await expect(append(busy, clock, { sourceId, touchpoints: [touchpointOf(1)] })).rejects.toThrow(DatabaseBusy);
    expect(calls).toBe(1);
  });

  it('becomes 503 with Retry-After at the door, and what was sent can be sent again', async () => {
    const shop = await addSource(worker, 'shopify', { secret: 'a secret of the shop' });
    const order = orderBody({ id: 991, customer: 991, email: 'busy@example.com', createdAt: '2026-03-01T10:00:00Z' });
    const delivery = shopifyDelivery('a secret of the shop', 'orders/create', 'busy-1', order);
    // A trigger that speaks as an overloaded database does: the same message, by the same way.
    await db
      .prepare(
        "CREATE TRIGGER overload BEFORE INSERT ON touchpoint BEGIN SELECT RAISE(ABORT, 'D1 DB is overloaded. Too many requests queued.'); END",
      )
      .run();
    const before = await countRows(db);
    const refused = await deliver(worker, shop, delivery);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'busy' });
    expect(await countRows(db)).toEqual(before);
    await db.prepare('DROP TRIGGER overload').run();
    expect((await deliver(worker, shop, delivery)).status).toBe(200);
    expect((await countRows(db)).touchpoint).toBe((before.touchpoint ?? 0) + 1);
  });
});
