import { afterAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../worker/platform/clock.ts';
import { appendTogether, type Waiting } from '../../worker/record/append.ts';
import { bury, takeIn } from '../../worker/sources/ingest.ts';
import { inParallel } from '../support/http.ts';
import { countRows, drift, queryOf } from '../support/numbers.ts';
import { settled } from '../support/queue.ts';
import { addSource, deliver, linesOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { databaseOver, type Run, startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** A queue between the doors and the database: what it does beside passing the tests of the doors, which run with it as well. */
const { worker, run, raw, db } = await startWithSql({ queue: { maxRetries: 0, batchTimeout: 0.3 } });
afterAll(() => worker.dispose());
vi.spyOn(console, 'log').mockImplementation(() => {});
vi.spyOn(console, 'error').mockImplementation(() => {});

const AT = '2026-03-01T10:00:00Z';
const shops = [
  await addSource(worker, 'shopify', { secret: 'one', name: 'One' }),
  await addSource(worker, 'shopify', { secret: 'two', name: 'Two' }),
] as const;
type Shop = (typeof shops)[number];
const send = (shop: Shop, event: string, over: Partial<Parameters<typeof orderBody>[0]> = {}) => {
  const customer = Number(event.replaceAll(/\D/g, '')) % 40;
  const body = orderBody({ id: event.replaceAll(/\D/g, ''), customer, createdAt: AT, ...over });
  return deliver(worker, shop, shopifyDelivery(shop.secret, 'orders/create', event, body));
};
const countIn = async (how: Run, event: string): Promise<unknown> =>
  (
    await how([
      {
        sql: 'SELECT count(*) AS n FROM touchpoint t JOIN delivery d ON d.id = t.delivery_id WHERE t.message_id LIKE ?1 OR d.headers LIKE ?1',
        values: [`%${event}%`],
      },
    ])
  )[0]?.results[0];
const outcomes = async (shop: Shop): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of await linesOf(worker, shop)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

describe('a door with a queue', () => {
  it('answers before the database has it, and the database has it soon', async () => {
    expect((await send(shops[0], 'soon1')).status).toBe(200);
    expect(await countIn(raw, 'soon1')).toEqual({ n: 0 });
    expect(await countIn(run, 'soon1')).toEqual({ n: 1 });
  });

  it('writes at once what is too large for the queue', async () => {
    expect((await send(shops[0], 'large2', { name: `Mara ${'x'.repeat(200_000)}` })).status).toBe(200);
    expect(await countIn(raw, 'large2')).toEqual({ n: 1 });
  });

  it('refuses what is forged or unreadable as ever, at once', async () => {
    const forged = { ...shopifyDelivery('guess', 'orders/create', 'forged', '{}') };
    expect((await deliver(worker, shops[1], forged)).status).toBe(401);
    expect((await deliver(worker, shops[1], shopifyDelivery('two', 'orders/create', 'bad', '[1]'))).status).toBe(422);
    expect(await outcomes(shops[1])).toEqual({ refused: 1, malformed: 1 });
  });

  it('keeps each delivery of a burst with a line, a body and its time, and a repetition as such', async () => {
    const events = Array.from({ length: 150 }, (_, index) => `burst${1000 + index}`);
    const before = await outcomes(shops[0]);
    const started = Date.now();
    const burst = () =>
      inParallel(events, 16, async (event) => {
        expect((await send(shops[Number(event.at(-1)) % 2 ? 1 : 0], event)).status).toBe(200);
      });
    await burst();
    const answered = Date.now();
    await settled(worker);
    await burst();
    expect(await countIn(run, 'burst')).toEqual({ n: events.length });
    expect(await outcomes(shops[0])).toEqual({ accepted: (before.accepted ?? 0) + 75, duplicate: 75 });
    const rows = await queryOf(db)<{ body: string; headers: string; at: number; stored: number }>(
      `SELECT d.body, d.headers, d.id / 2048 AS at, d.stored FROM touchpoint t JOIN delivery d ON d.id = t.delivery_id
       WHERE d.headers LIKE '%burst%' AND t.received_at = d.id / 2048`,
    );
    expect(rows).toHaveLength(events.length);
    for (const { body, headers, at, stored } of rows) {
      expect([JSON.parse(body).currency, JSON.parse(headers)['x-shopify-topic'], stored]).toEqual([
        'EUR',
        'orders/create',
        1,
      ]);
      expect(at).toBeGreaterThanOrEqual(started);
      expect(at).toBeLessThanOrEqual(answered);
    }
  });

  it('shows the owner at once what became of a test event', async () => {
    expect(await callApi(worker, `/sources/${shops[0].id}/test`, { method: 'POST' })).toMatchObject({ stored: 1 });
  });
});

describe('a delivery that cannot be written', () => {
  it('does not keep the others of its batch, and is a dead letter that can be replayed', async () => {
    await run([
      {
        sql: `CREATE TRIGGER poison BEFORE INSERT ON touchpoint WHEN NEW.message_id = 'order:17:placed' BEGIN SELECT RAISE(ABORT, 'poisoned'); END`,
        values: [],
      },
    ]);
    const events = Array.from({ length: 30 }, (_, index) => (index === 17 ? 'poison17' : `good${2000 + index}`));
    await inParallel(events, 30, async (event) => {
      expect((await send(shops[1], event)).status).toBe(200);
    });
    expect(await countIn(run, 'good')).toEqual({ n: 29 });
    const dead = (await linesOf(worker, shops[1])).filter(({ outcome }) => outcome === 'dead');
    expect(dead).toMatchObject([
      { stored: 0, canReplay: true, reason: expect.stringContaining('could not be written') },
    ]);

    await run([{ sql: 'DROP TRIGGER poison', values: [] }]);
    const replayed = await callApi(worker, `/deliveries/${dead[0]?.id}/replay`, { method: 'POST' });
    expect(replayed).toMatchObject({ outcome: 'accepted', stored: 1 });
    expect(await countIn(run, 'poison')).toEqual({ n: 1 });
  });
});

/** Messages as a queue hands them over, and what became of them: `ack`, or the seconds after which they are to come again. */
function messagesOf(bodies: readonly unknown[]) {
  const ends: unknown[] = [];
  const messages = bodies.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    body,
    attempts: 1,
    ack: () => void ends.push('ack'),
    retry: (options?: { delaySeconds?: number }) => void ends.push(options?.delaySeconds),
  }));
  return { messages, ends };
}

