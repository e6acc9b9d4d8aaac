import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** What staff wrote elsewhere and names who is erased stays as it is, and is listed for them to look at. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const SECRET = 'a-shopify-signing-secret';
let shop: Source;
let cookie = '';
let n = 0;

async function customer(name: string, email: string): Promise<string> {
  const order = { id: 60_000 + n, customer: 400 + n, email, name, createdAt: '2026-01-05T10:00:00Z' };
  await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `mentions-${n++}`, orderBody(order)));
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}
const post = <T>(path: string, body: unknown, method = 'POST') => callApi<T>(worker, path, { method, body });
const page = async (path: string): Promise<string> =>
  (await worker.dispatchFetch(`http://rapport.test${path}`, { headers: { cookie } })).text();
const linksIn = (text: string): string[] => {
  const [, list = ''] = text.split('id="mentions"');
  return [...(list.split('</section>')[0] ?? '').matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href).sort();
};
type Certificate = { id: string; mentions: { what: string; id: string }[] };

beforeAll(async () => {
  shop = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  const signedIn = await worker.dispatchFetch('http://rapport.test/sign-in', {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'http://rapport.test', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: ADMIN_TOKEN, next: '/' }).toString(),
  });
  cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
});

describe('whom staff have named elsewhere', () => {
  it('is listed before and on the certificate, by where it stands; and nothing of it goes', async () => {
    const id = await customer('Perpetua Vanterpool', 'perpetua@example.com');
    const friend = await customer('Odile Brandt', 'odile@example.com');
    const stranger = await customer('Nadia Kessler', 'nadia@example.com');
    const segment = await post<{ id: string }>('/segments', {
      name: 'Friends of Perpetua Vanterpool',
      rule: 'orders > 5',
    });
    await post('/segments', { name: 'Vanterpoolish', rule: 'orders > 6' });
    const firm = await post<{ id: string }>('/organisations', { name: 'VANTERPOOL & Daughters' });
    await post(`/customers/${friend}/touchpoints`, { kind: 'note_added', text: 'Ask perpetua@example.com first' });
    await post(`/customers/${stranger}/touchpoints`, { kind: 'note_added', text: 'Likes a perpetual calendar' });
    const wanted = [`/customers/${friend}`, `/organisations/${firm.id}`, `/segments/${segment.id}`];
    const before = await page(`/customers/${id}/erase`);
    expect(before).toContain('Please look at');
    expect(linksIn(before)).toEqual(wanted);
    const certificate = await callApi<Certificate>(worker, `/customers/${id}`, { method: 'DELETE' });
    expect(certificate.mentions.map(({ what }) => what).sort()).toEqual(['customer', 'organisation', 'segment']);
    const after = await page(`/privacy/erasures/${certificate.id}`);
    expect(linksIn(after)).toEqual(wanted);
    expect(after).toContain('Friends of Perpetua Vanterpool');
    for (const href of wanted) expect((await page(href)).toLowerCase()).toMatch(/vanterpool|perpetua/);
    const kept = (await dump(db)).filter((line) => line.startsWith('erasure:'));
    expect(kept.join().toLowerCase()).not.toMatch(/vanterpool|perpetua/);
  });

  it('is no longer listed where it has gone', async () => {
    const id = await customer('Ignatius Oyelaran', 'ignatius@example.com');
    const segment = await post<{ id: string }>('/segments', { name: 'Oyelaran and others', rule: 'orders > 7' });
    const { id: number } = await callApi<Certificate>(worker, `/customers/${id}`, { method: 'DELETE' });
    expect(linksIn(await page(`/privacy/erasures/${number}`))).toEqual([`/segments/${segment.id}`]);
    await worker.dispatchFetch(`http://rapport.test/api/v1/segments/${segment.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(await page(`/privacy/erasures/${number}`)).not.toContain('Please look at');
  });

  it('is found in any script, and by what staff have called them', async () => {
    const id = await customer('Борислава Караджова', 'borislava@example.com');
    await post(`/customers/${id}`, { name: 'Zenobia Quartermaine' }, 'PATCH');
    const first = await post<{ id: string }>('/segments', { name: 'КАРАДЖОВА и приятели', rule: 'orders > 8' });
    const second = await post<{ id: string }>('/segments', { name: 'Met by quartermaine', rule: 'orders > 9' });
    const third = await post<{ id: string }>('/segments', { name: 'За Караджова', rule: 'orders > 10' });
    expect(linksIn(await page(`/customers/${id}/erase`))).toEqual(
      [first, second, third].map((one) => `/segments/${one.id}`).sort(),
    );
  });
});
