import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drift, queryOf } from '../support/numbers.ts';
import { holdersOf, type Line, linesOf } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** The HTTP API of Segment as its SDKs speak it, from a request to the rows. */
const { worker, db } = await startWithSql();
beforeAll(() => worker.ready);
afterAll(() => worker.dispose());

type Source = { id: string; url: string; key: string; writeKey: string; secretKey: string };
type Touchpoint = { kind: string; customerId: string; occurredAt: string; data: Record<string, unknown> };

const addSource = (settings = {}): Promise<Source> =>
  callApi(worker, '/sources', { method: 'POST', body: { kind: 'segment', name: 'SDKs', settings } });
const touchpointsOf = async ({ id }: Source) =>
  (await callApi<{ items: Touchpoint[] }>(worker, `/touchpoints?source=${id}&limit=100`)).items;
const countOf = async ({ id }: Source): Promise<number> => {
  const sql = 'SELECT count(*) AS n FROM touchpoint t JOIN source s ON s.id = t.source_id WHERE s.public_id = ?1';
  return (await db.prepare(sql).bind(id).first<{ n: number }>())?.n ?? 0;
};

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` });
async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await worker.dispatchFetch(`http://rapport.test/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body instanceof Uint8Array ? body : typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

/** A batch as @segment/analytics-node 3 sends it: `timestamp` on the events, `sentAt` on the batch, the key in both places. */
const nodeBatch = (key: string, events: readonly object[]) => ({
  batch: events.map((event, index) => ({
    messageId: `node-next-${index}`,
    timestamp: new Date(Date.now() - 60_000).toISOString(),
    context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
    integrations: {},
    ...event,
  })),
  writeKey: key,
  sentAt: new Date().toISOString(),
});

/** An event as the SDK in the browser sends it: JSON that calls itself text, so that nobody is asked beforehand. */
const browserEvent = (key: string, more: object) =>
  JSON.stringify({
    timestamp: new Date().toISOString(),
    sentAt: new Date().toISOString(),
    anonymousId: '7d3e1c1a-50a5-4a55-9a3e-0c6f6c2f9d11',
    userId: null,
    messageId: 'ajs-next-1',
    writeKey: key,
    context: { page: { url: 'https://shop.example/?q=1', title: 'Shop' }, locale: 'sv-SE' },
    integrations: {},
    ...more,
  });

const ORDER = {
  type: 'track',
  userId: 'u-1',
  event: 'Order Completed',
  properties: { order_id: '1001', total: 49.9, currency: 'EUR' },
};
const IDENTIFY = { type: 'identify', userId: 'u-1', traits: { email: 'mara@example.com', name: 'Mara Lindqvist' } };

describe('a source for SDKs', () => {
  it('has a key to publish and one to keep, which begins with it', async () => {
    const source = await addSource();
    expect(source.writeKey).toBe(source.key);
    expect(source.secretKey.startsWith(`${source.key}.`)).toBe(true);
    expect(source.url).toBe('http://rapport.test/v1/batch');
    const tried = await callApi(worker, `/sources/${source.id}/test`, { method: 'POST' });
    expect(tried).toMatchObject({ outcome: 'accepted', stored: 2 });
  });

  it('takes a new secret beside the old one', async () => {
    const source = await addSource();
    await callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { secret: 'of-their-own' } });
    for (const key of [source.secretKey, `${source.key}.of-their-own`])
      expect((await post('track', { ...ORDER, messageId: key }, basic(key))).status).toBe(200);
    expect((await post('track', ORDER, basic(`${source.key}.guess`))).status).toBe(401);
    expect((await post('track', ORDER, basic('of-their-own'))).status).toBe(401);
  });
});

