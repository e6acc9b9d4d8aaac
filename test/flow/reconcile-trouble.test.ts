import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Response } from 'miniflare';
import { afterAll, describe, expect, it } from 'vitest';
import { SINCE, START, standIns, startCompared } from '../support/compared.ts';
import { SHOPIFY_APP, SHOPIFY_TOKEN, shopifyWebhooks, throttled } from '../support/lists/shopify.ts';
import { chargeRefunded, checkoutPaid, stripeWebhook } from '../support/lists/stripe.ts';
import { WOO_KEYS } from '../support/lists/woocommerce.ts';
import { linesOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Comparing with a sender's list when tokens are refused, answers fail, processes die and clocks tick. */
const known = await startCompared();
const { worker, db, query, idOf, minute, compare, standing, deliverAll, touchpointsOf, ordersOf, connect, strangers } =
  known;
const { openShopify, openWoo, openStripe } = known;
afterAll(() => worker.dispose());

const kindsOf = async (source: Source) => (await touchpointsOf(source)).map(({ kind }) => kind).sort();
/** As if the time until the source's open jobs had passed. */
const letTimePass = async (source: Source) =>
  db
    .prepare('UPDATE job SET run_at = 0 WHERE source_id = ?1 AND done_at IS NULL')
    .bind(await idOf(source))
    .run();

describe('Stripe', () => {
  it('tells events that no webhook brought, under the ids that webhooks have', async () => {
    const at = Math.floor(Date.now() / 1000);
    const { source, events, connect } = await openStripe();
    events.push(checkoutPaid('a', at, 2750), checkoutPaid('b', at, 1000), chargeRefunded('a', at, 750));
    const [first, second] = events;
    if (!first || !second) throw new Error('no events');
    await deliverAll(source, [stripeWebhook(source.secret, first)]);
    await connect();
    await compare(source, null);
    expect(await kindsOf(source)).toEqual(['order_paid', 'order_paid', 'order_refunded']);
    expect(await ordersOf(source)).toMatchObject([
      { external_id: 'pi_a', total_minor: 2750, refunded_minor: 750 },
      { external_id: 'pi_b', total_minor: 1000 },
    ]);
    await deliverAll(source, [stripeWebhook(source.secret, second)]);
    await compare(source, null);
    expect((await touchpointsOf(source)).length).toBe(3);
  });

  it('is not compared once it sends thin events: its list tells the same under other ids', async () => {
    const at = Math.floor(Date.now() / 1000);
    const { source, events, connect } = await openStripe();
    events.push(checkoutPaid('thin', at, 2750));
    const thin = {
      id: 'evt_thin_1',
      object: 'v2.core.event',
      type: 'v1.checkout.session.completed',
      created: new Date(at * 1000).toISOString(),
      related_object: { id: 'cs_thin', type: 'checkout.session', url: '/v1/checkout/sessions/cs_thin' },
    };
    await deliverAll(source, [stripeWebhook(source.secret, thin)]);
    expect(await kindsOf(source)).toEqual(['order_placed']);
    await connect();
    await compare(source, null);
    expect(await kindsOf(source)).toEqual(['order_placed']);
    expect((await standing(source)).lastNote).toMatch(/^Not compared/);
  });

  it('lists thousands, of which a hundred come at a time, and many in one second', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { source, events, api, connect } = await openStripe();
    for (let n = 0; n < 2400; n++) events.push(checkoutPaid(`n${n}`, now - 3600 + (n < 1200 ? 0 : n % 600), 100));
    await connect();
    await compare(source, new Date((now - 7200) * 1000).toISOString());
    expect((await touchpointsOf(source)).length).toBe(2400);
    expect(api.seen.pages).toBeLessThan(300);
    expect(await standing(source)).toMatchObject({ error: null, isRunning: false });
  }, 60_000);
});

