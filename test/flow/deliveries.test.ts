import { afterAll, describe, expect, it } from 'vitest';
import { countRows, drift, queryOf } from '../support/numbers.ts';
import { addSource, deliver, holdersOf, linesOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** Deliveries that come twice, out of order, and with the habits of their senders. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const secretFor = (kind: string, seed = 'doors') => SIGNERS[kind]?.secretOf(seed) ?? '';
const shopify = await addSource(worker, 'shopify', { secret: secretFor('shopify') });
const woo = await addSource(worker, 'woocommerce', { secret: secretFor('woocommerce') });
const stripe = await addSource(worker, 'stripe', { secret: secretFor('stripe') });

const AT = '2026-03-01T10:00:00Z';
let orders = 100_000;
const order = (over: Partial<Parameters<typeof orderBody>[0]> = {}) =>
  orderBody({ id: ++orders, customer: orders, email: `buyer${orders}@shop.example`, createdAt: AT, ...over });
const signedOrder = (event: string, body = order()) => shopifyDelivery(shopify.secret, 'orders/create', event, body);

/** Runs something that must leave every table of the record as it was. */
async function leavingNothing<T>(work: () => Promise<T>): Promise<T> {
  const before = await countRows(db);
  const result = await work();
  expect(await countRows(db)).toEqual(before);
  return result;
}

describe('the same delivery again', () => {
  it('counts once, though twenty of it come at once', async () => {
    const body = order({ email: 'often@shop.example', total: '12.00' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => deliver(worker, shopify, signedOrder('often', body))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const [holder, ...others] = await holdersOf(worker, 'email:often@shop.example');
    expect(others).toEqual([]);
    expect(holder?.stats).toMatchObject({
      touchpoints: 1,
      orders: 1,
      revenue: [{ amountMinor: 1200, currency: 'EUR' }],
    });
    const lines = (await linesOf(worker, shopify)).slice(0, 20);
    expect(lines.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(lines.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(19);
  });

  it('counts once, though it comes a month later, when the log has long let go of the first', async () => {
    const body = order({ email: 'late@shop.example' });
    await deliver(worker, shopify, signedOrder('late', body));
    await queryOf(db)("DELETE FROM delivery WHERE outcome IN ('accepted', 'duplicate')");
    expect((await deliver(worker, shopify, signedOrder('late', body))).status).toBe(200);
    const [holder] = await holdersOf(worker, 'email:late@shop.example');
    expect(holder?.stats).toMatchObject({ touchpoints: 1, orders: 1 });
    expect((await linesOf(worker, shopify))[0]).toMatchObject({ outcome: 'duplicate', stored: 0, canReplay: false });
  });

  it('counts once, though its sender has changed what it says under the same key', async () => {
    const id = ++orders;
    const said = (total: string) =>
      orderBody({ id, customer: id, email: 'changed@shop.example', total, createdAt: AT });
    await deliver(worker, shopify, signedOrder('changed', said('10.00')));
    expect((await deliver(worker, shopify, signedOrder('changed', said('9999.00')))).status).toBe(200);
    const [holder] = await holdersOf(worker, 'email:changed@shop.example');
    expect(holder?.stats).toMatchObject({ touchpoints: 1, revenue: [{ amountMinor: 1000, currency: 'EUR' }] });
  });

  it('counts once when staff replay it', async () => {
    await deliver(worker, shopify, signedOrder('replayed', order({ email: 'replayed@shop.example' })));
    const [line] = await linesOf(worker, shopify);
    const replayed = await callApi(worker, `/deliveries/${line?.id}/replay`, { method: 'POST' });
    expect(replayed).toMatchObject({ outcome: 'accepted', stored: 0 });
    const [holder] = await holdersOf(worker, 'email:replayed@shop.example');
    expect(holder?.stats.touchpoints).toBe(1);
  });

  it("twice within one batch counts once, and lends nobody another's address", async () => {
    const both = JSON.stringify({
      visitor: crypto.randomUUID(),
      locale: 'en',
      page: { url: 'https://shop.example/', title: '', referrer: '' },
      events: ['a', 'b'].map(() => ({
        id: '11111111-1111-4111-8111-111111111111',
        at: Date.parse(AT),
        type: 'survey_answered',
        answers: [{ question: 'nps', value: 9 }],
      })),
    });
    const site = await addSource(worker, 'site');
    const answer = await deliver(worker, site, { headers: { 'content-type': 'application/json' }, body: both });
    expect(answer.status).toBe(200);
    expect((await linesOf(worker, site))[0]).toMatchObject({ outcome: 'accepted', stored: 1 });
  });
});

describe('deliveries of one order', () => {
  const steps = (id: number) => {
    const email = `steps${id}@shop.example`;
    const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`;
    const said = (minute: number, total: string) =>
      orderBody({ id, customer: id, email, total, createdAt: at(0), updatedAt: at(minute) });
    return [
      ['orders/create', said(0, '50.00')],
      ['orders/paid', said(2, '50.00')],
      ['orders/updated', said(5, '60.00')],
      ['orders/fulfilled', said(7, '60.00')],
      [
        'refunds/create',
        JSON.stringify({
          id: id * 10,
          order_id: id,
          created_at: at(9),
          transactions: [{ kind: 'refund', status: 'success', amount: '15.00', currency: 'EUR' }],
        }),
      ],
    ] as const;
  };

  it('end in the same record in whatever order they come', async () => {
    const orderings = [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [4, 0, 3, 1, 2],
      [2, 4, 0, 0, 1, 3, 2],
    ];
    const records: unknown[] = [];
    for (const [index, ordering] of orderings.entries()) {
      const id = 900_000 + index;
      const all = steps(id);
      for (const step of ordering) {
        const [topic, body] = all[step] ?? all[0];
        expect(
          (await deliver(worker, shopify, shopifyDelivery(shopify.secret, topic, `${id}-${step}`, body))).status,
        ).toBe(200);
      }
      const [holder, ...others] = await holdersOf(worker, `email:steps${id}@shop.example`);
      expect(others).toEqual([]);
      records.push(holder?.stats);
    }
    expect(records[0]).toMatchObject({ touchpoints: 5, orders: 1, revenue: [{ amountMinor: 4500, currency: 'EUR' }] });
    for (const record of records) expect(record).toEqual(records[0]);
  });
});

describe('senders and their habits', () => {
  it('WooCommerce greets without a signature and is answered 200 exactly, and nothing is stored', async () => {
    const greeting = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'webhook_id=7' };
    const answer = await leavingNothing(() => deliver(worker, woo, greeting));
    expect(answer.status).toBe(200);
    expect((await linesOf(worker, woo))[0]).toMatchObject({ outcome: 'handshake', reason: 'ping' });
    expect((await deliver(worker, woo, { ...greeting, body: 'webhook_id=7&status=paid' })).status).toBe(401);
  });

  it('a topic without a use is answered 200 and counted', async () => {
    const answer = await leavingNothing(() =>
      deliver(worker, shopify, shopifyDelivery(shopify.secret, 'themes/publish', 'theme', '{"id":1}')),
    );
    expect(answer.status).toBe(200);
    expect((await linesOf(worker, shopify))[0]).toMatchObject({ outcome: 'ignored', reason: 'themes/publish' });
  });

  it('a secret is rotated with two valid at a time, for a day at most, and the third puts out the first', async () => {
    const source = await addSource(worker, 'shopify', { secret: 'first-secret' });
    const knock = async (secret: string) =>
      (await deliver(worker, source, shopifyDelivery(secret, 'orders/create', crypto.randomUUID(), order()))).status;
    const change = (secret: string) => callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { secret } });
    expect(await knock('first-secret')).toBe(200);
    await change('second-secret');
    expect([await knock('first-secret'), await knock('second-secret')]).toEqual([200, 200]);
    await change('third-secret');
    expect([await knock('first-secret'), await knock('second-secret'), await knock('third-secret')]).toEqual([
      401, 200, 200,
    ]);
    await db.prepare('UPDATE source SET old_secret_until = 1 WHERE key = ?1').bind(source.key).run();
    await change('third-secret');
    expect([await knock('second-secret'), await knock('third-secret')]).toEqual([401, 200]);
  });

  it('an id beyond 2^53 stays what it is, to the last digit', async () => {
    const twins = ['9007199254740993', '9007199254740992'];
    for (const id of twins) {
      const body = orderBody({ id, email: `big${id}@shop.example`, createdAt: AT });
      expect((await deliver(worker, shopify, signedOrder(`big${id}`, body))).status).toBe(200);
    }
    const rows = await queryOf(db)<{ external_id: string }>(
      "SELECT external_id FROM orders WHERE external_id LIKE '90071992%'",
    );
    expect(rows.map(({ external_id }) => external_id).sort()).toEqual([...twins].sort());
  });

  it('a signature of Stripe holds for its own moment only', async () => {
    const body = JSON.stringify({
      id: 'evt_1',
      type: 'charge.succeeded',
      created: 1,
      data: { object: { id: 'ch_1' } },
    });
    const sign = (now: number) => SIGNERS.stripe?.sign(body, { secret: stripe.secret, now }) ?? { headers: {}, body };
    expect((await deliver(worker, stripe, sign(Date.now() - 3_600_000))).status).toBe(401);
    expect((await deliver(worker, stripe, sign(Date.now()))).status).toBeLessThan(500);
  });
});

describe('the door of the widget', () => {
  const message = (event: Record<string, unknown> = {}) =>
    JSON.stringify({
      visitor: crypto.randomUUID(),
      locale: 'en',
      page: { url: 'https://shop.example/', title: '', referrer: '' },
      events: [{ id: crypto.randomUUID(), at: Date.now(), type: 'page_viewed', ...event }],
    });

  it('lets any page read what became of a message, and asks for no preflight that it would refuse', async () => {
    const site = await addSource(worker, 'site');
    const headers = { 'content-type': 'application/json', origin: 'https://any.example' };
    const answers = [
      await deliver(worker, site, { headers, body: message() }),
      await deliver(worker, site, { headers, body: '{}' }),
      await deliver(worker, { url: site.url.replace(site.key, 'no-such-key') }, { headers, body: message() }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 422, 404]);
    for (const answer of answers) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
    const preflight = await worker.dispatchFetch(site.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://any.example', 'access-control-request-headers': 'content-type' },
    });
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
  });

  it('keeps out pages that are not on its list, and tells the owner which', async () => {
    const site = await addSource(worker, 'site', { settings: { origins: ['https://shop.example'] } });
    const from = (origin: string) =>
      deliver(worker, site, { headers: { 'content-type': 'application/json', origin }, body: message() });
    expect((await from('https://shop.example')).status).toBe(200);
    for (const origin of ['https://evil.example', 'null', 'https://shop.example.evil.example', 'http://shop.example']) {
      expect((await leavingNothing(() => from(origin))).status, origin).toBe(401);
    }
    expect((await linesOf(worker, site))[0]).toMatchObject({
      outcome: 'refused',
      reason: 'origin_refused: http://shop.example',
    });
  });

  it('takes no more than a widget can have to say', async () => {
    const site = await addSource(worker, 'site');
    const long = { headers: { 'content-type': 'application/json' }, body: ' '.repeat(33 * 1024) };
    const answer = await leavingNothing(() => deliver(worker, site, long));
    expect(answer.status).toBe(413);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('after all of it', () => {
  it('the kept numbers are those that the touchpoints add up to', async () => {
    expect(await drift(queryOf(db))).toEqual([]);
    expect(await queryOf(db)('SELECT * FROM person_work')).toEqual([]);
  });
});
