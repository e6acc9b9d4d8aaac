import { afterAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { addSource, deliver, holdersOf, linesOf, orderBody, refundBody, shopifyDelivery } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** A person is erased: no trace is left, nobody else changes, and what happened before does not come back. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const query = queryOf(db);

const shop = await addSource(worker, 'shopify', { secret: 'erase-secret' });
const desk = await addSource(worker, 'standard_webhooks');
const form = await addSource(worker, 'html_form');
const site = await addSource(worker, 'site');

/** Stands in every text of the person who goes. */
const PLANT = 'zyxw';
const ANN = `ann.${PLANT}@erase.example`;
const NAME = `Ann ${PLANT}son`;

let turn = 0;
type Sent = Parameters<typeof deliver>[2];
const sent: { source: { url: string }; delivery: Sent }[] = [];
async function send(source: { url: string }, delivery: Sent, status = 200): Promise<void> {
  sent.push({ source, delivery });
  const answer = await deliver(worker, source, delivery);
  expect([answer.status, answer.text]).toEqual([status, expect.anything()]);
}
const order = (of: Partial<Parameters<typeof orderBody>[0]> & { id: number | string }) => {
  const body = orderBody({ createdAt: '2026-04-01T10:00:00Z', ...of });
  return shopifyDelivery('erase-secret', 'orders/create', `order ${of.id} ${++turn}`, body);
};
const event = (type: string, data: object, timestamp = '2026-04-02T10:00:00Z') =>
  signStandardWebhooks(JSON.stringify({ type, timestamp, data }), {
    secret: desk.secret,
    now: Date.now(),
    id: `msg_${PLANT}_${++turn}`,
  });
const posted = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': `browser ${PLANT}` },
  body: new URLSearchParams(fields).toString(),
});
const message = (visitor: string, email: string, text: string) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    visitor,
    locale: 'en',
    page: { url: `https://shop.example/${PLANT}`, title: `Page ${PLANT}`, referrer: '' },
    identity: { email, name: NAME },
    events: [
      {
        id: crypto.randomUUID(),
        at: Date.UTC(2026, 3, 3),
        type: 'survey_answered',
        answers: [
          { question: 'nps', value: 2 },
          { question: 'why', value: text },
        ],
      },
    ],
  }),
});

