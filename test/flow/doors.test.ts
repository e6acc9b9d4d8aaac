import { afterAll, describe, expect, it } from 'vitest';
import { countRows, drift, queryOf } from '../support/numbers.ts';
import { addSource, deliver, linesOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** What comes to a door and what it gets, row by row of the table in the README. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const secretFor = (kind: string, seed = 'doors') => SIGNERS[kind]?.secretOf(seed) ?? '';
const shopify = await addSource(worker, 'shopify', { secret: secretFor('shopify') });
const standard = await addSource(worker, 'standard_webhooks', { secret: secretFor('standard_webhooks') });

const AT = '2026-03-01T10:00:00Z';
let orders = 100_000;
const order = (over: Partial<Parameters<typeof orderBody>[0]> = {}) =>
  orderBody({ id: ++orders, customer: orders, email: `buyer${orders}@shop.example`, createdAt: AT, ...over });
const signedOrder = (event: string, body = order()) => shopifyDelivery(shopify.secret, 'orders/create', event, body);

const standardDelivery = (id: string, body: string, now = Date.now()) => {
  const signer = SIGNERS.standard_webhooks;
  if (!signer) throw new Error('no signer');
  const signed = signer.sign(body, { secret: standard.secret, now, id });
  return { ...signed, headers: { ...signed.headers, 'content-type': 'application/json' } };
};
const event = (data: Record<string, unknown>) =>
  JSON.stringify({ type: 'order.placed', timestamp: AT, data: { order_id: 'A-1', ...data } });

const problem = (text: string): { code: string; errors?: { path: string; message: string }[] } => JSON.parse(text);

/** Runs something that must leave every table of the record as it was. */
async function leavingNothing<T>(work: () => Promise<T>): Promise<T> {
  const before = await countRows(db);
  const result = await work();
  expect(await countRows(db)).toEqual(before);
  return result;
}

describe('a request that nobody we know has sent', () => {
  const cases: Record<string, [() => Promise<{ headers: Record<string, string>; body: string }>, string]> = {
    'is unsigned': [
      async () => ({
        headers: { 'x-shopify-topic': 'orders/create', 'content-type': 'application/json' },
        body: order(),
      }),
      'signature_missing',
    ],
    'is signed with another secret': [
      async () => shopifyDelivery(secretFor('shopify', 'other'), 'orders/create', 'forged', order()),
      'signature_mismatch',
    ],
    'carries another body under a genuine signature': [
      async () => ({ ...signedOrder('swapped'), body: order() }),
      'signature_mismatch',
    ],
    'is signed with no secret at all': [
      async () => shopifyDelivery('', 'orders/create', 'empty', order()),
      'signature_mismatch',
    ],
  };
  it.each(Object.entries(cases))(
    'and that %s gets 401, no row, and a line with the reason',
    async (_name, [make, reason]) => {
      const answer = await leavingNothing(async () => deliver(worker, shopify, await make()));
      expect(answer.status).toBe(401);
      const [line] = await linesOf(worker, shopify);
      expect(line).toMatchObject({ outcome: 'refused', reason, stored: 0, canReplay: false });
    },
  );

  it.each([-3600, -301, 301, 86_400])('is stale %i s off, however well it is signed', async (seconds) => {
    const sent = Date.now() + seconds * 1000;
    const answer = await leavingNothing(() =>
      deliver(worker, standard, standardDelivery(`stale${seconds}`, event({}), sent)),
    );
    expect(answer.status).toBe(401);
    const [line] = await linesOf(worker, standard);
    expect(line?.reason).toMatch(/^timestamp_stale: -?\d+ s off$/);
  });

  it('is refused by a source that has no secret yet', async () => {
    const bare = await addSource(worker, 'shopify', {});
    const answer = await deliver(worker, bare, shopifyDelivery('', 'orders/create', 'e', order()));
    expect(answer.status).toBe(401);
    expect((await linesOf(worker, bare))[0]).toMatchObject({ outcome: 'refused', reason: 'secret_missing' });
  });

  it('cannot tell a key that exists from one that does not, by body or by time', async () => {
    const unsigned = { headers: { 'content-type': 'application/json' }, body: order() };
    const ask = async (url: string) => {
      const started = performance.now();
      const answer = await deliver(worker, { url }, unsigned);
      return { ...answer, took: performance.now() - started };
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 100; round++) {
      const stranger = shopify.url.replace(shopify.key, `${round}`.padStart(24, 'k'));
      const [one, other] = [await ask(shopify.url), await ask(stranger)];
      expect([one.status, other.status]).toEqual([401, 404]);
      expect(other.text).toBe(one.text);
      expect(Object.fromEntries(other.headers)).toEqual(Object.fromEntries(one.headers));
      known.push(one.took);
      unknown.push(other.took);
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[50] ?? 0;
    // Bounded loosely: a round trip to the database would show as a factor of two.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.6);
    expect(median(unknown) / median(known)).toBeLessThan(1.6);
  });

  it('finds no door of another kind under a key', async () => {
    for (const path of ['/f/', '/w/']) {
      const url = `http://rapport.test${path}${shopify.key}${path === '/w/' ? '/in' : ''}`;
      const answer = await leavingNothing(() => deliver(worker, { url }, signedOrder('elsewhere')));
      expect(answer.status).toBe(404);
    }
  });
});

describe('a body that is too large', () => {
  const big = 'x'.repeat(1024 * 1024 + 1);

  it('gets 413 when it says so', async () => {
    const answer = await leavingNothing(() =>
      deliver(worker, shopify, shopifyDelivery(shopify.secret, 'orders/create', 'big', big)),
    );
    expect(answer.status).toBe(413);
    expect(problem(answer.text).code).toBe('too_large');
  });

  it('gets 413 when it comes in pieces without a length', async () => {
    const piece = new TextEncoder().encode('x'.repeat(64 * 1024));
    const stream = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent <= 17; sent++) controller.enqueue(piece);
        controller.close();
      },
    });
    const response = await leavingNothing(() =>
      worker.dispatchFetch(shopify.url, { method: 'POST', body: stream, duplex: 'half' }),
    );
    expect(response.status).toBe(413);
  });

  it('is accepted at exactly the limit', async () => {
    const frame = order().length;
    const body = order({ name: `Mara ${'x'.repeat(1024 * 1024 - frame)}` })
      .padEnd(1024 * 1024, ' ')
      .slice(0, 1024 * 1024);
    expect((await deliver(worker, shopify, signedOrder('limit', body))).status).toBe(200);
  });
});