describe('the consumer', async () => {
  const sourceId =
    (await queryOf(db)<{ id: number }>(`SELECT id FROM source WHERE key = '${shops[0].key}'`))[0]?.id ?? 0;
  const workOf = (event: string, touchpoints = 1): Waiting => ({
    sourceId,
    body: '{}',
    receivedAt: Date.now(),
    touchpoints: Array.from({ length: touchpoints }, (_, index) => ({
      messageId: `${event}-${index}`,
      kind: 'page_viewed',
      channel: 'web',
      direction: 'in',
      initiator: 'customer',
      occurredAt: null,
      person: { key: 'visitor:consumer', identifiers: [] },
    })),
  });
  const parked = (event: string, touchpoints?: number) =>
    JSON.stringify({ v: 1, work: workOf(event, touchpoints), refused: null });

  it('has messages come later while the database is overloaded, and writes none by half', async () => {
    const busy = databaseOver(() =>
      Promise.reject(new Error('D1_ERROR: D1 DB is overloaded. Too many requests queued.')),
    );
    const { messages, ends } = messagesOf([parked('busy1'), parked('busy2')]);
    const before = await countRows(db);
    await takeIn({ db: busy, clock: systemClock }, messages);
    expect(ends).toHaveLength(2);
    for (const seconds of ends) expect(seconds).toBeGreaterThanOrEqual(13);
    expect(await countRows(db)).toEqual(before);
    const again = messagesOf([parked('busy1'), parked('busy2')]);
    await takeIn({ db, clock: systemClock }, again.messages);
    expect(again.ends).toEqual(['ack', 'ack']);
    expect(await countIn(run, 'busy')).toEqual({ n: 2 });
  });

  it('writes a hundred deliveries in one round trip, and more touchpoints than a batch may have in several', async () => {
    let trips = 0;
    const counted = databaseOver((statements) => {
      trips++;
      return run(statements);
    });
    const hundred = messagesOf(Array.from({ length: 100 }, (_, index) => parked(`hundred${index}`)));
    await takeIn({ db: counted, clock: systemClock }, hundred.messages);
    expect([trips, hundred.ends.filter((end) => end === 'ack').length]).toEqual([1, 100]);
    trips = 0;
    const many = messagesOf([parked('many1', 400), parked('many2', 400), parked('many3', 100)]);
    await takeIn({ db: counted, clock: systemClock }, many.messages);
    expect([trips, many.ends]).toEqual([2, ['ack', 'ack', 'ack']]);
    expect(await countIn(run, 'many')).toEqual({ n: 900 });
  });

  it('leaves to a newer worker what it cannot read, and lets the last one go', async () => {
    const odd = [JSON.stringify({ v: 2 }), 'no json', { v: 1 }];
    const first = messagesOf(odd);
    await takeIn({ db, clock: systemClock }, first.messages);
    for (const seconds of first.ends) expect(seconds).toBeGreaterThan(0);
    const last = messagesOf(odd);
    await bury({ db, clock: systemClock }, last.messages);
    expect(last.ends).toEqual(['ack', 'ack', 'ack']);
  });

  it('keeps a dead letter in its queue while the database is away', async () => {
    const away = databaseOver(() => Promise.reject(new Error('D1_ERROR: D1 DB is overloaded.')));
    const { messages, ends } = messagesOf([parked('away')]);
    await bury({ db: away, clock: systemClock }, messages);
    expect(ends).toEqual([expect.any(Number)]);
  });

  it('takes no more at once than a batch may have', async () => {
    await expect(() => appendTogether(db, systemClock, [workOf('over', 300), workOf('over', 201)])).rejects.toThrow(
      RangeError,
    );
  });
});

describe('after all of it', () => {
  it('the kept numbers are those that the touchpoints add up to', async () => {
    expect(await drift(queryOf(db))).toEqual([]);
    expect(await queryOf(db)('SELECT * FROM person_work')).toEqual([]);
  });
});