const idOf = async (email: string) => (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
const remove = (id: string) =>
  worker.dispatchFetch(`http://rapport.test/api/v1/customers/${id}`, { method: 'DELETE', headers: asAdmin });
type Certificate = {
  id: string;
  reason: string;
  people: number;
  removed: { table: string; rows: number }[];
  sweptAt: string | null;
};

/** The figures of the business, without names. */
const totals = async () => ({
  touchpoints: await query(
    'SELECT kind, count(*) AS n, sum(value_minor) AS value FROM touchpoint GROUP BY kind ORDER BY kind',
  ),
  orders: await query(
    'SELECT currency, count(*) AS n, sum(total_minor) AS total, sum(refunded_minor) AS refunded FROM orders WHERE counts = 1 GROUP BY currency',
  ),
  customers: await query('SELECT sum(orders) AS orders, sum(touchpoints) AS touchpoints FROM customer'),
  answers: await query('SELECT kind, count(*) AS n, sum(score) AS score FROM answer GROUP BY kind ORDER BY kind'),
  refunds: await query('SELECT count(*) AS n, sum(amount_minor) AS amount FROM refund'),
});
const everybody = async () => {
  const { items } = await callApi<{ items: { id: string }[] }>(worker, '/customers?limit=200');
  return Promise.all(items.map(({ id }) => callApi<{ id: string }>(worker, `/customers/${id}`)));
};

describe('a person who is erased', () => {
  it('is in no table, no index and no log; the business keeps its figures, and others are as they were', async () => {
    // Somebody else, met by every source as well.
    await send(shop, order({ id: 5001, customer: 71, email: 'bob@erase.example', name: 'Bob Stays', total: '20.00' }));
    await send(desk, event('order.note', { user: { email: 'bob@erase.example' }, note: 'Hello' }));
    const bob = await idOf('bob@erase.example');

    await send(shop, order({ id: 6001, customer: 72, email: ANN, name: NAME, total: '30.00' }));
    await send(shop, order({ id: 6002, customer: 72, email: ANN, name: NAME, total: '12.00' }));
    const refund = refundBody({ id: 801, order: 6002, amount: '2.00', createdAt: '2026-04-02T10:00:00Z' });
    await send(shop, shopifyDelivery('erase-secret', 'refunds/create', `refund ${PLANT}`, refund));
    await send(
      desk,
      event('note.created', { user: { email: ANN, name: NAME, city: `City ${PLANT}` }, text: `About ${PLANT}` }),
    );
    await send(form, posted({ email: ANN, name: NAME, message: `Where is it? ${PLANT}` }));
    await send(site, message(crypto.randomUUID(), ANN, `Slow ${PLANT}`));
    // Not readable: only its body is kept.
    await deliver(worker, desk, signedRaw(`{"type": 5, "who": "${ANN.replace('@', '\\u0040')}"}`));
    await deliver(worker, form, { headers: { 'content-type': 'application/json' }, body: `["${ANN}"]` });
    const id = await idOf(ANN);
    await callApi(worker, `/customers/${id}/touchpoints`, {
      method: 'POST',
      body: { kind: 'note_added', text: `Called ${PLANT}` },
    });
    expect((await dump(db)).filter((line) => line.includes(PLANT)).length).toBeGreaterThan(20);

    const indexed = (await dump(db)).filter((line) => line.startsWith('customer_search_data') && /yxw|xws/.test(line));
    expect(indexed).not.toEqual([]);
    const before = { totals: await totals(), bob: await callApi(worker, `/customers/${bob}`) };
    const answer = await remove(id);
    expect(answer.status).toBe(200);
    const certificate = (await answer.json()) as Certificate;
    expect(certificate).toMatchObject({ reason: 'person_asked', sweptAt: expect.any(String) });
    expect(JSON.stringify(certificate)).not.toContain(PLANT);
    expect((await dump(db)).filter((line) => line.includes(PLANT))).toEqual([]);
    // The search index keeps three letters at a time, each without what it shares with the one before.
    const index = async () =>
      (await dump(db)).filter((line) => line.startsWith('customer_search_data') && /yxw|xws/.test(line));
    expect(await index()).toEqual([]);
    expect({ totals: await totals(), bob: await callApi(worker, `/customers/${bob}`) }).toEqual(before);
    expect(await holdersOf(worker, `email:${ANN}`)).toEqual([]);
    expect((await remove(id)).status).toBe(404);
    expect(
      (await worker.dispatchFetch(`http://rapport.test/api/v1/customers/${id}`, { headers: asAdmin })).status,
    ).toBe(404);
    expect(await drift(query)).toEqual([]);
    expect(await query('PRAGMA foreign_key_check')).toEqual([]);
    expect(await query('SELECT * FROM person_work')).toEqual([]);
  });

  it('does not come back with what was sent before, however it is sent again', async () => {
    const before = { totals: await totals(), all: await everybody() };
    for (const { source, delivery } of sent) await deliver(worker, source, delivery);
    for (const source of [shop, desk, form, site])
      for (const { id, canReplay } of await linesOf(worker, source))
        if (canReplay)
          await worker.dispatchFetch(`http://rapport.test/api/v1/deliveries/${id}/replay`, {
            method: 'POST',
            headers: asAdmin,
          });
    // In another delivery and under another message, as a reconciliation or an import would bring it.
    await deliver(worker, shop, order({ id: 6001, customer: 72, email: ANN, name: NAME, total: '30.00' }));
    await deliver(worker, desk, event('note.created', { user: { email: ANN }, text: PLANT }));
    expect((await dump(db)).filter((line) => line.includes(PLANT))).toEqual([]);
    expect({ totals: await totals(), all: await everybody() }).toEqual(before);
    const [latest] = await linesOf(worker, desk);
    expect(latest).toMatchObject({ outcome: 'ignored', reason: 'erased_person', canReplay: false });
  });

  it('whose order goes on is not named by it, while the figures follow', async () => {
    const now = new Date().toISOString();
    const refund = refundBody({ id: 802, order: 6001, amount: '5.00', createdAt: now });
    const refunded = async () =>
      (await query<{ sum: number }>('SELECT sum(refunded_minor) AS sum FROM orders'))[0]?.sum ?? 0;
    const before = await refunded();
    await deliver(worker, shop, shopifyDelivery('erase-secret', 'refunds/create', 'late refund', refund));
    const late = orderBody({
      id: 6001,
      customer: 72,
      email: ANN,
      name: NAME,
      total: '30.00',
      createdAt: '2026-04-01T10:00:00Z',
      updatedAt: now,
    });
    await deliver(worker, shop, shopifyDelivery('erase-secret', 'orders/fulfilled', 'late news', late));
    expect((await refunded()) - before).toBe(500);
    expect((await dump(db)).filter((line) => line.includes(PLANT))).toEqual([]);
    expect(await drift(query)).toEqual([]);
  });

  it('may begin anew: a later order makes a new record of what is new', async () => {
    const now = new Date().toISOString();
    await deliver(
      worker,
      shop,
      order({ id: 6100, customer: 72, email: ANN, name: 'Ann Again', total: '7.00', createdAt: now }),
    );
    const [again] = await holdersOf(worker, `email:${ANN}`);
    expect(again).toMatchObject({ displayName: 'Ann Again', stats: { touchpoints: 1, orders: 1 } });
    expect(await drift(query)).toEqual([]);
  });
});

function signedRaw(body: string) {
  return signStandardWebhooks(body, { secret: desk.secret, now: Date.now(), id: `msg_raw_${++turn}` });
}
