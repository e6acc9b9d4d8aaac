import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../worker/platform/clock.ts';
import { eraseCustomer } from '../../worker/record/erasure/erase.ts';
import { followLikeness } from '../../worker/record/suggestions/follow.ts';
import { dump } from '../support/dump.ts';
import { askOf, importFile, planOf } from '../support/imports.ts';
import { addSource, deliver, holdersOf, shopifyDelivery } from '../support/shop.ts';
import { signWooCommerce } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** People who order to one postal address: suggested beside a name alike, joined by nobody but staff, and no street is kept. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const ORIGIN = 'http://rapport.test';
const SECRET = 'postal-secret';
const shop = await addSource(worker, 'shopify', { secret: SECRET });
const woo = await addSource(worker, 'woocommerce', { secret: SECRET });
const segment = await callApi<{ writeKey: string; secretKey: string }>(worker, '/sources', {
  method: 'POST',
  body: { kind: 'segment', name: 'SDKs' },
});

type Home = { readonly street: string; readonly flat?: string; readonly code: string; readonly city: string };
const HOME: Home = { street: 'Lange Viestraat 12', flat: 'Apt 3', code: '3511 AB', city: 'Utrecht' };
let turn = 0;

/** An order of a shop on Shopify's wire format. Gives the public id of its customer. */
async function shopOrder(first: string, last: string, home: Home): Promise<string> {
  const address = { address1: home.street, address2: home.flat ?? '', zip: home.code, city: home.city };
  const email = `shop${++turn}@postal.example`;
  const body = JSON.stringify({
    id: 7000 + turn,
    email,
    created_at: '2026-01-05T10:00:00Z',
    currency: 'EUR',
    total_price: '10.00',
    financial_status: 'paid',
    customer: { id: 900 + turn, first_name: first, last_name: last },
    shipping_address: { ...address, first_name: first, last_name: last, country_code: 'NL' },
    line_items: [],
  });
  await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `postal ${turn}`, body));
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}

/** The same by WooCommerce, which writes addresses in other words. */
async function wooOrder(first: string, last: string, home: Home): Promise<string> {
  const email = `woo${++turn}@postal.example`;
  const body = JSON.stringify({
    id: 8000 + turn,
    number: String(8000 + turn),
    status: 'processing',
    currency: 'EUR',
    total: '10.00',
    date_created_gmt: '2026-01-06T10:00:00',
    customer_id: 0,
    billing: {
      ...{ first_name: first, last_name: last, email, country: 'NL' },
      ...{ address_1: home.street, address_2: home.flat ?? '', postcode: home.code, city: home.city },
    },
    line_items: [],
    refunds: [],
  });
  const signed = signWooCommerce(body, { secret: SECRET, now: 0 });
  const headers = {
    ...signed.headers,
    'content-type': 'application/json',
    'x-wc-webhook-topic': 'order.created',
    'x-wc-webhook-delivery-id': `postal-${turn}`,
  };
  await deliver(worker, woo, { headers, body });
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}

type Item = {
  readonly people: readonly { readonly id: string }[];
  readonly evidence: readonly string[];
  readonly pro: readonly { readonly says: string; readonly place?: string; readonly isProven?: boolean }[];
};
const follow = async () => {
  while (await followLikeness(db));
};
async function between(a: string, b: string): Promise<Item | undefined> {
  await follow();
  const { items } = await callApi<{ items: Item[] }>(worker, '/suggestions?limit=200');
  return items.find(({ people }) => [a, b].every((id) => people.some((one) => one.id === id)));
}
const edit = (id: string, profile: Record<string, string | null>) =>
  callApi(worker, `/customers/${id}`, { method: 'PATCH', body: profile });

