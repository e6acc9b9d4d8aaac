import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { addSource } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, asAdmin, callApi } from '../support/worker.ts';

/** Who may use the API: holders of the token, and a session on its own pages. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const HOST = 'http://rapport.test';
const ask = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
  worker.dispatchFetch(`${HOST}${path}`, { ...init, redirect: 'manual' });
const shop = await addSource(worker, 'shopify', { secret: 'api-secret' });

/** A session as the worker keeps one that was started under an admin token; gives its cookie. */
async function startSession(adminToken: string, session: string): Promise<string> {
  const hash = createHmac('sha256', adminToken).update(`session.${session}`).digest('hex');
  await db
    .prepare('INSERT INTO staff_session (token_hash, expires_at) VALUES (?1, ?2)')
    .bind(hash, Date.now() + 60_000)
    .run();
  return `__Host-rapport=${session}`;
}

describe('who is let in', () => {
  const operations = [
    ['GET', '/api/v1/customers'],
    ['GET', '/api/v1/sources'],
    ['GET', '/api/v1/touchpoints'],
    ['GET', '/api/v1/insights'],
    ['POST', '/api/v1/sources'],
    ['GET', '/api/v1/no-such-thing'],
  ] as const;
  const strangers: readonly Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Bearer ' },
    { authorization: `Basic ${asAdmin.authorization.slice(7)}` },
    { authorization: `${asAdmin.authorization}x` },
    { cookie: '__Host-rapport=stolen' },
    { cookie: `__Host-rapport=${asAdmin.authorization.slice(7)}` },
  ];

  it.each(operations)('nobody without the token: %s %s', async (method, path) => {
    for (const headers of strangers) {
      const response = await ask(path, { method, headers });
      expect(response.status, JSON.stringify(headers)).toBe(401);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toMatchObject({ code: 'unauthorised' });
    }
  });

  it('a session ends when the admin token changes', async () => {
    const cookie = await startSession('a-former-admin-token', 'stolen-session');
    expect((await ask('/api/v1/customers', { headers: { cookie } })).status).toBe(401);
  });

  it('a session reads from anywhere and writes from its own pages only', async () => {
    const cookie = await startSession(ADMIN_TOKEN, 'a-session');
    expect((await ask('/api/v1/customers', { headers: { cookie } })).status).toBe(200);
    const write = (origin?: string) =>
      ask('/api/v1/sources', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...(origin && { origin }) },
        body: '{"kind":"site","name":"x"}',
      });
    for (const origin of [undefined, 'https://evil.example', 'null', 'http://rapport.test.evil.example'])
      expect((await write(origin)).status, origin).toBe(403);
    expect((await write(HOST)).status).toBe(201);
  });

  it('no secret comes back from any list', async () => {
    for (const path of ['/sources', `/sources/${shop.id}`, `/sources/${shop.id}/deliveries`])
      expect(JSON.stringify(await callApi(worker, path))).not.toContain('api-secret');
  });
});
