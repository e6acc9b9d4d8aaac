import { afterAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** People who live together: said by staff, kept apart as people, and forgotten with them. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const shop = await addSource(worker, 'shopify', { secret: 'home-secret' });

let turn = 4_000;
async function buy(name: string, total = '10.00'): Promise<string> {
  const id = ++turn;
  const email = `${name.toLowerCase().replace(' ', '.')}@home.example`;
  const body = orderBody({ id, customer: id, email, name, total, createdAt: '2026-04-01T10:00:00Z' });
  const sent = await deliver(worker, shop, shopifyDelivery('home-secret', 'orders/create', `home${id}`, body));
  expect(sent.status).toBe(200);
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}

type Household = {
  id: string;
  name: string;
  stats: { members: number; orders: number; revenue: object[] };
  members: { id: string }[];
};
const together = async (one: string, other: string) =>
  (
    await callApi<{ householdId: string }>(worker, `/customers/${one}/household`, {
      method: 'POST',
      body: { with: other, reason: 'Said so' },
    })
  ).householdId;
const read = (id: string) => callApi<Household>(worker, `/households/${id}`);
const status = async (method: string, path: string, body?: object) =>
  (
    await worker.dispatchFetch(`http://rapport.test/api/v1${path}`, {
      method,
      headers: { ...asAdmin, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
  ).status;
const homesOf = async (id: string) =>
  (await callApi<{ items: { kind: string; id: string }[] }>(worker, `/customers/${id}/memberships`)).items
    .filter(({ kind }) => kind === 'household')
    .map((one) => one.id);

describe('two who live together', () => {
  it('are one household by the name they share, with the numbers of both', async () => {
    const [a, b] = [await buy('Edda Holt', '10.00'), await buy('Jonas Holt', '5.50')];
    const id = await together(a, b);
    expect(await read(id)).toMatchObject({
      name: 'Holt household',
      stats: { members: 2, orders: 2, revenue: [{ amountMinor: 1550, currency: 'EUR' }] },
    });
    expect(await together(b, a)).toBe(id);
    const child = await buy('Pia Lund');
    expect(await together(child, a)).toBe(id);
    expect((await read(id)).name).toBe('Household of Pia Lund, Jonas Holt and Edda Holt');
  });

  it('are listed with the numbers of all, as long as somebody lives there', async () => {
    type List = { items: { id: string; name: string; stats: { members: number } }[]; nextCursor: string | null };
    const list = (query = '') => callApi<List>(worker, `/households${query}`);
    const [c, d] = [await buy('Mara Quist'), await buy('Olof Quist')];
    const id = await together(c, d);
    expect((await list()).items[0]).toMatchObject({ id, name: 'Quist household', stats: { members: 2 } });
    const first = await list('?limit=1');
    expect((await list(`?limit=1&cursor=${first.nextCursor}`)).items.map((one) => one.id)).not.toContain(id);
    expect(await status('GET', '/households?cursor=nonsense')).toBe(422);
    for (const one of [c, d]) await status('DELETE', `/households/${id}/members/${one}`);
    expect((await list()).items.map((one) => one.id)).not.toContain(id);
  });

  it('stay two people: nothing of one is said of the other', async () => {
    const [a, b] = [await buy('Ute Brandt'), await buy('Olaf Brandt')];
    const before = [await callApi(worker, `/customers/${a}`), await callApi(worker, `/customers/${b}`)];
    await together(a, b);
    expect([await callApi(worker, `/customers/${a}`), await callApi(worker, `/customers/${b}`)]).toEqual(before);
  });

  it.each(['household', 'organisation'])(
    'of one %s: what one of them agreed to or refused says nothing of the other',
    async (kind) => {
      const [a, b] = [await buy(`Agda ${kind}`), await buy(`Bror ${kind}`)];
      if (kind === 'household') await together(a, b);
      else {
        const { id } = await callApi<{ id: string }>(worker, '/organisations', {
          method: 'POST',
          body: { name: 'One' },
        });
        for (const member of [a, b])
          await callApi(worker, `/organisations/${id}/members/${member}`, { method: 'PUT', body: {} });
      }
      const may = async (id: string) => (await callApi<{ ok: boolean }>(worker, `/customers/${id}/may-contact`)).ok;
      const say = (id: string, state: string) =>
        callApi(worker, `/customers/${id}/consents`, {
          method: 'POST',
          body: { consents: [{ purpose: 'marketing', channel: 'email', state }], note: 'On the phone' },
        });
      const before = await may(b);
      await say(a, 'granted');
      expect([await may(a), await may(b)]).toEqual([true, before]);
      expect(before).toBe(false);
      await say(b, 'granted');
      await say(a, 'denied');
      expect([await may(a), await may(b)]).toEqual([false, true]);
    },
  );

  it('must be two, and be there', async () => {
    const a = await buy('Solo Sten');
    expect(await status('POST', `/customers/${a}/household`, { with: a })).toBe(409);
    expect(await status('POST', `/customers/${a}/household`, { with: 'nobody' })).toBe(404);
    expect(await status('GET', '/households/none')).toBe(404);
    expect(await homesOf(a)).toEqual([]);
  });

  it('leave when they say so; who moves in elsewhere has left', async () => {
    const [a, b, c, d] = [await buy('Ann Ek'), await buy('Bo Ek'), await buy('Cy Dahl'), await buy('Di Dahl')];
    const [one, other] = [await together(a, b), await together(c, d)];
    expect(await status('DELETE', `/households/${one}/members/${b}`)).toBe(200);
    expect((await read(one)).members.map(({ id }) => id)).toEqual([a]);
    expect(await together(c, a)).toBe(other);
    expect((await read(one)).members).toEqual([]);
    expect(await homesOf(a)).toEqual([other]);
  });
});

describe('merging members', () => {
  it('and taking it back leaves households byte for byte as before', async () => {
    const people = [await buy('Ada Moe'), await buy('Ben Moe'), await buy('Cal Roe'), await buy('Dot Roe')] as const;
    const [a, b, c, d] = people;
    const homes = [await together(a, b), await together(c, d)];
    const seen = async () =>
      JSON.stringify([await Promise.all(homes.map(read)), await Promise.all(people.map(homesOf))]);
    const before = await seen();
    const { decisionId } = await callApi<{ decisionId: string }>(worker, `/customers/${a}/merge`, {
      method: 'POST',
      body: { from: c, reason: 'One person' },
    });
    expect((await homesOf(c)).sort()).toEqual([...homes].sort());
    await callApi(worker, `/decisions/${decisionId}/revoke`, { method: 'POST', body: { reason: 'Two' } });
    expect(await seen()).toBe(before);
  });
});

describe('somebody who is erased', () => {
  it('leaves the household, which keeps no name of theirs', async () => {
    const [a, b] = [await buy('Zyxa Qwortz'), await buy('Rolf Qwortz')];
    const id = await together(a, b);
    await callApi(worker, `/customers/${a}`, { method: 'DELETE' });
    expect(await read(id)).toMatchObject({ name: 'Household of Rolf Qwortz', stats: { members: 1, orders: 1 } });
    expect((await dump(db)).filter((line) => /zyxa/i.test(line))).toEqual([]);
    await callApi(worker, `/customers/${b}`, { method: 'DELETE' });
    expect(await read(id)).toMatchObject({ name: 'Household', members: [] });
    expect((await dump(db)).filter((line) => /qwortz/i.test(line))).toEqual([]);
  });
});