let session = '';
const page = (path: string, form?: Record<string, string>) =>
  worker.dispatchFetch(ORIGIN + path, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: {
      cookie: session,
      ...(form && { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  });

beforeAll(async () => {
  const signedIn = await page('/sign-in', { token: ADMIN_TOKEN });
  session = signedIn.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
});

describe('one postal address', () => {
  it('of two shops with a name alike is suggested, shown, joined by staff and parted again', async () => {
    const a = await shopOrder('Jan Willem', 'Peters', HOME);
    const b = await wooOrder('J.', 'Peters', {
      street: 'LANGE VIESTR. 12 appt. 3',
      code: '3511ab',
      city: 'UTRECHT',
    });
    const c = await wooOrder('Jan', 'Peeters', { street: 'Langeviestraat 12-3', code: '3511 AB', city: 'Utrecht' });
    const found = await between(a, c);
    expect(found?.evidence).toEqual(['name_postal']);
    expect(found?.pro).toContainEqual({ says: 'same_address', place: 'Utrecht, NL', isProven: true });
    expect(await between(b, c)).toBeDefined();

    const list = await (await page('/suggestions?evidence=name_postal')).text();
    expect(list).toContain('Both have the same postal address (Utrecht, NL).');
    const preview = await (await page(`/customers/${a}/compare/${c}`)).text();
    expect(preview).toContain('Both have the same postal address (Utrecht, NL).');

    const merged = await page('/suggestions', { one: a, other: c, decision: 'merge' });
    const decision = new URL(merged.headers.get('location') ?? '', ORIGIN).searchParams.get('decision') ?? '';
    expect((await callApi<{ id: string }>(worker, `/customers/${c}`)).id).toBe(a);
    await page('/suggestions/undo', { decision });
    expect((await callApi<{ id: string }>(worker, `/customers/${c}`)).id).toBe(c);
    expect(await between(a, c)).toEqual(found);
  });

  it('is nothing without a name alike; a name of a family is told where the two are compared', async () => {
    const home = { ...HOME, street: 'Oudegracht 5' };
    const a = await shopOrder('Maria', 'de Vries', home);
    const b = await wooOrder('Kees', 'de Vries', home);
    expect(await between(a, b)).toBeUndefined();
    const html = await (await page(`/customers/${a}/compare/${b}`)).text();
    expect(html).toContain(
      'Both have the same postal address (Utrecht, NL) and the name Vries: they may live together.',
    );
  });

  it('is another with another house, another flat, another town', async () => {
    const home = { street: 'Twijnstraat 20', flat: 'Apt 1', code: '3511 ZG', city: 'Utrecht' };
    const a = await shopOrder('Noor', 'van Dam', home);
    for (const other of [
      { ...home, street: 'Twijnstraat 22' },
      { ...home, flat: 'Apt 2' },
      { ...home, code: '1011 AB' },
    ])
      expect(await between(a, await wooOrder('Noor', 'van Dam', { ...other, city: 'Elders' }))).toBeUndefined();
  });

  it('that more than twelve have is a parcel shop, whatever they are called, and suggests nobody', async () => {
    const home = { street: 'Stationsplein 1', code: '3511 ED', city: 'Utrecht' };
    const a = await shopOrder('Sanne', 'Bakker', home);
    const b = await wooOrder('Sanne', 'Bakkr', { ...home, city: 'Elders' });
    const others = ['Ans', 'Bo', 'Cas', 'Dirk', 'Eef', 'Fenna', 'Gijs', 'Hein', 'Ilse', 'Joep', 'Kim'];
    expect(await between(a, b)).toBeDefined();
    for (const name of others) await wooOrder(name, `Familie${name}`, { ...home, city: 'Elders' });
    expect(await between(a, b)).toBeUndefined();
    expect(await (await page(`/customers/${a}/compare/${b}`)).text()).not.toContain('postal address');
  });

  it('comes by identify and by a file as well; a public key only claims it', async () => {
    const home = { street: 'Neude 30', postalCode: '3512 AG', city: 'Utrecht', country: 'Netherlands' };
    const a = await shopOrder('Ivo', 'Kramer', { street: 'Neude 30', code: '3512AG', city: 'Utrecht' });
    const identify = async (key: string, ids: object) => {
      const response = await worker.dispatchFetch(`${ORIGIN}/v1/identify`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...ids, messageId: `postal ${++turn}`, traits: { name: 'Ivo Kramer', address: home } }),
      });
      expect(response.status).toBe(200);
    };
    await identify(segment.secretKey, { userId: 'postal-user' });
    await identify(segment.writeKey, { anonymousId: 'postal-visitor' });
    const text = 'email,name,address,zip,city,country\nivo@postal.example,Kramer Ivo,Neude 30,3512 AG,Utrecht,NL\n';
    await importFile(
      askOf(worker),
      { text },
      planOf({ kind: 'customers', columns: { email: 0, name: 1, street: 2, postalCode: 3, city: 4, country: 5 } }),
    );
    const [server] = await holdersOf(worker, 'user_id:postal-user');
    const [visitor] = await holdersOf(worker, 'anonymous_id:postal-visitor');
    const [file] = await holdersOf(worker, 'email:ivo@postal.example');
    for (const [other, isProven] of [
      [server, true],
      [visitor, false],
      [file, true],
    ] as const) {
      const found = await between(a, other?.id ?? '');
      expect(found?.evidence).toContain('name_postal');
      expect(found?.pro).toContainEqual(expect.objectContaining({ says: 'same_address', isProven }));
    }
  });

  it('is told to whom it is of, without a street, and goes with them', async () => {
    const home = { street: 'Zilverplantstraat 77', code: '3552 XY', city: 'Plantedorp' };
    const a = await shopOrder('Olga', 'Planted', home);
    const b = await wooOrder('Olga', 'Planted', home);
    expect(await between(a, b)).toBeDefined();
    const { holdings } = await callApi<{ holdings: { table: string; rows: Record<string, unknown>[] }[] }>(
      worker,
      `/customers/${a}/export`,
    );
    expect(holdings.find(({ table }) => table === 'postal_address')?.rows).toMatchObject([
      { place: 'Plantedorp, NL', assurance: 'asserted' },
    ]);
    const likeness = await db
      .prepare("SELECT DISTINCT likeness FROM postal_address WHERE place = 'Plantedorp, NL'")
      .all<{ likeness: string }>();
    expect(likeness.results).toHaveLength(1);
    for (const id of [a, b]) await eraseCustomer({ db, clock: systemClock }, id, 'person_asked');
    const left = (await dump(db)).join('\n');
    for (const planted of ['Plantedorp', likeness.results[0]?.likeness ?? '?']) expect(left).not.toContain(planted);
    // The street stood in what was sent, which is let go by the sweep, and nowhere else.
    const streets = (await dump(db)).filter((line) => /zilverplant/i.test(line) && !line.startsWith('delivery'));
    expect(streets).toEqual([]);
  });
});