describe('a batch of a server', () => {
  it('is stored once however often it is sent, and makes a customer with an order', async () => {
    const source = await addSource();
    const batch = nodeBatch(source.secretKey, [IDENTIFY, ORDER, { type: 'page', userId: 'u-1', name: 'Home' }]);
    for (let time = 0; time < 3; time++) {
      const sent = await post('batch', { ...batch, sentAt: new Date().toISOString() }, basic(source.secretKey));
      expect([sent.status, sent.body]).toEqual([200, { success: true, accepted: 3, rejected: [] }]);
    }
    const touchpoints = await touchpointsOf(source);
    expect(touchpoints.map(({ kind }) => kind).sort()).toEqual(['customer_updated', 'order_paid', 'page_viewed']);
    expect(new Set(touchpoints.map(({ customerId }) => customerId)).size).toBe(1);
    const [mara] = await holdersOf(worker, 'email:mara@example.com');
    expect(mara).toMatchObject({
      displayName: 'Mara Lindqvist',
      stats: { touchpoints: 3, orders: 1, revenue: [{ amountMinor: 4990, currency: 'EUR' }] },
    });
    expect((await linesOf(worker, source)).map(({ outcome }) => outcome).sort()).toEqual([
      'accepted',
      'duplicate',
      'duplicate',
    ]);
  });

  it('does not leave its secret in the log', async () => {
    const source = await addSource();
    await post('batch', nodeBatch(source.secretKey, [IDENTIFY]));
    const random = source.secretKey.slice(source.key.length + 1);
    const rows = await queryOf(db)<{ body: string; headers: string }>(
      'SELECT body, headers FROM delivery WHERE body IS NOT NULL',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { body, headers } of rows) expect(`${body} ${headers}`).not.toContain(random);
  });

  it('may come pressed', async () => {
    const source = await addSource();
    const pressed = gzipSync(JSON.stringify(nodeBatch(source.secretKey, [IDENTIFY])));
    // RudderStack's SDK for Node leaves the content type to its HTTP client, which calls bytes a form.
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = { 'content-encoding': 'gzip', ...form, ...basic(source.secretKey) };
    expect((await post('batch', pressed, headers)).body).toMatchObject({ accepted: 1 });
    expect((await post('batch', pressed.subarray(9), headers)).status).toBe(400);
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 32));
    expect((await post('batch', bomb, headers)).status).toBe(413);
  });

  it('stores the good events and names the bad ones, and the log says so', async () => {
    const source = await addSource();
    const batch = nodeBatch(source.secretKey, [
      IDENTIFY,
      { type: 'track', event: 'Lost' },
      { type: 'dance', userId: 'u' },
    ]);
    const sent = await post('batch', batch, basic(source.secretKey));
    expect(sent.status).toBe(200);
    expect(sent.body).toMatchObject({
      success: true,
      accepted: 1,
      rejected: [
        { index: 1, code: 'no_identity' },
        { index: 2, code: 'unknown_type' },
      ],
    });
    const lines = await linesOf(worker, source);
    expect(lines.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'malformed']);
    expect(lines.find(({ outcome }) => outcome === 'malformed')?.reason).toContain('$.batch[1]');
  });

  it('of 2,500 events is stored whole, once', async () => {
    const source = await addSource();
    const events = Array.from({ length: 2500 }, (_, n) => ({
      type: 'track',
      userId: `u${n % 50}`,
      event: 'Song Played',
      messageId: `m${n}`,
    }));
    const headers = basic(source.secretKey);
    for (let time = 0; time < 2; time++)
      expect((await post('batch', { batch: events }, headers)).body).toMatchObject({ accepted: 2500, rejected: [] });
    expect(await countOf(source)).toBe(2500);
    const more = await post('batch', { batch: [...events, ...events.slice(0, 1)] }, headers);
    expect(more).toMatchObject({ status: 400, body: { success: false, code: 'invalid' } });
  });

  it('is corrected by the clock of its sender', async () => {
    const source = await addSource();
    const slow = (ms: number) => new Date(Date.now() - 7 * 86_400_000 + ms).toISOString();
    const event = { type: 'track', userId: 'u', event: 'Song Played', messageId: 'slow', timestamp: slow(-30_000) };
    await post('batch', { batch: [event], sentAt: slow(0) }, basic(source.secretKey));
    const [touchpoint] = await touchpointsOf(source);
    const ago = Date.now() - Date.parse(touchpoint?.occurredAt ?? '');
    expect(ago).toBeGreaterThanOrEqual(30_000);
    expect(ago).toBeLessThan(40_000);
    expect(touchpoint?.data).toMatchObject({ originalTimestamp: event.timestamp });
  });
});

