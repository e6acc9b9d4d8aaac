import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../worker/api/operations.ts';
import { addSource, deliver, orderBody, refundBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { ADMIN_TOKEN, asAdmin, callApi, startWorker } from '../support/worker.ts';

/** The outside of the product: what an integrator may rely on from release to release. */
const worker = startWorker();
const ORIGIN = 'http://rapport.test';
const SECRET = 'a secret of the shop';
let shop: Source;

type Item = {
  id: string;
  displayName: string | null;
  contact: string | null;
  stats: { touchpoints: number; orders: number };
};
type List<T> = { items: T[]; nextCursor: string | null };

const ask = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
  worker.dispatchFetch(`${ORIGIN}${path}`, init);
const found = async (q: string): Promise<(string | null)[]> =>
  (await callApi<List<Item>>(worker, `/customers?q=${encodeURIComponent(q)}`)).items.map(
    ({ displayName }) => displayName,
  );

let deliveries = 0;
async function buys(name: string, email: string, id: number, phone?: string): Promise<void> {
  const [first = '', ...rest] = name.split(' ');
  const body = JSON.parse(orderBody({ id, customer: id, email, createdAt: '2026-03-01T10:00:00Z', total: '12.34' }));
  const customer = { ...body.customer, first_name: first, last_name: rest.join(' '), ...(phone && { phone }) };
  const delivery = shopifyDelivery(SECRET, 'orders/create', `e${++deliveries}`, JSON.stringify({ ...body, customer }));
  expect((await deliver(worker, shop, delivery)).status).toBe(200);
}

beforeAll(async () => {
  await worker.ready;
  shop = await addSource(worker, 'shopify', { secret: SECRET });
  await buys('Божидар Ламбов', 'bozhidar@example.com', 5001, '+359888123456');
  await buys('王芳', 'wang.fang@example.com', 5002);
  await buys('زياد الفارس', 'ziad@example.com', 5003);
  await buys('Przemysława Żółć', 'zolc@example.com', 5004);
  const refund = refundBody({ id: 1, order: 5001, amount: '2.34', createdAt: '2026-03-02T10:00:00Z' });
  await deliver(worker, shop, shopifyDelivery(SECRET, 'refunds/create', 'r1', refund));
});
afterAll(() => worker.dispose());

describe('who may ask', () => {
  it.each(operations.map(({ method, path }) => [method, path] as const))(
    '%s %s wants a token or a session',
    async (method, path) => {
      const response = await ask(`/api/v1${path.replaceAll(/\{\w+\}/g, '1')}`, { method: method.toUpperCase() });
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'unauthorised' });
    },
  );

  it.each([
    '',
    'Bearer',
    'Bearer x',
    `Basic ${ADMIN_TOKEN}`,
    `Bearer ${ADMIN_TOKEN}x`,
    `Bearer ${ADMIN_TOKEN.slice(1)}`,
  ])('a wrong authorization is refused: %s', async (authorization) => {
    const response = await ask('/api/v1/customers', { headers: { authorization } });
    await response.text();
    expect(response.status).toBe(401);
  });

  it('a session reads, and writes only from our own pages', async () => {
    const form = new URLSearchParams({ token: ADMIN_TOKEN }).toString();
    const headers = { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' };
    const signedIn = await worker.dispatchFetch(`${ORIGIN}/sign-in`, {
      method: 'POST',
      headers,
      body: form,
      redirect: 'manual',
    });
    await signedIn.text();
    const setCookie = signedIn.headers.get('set-cookie') ?? '';
    expect(setCookie).toMatch(/^__Host-/);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(setCookie).toContain(attribute);
    const cookie = setCookie.split(';')[0] ?? '';
    const send = async (origin: string | null) => {
      const response = await ask('/api/v1/sources', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...(origin && { origin }) },
        body: JSON.stringify({ kind: 'site', name: 'Blog' }),
      });
      await response.text();
      return response.status;
    };
    expect((await ask('/api/v1/customers', { headers: { cookie } })).status).toBe(200);
    expect([await send('https://evil.example'), await send('null'), await send(null), await send(ORIGIN)]).toEqual([
      403, 403, 403, 201,
    ]);
  });
});

