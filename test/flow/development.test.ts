import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, startWorker } from '../support/worker.ts';

/** The demo business: there in development, and not a trace of it in what is deployed. */
const HOST = 'http://rapport.test';
const ROUTES = [
  ['GET', '/demo'],
  ['GET', '/demo/shop.css'],
  ['POST', '/demo/seed'],
  ['POST', '/demo/seed?force=1'],
  ['POST', '/demo/cron'],
  ['POST', '/demo/buy'],
  ['POST', '/demo/order'],
] as const;

describe('the production build', () => {
  const worker = startWorker();
  beforeAll(() => worker.ready);
  afterAll(() => worker.dispose());

  it.each(ROUTES)('does not answer %s %s', async (method, path) => {
    const response = await worker.dispatchFetch(HOST + path, { method, redirect: 'manual' });
    // A visitor of an unknown page may be led to the sign-in page, and learns nothing by it.
    expect([303, 403, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('Harbour');
  });

  it('holds nothing of the demo', () => {
    const folder = fileURLToPath(new URL('../../.build/', import.meta.url));
    const bundle = readFileSync(`${folder}worker-production/index.js`, 'utf8');
    expect(bundle).toContain('/w/:key/in');
    for (const mark of ['pages/development', 'Harbour', 'ottoline', '/demo', 'Żaneta', 'POT-1'])
      expect(bundle.includes(mark), mark).toBe(false);
    expect(readFileSync(`${folder}worker-development/index.js`, 'utf8')).toContain('Harbour & Hare');
    const assets = readdirSync(`${folder}public/assets`).map((name) =>
      readFileSync(`${folder}public/assets/${name}`, 'utf8'),
    );
    expect(assets.some((text) => text.includes('Harbour'))).toBe(false);
  });
});

type Customer = { id: string; displayName: string | null; stats: { orders: number } };
const post = (
  worker: Miniflare,
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
) =>
  worker.dispatchFetch(HOST + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });

describe('the development build', () => {
  const worker = startWorker({ build: 'development' });
  beforeAll(() => worker.ready);
  afterAll(() => worker.dispose());
  const search = async (words: string) =>
    (await callApi<{ items: Customer[] }>(worker, `/customers?q=${encodeURIComponent(words)}`)).items;

  it('says that the shop is closed until there is a business', async () => {
    const looked = await (await post(worker, '/demo/seed?only=look')).json();
    expect(looked).toMatchObject({ isSeeded: false, customers: 0, survey: null });
    expect(await (await worker.dispatchFetch(`${HOST}/demo`)).text()).toContain('not open yet');
    const bought = await post(worker, '/demo/buy', { sku: 'POT-1', name: 'A B', email: 'a@example.com' });
    expect(bought.headers.get('location')).toBe('/demo');
  });

  it('gets a year of believable history, once', async () => {
    const sown = (await (await post(worker, '/demo/seed')).json()) as { isSeeded: boolean; survey: string };
    expect(sown.isSeeded).toBe(true);
    expect(sown.survey).toMatch(/^[\w-]{20,}$/);
    const again = await (await post(worker, '/demo/seed')).json();
    expect(again).toMatchObject({ isSeeded: false, survey: sown.survey });
    const forced = await (await post(worker, '/demo/seed?force=1')).json();
    expect(forced).toMatchObject({ isSeeded: false });
  });

  it('knows its customers in every script, each with their orders', async () => {
    for (const name of ['Żaneta Wójcik', 'Ивелина Радева', '林晓雯', 'ليلى حدّاد', 'Jürgen Größl']) {
      const named = (await search(name)).filter(({ displayName }) => displayName === name);
      expect(
        named.some(({ stats }) => stats.orders > 0),
        name,
      ).toBe(true);
    }
  });

  it('has low scores that wait for somebody, and a pair that only a person can tell apart', async () => {
    const attention = await callApi<{ items: unknown[] }>(worker, '/attention?limit=100');
    expect(attention.items.length).toBeGreaterThan(5);
    const pair = await callApi<{ items: Customer[] }>(worker, '/customers?identifier=email:owen.pritchard@example.com');
    expect(pair.items.length).toBeGreaterThan(1);
  });

  it('buys through the shop’s real door: an order on the customer’s record, sent and refunded', async () => {
    const bought = await post(worker, '/demo/buy', {
      sku: 'CUP-2',
      name: 'Ottoline Marsh',
      email: 'ottoline.marsh@example.com',
    });
    expect(bought.status).toBe(303);
    const back = bought.headers.get('location') ?? '';
    const [customer] = await search('Ottoline Marsh');
    expect(customer?.stats.orders).toBe(1);
    const page = await (await worker.dispatchFetch(HOST + back)).text();
    expect(page).toContain(`/customers/${customer?.id}`);
    expect(page).toContain('was placed');
    const order = /order=(\d+)/.exec(back)?.[1] ?? '';
    for (const act of ['send', 'refund', 'refund']) await post(worker, '/demo/order', { order, act });
    const record = await callApi<{ stats: { revenue: unknown } }>(worker, `/customers/${customer?.id}`);
    const kinds = await callApi<{ items: { kind: string }[] }>(worker, `/touchpoints?customer=${customer?.id}`);
    expect(kinds.items.map(({ kind }) => kind).sort()).toEqual(['order_fulfilled', 'order_placed', 'order_refunded']);
    expect(JSON.stringify(record.stats.revenue)).not.toContain('3200');
  });

  it('runs the minute’s jobs when asked, and by nobody’s page but its own', async () => {
    expect(await (await post(worker, '/demo/cron')).json()).toEqual({ ok: true });
    expect((await post(worker, '/demo/cron', {}, { origin: 'https://evil.test' })).status).toBe(403);
  });
});
