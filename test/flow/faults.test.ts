import { afterAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../worker/platform/clock.ts';
import { DatabaseBusy } from '../../worker/platform/database.ts';
import type { Bindings } from '../../worker/platform/env.ts';
import { append } from '../../worker/record/append.ts';
import { settleOverdue } from '../../worker/record/identity/settle.ts';
import { SEED } from '../support/chance.ts';
import { inParallel } from '../support/http.ts';
import { countRows, drift, queryOf } from '../support/numbers.ts';
import { seeded } from '../support/random.ts';
import { addSource, orderBody, shopifyDelivery } from '../support/shop.ts';
import { databaseOver, type Run, startWithSql } from '../support/sql.ts';

/** A database that fails, before it has done the work or, which is worse, after. */
vi.hoisted(() => {
  Object.assign(globalThis, { __DEV__: false, __VERSION__: '"0"' });
});
// The built files of the pages have no part in this.
vi.mock('../../worker/platform/assets.ts', () => ({ assetPath: () => '/asset', loaderText: '' }));
vi.spyOn(console, 'log').mockImplementation(() => {});

const { worker, run, db } = await startWithSql();
afterAll(() => worker.dispose());

const TRANSIENT = [
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
  "D1_ERROR: Can't read from request stream because client disconnected.",
];
const OVERLOADED = [
  'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
  'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.',
  'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
];

const random = seeded(SEED);

/** Fails one time in ten before the work and one time in ten after it, each time with another message. */
const failing: Run = async (statements) => {
  const fate = random.fraction();
  const fault = () => new Error(TRANSIENT[random.below(TRANSIENT.length)]);
  if (fate < 0.1) throw fault();
  const results = await run(statements);
  if (fate > 0.9) throw fault();
  return results;
};

const shop = await addSource(worker, 'shopify', { secret: 'faults' });
const source = await db.prepare('SELECT id FROM source WHERE key = ?1').bind(shop.key).first<{ id: number }>();
const sourceId = source?.id ?? 0;

describe('a database that loses one answer in five', () => {
  const PEOPLE = 80;
  const FACTS = 1200;

  it(`keeps each of ${FACTS} touchpoints once, with exact numbers (seed ${SEED})`, async () => {
    const flaky = databaseOver(failing);
    let gaveUp = 0;
    const indexes = Array.from({ length: FACTS }, (_, index) => index);
    await inParallel(random.shuffle(indexes), 30, async (index) => {
      const person = index % PEOPLE;
      const order = Math.floor(index / 3);
      const work = {
        sourceId,
        touchpoints: [
          {
            messageId: `fault-${index}`,
            kind: 'order_updated',
            channel: 'shop',
            direction: 'in',
            initiator: 'customer',
            occurredAt: Date.UTC(2026, 0, 1) + index,
            person: {
              key: index % 2 ? `customer:f${person}` : `email:f${person}@faults.example`,
              identifiers: [
                ...(index % 2 ? [{ kind: 'customer', value: `f${person}`, assurance: 'asserted' } as const] : []),
                { kind: 'email', value: `f${person}@faults.example`, assurance: 'asserted' } as const,
              ],
              profile: { name: `Person ${person}` },
            },
            order: {
              id: `f${order}-${person}`,
              asOf: Date.UTC(2026, 0, 1) + index,
              total: { amountMinor: 1000 + index, currency: 'EUR' },
            },
          } as const,
        ],
      };
      // The sender sends again what was answered 503, as all of them do.
      for (;;) {
        try {
          await append(flaky, systemClock, work);
          return;
        } catch (error) {
          if (!(error instanceof DatabaseBusy)) throw error;
          gaveUp++;
        }
      }
    });
    const query = queryOf(db);
    const [stored] = await query<{ n: number; different: number }>(
      "SELECT count(*) AS n, count(DISTINCT message_id) AS different FROM touchpoint WHERE message_id LIKE 'fault-%'",
    );
    expect(stored).toEqual({ n: FACTS, different: FACTS });
    // Only what no answer was lost for more than four times in a row reaches the sender at all.
    expect(gaveUp).toBeLessThan(FACTS / 5);
    while (await settleOverdue(db, systemClock));
    expect(await drift(query)).toEqual([]);
    expect(await query('SELECT * FROM person_work')).toEqual([]);
    const [people] = await query<{ n: number }>(
      "SELECT count(DISTINCT f.customer_id) AS n FROM fragment f WHERE f.key LIKE '%:f%'",
    );
    expect(people?.n).toBe(PEOPLE);
  }, 180_000);
});

describe('a webhook while the database is in trouble', async () => {
  const { createApp } = await import('../../worker/routes.ts');
  const app = createApp();
  let deliveries = 0;
  const orders = new Map<string, number>();
  /** Each event is about an order of its own. */
  const orderOf = (event: string): number => {
    const order = orders.get(event) ?? 700 + orders.size;
    orders.set(event, order);
    return order;
  };
  const rowsOf = (event: string) =>
    queryOf(db)(`SELECT seq FROM touchpoint WHERE message_id = 'order:${orderOf(event)}:placed'`);

  /** The whole worker in this process, on a database that runs statements as told. */
  const knock = (how: Run, event = `trouble-${++deliveries}`, queue: object | null = null) => {
    const body = orderBody({ id: orderOf(event), customer: 7, createdAt: '2026-03-01T10:00:00Z' });
    const { headers } = shopifyDelivery(shop.secret, 'orders/create', event, body);
    const env = { DB: databaseOver(how), ...(queue && { INGEST: queue }) } as unknown as Bindings;
    const context = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
    return app.fetch(new Request(shop.url, { method: 'POST', headers, body }), env, context);
  };

  it.each(OVERLOADED)('is told to come back later, not 200, and nothing of it is kept: %s', async (message) => {
    const before = await countRows(db);
    const overloaded: Run = (statements) =>
      statements.some(({ sql }) => sql.includes('INSERT')) ? Promise.reject(new Error(message)) : run(statements);
    const response = await knock(overloaded);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ code: 'busy' });
    expect(await countRows(db)).toEqual(before);
  });

  it('is told so as well when not even its source can be read', async () => {
    const response = await knock(() => Promise.reject(new Error('D1_ERROR: Network connection lost.')));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
  });

  it('is written at once where the queue fails, and told to come back where the database does as well', async () => {
    const away = { send: () => Promise.reject(new Error('Queue is overloaded')) };
    expect((await knock(run, 'queue-away', away)).status).toBe(200);
    expect(await rowsOf('queue-away')).toHaveLength(1);
    const overloaded: Run = (statements) =>
      statements.some(({ sql }) => sql.includes('INSERT')) ? Promise.reject(new Error(OVERLOADED[0])) : run(statements);
    expect((await knock(overloaded, 'both-away', away)).status).toBe(503);
  });

  it('is in the queue with an answer of 200, though the database takes nothing', async () => {
    const sent: string[] = [];
    const queue = { send: async (text: string) => void sent.push(text) };
    const reading: Run = (statements) =>
      statements.some(({ sql }) => sql.includes('INSERT')) ? Promise.reject(new Error(OVERLOADED[0])) : run(statements);
    expect((await knock(reading, 'queued', queue)).status).toBe(200);
    expect(sent).toEqual([expect.stringContaining('orders/create:queued')]);
  });

  it('lets the widget read that it should come back, on whatever page it stands', async () => {
    const env = { DB: databaseOver(() => Promise.reject(new Error(TRANSIENT[0]))) } as unknown as Bindings;
    const context = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
    const request = new Request('http://rapport.test/w/some-key/in', { method: 'POST', body: '{}' });
    const response = await app.fetch(request, env, context);
    expect(response.status).toBe(503);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toBe('retry-after');
  });

  it('is stored once when it comes again, though the answer to the first was lost after the commit', async () => {
    let lost = 0;
    const losing: Run = async (statements) => {
      const results = await run(statements);
      if (!statements.some(({ sql }) => sql.includes('INTO touchpoint'))) return results;
      lost++;
      throw new Error('D1_ERROR: Network connection lost.');
    };
    expect((await knock(losing, 'lost')).status).toBe(503);
    expect(lost).toBeGreaterThan(1);
    expect((await knock(run, 'lost')).status).toBe(200);
    expect(await rowsOf('lost')).toHaveLength(1);
    expect(await drift(queryOf(db))).toEqual([]);
  });

  it('is answered 200 when the fault passes within the request', async () => {
    let faults = 2;
    const passing: Run = (statements) =>
      faults-- > 0 ? Promise.reject(new Error('D1_ERROR: Network connection lost.')) : run(statements);
    const once: Run = (statements) =>
      statements.some(({ sql }) => sql.includes('INTO touchpoint')) ? passing(statements) : run(statements);
    expect((await knock(once)).status).toBe(200);
  });
});
