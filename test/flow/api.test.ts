import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, orderBody, shopifyDelivery } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** The outside as DESIGN.md has it: shapes that integrators may build on, and who is let in. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const HOST = 'http://rapport.test';
const ask = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
  worker.dispatchFetch(`${HOST}${path}`, { ...init, redirect: 'manual' });

const shop = await addSource(worker, 'shopify', { secret: 'api-secret' });
const desk = await addSource(worker, 'standard_webhooks');
const site = await addSource(worker, 'site');

const people = [
  { customer: 1, email: 'ada@api.example', name: 'Ада Лавлейс' },
  { customer: 2, email: 'xiaoming@api.example', name: '王小明 先生' },
  { customer: 3, email: 'layla@api.example', name: 'ليلى المراكشي' },
  { customer: 4, email: 'zoe.o-brien@api.example', name: "Zoë O'Brien".normalize('NFD') },
  { customer: 5, email: 'percent@api.example', name: '100% "Off"' },
];
for (const [index, person] of people.entries()) {
  for (const step of [0, 1, 2]) {
    const createdAt = new Date(Date.UTC(2026, 2, 1 + index, step)).toISOString();
    const body = orderBody({ id: 8_810_000 + index * 10 + step, createdAt, ...person });
    const sent = await deliver(
      worker,
      shop,
      shopifyDelivery(shop.secret, 'orders/create', `api-${index}-${step}`, body),
    );
    if (sent.status !== 200) throw new Error(sent.text);
  }
}
const ticket = JSON.stringify({
  type: 'ticket.created',
  timestamp: '2026-03-09T10:00:00Z',
  data: { id: 't1', email: 'ada@api.example', email_verified: true, phone: '+48123234456', text: 'Where is it?' },
});
const signed = signStandardWebhooks(ticket, { secret: desk.secret, now: Date.now(), id: 'api-ticket' });
await deliver(worker, desk, { ...signed, headers: { ...signed.headers, 'content-type': 'application/json' } });

type Item = { readonly id: string; readonly displayName: string | null };
type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };
const customers = (query: string) => callApi<Page<Item>>(worker, `/customers?${query}`);
const byEmail = async (email: string) =>
  (await customers(`identifier=email:${encodeURIComponent(email)}`)).items[0]?.id ?? '';