describe('what staff say', () => {
  it('a name and a town that staff give make somebody alike, until they are taken back', async () => {
    const a = await shopOrder('Xenia', 'Unknown', { street: 'Nowhere 1', code: '9999 ZZ', city: 'Leeuwarden' });
    const b = await wooOrder('Rosa', 'Halder', { street: 'Elsewhere 2', code: '8888 YY', city: 'Sneek' });
    expect(await between(a, b)).toBeUndefined();
    await edit(a, { name: 'Rosa Halder', city: 'Sneek' });
    const found = await between(a, b);
    expect(found?.evidence).toEqual(['name_city']);
    expect(found?.pro).toEqual([
      { says: 'same_name', value: 'Rosa Halder' },
      { says: 'same_field', field: 'city', value: 'Sneek' },
    ]);
    await edit(a, { city: null });
    expect(await between(a, b)).toBeUndefined();
  });

  it('a company that staff give, with a name that a source gave', async () => {
    const a = await shopOrder('Pim', 'Torens', { street: 'Nowhere 3', code: '9999 ZZ', city: 'Leeuwarden' });
    const b = await wooOrder('Pim', 'Torens', { street: 'Elsewhere 4', code: '8888 YY', city: 'Sneek' });
    await edit(a, { company: 'Torens BV' });
    await edit(b, { company: 'Torens' });
    expect((await between(a, b))?.evidence).toEqual(['name_company']);
    await edit(b, { company: null });
    expect(await between(a, b)).toBeUndefined();
  });
});