describe('a customer', () => {
  it('has the shape that was promised', async () => {
    const [item] = (await callApi<List<Item>>(worker, '/customers?identifier=email:Bozhidar@Example.com')).items;
    const customer = await callApi<Record<string, unknown>>(worker, `/customers/${item?.id}`);
    expect(customer).toMatchObject({
      id: item?.id,
      displayName: 'Божидар Ламбов',
      party: 'customer',
      stage: null,
      relationship: null,
      owner: null,
      consent: [],
      scores: { nps: null, csat: null, ces: null },
      stats: {
        touchpoints: 2,
        orders: 1,
        revenue: [{ amountMinor: 1000, currency: 'EUR' }],
        firstTouchpointAt: '2026-03-01T10:00:00.000Z',
        lastTouchpointAt: '2026-03-02T10:00:00.000Z',
      },
      formerIds: [expect.any(String)],
    });
    expect(customer.identifiers).toContainEqual({
      kind: 'email',
      value: 'bozhidar@example.com',
      assurance: 'asserted',
      sourceId: shop.id,
      firstSeenAt: '2026-03-01T10:00:00.000Z',
      lastSeenAt: '2026-03-01T10:00:00.000Z',
    });
  });

  it('still answers to the id it had before it was linked', async () => {
    const [item] = (await callApi<List<Item>>(worker, '/customers?identifier=email:bozhidar@example.com')).items;
    const { formerIds } = await callApi<{ formerIds: string[] }>(worker, `/customers/${item?.id}`);
    expect(await callApi<{ id: string }>(worker, `/customers/${formerIds[0]}`)).toMatchObject({ id: item?.id });
  });

  it('is found by part of a name in any script, by address, phone and order number', async () => {
    expect(await found('ламб')).toEqual(['Божидар Ламбов']);
    expect(await found('王')).toEqual(['王芳']);
    expect(await found('王芳')).toEqual(['王芳']);
    expect(await found('الفا')).toEqual(['زياد الفارس']);
    expect(await found('ŻÓŁ')).toEqual(['Przemysława Żółć']);
    expect(await found('wang.fang@')).toEqual(['王芳']);
    expect(await found('888123')).toEqual(['Божидар Ламбов']);
    expect(await found('#5003')).toEqual(['زياد الفارس']);
    expect(await found('5003')).toEqual(['زياد الفارس']);
    expect(await found('nobody of this name')).toEqual([]);
  });

  it.each([
    "'",
    '"',
    '""',
    "' OR 1=1 --",
    'a" OR "b',
    'NEAR(',
    '*',
    'text:',
    '(',
    '%',
    '_',
    '\\',
    '\u0000qq',
    '😀😀',
    ' '.repeat(50),
    'x'.repeat(200),
  ])('is not reached by operators in a search: %j', async (q) => {
    const response = await ask(`/api/v1/customers?q=${encodeURIComponent(q)}`, { headers: asAdmin });
    const { items } = (await response.json()) as List<Item>;
    expect(response.status).toBe(200);
    expect(items.length === 0 || q.trim() === '').toBe(true);
  });
});

describe('a list', () => {
  it('gives every touchpoint once, latest received first, page by page', async () => {
    const whole = await callApi<List<{ id: string }>>(worker, '/touchpoints?limit=200');
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: List<{ id: string }> = await callApi(worker, `/touchpoints?limit=2${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole.items.map(({ id }) => id));
    expect(new Set(paged).size).toBe(5);
  });

  it('of customers gives everybody once, page by page', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: List<Item> = await callApi(worker, `/customers?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(4);
  });

  it('of touchpoints is narrowed by customer, kind, source and time', async () => {
    const [item] = (await callApi<List<Item>>(worker, '/customers?q=ламб')).items;
    const count = async (query: string) => (await callApi<List<unknown>>(worker, `/touchpoints?${query}`)).items.length;
    expect(await count(`customer=${item?.id}`)).toBe(2);
    expect(await count(`customer=${item?.id}&kind=order_refunded`)).toBe(1);
    expect(await count(`source=${shop.id}`)).toBe(5);
    expect(await count('from=2026-03-02T00:00:00Z')).toBe(1);
    expect(await count('to=2026-03-01T12:00:00%2B02:00')).toBe(0);
  });

  it.each([
    '/customers?cursor=nonsense',
    '/touchpoints?cursor=e30',
    '/customers?limit=0',
    '/customers?limit=9999',
    '/customers?identifier=x',
    '/touchpoints?from=yesterday',
  ])('says what is wrong with %s', async (path) => {
    const response = await ask(`/api/v1${path}`, { headers: asAdmin });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'invalid',
      errors: [{ path: expect.any(String), message: expect.any(String) }],
    });
  });
});

describe('the OpenAPI document', () => {
  type Schema = { properties?: Record<string, unknown>; required?: string[] };
  type Document = {
    openapi: string;
    paths: Record<
      string,
      Record<
        string,
        {
          operationId: string;
          parameters: { name: string; in: string }[];
          responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
        }
      >
    >;
  };

  it('is public and lists every operation with its parameters and its answer', async () => {
    const document = (await (await ask('/api/openapi.json')).json()) as Document;
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(operations.map(({ method, path }) => `${method} /api/v1${path}`).sort());
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
          inPath,
        );
        const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
        expect(success?.[1].content?.['application/json']?.schema, operation.operationId).toBeTruthy();
      }
    }
  });

  it('tells the truth: what is answered has the shape that is declared', async () => {
    const [item] = (await callApi<List<Item>>(worker, '/customers')).items;
    const values: Record<string, string> = { id: item?.id ?? '' };
    const reading = operations.filter(({ method }) => method === 'get');
    for (const { path, response } of reading) {
      const id = path.startsWith('/sources') ? shop.id : path.startsWith('/insights') ? 'nps' : values.id;
      const answer = await callApi<unknown>(worker, path.replace('{id}', id ?? ''));
      expect(response.safeParse(answer).error?.issues ?? [], path).toEqual([]);
    }
  });
});

describe('a write', () => {
  it('of what the server owns is refused, field by field', async () => {
    const response = await ask('/api/v1/sources', {
      method: 'POST',
      headers: { ...asAdmin, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'site', name: 'x', key: 'mine', id: '1', publicId: 'x' }),
    });
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).toMatch(/key/);
  });

  it('logs a contact once, however often it is sent', async () => {
    const [item] = (await callApi<List<Item>>(worker, '/customers?q=王芳')).items;
    const body = { messageId: 'call-1', kind: 'call_logged', direction: 'in', text: 'Asked about the teapot' };
    for (let n = 0; n < 3; n++) await callApi(worker, `/customers/${item?.id}/touchpoints`, { method: 'POST', body });
    const { items } = await callApi<List<{ kind: string; text: string }>>(
      worker,
      `/touchpoints?customer=${item?.id}&kind=call_logged`,
    );
    expect(items).toMatchObject([
      { kind: 'call_logged', channel: 'phone', handler: 'staff', text: 'Asked about the teapot' },
    ]);
  });
});