describe('a browser', () => {
  it('asks before it sends its key, and hears that it may', async () => {
    const asked = await worker.dispatchFetch('http://rapport.test/v1/t', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-headers': 'authorization,content-type' },
    });
    expect(asked.status).toBe(200);
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(asked.headers.get('access-control-allow-headers')).toContain('x-retry-count');
  });

  it('is told where to send, whatever its key, and to report to nobody', async () => {
    const { writeKey, secretKey } = await addSource();
    const settingsFor = async (key: string) => {
      const response = await worker.dispatchFetch(`http://rapport.test/v1/projects/${key}/settings`);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    const { status, headers, text } = await settingsFor(writeKey);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('public');
    const destination = { apiKey: writeKey, apiHost: 'rapport.test/v1', protocol: 'http' };
    expect(JSON.parse(text)).toEqual({ integrations: { 'Segment.io': destination }, metrics: { sampleRate: 0 } });
    const nobody = await settingsFor('nobody');
    expect([nobody.status, nobody.text]).toEqual([200, text.replaceAll(writeKey, 'nobody')]);
    const secret = await settingsFor(encodeURIComponent(secretKey));
    expect(secret).toMatchObject({ status: 403 });
    expect(secret.text).not.toContain(secretKey);
    expect((await settingsFor('%3Cb%3E')).status).toBe(404);
  });

  it('that counts its own use is thanked, and nothing is kept of it', async () => {
    const source = await addSource();
    const counted = await post('m', { series: [{ type: 'Counter', metric: 'analytics_js.invoke', value: 1 }] });
    expect([counted.status, counted.body]).toEqual([200, { success: true }]);
    expect(counted.headers.get('access-control-allow-origin')).toBe('*');
    expect(await linesOf(worker, source)).toEqual([]);
  });

  it.each([
    ['t', { event: 'Product Viewed' }, 'product_viewed'],
    ['p', { name: 'Home' }, 'page_viewed'],
    ['i', { traits: { email: 'eve@example.com' } }, 'customer_updated'],
    ['s', { name: 'Start' }, 'screen_viewed'],
    ['g', { groupId: 'g-1', traits: { name: 'AB' } }, 'customer_updated'],
  ])('sends to /v1/%s text that is JSON', async (path, more, kind) => {
    const source = await addSource();
    const sent = await post(path, browserEvent(source.writeKey, more), { 'content-type': 'text/plain' });
    expect([sent.status, sent.body]).toEqual([200, { success: true }]);
    expect(sent.headers.get('access-control-allow-origin')).toBe('*');
    expect((await touchpointsOf(source)).map((one) => one.kind)).toEqual([kind]);
  });

  it('claims: no order, no customer of that name, no join', async () => {
    const source = await addSource();
    await post(
      'batch',
      nodeBatch(source.secretKey, [{ ...IDENTIFY, userId: 'u-9', traits: { email: 'nadia@example.com' } }]),
    );
    const event = { ...ORDER, userId: 'u-9', context: { traits: { email: 'nadia@example.com' } } };
    await post('t', browserEvent(source.writeKey, { ...event, messageId: 'node-next-0' }));
    await post(
      'a',
      browserEvent(source.writeKey, { type: 'alias', userId: 'u-9', previousId: 'x', messageId: 'alias' }),
    );
    expect(await countOf(source)).toBe(2);
    const [nadia] = await holdersOf(worker, 'email:nadia@example.com');
    expect(nadia?.stats).toMatchObject({ touchpoints: 1, orders: 0, revenue: [] });
    const orders = await queryOf(db)(
      `SELECT 1 FROM orders o JOIN source s ON s.id = o.source_id WHERE s.public_id = '${source.id}'`,
    );
    expect(orders).toEqual([]);
  });

  it('is read from a replay as it was the first time', async () => {
    const source = await addSource();
    await post('p', browserEvent(source.writeKey, { name: 'Home', messageId: 'once' }));
    await post('track', { ...ORDER, messageId: 'sure' }, basic(source.secretKey));
    for (const { id } of await linesOf(worker, source)) {
      const again = await callApi(worker, `/deliveries/${id}/replay`, { method: 'POST' });
      expect(again).toMatchObject({ outcome: 'accepted', stored: 0 });
    }
    expect(await countOf(source)).toBe(2);
  });

  it('of another site is turned away where sites are listed', async () => {
    const source = await addSource({ origins: ['https://shop.example'] });
    const send = (origin: string) => post('p', browserEvent(source.writeKey, { messageId: origin }), { origin });
    expect((await send('https://shop.example')).status).toBe(200);
    const turned = await send('https://evil.example');
    expect(turned.status).toBe(401);
    expect(turned.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('what cannot be taken', () => {
  it('gets a status that makes no SDK send it for ever', async () => {
    const source = await addSource();
    const headers = basic(source.secretKey);
    const lastOf = async (): Promise<Line | undefined> => (await linesOf(worker, source))[0];
    expect((await post('track', '{"event":', headers)).status).toBe(400);
    expect(await lastOf()).toMatchObject({ outcome: 'malformed' });
    expect((await post('batch', { batch: [] }, headers)).status).toBe(400);
    expect((await post('track', { ...ORDER, userId: 'null' }, headers)).status).toBe(400);
    expect((await post('track', { ...ORDER, context: 'x'.repeat(33_000) }, headers)).status).toBe(413);
    expect((await post('batch', { batch: [{ x: 'x'.repeat(1_100_000) }] }, headers)).status).toBe(413);
    expect((await post('dance', ORDER, headers)).status).toBe(404);
    expect(await countOf(source)).toBe(0);
  });

  it('without a key, or with one of nobody, is refused alike', async () => {
    const source = await addSource();
    const answers = [
      await post('track', ORDER),
      await post('track', ORDER, basic('nobody')),
      await post('track', ORDER, basic(`${source.key}.guess`)),
      await post('track', { ...ORDER, writeKey: '' }),
    ];
    for (const { status, body } of answers) expect([status, body]).toEqual([401, answers[0]?.body]);
    const elsewhere = await worker.dispatchFetch(`http://rapport.test/in/${source.key}`, {
      method: 'POST',
      body: '{}',
    });
    expect(elsewhere.status).toBe(404);
  });
});

it('leaves the kept numbers as the touchpoints add them up', async () => {
  expect(await drift(queryOf(db))).toEqual([]);
});
