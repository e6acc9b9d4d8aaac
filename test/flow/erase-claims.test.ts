import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { letSend, postOffice } from '../support/mailers.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { linksIn, ORIGIN, visitor } from '../support/person.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, linesOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Anybody can claim any address. Who erases themselves takes what is theirs along, and nothing of whom they claimed to be. */
const office = postOffice();
const { worker, db } = await startWithSql({ outside: office.answer });
afterAll(() => worker.dispose());
const query = queryOf(db);

const SECRET = 'claims-secret';
const shop = await addSource(worker, 'shopify', { secret: SECRET });
const form = await addSource(worker, 'html_form');
const site = await addSource(worker, 'site');
const second = await addSource(worker, 'site', { name: 'second site' });
const WORD = 'page_viewed';

let turn = 0;
const order = (of: { customer: number; email: string; createdAt?: string }) => {
  const id = 40_000 + ++turn;
  return shopifyDelivery(
    SECRET,
    'orders/create',
    `claims ${id}`,
    orderBody({ id, createdAt: '2026-04-01T10:00:00Z', ...of }),
  );
};
const posted = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});
type Identity = { email?: string; phone?: string; userId?: string };
const seen = (browser: string, identity: Identity = {}) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    visitor: browser,
    locale: 'en',
    page: { url: 'https://shop.example/', title: 'Shop', referrer: '' },
    identity,
    events: [{ id: crypto.randomUUID(), at: Date.UTC(2026, 3, 3), type: 'page_viewed' }],
  }),
});
const isTaken = async (source: { url: string }, delivery: Parameters<typeof deliver>[2]) =>
  expect((await deliver(worker, source, delivery)).status).toBe(200);
const minute = async () => void (await (await worker.getWorker()).scheduled({}));
const idOf = async (identifier: string) => (await holdersOf(worker, identifier))[0]?.id ?? '';
const everybody = async () => {
  const { items } = await callApi<{ items: { id: string }[] }>(worker, '/customers?limit=200');
  return (await Promise.all(items.map(({ id }) => callApi<{ id: string }>(worker, `/customers/${id}`)))).sort((a, b) =>
    a.id.localeCompare(b.id),
  );
};
const bodiesOf = (source: { key: string }) =>
  query<{ id: number; outcome: string; body: string | null }>(
    `SELECT d.id, d.outcome, CAST(d.body AS TEXT) AS body FROM delivery d JOIN source s ON s.id = d.source_id WHERE s.key = '${source.key}' ORDER BY d.id`,
  );
const pause = (paused: boolean) => callApi(worker, `/sources/${shop.id}`, { method: 'PATCH', body: { paused } });