describe('a body that is none', () => {
  const bad: Record<string, [body: string | Uint8Array, path: string, message: RegExp]> = {
    'is not JSON': ['{"type":', '$', /not JSON/],
    'is not UTF-8': [new Uint8Array([0x22, 0xff, 0x22]), '$', /UTF-8/],
    'holds an escaped NUL': [event({ email: 'a\u0000b@x.example' }), '$.data.email', /NUL/],
    'holds half of an escaped surrogate': [event({ name: '\ud83d' }), '$.data.name', /surrogate/],
    'holds a raw half of a surrogate': [
      Buffer.concat([
        Buffer.from('{"type":"order.placed","data":{"name":"'),
        Buffer.from([0xed, 0xa0, 0x80]),
        Buffer.from('"}}'),
      ]),
      '$',
      /UTF-8/,
    ],
    'holds a number beyond all numbers': [event({}).replace('"A-1"', '1e400'), '$.data.order_id', /too large/],
    'nests ten thousand deep': [`${'['.repeat(10_000)}${']'.repeat(10_000)}`, '$', /deeper/],
    'has another shape': ['[1,2]', '$', /object/],
    'lacks what it is about': [JSON.stringify({ type: 'order.placed', data: {} }), '$.data.order_id', /order/],
  };
  it.each(Object.entries(bad))(
    'and %s is refused by the field, kept for the eye, and leaves nothing else',
    async (name, [body, path, message]) => {
      const id = `msg_bad_${name}`;
      const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
      const now = Date.now();
      const { createHmac } = await import('node:crypto');
      const key = Buffer.from(standard.secret.replace('whsec_', ''), 'base64');
      const signed = Buffer.concat([Buffer.from(`${id}.${Math.floor(now / 1000)}.`), bytes]);
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now / 1000)),
        'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
      };
      const answer = await leavingNothing(() => deliver(worker, standard, { headers, body: bytes }));
      expect([400, 422]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const [first] = problem(answer.text).errors ?? [];
      expect(first?.path).toBe(path);
      expect(first?.message).toMatch(message);

      const [line] = await linesOf(worker, standard);
      expect(line).toMatchObject({ outcome: 'malformed', stored: 0, canReplay: true });
      const [kept] = await queryOf(db)<{ body: string | number[] }>(`SELECT body FROM delivery WHERE id = ${line?.id}`);
      expect(Buffer.from(kept?.body ?? '')).toEqual(bytes);
    },
  );

  it('leaves untold what it is signed with', async () => {
    const rows = await queryOf(db)<{ headers: string }>('SELECT headers FROM delivery WHERE headers IS NOT NULL');
    expect(rows.length).toBeGreaterThan(0);
    for (const { headers } of rows) expect(headers).not.toMatch(/signature|hmac/i);
  });
});

describe('money', () => {
  const REVENUE = 'SELECT sum(orders) AS orders, json_group_array(revenue) AS revenue FROM customer WHERE orders > 0';

  it('of a test event that the owner sends is no revenue, and the contact says what it is', async () => {
    const before = await queryOf(db)(REVENUE);
    for (const source of [shopify, standard])
      expect(await callApi(worker, `/sources/${source.id}/test`, { method: 'POST' })).toMatchObject({ stored: 1 });
    const latest = await queryOf(db)<{ kind: string; test: number; isVoid: number }>(
      `SELECT t.kind, t.data ->> 'test' AS test, o.is_void AS isVoid FROM touchpoint t
       JOIN orders o ON o.source_id = t.source_id AND 'order:' || o.external_id = t.subject ORDER BY t.seq DESC LIMIT 2`,
    );
    expect(latest).toEqual([
      { kind: 'order_placed', test: 1, isVoid: 1 },
      { kind: 'order_placed', test: 1, isVoid: 1 },
    ]);
    expect(await queryOf(db)(REVENUE)).toEqual(before);
  });

  it('that no sum has room for is left out, and everything after it still arrives', async () => {
    const most = { amount_minor: Number.MAX_SAFE_INTEGER, currency: 'EUR', customer_id: 'greatest' };
    // 1024 of them pass 64 bits.
    for (const part of [0, 1, 2]) {
      const data = Array.from({ length: 400 }, (_, index) => ({ ...most, order_id: `G-${part}-${index}` }));
      const body = JSON.stringify({ type: 'order.placed', timestamp: AT, data });
      expect((await deliver(worker, standard, await standardDelivery(`msg_most_${part}`, body))).status).toBe(200);
    }
    expect(await callApi(worker, '/insights/revenue')).toMatchObject({ unit: 'money' });
  });
});

describe('after all of it', () => {
  it('the kept numbers are those that the touchpoints add up to', async () => {
    expect(await drift(queryOf(db))).toEqual([]);
    expect(await queryOf(db)('SELECT * FROM person_work')).toEqual([]);
  });
});
