import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSource, deliver, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { signIn } from '../support/staff.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** Finding people: by anything that is known of them, and what a list says that finds nobody. */
const worker = startWorker();
const SECRET = 'a-shopify-signing-secret';
let shop: Source;
const staff = await signIn(worker);
type Listed = { items: { id: string; displayName: string }[] };

const api = <T>(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
  callApi<T>(worker, path, { method, ...(body !== undefined && { body }) });
const minute = async () => (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
async function textOf(path: string): Promise<string> {
  const response = await staff.ask(path);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.text()).replaceAll(/<!-- -->|<\/?span[^>]*>/g, '');
}
const found = async (q: string) =>
  (await api<Listed>(`/customers?q=${encodeURIComponent(q)}`)).items.map(({ displayName }) => displayName);

let turn = 0;
async function order(name: string, email: string): Promise<string> {
  const id = 7000 + turn++;
  const body = orderBody({ id, customer: id, name, email, total: '20.00', createdAt: new Date().toISOString() });
  expect((await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `e${id}`, body))).status).toBe(200);
  return (await api<Listed>(`/customers?q=${encodeURIComponent(email)}`)).items[0]?.id ?? '';
}

const people = { asa: '', bo: '' };
beforeAll(async () => {
  shop = await addSource(worker, 'shopify', { secret: SECRET, name: 'The shop' });
  people.asa = await order('Åsa Mårtensson', 'asa@people.example');
  people.bo = await order('Bo Field', 'bo@people.example');
});
afterAll(() => worker.dispose());

describe('searching customers', () => {
  it('finds names and towns written without their marks, and with them', async () => {
    await api(`/customers/${people.asa}`, { city: 'Göteborg' }, 'PATCH');
    await minute();
    for (const q of ['martensson', 'Mårtensson', 'MARTENSSON', 'goteborg', 'Göteborg', 'asa mart'])
      expect(await found(q), q).toEqual(['Åsa Mårtensson']);
  });

  it('finds the members of an organisation by its name as it is now', async () => {
    const { id } = await api<{ id: string }>('/organisations', { name: 'Harbour Works' });
    await api(`/organisations/${id}/members/${people.bo}`, {}, 'PUT');
    expect(await found('harbour')).toEqual(['Bo Field']);
    await api(`/organisations/${id}`, { name: 'Quayside Ltd' }, 'PATCH');
    expect(await found('harbour')).toEqual([]);
    expect(await found('quayside')).toEqual(['Bo Field']);
    await api(`/organisations/${id}/members/${people.bo}`, undefined, 'DELETE');
    expect(await found('quayside')).toEqual([]);
  });

  it('finds what is held in fields of the business’s own', async () => {
    await api('/custom-fields', { key: 'boat', label: 'Boat', kind: 'text' });
    await api(`/customers/${people.bo}`, { fields: { boat: 'Kittiwake' } }, 'PATCH');
    await minute();
    expect(await found('kittiwake')).toEqual(['Bo Field']);
  });
});

describe('a tag that is typed', () => {
  it('is proposed where somebody has it, in the filter and on a record', async () => {
    for (const tag of ['pilot', 'walk-in', 'brief']) await api(`/customers/${people.bo}/tags/${tag}`, {}, 'PUT');
    await api(`/customers/${people.bo}/tags/brief`, undefined, 'DELETE');
    for (const path of ['/customers', `/customers/${people.asa}`]) {
      const html = await textOf(path);
      expect(html, path).toContain('<option value="pilot"></option><option value="walk-in"></option></datalist>');
      expect(html, path).toContain('list="known-tags"');
    }
  });
});