/** A visitor with a mailbox of their own who has opened their link, and claims what they like from the same browser. */
async function stranger(mailbox: string, userId?: string) {
  const browser = crypto.randomUUID();
  const user = userId === undefined ? {} : { userId };
  const sent = [seen(browser, { email: mailbox, ...user })];
  for (const delivery of sent) await isTaken(site, delivery);
  const person = visitor(worker);
  await person.ask('/p', { form: { email: mailbox } });
  await minute();
  const mail = office.posted.filter(({ to }) => to === mailbox).at(-1);
  const opened = await person.ask(linksIn(mail?.text ?? '')[0] ?? '/p/none', { form: { act: 'open' } });
  expect(opened.location).toBe('/p/me');
  return {
    claim: async (identity: Identity) => {
      const delivery = seen(browser, { ...user, ...identity });
      sent.push(delivery);
      await isTaken(site, delivery);
    },
    /** Gives the public id of the certificate. */
    erase: async () => {
      const { location } = await person.ask('/p/me/erase', { form: { confirm: 'erase' } });
      expect(location).toMatch(/^\/p\/erased\//);
      await minute();
      return location?.split('/').at(-1) ?? '';
    },
    again: async () => {
      for (const delivery of sent) await deliver(worker, site, delivery);
    },
  };
}
const peopleOf = async (certificate: string) =>
  (await callApi<{ items: { id: string; people: number }[] }>(worker, '/erasures')).items.find(
    ({ id }) => id === certificate,
  )?.people;

beforeAll(async () => {
  const secret = SENDERS.resend?.secretOf?.('claims') ?? '';
  const resend = await addSource(worker, 'resend', { secret });
  await letSend(worker, resend.id);
});

describe('who erases themselves after claiming what is others’', () => {
  it('is erased alone: whoever is known by a claim of it stays, with all that their records say', async () => {
    const [vic, una, tel] = ['vic@claims.example', 'una@claims.example', '+48123234456'];
    await isTaken(form, posted({ email: vic, name: 'Vic Stays', message: 'Where is it?' }));
    await isTaken(second, seen(crypto.randomUUID(), { email: una, phone: tel }));
    await isTaken(form, posted({ email: 'bea@claims.example', phone: tel, message: 'Call me' }));
    await isTaken(shop, order({ customer: 301, email: 'carl@claims.example' }));
    // Stages are worked out by the minute.
    await minute();
    const before = await everybody();

    const mal = await stranger('mal.one@claims.example');
    for (const email of [vic, una, 'bea@claims.example', 'carl@claims.example']) await mal.claim({ email });
    await mal.claim({ phone: tel });
    expect(await peopleOf(await mal.erase())).toBe(1);
    expect(await everybody()).toEqual(before);
    expect((await dump(db)).filter((line) => line.includes('mal.one'))).toEqual([]);

    await mal.again();
    expect(await everybody()).toEqual(before);
    expect((await dump(db)).filter((line) => line.includes('mal.one'))).toEqual([]);
    expect(await drift(query)).toEqual([]);
    expect(await query('PRAGMA foreign_key_check')).toEqual([]);
  });

  it('empties no body of others, and loses no order that is held', async () => {
    await isTaken(site, seen(crypto.randomUUID()));
    await deliver(worker, site, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ visitor: 5, events: [{ type: WORD }], email: 'held@claims.example' }),
    });
    await pause(true);
    await isTaken(shop, order({ customer: 302, email: 'held@claims.example' }));
    const before = [...(await bodiesOf(site)), ...(await bodiesOf(shop))].filter(({ body }) => body !== null);
    expect(new Set(before.map(({ outcome }) => outcome))).toEqual(new Set(['accepted', 'malformed', 'held']));

    const mal = await stranger('mal.two@claims.example', WORD);
    await mal.claim({ email: 'held@claims.example' });
    await mal.erase();
    const after = [...(await bodiesOf(site)), ...(await bodiesOf(shop))];
    expect(after.filter(({ id }) => before.some((one) => one.id === id))).toEqual(before);
    await pause(false);
    await minute();
    await expect.poll(async () => (await linesOf(worker, shop))[0]?.outcome).toBe('accepted');
    expect(await holdersOf(worker, 'email:held@claims.example')).toMatchObject([{ stats: { orders: 1 } }]);
  });

  it('keeps nobody’s history out: what a shop or a form tells of before is taken in', async () => {
    const mal = await stranger('mal.three@claims.example');
    await mal.claim({ email: 'late@claims.example' });
    await mal.claim({ email: 'shy@claims.example' });
    await mal.erase();
    await isTaken(shop, order({ customer: 303, email: 'late@claims.example', createdAt: '2026-01-01T10:00:00Z' }));
    expect(await holdersOf(worker, 'email:late@claims.example')).toMatchObject([{ stats: { orders: 1 } }]);
    expect(await idOf('customer:303')).not.toBe('');
    await isTaken(second, seen(crypto.randomUUID(), { email: 'shy@claims.example' }));
    expect(await holdersOf(worker, 'email:shy@claims.example')).toHaveLength(1);
    await mal.again();
    expect((await dump(db)).filter((line) => line.includes('mal.three'))).toEqual([]);
  });
});

describe('who is erased with an address of their own', () => {
  it('leaves what is held as it came; when it is read, theirs stays out and others’ is taken in', async () => {
    await isTaken(shop, order({ customer: 304, email: 'own@claims.example' }));
    // Both claimed: the one whom nothing else names goes along, the other one stays without it.
    await isTaken(second, seen(crypto.randomUUID(), { email: 'own@claims.example' }));
    const held = crypto.randomUUID();
    await isTaken(second, seen(held, { email: 'own@claims.example' }));
    await isTaken(second, seen(held, { email: 'other@claims.example' }));
    await pause(true);
    await isTaken(shop, order({ customer: 304, email: 'own@claims.example' }));
    await isTaken(shop, order({ customer: 305, email: 'friend+own@claims.example' }));
    const answer = await worker.dispatchFetch(`${ORIGIN}/api/v1/customers/${await idOf('customer:304')}`, {
      method: 'DELETE',
      headers: asAdmin,
    });
    expect(await answer.json()).toMatchObject({ people: 2 });
    expect((await linesOf(worker, shop)).filter(({ outcome }) => outcome === 'held')).toHaveLength(2);
    await pause(false);
    await minute();
    await expect
      .poll(async () => (await linesOf(worker, shop)).filter(({ outcome }) => outcome === 'held'))
      .toHaveLength(0);
    expect(await holdersOf(worker, 'customer:305')).toMatchObject([{ stats: { orders: 1 } }]);
    expect(await holdersOf(worker, 'email:other@claims.example')).toHaveLength(1);
    expect((await dump(db)).filter((line) => /(?<!\+)own@claims/.test(line))).toEqual([]);
    expect(await drift(query)).toEqual([]);
  });
});
