import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIGNERS } from '../support/sign.ts';
import { ADMIN_TOKEN, callApi, startWorker } from '../support/worker.ts';

const worker = startWorker();
const ORIGIN = 'http://rapport.test';
const SECRET = 'a-shopify-signing-secret';
const HOSTILE = '<script>alert("1")</script>';

type Ask = { method?: string; form?: Record<string, string>; cookie?: string | null; origin?: string | null };

let session = '';
type Shop = { readonly id: string; readonly key: string };
let shop: Shop = { id: '', key: '' };

/** Asks for a page as a browser would: with the session, and with the origin of the page a form stands on. */
function ask(path: string, { method = 'GET', form, cookie = session, origin = ORIGIN }: Ask = {}) {
  return worker.dispatchFetch(ORIGIN + path, {
    method: form ? 'POST' : method,
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      ...(cookie !== null && { cookie }),
      ...(form && origin !== null && { origin }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
}

const textOf = async (path: string): Promise<string> => (await ask(path)).text();

const cookiesOf = (response: { headers: { getSetCookie(): string[] } }): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');

type Order = { readonly id: number; readonly customer: number; readonly name: string; readonly email: string };

async function sendOrder(order: Order, to: Shop = shop): Promise<void> {
  const body = JSON.stringify({
    id: order.id,
    name: `#${order.id}`,
    email: order.email,
    created_at: '2026-01-05T10:00:00Z',
    updated_at: '2026-01-05T10:00:00Z',
    currency: 'EUR',
    total_price: '60.00',
    financial_status: 'paid',
    customer: { id: order.customer, email: order.email, first_name: order.name, last_name: 'Petrova' },
    line_items: [{ title: HOSTILE, sku: 'X', quantity: 1, price: '60.00', total_discount: '0.00' }],
  });
  const signed = SIGNERS.shopify?.sign(body, { secret: SECRET, now: Date.now() });
  const response = await worker.dispatchFetch(`${ORIGIN}/in/${to.key}`, {
    method: 'POST',
    body,
    headers: { ...signed?.headers, 'X-Shopify-Topic': 'orders/create', 'X-Shopify-Event-Id': `order-${order.id}` },
  });
  expect(response.status).toBe(200);
}

const customerNamed = async (q: string): Promise<string> =>
  (await callApi<{ items: { id: string }[] }>(worker, `/customers?q=${encodeURIComponent(q)}`)).items[0]?.id ?? 'none';

beforeAll(async () => {
  await worker.ready;
  const response = await ask('/sign-in', { form: { token: ADMIN_TOKEN, next: '/' }, cookie: null });
  session = cookiesOf(response);
  shop = await callApi(worker, '/sources', {
    method: 'POST',
    body: { kind: 'shopify', name: 'The shop', secret: SECRET },
  });
  await sendOrder({ id: 1017, customer: 1, name: HOSTILE, email: 'first@example.com' });
});
afterAll(() => worker.dispose());

describe('signing in', () => {
  it('sends whoever has no session to the sign-in page, which leads back', async () => {
    for (const path of ['/', '/customers?q=a', '/customers/x', '/touchpoints/tp_1', '/sources', '/deliveries/1']) {
      const response = await ask(path, { cookie: null });
      expect(response.status, path).toBe(303);
      expect(response.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    }
  });

  it('refuses a wrong token, and a form from another site even with the right one', async () => {
    expect((await ask('/sign-in', { form: { token: 'wrong' }, cookie: null })).status).toBe(401);
    const foreign = await ask('/sign-in', {
      form: { token: ADMIN_TOKEN },
      cookie: null,
      origin: 'https://evil.example',
    });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ['//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/.//evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/customers?q=ana', '/customers?q=ana'],
  ])('after signing in, next=%j leads to %j', async (next, location) => {
    const response = await ask('/sign-in', { form: { token: ADMIN_TOKEN, next }, cookie: null });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(location);
  });

  it('ends a session for good on signing out', async () => {
    const own = cookiesOf(await ask('/sign-in', { form: { token: ADMIN_TOKEN }, cookie: null }));
    expect((await ask('/customers', { cookie: own })).status).toBe(200);
    await ask('/sign-out', { form: { any: '' }, cookie: own });
    expect((await ask('/customers', { cookie: own })).status).toBe(303);
  });

  it('says how to set the token when there is none', async () => {
    const bare = startWorker({ bindings: { ADMIN_TOKEN: 'short' } });
    const response = await bare.dispatchFetch(`${ORIGIN}/sign-in`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npx wrangler secret put ADMIN_TOKEN');
    await bare.dispose();
  });
});

describe('every page', () => {
  it('may load and send to this address only, and is framed and kept by nobody', async () => {
    for (const path of ['/', '/customers', '/sources', '/sources/new', '/sign-in', '/api', '/no-such-page']) {
      const { headers } = await ask(path, { cookie: path === '/sign-in' ? null : session });
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('holds no script or style in its markup, which the policy would refuse', async () => {
    const customer = await customerNamed('first@example.com');
    for (const path of ['/', '/customers', `/customers/${customer}`, `/sources/${shop.id}`, '/api']) {
      const html = await textOf(path);
      expect(html, path).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/)/);
      expect(html, path).not.toMatch(/<[^>]+\s(style|on\w+)=/);
    }
  });

  it('answers 404 for what is not there: a page for people, a problem document for programs', async () => {
    for (const path of ['/nothing', '/customers/nobody', '/touchpoints/tp_99999', '/touchpoints/x', '/sources/none']) {
      const response = await ask(path);
      expect(response.status, path).toBe(404);
      expect(await response.text()).toContain('There is no such page');
    }
    const program = await worker.dispatchFetch(`${ORIGIN}/nothing`, { headers: { accept: 'application/json' } });
    expect(program.headers.get('content-type')).toBe('application/problem+json');
  });

  it('leads who reads a form’s address again to the page that has the form', async () => {
    const customer = await customerNamed('first@example.com');
    const record = `/customers/${customer}`;
    for (const [path, page] of [
      ['/identity/never', '/identity'],
      ['/identity/limits', '/identity'],
      ['/privacy/retention', '/privacy'],
      ['/privacy/business', '/privacy'],
      ['/mail/test', '/mail'],
      [`${record}/preference-link`, record],
    ] as const) {
      const response = await ask(path);
      expect([path, response.status, response.headers.get('location')]).toEqual([path, 303, page]);
    }
  });

  it('changes nothing for a form that stands on another site', async () => {
    const customer = await customerNamed('first@example.com');
    const posts = ['/sources', `/sources/${shop.id}/test`, `/customers/${customer}/log`, '/attention/1/seen'];
    for (const path of posts) {
      for (const origin of ['https://evil.example', 'null', null]) {
        const response = await ask(path, { form: { kind: 'html_form', text: 'forged' }, origin });
        expect(response.status, `${path} from ${origin}`).toBe(403);
      }
    }
    expect(await textOf('/sources')).not.toContain('HTML form');
    expect(await textOf(`/customers/${customer}`)).not.toContain('forged');
  });
});

describe('the record', () => {
  it('shows what strangers wrote as text', async () => {
    const customer = await customerNamed('first@example.com');
    for (const path of ['/', '/customers', `/customers/${customer}`, '/touchpoints/tp_1']) {
      const html = await textOf(path);
      expect(html, path).not.toContain('<script>alert');
      expect(html, path).toContain('&lt;script');
    }
    expect(await textOf(`/customers?q=${encodeURIComponent('"><img src=x>')}`)).not.toContain('<img');
  });

  it('tells an order in a sentence, with its number and its money', async () => {
    const customer = await customerNamed('first@example.com');
    expect(await textOf(`/customers/${customer}`)).toContain('Placed order #1017 for €60.00');
  });

  it('logs a contact once, however often the button is pressed', async () => {
    const customer = await customerNamed('first@example.com');
    const form = {
      messageId: '0f0e0d0c-0b0a-4908-8706-050403020100',
      kind: 'call_logged',
      direction: 'in',
      handler: 'staff',
      at: '',
      text: 'Asked about the teapot',
    };
    for (const _press of [1, 2]) {
      const response = await ask(`/customers/${customer}/log`, { form });
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(`/customers/${customer}?done=logged`);
    }
    const html = await textOf(`/customers/${customer}?show=notes`);
    expect(html.split('Asked about the teapot')).toHaveLength(2);
    expect(html).toContain('Called us');
    expect(html).not.toContain('Placed order');
  });

  it('gives back what was typed when a contact cannot be logged, and says why', async () => {
    const customer = await customerNamed('first@example.com');
    const messageId = '0f0e0d0c-0b0a-4908-8706-050403020101';
    const empty = await ask(`/customers/${customer}/log`, { form: { messageId, kind: 'meeting_held', text: ' ' } });
    expect(empty.status).toBe(422);
    const html = await empty.text();
    expect(html).toContain(messageId);
    expect(html).toContain('Write a word about what was said');
    const future = await ask(`/customers/${customer}/log`, {
      form: { messageId, text: 'Kept', at: '2999-01-01T10:00' },
    });
    expect(future.status).toBe(422);
    expect(await future.text()).toContain('Kept</textarea>');
  });

  it('leads from a former id to the record it became part of', async () => {
    const outlet = await callApi<Shop>(worker, '/sources', {
      method: 'POST',
      body: { kind: 'shopify', name: 'The outlet', secret: SECRET },
    });
    const ana = { name: 'Ana', email: 'second@example.com' };
    await sendOrder({ ...ana, id: 2001, customer: 2 });
    // Two shops say the same e-mail address of their customers: one person, and one of the two ids is a former one.
    await sendOrder({ ...ana, id: 2002, customer: 77 }, outlet);
    const id = await customerNamed('second@example.com');
    const { formerIds } = await callApi<{ formerIds: string[] }>(worker, `/customers/${id}`);
    expect(formerIds).toHaveLength(1);
    const response = await ask(`/customers/${formerIds[0]}?show=orders`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/customers/${id}?show=orders`);
  });
});

describe('sources', () => {
  it('shows a secret of ours once, to the browser that made it', async () => {
    const secret = /whsec_[A-Za-z0-9+/]{20}/;
    const added = await ask('/sources', { form: { kind: 'standard_webhooks', name: 'Mine' } });
    expect(added.status).toBe(303);
    const path = added.headers.get('location') ?? '';
    const first = await ask(path, { cookie: `${session}; ${cookiesOf(added)}` });
    expect(await first.text()).toMatch(secret);
    expect(first.headers.getSetCookie().join()).toContain('Max-Age=0');
    expect(await textOf(path)).not.toMatch(secret);
  });

  it('never shows the secret of the sender', async () => {
    expect(await textOf(`/sources/${shop.id}`)).not.toContain(SECRET);
  });

  it('sends a test event through the real path and says how it went', async () => {
    const response = await ask(`/sources/${shop.id}/test`, { form: { any: '' } });
    expect(response.headers.get('location')).toBe(`/sources/${shop.id}?done=test_accepted`);
    const html = await textOf(`/sources/${shop.id}?done=test_accepted`);
    expect(html).toContain('The test event went through');
    expect(html).toContain('Live');
  });

  it('lets its own test through where only the pages of the owner may send', async () => {
    const added = await ask('/sources', { form: { kind: 'html_form', name: 'Form', origins: 'https://shop.example' } });
    const path = (added.headers.get('location') ?? '').replace('?done=added', '');
    const tested = await ask(`${path}/test`, { form: { any: '' } });
    expect(tested.headers.get('location')).toBe(`${path}?done=test_accepted`);
  });

  it('says why a delivery was refused and what mends it', async () => {
    await worker.dispatchFetch(`${ORIGIN}/in/${shop.key}`, {
      method: 'POST',
      body: '{}',
      headers: { 'X-Shopify-Topic': 'orders/create', 'X-Shopify-Hmac-Sha256': 'AAAA' },
    });
    expect(await textOf(`/sources/${shop.id}`)).toContain('The secret here is not the one the sender signs with');
  });

  it('shows a kept body as it arrived and replays it without storing anything twice', async () => {
    const { items } = await callApi<{ items: { id: string; canReplay: boolean }[] }>(
      worker,
      `/sources/${shop.id}/deliveries`,
    );
    const id = items.find(({ canReplay }) => canReplay)?.id;
    expect(await textOf(`/deliveries/${id}`)).toContain('&quot;total_price&quot;');
    const replayed = await ask(`/deliveries/${id}/replay`, { form: { any: '' } });
    expect(replayed.headers.get('location')).toBe(`/sources/${shop.id}?done=replay_old`);
  });

  it('refuses settings that do not fit, keeps what was typed, and names the place', async () => {
    const site = await callApi<{ id: string }>(worker, '/sources', {
      method: 'POST',
      body: { kind: 'site', name: 'S' },
    });
    const broken = await ask(`/sources/${site.id}/settings`, { form: { name: 'S', settings: '{ "accent": ' } });
    expect(broken.status).toBe(422);
    expect(await broken.text()).toContain('are not JSON');
    const wrong = await ask(`/sources/${site.id}/settings`, {
      form: { name: 'S', settings: '{"accent":"red"}', origins: 'shop.example' },
    });
    expect(wrong.status).toBe(422);
    const html = await wrong.text();
    expect(html).toContain('use a colour like #2c5cc5');
    expect(html).toContain('shop.example');
    const right = await ask(`/sources/${site.id}/settings`, {
      form: { name: 'Renamed', settings: '{"accent":"#123456"}', origins: 'shop.example' },
    });
    expect(right.headers.get('location')).toBe(`/sources/${site.id}?done=saved`);
    const { name, settings } = await callApi<{ name: string; settings: object }>(worker, `/sources/${site.id}`);
    expect({ name, settings }).toMatchObject({
      name: 'Renamed',
      settings: { accent: '#123456', origins: ['https://shop.example'] },
    });
  });
});

describe('finding customers', () => {
  it('finds by name, address and order number, and says what to do when there is nobody', async () => {
    for (const q of ['petrova', 'first@example.com', '1017', '#1017']) {
      expect(await textOf(`/customers?q=${encodeURIComponent(q)}`), q).toContain('Petrova');
    }
    expect(await textOf('/customers?q=nobody-of-that-name')).toContain('Nobody matches');
  });

  it('filters by what the address says and passes over what means nothing', async () => {
    expect(await textOf('/customers?orders=some')).toContain('Petrova');
    expect(await textOf('/customers?orders=none')).not.toContain('first@example.com');
    expect((await ask('/customers?orders=drop&quiet=abc&attention=x')).status).toBe(200);
    expect((await ask('/customers?cursor=nonsense')).status).toBe(404);
  });
});

describe('a test event', () => {
  it('is shown as one, with an order that is not paid', async () => {
    const { id } = await callApi<Shop>(worker, '/sources', {
      method: 'POST',
      body: { kind: 'standard_webhooks', name: 'Tried out' },
    });
    await callApi(worker, `/sources/${id}/test`, { method: 'POST' });
    const { items } = await callApi<{ items: { customerId: string }[] }>(worker, `/touchpoints?source=${id}`);
    const page = await textOf(`/customers/${items[0]?.customerId}`);
    expect(page).toContain('<span>Test</span>');
    expect(page).toContain('Not paid');
  });
});