describe('the first comparison', () => {
  it('goes back to when the source was added, and further only when asked', async () => {
    const { source, till, connect } = await openWoo(Date.now() - 40 * 24 * 3600_000);
    till.place(1000);
    till.wait(40 * 24 * 3600);
    till.place(2000);
    await connect();
    await minute();
    expect(await ordersOf(source)).toMatchObject([{ external_id: '1002' }]);
    await compare(source, new Date(Date.now() - 60 * 24 * 3600_000).toISOString());
    expect((await ordersOf(source)).length).toBe(2);
  });

  it('brings accounts of a WooCommerce shop as well', async () => {
    const accounts = Array.from({ length: 130 }, (_, n) => ({
      id: n + 1,
      email: `account${n}@example.com`,
      createdAt: START + (n < 5 ? -90 * 24 * 3600_000 : n * 60_000),
    }));
    const { source, connect } = await openWoo(START, accounts);
    await connect();
    await compare(source);
    expect((await kindsOf(source)).filter((kind) => kind === 'customer_created').length).toBe(125);
    await compare(source);
    expect((await kindsOf(source)).length).toBe(125);
  });
});

describe('each hour', () => {
  it('a source is compared by itself, once, and not while it is paused', async () => {
    const { source, api, till, connect } = await openWoo(Date.now());
    await connect();
    await minute();
    const after = api.seen.orders;
    till.place(1500);
    await minute();
    expect([after > 0, api.seen.orders]).toEqual([true, after]);
    // An hour later.
    const id = await idOf(source);
    const anHourOn = () => db.prepare("DELETE FROM job WHERE source_id = ?1 AND kind = 'reconcile'").bind(id).run();
    await db.prepare('UPDATE source SET paused_at = 1 WHERE id = ?1').bind(id).run();
    await anHourOn();
    await minute();
    expect(api.seen.orders).toBe(after);
    await db.prepare('UPDATE source SET paused_at = NULL WHERE id = ?1').bind(id).run();
    await minute();
    expect(api.seen.orders).toBe(after + 1);
    expect(await kindsOf(source)).toEqual(['order_placed']);
    const { nextAt } = await standing(source);
    const inMinutes = (Date.parse(nextAt ?? '') - Date.now()) / 60_000;
    expect(inMinutes > 0 && inMinutes <= 60).toBe(true);
  });

  it('those whose access is not whole are left alone', async () => {
    const { source, host } = await openWoo();
    await connect(source, { shop: host, key: WOO_KEYS.key });
    await minute();
    expect(await query(`SELECT 1 FROM job WHERE source_id = ${await idOf(source)}`)).toEqual([]);
    expect(await standing(source)).toMatchObject({ canReconcile: true, isReady: false, nextAt: null });
  });
});

describe('an answer that is none', () => {
  it('to a refused token is said in plain words, tried again, and nothing counts as compared', async () => {
    const { source, host, till } = await openShopify();
    till.place(1000);
    await connect(source, { shop: host, token: 'shpat_somebody_elses_token' });
    await minute();
    expect(await standing(source)).toMatchObject({
      comparedTo: null,
      error: `${host} refused the access token (401). Check it, and the rights it has, on the page of this source.`,
    });
    await connect(source, { token: SHOPIFY_TOKEN });
    await compare(source);
    expect(await kindsOf(source)).toEqual(['order_placed']);
    expect(await standing(source)).toMatchObject({ comparedTo: expect.any(String) });
  });

  it('that asks us to slow down is waited for as long as it says', async () => {
    const { source, api, till, connect } = await openShopify();
    till.place(1000);
    const waits = async () => {
      const [row] = await query<{ run_at: number }>(
        `SELECT run_at FROM job WHERE source_id = ${await idOf(source)} AND done_at IS NULL`,
      );
      return (Number(row?.run_at) - Date.now()) / 1000;
    };
    api.instead(throttled);
    await connect();
    await minute();
    expect((await standing(source)).error).toMatch(/asked us to slow down/);
    expect(await waits()).toBeGreaterThan(7);
    api.instead(() => new Response('', { status: 429, headers: { 'retry-after': '1800' } }));
    await letTimePass(source);
    await minute();
    expect(await waits()).toBeGreaterThan(1700);
    api.instead(() => new Response('oops', { status: 503 }));
    await letTimePass(source);
    await minute();
    expect((await standing(source)).error).toMatch(/is in trouble \(503\)/);
    await letTimePass(source);
    await minute();
    expect(await standing(source)).toMatchObject({ error: null, comparedTo: expect.any(String) });
  });

  it('in the middle of a long list keeps what was reached', async () => {
    const { source, api, till, connect } = await openShopify();
    for (let n = 0; n < 35; n++) till.place(1000);
    await connect();
    await minute();
    await callApi(worker, `/sources/${source.id}/reconcile`, { method: 'POST', body: { since: SINCE } });
    const { answer } = api;
    let pages = 0;
    known.stands.set(new URL(`https://${api.shop}`).host, {
      answer: async (request) => (++pages === 3 ? new Response('half a pa', { status: 200 }) : answer(request)),
    });
    await minute();
    // Two pages stood; the third was asked for again within the same minute, and no page twice but that.
    expect((await kindsOf(source)).length).toBe(35);
    expect(pages).toBe(5);
  });

  it('among readable ones costs itself and is counted', async () => {
    const { source, api, till, connect } = await openShopify();
    till.place(1000);
    api.odd.push({ id: 'no order' }, null);
    await connect();
    expect((await compare(source)).lastNote).toMatch(/; \d+ events compared\. 2 things could not be read\.$/);
    expect(await kindsOf(source)).toEqual(['order_placed']);
  });
});

