import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fields } from '../../worker/record/segments/fields.ts';
import { addSource, deliver, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { signIn } from '../support/staff.ts';
import { asAdmin, callApi, startWorker } from '../support/worker.ts';

/** Segments through the door: counted, listed, exported, asked by insights, and noticed when somebody enters. */
const worker = startWorker();
const ORIGIN = 'http://rapport.test';
const SECRET = 'a-shopify-signing-secret';
let shop: Source;

type Segment = { id: string; name: string; rule: string; count: number | null; isWatched: boolean };
type Named = { displayName: string };

const api = <T>(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
  callApi<T>(worker, path, { method, ...(body !== undefined && { body }) });
const refused = async (path: string, method: string, body?: unknown) => {
  const response = await worker.dispatchFetch(`${ORIGIN}/api/v1${path}`, {
    method,
    headers: { ...asAdmin, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

let orders = 0;
/** Somebody orders so many days ago. */
async function order(customer: number, name: string, daysAgo: number, total = '60.00') {
  const id = 5000 + orders++;
  const createdAt = new Date(Date.now() - daysAgo * 24 * 3600 * 1000).toISOString();
  const body = orderBody({
    id,
    customer,
    name,
    email: `${name.toLowerCase().split(' ')[0]}@people.example`,
    total,
    createdAt,
  });
  const { status } = await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `e${id}`, body));
  expect(status).toBe(200);
}
const minute = async () => (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });

const { ask } = await signIn(worker);

beforeAll(async () => {
  shop = await addSource(worker, 'shopify', { secret: SECRET, name: 'The shop' });
  for (const days of [100, 90, 80]) await order(1, 'Ada Regular', days);
  await order(2, 'Bo Once', 5, '15.00');
  await order(3, 'Cy Twice', 40);
  await order(3, 'Cy Twice', 1);
});
afterAll(() => worker.dispose());

describe('a rule', () => {
  it('is counted as it is written, and says what is wrong with it and where', async () => {
    expect(await api('/segments/count', { rule: 'ORDERS >= 2' })).toEqual({
      count: 2,
      known: 3,
      isWhole: true,
      rule: 'orders >= 2',
      errors: [],
    });
    expect(await api('/segments/count', { rule: 'orders >= 2 and oders < 4' })).toMatchObject({
      count: null,
      errors: [{ from: 16, to: 21, message: 'There is no field "oders". Did you mean "orders"?' }],
    });
  });

  it('filters the list and the export of customers', async () => {
    const where = encodeURIComponent('orders = 3 and last order before 30 days');
    const listed = await api<{ items: Named[] }>(`/customers?where=${where}`);
    expect(listed.items.map(({ displayName }) => displayName)).toEqual(['Ada Regular']);
    const exported = await api<Named[]>(`/exports/customers?where=${where}`);
    expect(exported.map(({ displayName }) => displayName)).toEqual(['Ada Regular']);
    const both = await api<{ items: Named[] }>(`/customers?q=cy&where=${encodeURIComponent('orders > 1')}`);
    expect(both.items.map(({ displayName }) => displayName)).toEqual(['Cy Twice']);
    const wrong = await refused('/customers?where=orders', 'GET');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('orders > 2');
  });

  it('counts who is overdue in their own time between orders', async () => {
    // Three orders ten days apart, the last of them eighty days ago.
    expect(await api('/segments/count', { rule: 'overdue > 7.9 and overdue < 8.1' })).toMatchObject({ count: 1 });
    expect(await api('/segments/count', { rule: 'overdue unknown' })).toMatchObject({ count: 1 });
  });

  it('can ask every field there is; the list of them is part of the API', async () => {
    const listed = await api<{ items: { name: string; example: string }[] }>('/segments/fields');
    expect(listed.items.map(({ name }) => name)).toEqual(fields.map(({ name }) => name));
  });
});

describe('a segment', () => {
  let buyers: Segment;

  it('is saved in one way of writing, counted in the list, and refused with what to mend', async () => {
    buyers = await api<Segment>('/segments', { name: 'Buyers again', rule: 'purchases over 1' });
    expect(buyers).toMatchObject({ name: 'Buyers again', rule: 'orders > 1', isWatched: false });
    const { items } = await api<{ items: Segment[] }>('/segments?counts=1');
    expect(items).toMatchObject([{ name: 'Buyers again', count: 2 }]);
    const same = await refused('/segments', 'POST', { name: 'BUYERS again', rule: 'orders > 9' });
    expect(same.status).toBe(422);
    expect(same.text).toContain('Another segment has this name already.');
    expect((await refused('/segments', 'POST', { name: 'x', rule: 'orders >' })).text).toContain('Expected a number');
  });

  it('answers for itself: list, figures', async () => {
    const listed = await api<{ items: Named[] }>(`/customers?segment=${buyers.id}`);
    expect(listed.items.map(({ displayName }) => displayName).sort()).toEqual(['Ada Regular', 'Cy Twice']);
    type Figures = { series: { total: { estimate: number; n: number } }[] };
    const all = await api<Figures>('/insights/revenue');
    expect(all.series[0]?.total).toMatchObject({ estimate: 31_500, n: 6 });
    const theirs = await api<Figures>(`/insights/revenue?segment=${buyers.id}`);
    expect(theirs.series[0]?.total).toMatchObject({ estimate: 30_000, n: 5 });
    for (const id of ['nps', 'csat', 'ces', 'responses'])
      expect((await api<Figures>(`/insights/${id}?segment=${buyers.id}`)).series[0]?.total.n).toBe(0);
    expect((await refused('/customers?segment=none', 'GET')).status).toBe(404);
  });

  it('is referred to by others, who follow its name and keep it from going', async () => {
    const quiet = await api<Segment>('/segments', {
      name: 'Quiet',
      rule: 'segment "buyers again" and last touchpoint before 30 days',
    });
    expect(await api(`/segments/${quiet.id}`)).toMatchObject({ count: 1 });
    await api(`/segments/${buyers.id}`, { name: 'Loyal', rule: buyers.rule }, 'PUT');
    expect(await api(`/segments/${quiet.id}`)).toMatchObject({
      rule: 'segment "Loyal" and last touchpoint before 30 days',
      count: 1,
    });
    expect((await refused(`/segments/${buyers.id}`, 'DELETE')).status).toBe(409);
    const loop = await refused(`/segments/${buyers.id}`, 'PUT', { name: 'Loyal', rule: 'segment "Quiet"' });
    expect(loop.text).toContain('would refer to itself');
    expect((await refused('/segments', 'POST', { name: 'x', rule: 'segment "Nobody"' })).text).toContain('no segment');
    expect(await api(`/segments/${quiet.id}`, undefined, 'DELETE')).toEqual({ deleted: true });
  });

  it('asks for attention when somebody enters, once, and not for who was there before', async () => {
    const attention = async () =>
      (await api<{ items: { title: string; customerName: string }[] }>('/attention')).items.map(
        ({ title, customerName }) => `${customerName}: ${title}`,
      );
    await minute();
    await api('/segments', { name: 'Three times', rule: 'orders >= 3', isWatched: true });
    // Of these only one comes to three orders that had fewer.
    await order(1, 'Ada Regular', 0);
    await order(2, 'Bo Once', 0);
    await order(3, 'Cy Twice', 0);
    await minute();
    expect(await attention()).toEqual(['Cy Twice: Entered the segment “Three times”']);
    await order(3, 'Cy Twice', 0);
    await minute();
    expect(await attention()).toHaveLength(1);
  });
});

describe('the pages of segments', () => {
  it('count without a script, mark what is wrong, and save', async () => {
    const draft = { name: 'Page', rule: 'orders > 1' };
    const counted = await (await ask('/segments', { ...draft, act: 'count' })).text();
    expect(counted.match(/data-live="count">([^<]*)/)?.[1]).toBe('3 customers, 100% of 3');
    expect(counted.includes('Ada Regular')).toBe(true);
    const wrong = await ask('/segments', { name: 'Page', rule: 'orders > 1 and oders < 3' });
    expect(wrong.status).toBe(422);
    expect((await wrong.text()).match(/<mark>(.*?)<\/mark>/)?.[1]).toBe('oders');
    const saved = await ask('/segments', draft);
    expect(saved.status).toBe(303);
    const [page = ''] = (saved.headers.get('location') ?? '').split('?');
    const holds = async (path: string, text: string) => (await (await ask(path)).text()).includes(text);
    expect(await holds(page, 'orders > 1</textarea>')).toBe(true);
    expect(await holds('/segments', `href="${page}"`)).toBe(true);
    const id = page.split('/').at(-1);
    expect(await holds(`/customers?segment=${id}`, '3 of 3 customers')).toBe(true);
    expect(await holds(`/?segment=${id}`, 'Its customers')).toBe(true);
    const gone = await ask(`${page}/delete`, { any: '' });
    expect(gone.headers.get('location')).toBe('/segments?done=segment_deleted');
    expect((await ask(page)).status).toBe(404);
  });

  it('list by a rule of the address, which can be saved from there', async () => {
    const text = await (await ask(`/customers?where=${encodeURIComponent('orders > 3')}`)).text();
    expect(text.match(/"(\/segments\/new[^"]*)"/)?.[1]).toBe('/segments/new?rule=orders+%3E+3');
    expect((await (await ask('/customers?where=oders')).text()).includes('The rule does not hold')).toBe(true);
  });
});