describe('a customer', () => {
  it('has every field of the contract', async () => {
    const customer = await callApi<Record<string, unknown>>(worker, `/customers/${await byEmail('ada@api.example')}`);
    expect(customer).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      displayName: 'Ада Лавлейс',
      party: 'customer',
      stage: null,
      relationship: null,
      owner: null,
      profile: { name: { value: 'Ада Лавлейс', assurance: 'asserted', at: expect.stringMatching(/Z$/) } },
      consent: [],
      stats: {
        touchpoints: 4,
        orders: 3,
        revenue: [{ amountMinor: 14_550, currency: 'EUR' }],
        firstTouchpointAt: '2026-03-01T00:00:00.000Z',
        lastTouchpointAt: '2026-03-09T10:00:00.000Z',
      },
      scores: { nps: null, csat: null, ces: null },
      formerIds: [expect.any(String)],
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(customer.identifiers).toContainEqual({
      kind: 'email',
      value: 'ada@api.example',
      assurance: 'asserted',
      sourceId: shop.id,
      firstSeenAt: '2026-03-01T00:00:00.000Z',
      lastSeenAt: '2026-03-01T02:00:00.000Z',
    });
  });

  it('answers to a former id with the record it became part of', async () => {
    const id = await byEmail('ada@api.example');
    const { formerIds } = await callApi<{ formerIds: string[] }>(worker, `/customers/${id}`);
    for (const former of formerIds) expect(await callApi(worker, `/customers/${former}`)).toMatchObject({ id });
  });

  it('who does not exist is a problem document, whatever the id', async () => {
    for (const id of ['nobody', '0', "' OR 1=1 --", '%00', '🙂', 'a'.repeat(5000)]) {
      const response = await ask(`/api/v1/customers/${encodeURIComponent(id)}`, { headers: asAdmin });
      expect(response.status, id).toBe(404);
      expect(await response.json()).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});

describe('search', () => {
  const names = async (q: string) =>
    (await customers(`q=${encodeURIComponent(q)}`)).items.map(({ displayName }) => displayName);

  it.each([
    ['Лавл', 'Ада Лавлейс'],
    ['лавлейс', 'Ада Лавлейс'],
    ['ад', 'Ада Лавлейс'],
    ['АД', 'Ада Лавлейс'],
    ['小明', '王小明 先生'],
    ['王', '王小明 先生'],
    ['مراك', 'ليلى المراكشي'],
    ['لي', 'ليلى المراكشي'],
    ["o'br", "Zoë O'Brien"],
    ['zoe.o-brien@', "Zoë O'Brien"],
    ['+48123234456', 'Ада Лавлейс'],
    ['+48 123 234 456', 'Ада Лавлейс'],
    ['+48 (0) 123-234-456', 'Ада Лавлейс'],
    ['0048 123 234 456', 'Ада Лавлейс'],
    ['123 234 456', 'Ада Лавлейс'],
    ['0123234456', 'Ада Лавлейс'],
    ['٠١٢٣ ٢٣٤ ٤٥٦', 'Ада Лавлейс'],
    ['  лавлейс \u3000 ада ', 'Ада Лавлейс'],
    ['ад лавлейс', 'Ада Лавлейс'],
    ['先生 小', '王小明 先生'],
    ["Zoë O'Brien", "Zoë O'Brien"],
    ["o'brien Zoë".normalize('NFD'), "Zoë O'Brien"],
    ['#810001', 'Ада Лавлейс'],
    ['810001', 'Ада Лавлейс'],
    ['8810020', 'ليلى المراكشي'],
    ['100%', '100% "Off"'],
    ['"Off"', '100% "Off"'],
  ])('finds by %s', async (q, name) => {
    expect(await names(q)).toEqual([name]);
  });

  it('finds by an order number in capitals or small letters, with its sign or without', async () => {
    await db.prepare("UPDATE orders SET number = '#R-77a' WHERE external_id = '8810030'").run();
    for (const q of ['R-77a', 'r-77A', '#r-77a']) expect(await names(q), q).toEqual(["Zoë O'Brien"]);
  });

  it('takes as many words as fit', async () => {
    expect(await names('Ада '.repeat(40))).toEqual(['Ада Лавлейс']);
    expect(await names('ж б в г д е к л м н о п р с т у ф х ц ч ш щ ю я э ы')).toEqual([]);
  });

  it.each([
    '%',
    '_',
    '*',
    '"',
    "'",
    '""',
    'a OR b',
    'NEAR(a b)',
    'ada AND',
    'text:ada',
    '^ada',
    '-ada',
    "'; DROP TABLE customer; --",
    '\\',
    '\u0000',
    '\ud800',
    '(',
    ')',
    '{',
    'ada*',
    '“',
    '\u202e',
    ' '.repeat(50),
    '🙂',
    'a'.repeat(200),
    '?1',
    '@x',
    ':x',
  ])('takes %j for text and nothing else', async (q) => {
    const response = await ask(`/api/v1/customers?q=${encodeURIComponent(q.toWellFormed())}`, { headers: asAdmin });
    expect(response.status).toBe(200);
  });

  it('refuses more text than a search can need, and names the field', async () => {
    const response = await ask(`/api/v1/customers?q=${'x'.repeat(201)}`, { headers: asAdmin });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'invalid', errors: [{ path: 'query.q' }] });
  });

  it('finds who holds an identifier however it is written, strongest assurance first', async () => {
    const body = JSON.stringify({
      visitor: crypto.randomUUID(),
      locale: 'en',
      page: { url: 'https://shop.example/', title: '', referrer: '' },
      identity: { email: 'zoe.o-brien@api.example' },
      events: [{ id: crypto.randomUUID(), at: Date.now(), type: 'page_viewed' }],
    });
    await deliver(worker, site, { headers: { 'content-type': 'application/json' }, body });
    const { items } = await customers('identifier=email:%20ZOE.O-Brien@API.example');
    expect(items).toHaveLength(2);
    expect(items[0]?.displayName).toBe("Zoë O'Brien");
  });
});

/** All items of a list, page by page. */
async function walk<T>(path: string, limit: number): Promise<T[]> {
  const seen: T[] = [];
  for (let cursor: string | null = '', pages = 0; cursor !== null && pages < 100; pages++) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await callApi<Page<T>>(
      worker,
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${from}`,
    );
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  return seen;
}

type Touchpoint = {
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly customerId: string;
  readonly sourceId: string;
};

describe('a list', () => {
  it.each([1, 2, 3, 7, 200])('gives each touchpoint once over pages of %i, latest received first', async (limit) => {
    const all = await walk<Touchpoint>('/touchpoints', limit);
    expect(all.length).toBeGreaterThan(16);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const order = all.map(({ id }) => Number(id.slice(3)));
    expect(order).toEqual([...order].sort((a, b) => b - a));
  });

  it.each([1, 2, 4])('gives each customer once over pages of %i, also while a search is on', async (limit) => {
    for (const filter of ['', '?q=api.example', '?orders=some']) {
      const all = await walk<Item>(`/customers${filter}`, limit);
      expect(all.length).toBeGreaterThanOrEqual(5);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    }
  });

  it('is not given whole to who asks by a name that is not read', async () => {
    for (const path of [
      '/customers?rule=orders%20%3E%202',
      '/customers?limit=2&Stage=expansion',
      '/exports/customers?wher=x',
    ]) {
      const response = await ask(`/api/v1${path}`, { headers: asAdmin });
      expect([path, response.status]).toEqual([path, 400]);
      const problem = await response.json();
      expect(problem).toMatchObject({ code: 'unknown_parameter', detail: expect.stringContaining('where') });
    }
  });

  it('of touchpoints is narrowed by customer, kind, source and time, each alone and all at once', async () => {
    const customer = await byEmail('ada@api.example');
    const list = (query: string) => walk<Touchpoint>(`/touchpoints?${query}`, 50);
    expect((await list(`customer=${customer}`)).map(({ customerId }) => customerId)).toEqual(Array(4).fill(customer));
    expect((await list('kind=ticket_created')).map(({ kind }) => kind)).toEqual(['ticket_created']);
    expect(new Set((await list(`source=${shop.id}`)).map(({ sourceId }) => sourceId))).toEqual(new Set([shop.id]));
    const [from, to] = ['2026-03-01T01:00:00Z', '2026-03-01T02:00:00Z'];
    const within = await list(`from=${from}&to=${to}`);
    expect(within.map(({ occurredAt }) => occurredAt)).toEqual(['2026-03-01T01:00:00.000Z']);
    expect(await list(`customer=${customer}&kind=order_placed&source=${shop.id}&from=${from}`)).toHaveLength(2);
    expect((await ask('/api/v1/touchpoints?customer=nobody', { headers: asAdmin })).status).toBe(404);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=zzz', 'cursor=W10', 'from=yesterday', 'identifier=nocolon'])(
    'refuses %s and names the field',
    async (query) => {
      const path = query.startsWith('from') ? 'touchpoints' : 'customers';
      const response = await ask(`/api/v1/${path}?${query}`, { headers: asAdmin });
      expect(response.status).toBe(422);
      const problem = (await response.json()) as { errors: { path: string }[] };
      expect(problem.errors[0]?.path).toContain(query.split('=')[0]);
    },
  );
});

describe('what is written by hand', () => {
  it('is logged once under its id, and belongs to the record', async () => {
    const customer = await byEmail('layla@api.example');
    const call = {
      kind: 'call_logged',
      text: 'She asked about delivery',
      messageId: 'call-1',
      occurredAt: '2026-03-05T09:00:00+01:00',
    };
    for (const _ of [1, 2]) await callApi(worker, `/customers/${customer}/touchpoints`, { method: 'POST', body: call });
    const { items } = await callApi<Page<Record<string, unknown>>>(
      worker,
      `/touchpoints?customer=${customer}&kind=call_logged`,
    );
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      channel: 'phone',
      direction: 'out',
      initiator: 'company',
      handler: 'staff',
      occurredAt: '2026-03-05T08:00:00.000Z',
      text: 'She asked about delivery',
      value: null,
    });
  });

  it('counts its id for one record alone', async () => {
    const note = { kind: 'note_added', text: 'Called back', messageId: 'same-note' };
    for (const email of ['ada@api.example', 'xiaoming@api.example']) {
      const customer = await byEmail(email);
      const path = `/customers/${customer}/touchpoints`;
      expect(await callApi(worker, path, { method: 'POST', body: note })).toEqual({ messageId: 'same-note' });
      const { items } = await callApi<Page<unknown>>(worker, `/touchpoints?customer=${customer}&kind=note_added`);
      expect(items, email).toHaveLength(1);
    }
  });

  it.each([
    ['{', 'body'],
    ['{"kind":"call_logged","text":"x","occurredAt":"2999-01-01T00:00:00Z"}', 'body.occurredAt'],
    ['[]', 'body'],
    ['{"kind":"call_logged"}', 'body.text'],
    ['{"kind":"order_placed","text":"x"}', 'body.kind'],
    ['{"kind":"call_logged","text":"x","customerId":"other"}', 'body'],
    ['{"kind":"call_logged","text":"a\\u0000b"}', 'body'],
    ['{"kind":"call_logged","text":"\\ud800"}', 'body'],
  ])('is refused when it is %s', async (body, path) => {
    const customer = await byEmail('layla@api.example');
    const headers = { ...asAdmin, 'content-type': 'application/json' };
    const response = await ask(`/api/v1/customers/${customer}/touchpoints`, { method: 'POST', headers, body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: expect.stringContaining(path) }] });
  });
});
