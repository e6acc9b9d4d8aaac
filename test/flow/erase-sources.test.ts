import { afterAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { inParallel } from '../support/http.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** What sources ask for, who is erased along, and an erasure in the middle of a storm. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const query = queryOf(db);

const SECRET = 'erase-secret';
const shop = await addSource(worker, 'shopify', { secret: SECRET });
const second = await addSource(worker, 'shopify', { secret: SECRET, name: 'second shop' });
const desk = await addSource(worker, 'standard_webhooks');
const form = await addSource(worker, 'html_form');

let turn = 0;
const buy = async (
  source: typeof shop,
  customer: number,
  email: string,
  name: string,
  createdAt = '2026-04-01T10:00:00Z',
) => {
  const body = orderBody({ id: 90_000 + ++turn, customer, email, name, total: '10.00', createdAt });
  const answer = await deliver(worker, source, shopifyDelivery(SECRET, 'orders/create', `sources ${turn}`, body));
  expect(answer.status).toBe(200);
};
const ask = (source: typeof shop, topic: string, payload: object) =>
  deliver(worker, source, shopifyDelivery(SECRET, topic, `asks ${++turn}`, JSON.stringify(payload)));
const write = (email: string, message: string) =>
  deliver(worker, form, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, message }).toString(),
  });
const tell = (user: object, text: string) =>
  deliver(
    worker,
    desk,
    signStandardWebhooks(
      JSON.stringify({ type: 'note.created', timestamp: '2026-04-02T10:00:00Z', data: { user, text } }),
      {
        secret: desk.secret,
        now: Date.now(),
        id: `msg_sources_${++turn}`,
      },
    ),
  );
const idOf = async (identifier: string) => (await holdersOf(worker, identifier))[0]?.id ?? '';
const remove = (id: string) =>
  worker.dispatchFetch(`http://rapport.test/api/v1/customers/${id}`, { method: 'DELETE', headers: asAdmin });
const minute = async () => {
  const response = await (await worker.getWorker()).scheduled({ cron: '* * * * *' });
  expect(response.outcome).toBe('ok');
};
const isSomewhere = async (text: string) => (await dump(db)).some((line) => line.toLowerCase().includes(text));
type Certificate = { id: string; reason: string; people: number };
const latest = async () => (await callApi<{ items: Certificate[] }>(worker, '/erasures')).items[0];

describe('a shop that asks to forget somebody', () => {
  it('is obeyed as far as it knows them; what others know stays, under the id it had', async () => {
    await buy(shop, 41, 'cleo.qqx@sources.example', 'Cleo Vvqshop');
    await tell({ email: 'cleo.qqx@sources.example', name: 'Cleo' }, 'told elsewhere');
    const id = await idOf('email:cleo.qqx@sources.example');
    await ask(shop, 'customers/redact', {
      customer: { id: 41, email: 'cleo.qqx@sources.example' },
      orders_to_redact: [1],
    });
    await minute();
    expect(await isSomewhere('vvqshop')).toBe(false);
    const [left] = await holdersOf(worker, 'email:cleo.qqx@sources.example');
    expect(left).toMatchObject({ id, displayName: 'Cleo', stats: { touchpoints: 1, orders: 0 } });
    expect(await latest()).toMatchObject({ reason: 'source_asked', people: 1 });
    expect(await drift(query)).toEqual([]);
    // Told again by the shop with the old time: it does not come back, and the rest is not touched.
    await buy(shop, 41, 'cleo.qqx@sources.example', 'Cleo Vvqshop');
    expect(await isSomewhere('vvqshop')).toBe(false);
  });

  it('is obeyed wholly where nobody else knows them', async () => {
    await buy(shop, 42, 'dora.qqx@sources.example', 'Dora Vvqshop');
    await write('dora.qqx@sources.example', 'Where are you?');
    await ask(shop, 'customers/redact', { customer: { id: 42, email: 'dora.qqx@sources.example' } });
    await minute();
    expect(await isSomewhere('dora.qqx')).toBe(false);
  });

  it('does not erase whom it has merely deleted', async () => {
    await buy(shop, 43, 'emil.qqx@sources.example', 'Emil Stays');
    await ask(shop, 'customers/delete', { id: 43 });
    await minute();
    expect(await holdersOf(worker, 'email:emil.qqx@sources.example')).toHaveLength(1);
  });

  it('is obeyed when it asks to forget everybody', async () => {
    for (let n = 0; n < 45; n++) await buy(second, 500 + n, `crowd${n}.qqx@sources.example`, `Crowd Vvqtwo${n}`);
    await ask(second, 'shop/redact', { shop_id: 9, shop_domain: 'second.example' });
    await minute();
    // It waits for staff to look at it, and is stopped and begun as they say.
    type Asked = { id: string; source: string; askedAt: string; dueAt: string | null; people: number };
    const waiting = async () => (await callApi<{ items: Asked[] }>(worker, '/source-erasures')).items;
    const decide = async (decision: string) =>
      callApi(worker, `/source-erasures/${(await waiting())[0]?.id}`, { method: 'POST', body: { decision } });
    const [asked] = await waiting();
    expect(await waiting()).toMatchObject([{ people: 46 }]);
    expect(Date.parse(asked?.dueAt ?? '') - Date.parse(asked?.askedAt ?? '')).toBe(48 * 3600 * 1000);
    await decide('stop');
    await db.prepare("UPDATE job SET run_at = 0 WHERE kind = 'erase_source' AND done_at IS NULL").run();
    await minute();
    expect(await waiting()).toMatchObject([{ dueAt: null }]);
    expect(await isSomewhere('vvqtwo')).toBe(true);
    await decide('resume');
    await minute();
    await minute();
    expect(await isSomewhere('vvqtwo')).toBe(false);
    expect(await holdersOf(worker, 'email:emil.qqx@sources.example')).toHaveLength(1);
    expect(await drift(query)).toEqual([]);
  });
});