it('an app of the Dev Dashboard asks for its token by itself, once for many pages', async () => {
  const { source, host, api, till } = await openShopify();
  for (let n = 0; n < 25; n++) till.place(1000);
  await connect(source, { shop: host, clientId: SHOPIFY_APP.clientId, token: SHOPIFY_APP.secret });
  await compare(source);
  expect((await ordersOf(source)).length).toBe(25);
  expect(api.seen.tokens).toBeLessThanOrEqual(2);
  const other = await openShopify();
  await connect(other.source, { shop: other.host, clientId: SHOPIFY_APP.clientId, token: 'shpss_wrong_wrong_wrong' });
  expect((await compare(other.source)).error).toMatch(/gave no access for this client ID and secret/);
});

describe('what earlier versions stored', () => {
  it('under the ids of deliveries is not filled in again, nor stored again when it is replayed', async () => {
    const { source, till, send, connect } = await openShopify();
    await deliverAll(source, send(till.place(1000)));
    till.wait(60);
    await deliverAll(source, send(till.change(1001, 'paid')));
    till.wait(60);
    await deliverAll(source, send(till.change(1001, 'refunded', 300)));
    // As it stood before: known by topic and event.
    const id = await idOf(source);
    await db
      .prepare(
        `UPDATE touchpoint SET message_id = (SELECT d.headers ->> 'x-shopify-topic' || ':' || (d.headers ->> 'x-shopify-event-id')
           FROM delivery d WHERE d.id = touchpoint.delivery_id) WHERE source_id = ?1`,
      )
      .bind(id)
      .run();
    const before = await touchpointsOf(source);
    expect(before.every(({ message_id }) => /^(orders|refunds)\/\w+:/.test(message_id))).toBe(true);
    await connect();
    await compare(source);
    for (const { id: line } of await linesOf(worker, source))
      await callApi(worker, `/deliveries/${line}/replay`, { method: 'POST' });
    expect(await touchpointsOf(source)).toEqual(before);
    expect(await ordersOf(source)).toMatchObject([{ total_minor: 1000, refunded_minor: 300, paid: 1 }]);
  });
});

it('an order paid, raised and paid once more is one payment, and worth what it came to', async () => {
  const { source, till, send } = await openShopify();
  await deliverAll(source, send(till.place(1000)));
  const paid = till.change(1001, 'paid');
  if (!paid) throw new Error('not paid');
  await deliverAll(source, shopifyWebhooks(source.secret, paid).slice(0, 1));
  const again = { deed: 'paid' as const, order: { ...paid.order, cents: 1500, updatedAt: START + 600_000 } };
  await deliverAll(source, shopifyWebhooks(source.secret, again).slice(0, 1));
  expect((await kindsOf(source)).filter((kind) => kind === 'order_paid').length).toBe(1);
  expect(await ordersOf(source)).toMatchObject([{ total_minor: 1500 }]);
});