describe('a list that finds nobody', () => {
  it('names the filter, and offers to search what people wrote', async () => {
    expect(await textOf('/customers?stage=dissolution')).toContain('Nobody is in the stage Dissolution.');
    const html = await textOf(`/customers?q=${encodeURIComponent('a "b\\c')}&orders=none`);
    expect(html).toContain('and has never ordered');
    const where = /href="(\/customers\?where=[^"]*)"[^>]*>Search what they wrote/.exec(html)?.[1] ?? '';
    expect(new URLSearchParams(where.split('?')[1]).get('where')).toBe('wrote "a \\"b\\\\c"');
    expect(await textOf(where)).toContain('Nobody fits this rule.');
  });

  it('shows nobody where the segment is no more or the rule does not hold', async () => {
    for (const path of ['/customers?segment=nope', '/customers?where=oders', '/?segment=nope']) {
      const html = await textOf(path);
      expect(html, path).toContain(
        path.includes('segment') ? 'There is no such segment any more.' : 'The rule does not hold',
      );
      expect(html, path).not.toContain('exports/customers');
      expect(html, path).not.toContain('<table class="listing"');
      expect(html, path).not.toContain('class="insights"');
    }
    expect(await textOf('/customers?segment=')).toContain('Bo Field');
    expect(await textOf('/?segment=')).toContain('class="insights"');
  });
});

describe('rules over fields of the business’s own', () => {
  const members = async (rule: string) =>
    (await api<Listed>(`/customers?where=${encodeURIComponent(rule)}`)).items.map(({ displayName }) => displayName);

  beforeAll(async () => {
    await api('/custom-fields', { key: 'shoe_size', label: 'Size of shoe', kind: 'number' });
    await api('/custom-fields', { key: 'renewal', label: 'Renewal', kind: 'date' });
    await api('/custom-fields', { key: 'orders_in', label: 'Orders', kind: 'text' });
    await api(`/customers/${people.bo}`, { fields: { shoe_size: 9, renewal: '2026-02-01' } }, 'PATCH');
    await api(`/customers/${people.asa}`, { fields: { shoe_size: 41, renewal: '2026-04-01' } }, 'PATCH');
  });

  it('take them by key or label, and are kept by their key', async () => {
    for (const rule of ['shoe_size > 30', 'shoe size > 30', 'size of shoe > 30', 'x.shoe_size > 30', 'Shoe_Size > 30'])
      expect(await members(rule), rule).toEqual(['Åsa Mårtensson']);
    const saved = await api<{ id: string; rule: string }>('/segments', { name: 'Small', rule: 'shoe_size < 30' });
    expect(saved.rule).toBe('x.shoe_size < 30');
    expect((await api<Listed>(`/customers?segment=${saved.id}`)).items.map(({ id }) => id)).toEqual([people.bo]);
  });

  it('compare numbers as numbers and days as days', async () => {
    expect(await members('shoe_size >= 9 and shoe_size < 41')).toEqual(['Bo Field']);
    expect(await members('renewal before 2026-03-01')).toEqual(['Bo Field']);
    expect(await members('renewal is after 2026-03-01')).toEqual(['Åsa Mårtensson']);
    expect(await members('x.renewal on 2026-04-01')).toEqual(['Åsa Mårtensson']);
    const { rule } = await api<{ rule: string }>('/segments', { name: 'Due', rule: 'renewal before 2026-03-01' });
    expect(rule).toBe('x.renewal before 2026-03-01');
    expect(await members('segment "Due"')).toEqual(['Bo Field']);
  });

  it('leave words of the language what they mean, and propose them where one is near', async () => {
    expect(await members('orders in (1)')).toHaveLength(2);
    expect(await textOf('/customers?where=shoe_sise+%3E+30')).toContain(
      'Did you mean "shoe_size"?'.replaceAll('"', '&quot;'),
    );
  });

  it('are told of beside the rule', async () => {
    const html = await textOf('/segments/new');
    for (const words of ['Your own fields', 'Size of shoe', 'x.shoe_size > 10', 'x.renewal before 90 days'])
      expect(html).toContain(words);
    expect(html.indexOf('id="members"')).toBeLessThan(html.indexOf('id="fields"'));
  });
});