describe('what others say of the address of somebody erased', () => {
  it('goes along where nothing else names them; somebody else loses the claim alone', async () => {
    await buy(shop, 51, 'fay.qqx@sources.example', 'Fay Gone');
    await write('fay.qqx@sources.example', 'Only her address');
    await buy(shop, 52, 'gil.qqx@sources.example', 'Gil Stays');
    const gil = await idOf('customer:52');
    const fragment = await db
      .prepare("SELECT fragment_id AS id FROM identifier WHERE kind = 'customer' AND value = '52'")
      .first<{ id: number }>();
    await db
      .prepare("INSERT INTO identifier VALUES ('email', 'fay.qqx@sources.example', 0, ?1, 1, 0, 1, 1)")
      .bind(fragment?.id ?? 0)
      .run();
    await minute();
    const answer = await remove(await idOf('customer:51'));
    expect(((await answer.json()) as Certificate).people).toBe(2);
    expect(await isSomewhere('fay.qqx')).toBe(false);
    const record = await callApi<{ displayName: string; identifiers: { value: string }[] }>(
      worker,
      `/customers/${gil}`,
    );
    expect(record).toMatchObject({ displayName: 'Gil Stays' });
    expect(record.identifiers.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['52', 'gil.qqx@sources.example']),
    );
    expect(await drift(query)).toEqual([]);
  });

  it('stays where two people of one shop have it: it is the other one’s as well', async () => {
    await buy(shop, 61, 'family.qqx@sources.example', 'Hal Goneqq');
    await buy(shop, 62, 'family.qqx@sources.example', 'Ida Stays');
    await remove(await idOf('customer:61'));
    expect(await isSomewhere('goneqq')).toBe(false);
    expect((await holdersOf(worker, 'email:family.qqx@sources.example')).map(({ displayName }) => displayName)).toEqual(
      ['Ida Stays'],
    );
    // And she can still be told of, also of before.
    await buy(shop, 62, 'family.qqx@sources.example', 'Ida Stays', '2026-03-01T10:00:00Z');
    expect((await holdersOf(worker, 'customer:62'))[0]?.stats.orders).toBe(2);
  });
});

describe('an erasure while webhooks pour in', () => {
  it('leaves either all of a delivery from after it, or nothing', async () => {
    const email = 'storm.qqx@sources.example';
    await buy(shop, 71, email, 'Jo Vvqstorm');
    const id = await idOf('customer:71');
    const before = turn;
    let erased: Response | null = null;
    const pour = inParallel(
      Array.from({ length: 60 }, (_, n) => n),
      8,
      async (n) => {
        if (n === 25) erased = (await remove(id)) as unknown as Response;
        else await buy(shop, 71, email, 'Jo Vvqstorm');
      },
    );
    await pour;
    expect((erased as Response | null)?.status).toBe(200);
    expect(turn - before).toBe(59);
    // All of it happened before: none of it may be left.
    expect(await isSomewhere('vvqstorm')).toBe(false);
    expect(await isSomewhere(email)).toBe(false);
    expect(await drift(query)).toEqual([]);
    expect(await query('PRAGMA foreign_key_check')).toEqual([]);
  });
});