it('a sample that the owner sends never stands in for an order of the shop', async () => {
  const { source } = await openShopify();
  await callApi(worker, `/sources/${source.id}/test`, { method: 'POST' });
  const [sample] = await touchpointsOf(source);
  expect(sample?.message_id).toMatch(/^orders\/create:sample-/);
  const id = Number(sample?.subject.replace('order:', ''));
  const body = orderBody({ id, email: 'real@example.com', createdAt: '2026-03-02T10:00:00Z' });
  await deliverAll(source, [shopifyDelivery(source.secret, 'orders/create', 'real', body)]);
  expect((await touchpointsOf(source)).length).toBe(2);
});

describe('asking for a comparison', () => {
  const ask = async (source: Source, body: unknown) => {
    const response = await worker.dispatchFetch(`http://rapport.test/api/v1/sources/${source.id}/reconcile`, {
      method: 'POST',
      headers: { ...asAdmin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };

  it('says what is missing', async () => {
    const { source, connect } = await openWoo();
    expect(await ask(source, {})).toMatchObject({ status: 422, text: expect.stringContaining('not filled in yet') });
    await connect();
    expect((await ask(source, { since: '2999-01-01T00:00:00Z' })).text).toContain('lies in the future');
    expect((await ask(source, { since: 'yesterday' })).status).toBe(422);
    expect((await ask(source, {})).status).toBe(202);
  });

  it.each([
    '127.0.0.1',
    'localhost',
    '10.0.0.1',
    '[::1]',
    'shop.example.com:8443',
    'user@shop.example.com',
    'https://shop.example.com',
    'shop.example.com/wp',
    'metadata.google.internal',
    'printer.local',
    'intranet',
    'shop.example.com.',
    '0x7f.1',
    'SHOP.EXAMPLE.COM',
  ])('goes to no address like %s', async (shop) => {
    const { source } = await openWoo();
    await expect(connect(source, { shop, ...WOO_KEYS })).rejects.toThrow(/credentials\.shop/);
  });
});

it('goes on after a crash where it was, and nothing is there twice', async () => {
  const persist = mkdtempSync(join(tmpdir(), 'rapport-reconcile-'));
  const senders = standIns();
  const before = await startCompared({ persist }, senders);
  const { source, till, api, host, connect } = await before.openShopify();
  for (let n = 0; n < 120; n++) till.place(1000 + n);
  await connect();
  await before.minute();
  const { answer } = api;
  let pages = 0;
  const stuck = new Promise<void>((resolve) => {
    senders.stands.set(host, {
      // The eighth page never comes: the process ends while it waits.
      answer: async (request) => {
        if (++pages < 8) return answer(request);
        resolve();
        return new Promise<Response>(() => {});
      },
    });
  });
  void before.compare(source).catch(() => {});
  await stuck;
  await before.worker.dispose();

  senders.stands.set(host, { answer });
  const next = await startCompared({ persist }, senders);
  try {
    expect((await next.ordersOf(source)).length).toBe(70);
    await next.minute();
    expect((await next.ordersOf(source)).length).toBe(70);
    await next.db.prepare('UPDATE job SET run_at = 0 WHERE done_at IS NULL').run();
    const asked = api.seen.pages;
    await next.minute();
    expect((await next.ordersOf(source)).length).toBe(120);
    expect((await next.touchpointsOf(source)).length).toBe(120);
    // It began with the job that was cut off, not from the start.
    expect(api.seen.pages - asked).toBeLessThan(12);
    expect(await next.standing(source)).toMatchObject({ error: null, lastNote: expect.stringMatching(/compared/) });
  } finally {
    await next.worker.dispose();
    rmSync(persist, { recursive: true, force: true });
  }
}, 60_000);

it('asks nobody but the senders', () => {
  expect(strangers).toEqual([]);
});
