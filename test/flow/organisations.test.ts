import { afterAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { holdersOf } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { addTracking, track } from '../support/tracking.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Organisations and who belongs to them, by what sources say and by the word of staff, through the public doors. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const server = await addTracking(worker);
const say = async (call: string, event: object, key = server.secretKey) =>
  expect(await track(worker, key, call, event)).toBe(200);
const person = (user: string, more: object = {}) =>
  say('identify', { userId: user, traits: { email: `${user}@work.example`, name: `${user} Holt`, ...more } });
const group = (user: string, groupId: string, traits: object = {}, more: object = {}) =>
  say('group', { userId: user, groupId, traits, ...more });
const idOf = async (user: string) => (await holdersOf(worker, `user_id:${user}`))[0]?.id ?? '';

type Organisation = {
  id: string;
  name: string;
  domain: string | null;
  namedBy: string;
  stats: { members: number; touchpoints: number; orders: number; revenue: { amountMinor: number; currency: string }[] };
};
type Member = { id: string; displayName: string; role: string | null; saidBy: string };
const list = async (q = '') =>
  (await callApi<{ items: Organisation[] }>(worker, `/organisations?q=${encodeURIComponent(q)}`)).items;
const called = async (name: string): Promise<Organisation> => {
  const found = (await list(name)).filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  return found[0] as Organisation;
};
const members = async (id: string) =>
  (await callApi<{ items: Member[] }>(worker, `/organisations/${id}/members`)).items.map(
    ({ displayName, role, saidBy }) => [displayName, role, saidBy],
  );
const raw = async (method: string, path: string, body?: unknown) => {
  const response = await worker.dispatchFetch(`http://rapport.test/api/v1${path}`, {
    method,
    headers: { ...asAdmin, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as { errors?: { path: string }[] } };
};
const put = (id: string, customer: string, body: object = {}) =>
  raw('PUT', `/organisations/${id}/members/${customer}`, body);
const remove = (id: string, customer: string) => raw('DELETE', `/organisations/${id}/members/${customer}`);

describe('what a source says with its secret key', () => {
  it('makes an organisation of a group, once, with everybody it names', async () => {
    await person('gro1');
    await person('gro2', { title: 'Buyer' });
    await group('gro1', 'acme', { name: 'Acme Pottery', website: 'https://www.Acme.example/about' });
    await group('gro2', 'acme', {}, { context: { traits: { title: 'Buyer' } } });
    const acme = await called('Acme Pottery');
    expect(acme).toMatchObject({ domain: 'acme.example', namedBy: 'source', stats: { members: 2, touchpoints: 4 } });
    expect((await members(acme.id)).sort()).toEqual([
      ['gro1 Holt', null, 'source'],
      ['gro2 Holt', 'Buyer', 'source'],
    ]);
  });

  it('adds up what its members bring, currency by currency, also what comes later', async () => {
    const order = (user: string, id: string, total: number, currency: string) =>
      say('track', { userId: user, event: 'Order Completed', properties: { order_id: id, total, currency } });
    await order('gro1', 'g-1', 10, 'EUR');
    await order('gro2', 'g-2', 5.5, 'EUR');
    await order('gro2', 'g-3', 700, 'JPY');
    expect((await called('Acme Pottery')).stats).toMatchObject({
      orders: 3,
      revenue: [
        { amountMinor: 1550, currency: 'EUR' },
        { amountMinor: 700, currency: 'JPY' },
      ],
    });
  });

  it('calls it what its source calls it now, whichever word arrives first', async () => {
    const at = (minutes: number) => ({ timestamp: new Date(Date.now() - minutes * 60_000).toISOString() });
    await person('nam1');
    await group('nam1', 'renamed', { name: 'New name' }, at(10));
    await group('nam1', 'renamed', { name: 'Old name' }, at(20));
    await called('New name');
    expect(await list('Old name')).toEqual([]);
  });

  it('knows one without a name by its id, and no person by it', async () => {
    await person('ida1');
    await group('ida1', '4711');
    expect((await called('4711')).stats.members).toBe(1);
  });

  it('takes the company of the traits where it has an id', async () => {
    await person('com1', { company: { id: 'c-9', name: 'Ninth Company' } });
    await person('com2', { company: 'Just a word' });
    expect((await called('Ninth Company')).stats.members).toBe(1);
    expect(await list('Just a word')).toEqual([]);
  });
});

describe('what anybody may say with the public key', () => {
  it('makes no organisation and puts nobody into one', async () => {
    const before = await list();
    await say('group', { anonymousId: 'stranger', groupId: 'acme', traits: { name: 'Acme Pottery' } }, server.writeKey);
    await say('group', { userId: 'gro1', groupId: 'planted', traits: { name: 'Planted' } }, server.writeKey);
    expect(await list()).toEqual(before);
  });
});

describe('the word of staff', () => {
  it('makes, renames and deletes, and stands over what a source says', async () => {
    const made = await callApi<Organisation>(worker, '/organisations', {
      method: 'POST',
      body: { name: '  Kiln  & Co ', domain: 'https://kiln.example/x' },
    });
    expect(made).toMatchObject({ name: 'Kiln & Co', domain: 'kiln.example', namedBy: 'staff', stats: { members: 0 } });
    const acme = await called('Acme Pottery');
    await callApi(worker, `/organisations/${acme.id}`, { method: 'PATCH', body: { name: 'Acme' } });
    await group('gro1', 'acme', { name: 'Acme Pottery Ltd' });
    expect(await called('Acme')).toMatchObject({ id: acme.id, domain: 'acme.example' });
    expect((await raw('DELETE', `/organisations/${made.id}`)).status).toBe(200);
    expect((await raw('GET', `/organisations/${made.id}`)).status).toBe(404);
    expect((await raw('DELETE', `/organisations/${made.id}`)).status).toBe(404);
    expect(await list('kiln')).toEqual([]);
  });

  it('puts somebody in with a role, and takes out whom a source puts in, for good', async () => {
    const acme = await called('Acme');
    await person('wor1');
    const [own, theirs] = [await idOf('wor1'), await idOf('gro2')];
    await put(acme.id, own, { role: 'Owner', reason: 'Met at the fair' });
    await remove(acme.id, theirs);
    await group('gro2', 'acme', {});
    expect((await members(acme.id)).sort()).toEqual([
      ['gro1 Holt', null, 'source'],
      ['wor1 Holt', 'Owner', 'staff'],
    ]);
    await put(acme.id, theirs, { role: 'Former buyer' });
    expect(await members(acme.id)).toContainEqual(['gro2 Holt', 'Former buyer', 'staff']);
    await put(acme.id, own, { role: '!' });
    expect(await members(acme.id)).toContainEqual(['wor1 Holt', null, 'staff']);
  });

  it('must name what is there', async () => {
    const acme = await called('Acme');
    expect((await put(acme.id, 'nobody')).status).toBe(404);
    expect((await put('nothing', await idOf('gro1'))).status).toBe(404);
    expect((await raw('POST', '/organisations', { name: ' ' })).body.errors?.[0]?.path).toBe('body.name');
    expect((await raw('POST', '/organisations', { name: 'X', domain: 'not a domain' })).body.errors?.[0]?.path).toBe(
      'body.domain',
    );
    expect((await raw('GET', '/organisations?cursor=nonsense')).status).toBe(422);
  });
});

describe('a list of many', () => {
  it('is read page by page, each organisation once', async () => {
    for (const name of ['Ünlü', 'aardvark', 'Ünlü', '王氏陶瓷'])
      await callApi(worker, '/organisations', { method: 'POST', body: { name: `${name} many` } });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: Organisation[]; nextCursor: string | null } = await callApi(
        worker,
        `/organisations?limit=2&q=MANY${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['aardvark many', 'Ünlü many', 'Ünlü many', '王氏陶瓷 many']);
    expect(await list('ÜNLÜ')).toHaveLength(2);
  });
});

describe('members who are joined and parted', () => {
  it('keep what was said of each: merge, then undo, is byte for byte as before', async () => {
    const acme = await called('Acme');
    const other = await callApi<Organisation>(worker, '/organisations', { method: 'POST', body: { name: 'Other' } });
    await person('mer1');
    await person('mer2');
    const [a, b] = [await idOf('mer1'), await idOf('mer2')];
    await put(acme.id, a, { role: 'Cook' });
    await put(acme.id, b, { role: 'Owner' });
    await put(other.id, b);
    const seen = async () =>
      JSON.stringify([
        await members(acme.id),
        await members(other.id),
        await callApi(worker, `/customers/${a}/memberships`),
        await callApi(worker, `/customers/${b}/memberships`),
        await list(),
      ]);
    const before = await seen();
    const { decisionId } = await callApi<{ decisionId: string }>(worker, `/customers/${a}/merge`, {
      method: 'POST',
      body: { from: b, reason: 'One person' },
    });
    const { items } = await callApi<{ items: { name: string; role: string | null }[] }>(
      worker,
      `/customers/${b}/memberships`,
    );
    // The later word stands for the one they are now.
    expect(items.map(({ name, role }) => [name, role])).toEqual([
      ['Acme', 'Owner'],
      ['Other', null],
    ]);
    expect((await called('Acme')).stats.members).toBe(JSON.parse(before)[0].length - 1);
    await callApi(worker, `/decisions/${decisionId}/revoke`, { method: 'POST', body: { reason: 'Two after all' } });
    expect(await seen()).toBe(before);
  });
});

describe('a member who is erased', () => {
  const erase = (id: string) => callApi(worker, `/customers/${id}`, { method: 'DELETE' });
  const planted = async (text: string) => (await dump(db)).filter((line) => line.includes(text));

  it('leaves, and the organisation of others stays', async () => {
    const acme = await called('Acme');
    const before = acme.stats.members;
    await erase(await idOf('gro2'));
    expect((await called('Acme')).stats.members).toBe(before - 1);
    expect(await planted('Former buyer')).toEqual([]);
  });

  it('takes an organisation along that only a source names, and only for them', async () => {
    await person('sol1');
    await group('sol1', 'solo-zyxw', { name: 'Zyxwson Consulting', website: 'zyxwson.example' });
    await called('Zyxwson Consulting');
    await erase(await idOf('sol1'));
    expect(await list('zyxw')).toEqual([]);
    expect(await planted('yxwson')).toEqual([]);
    expect(await planted('solo-zyxw')).toEqual([]);
  });

  it('is handed what they belong to', async () => {
    await person('exp1');
    await group('exp1', 'acme', {}, { context: { traits: { title: 'Potter' } } });
    const guild = await callApi<Organisation>(worker, '/organisations', { method: 'POST', body: { name: 'Guild' } });
    await put(guild.id, await idOf('exp1'), { role: 'Elder' });
    const held = await callApi<{ holdings: { table: string; rows: object[] }[] }>(
      worker,
      `/customers/${await idOf('exp1')}/export`,
    );
    expect(held.holdings.find(({ table }) => table === 'organisation_member')?.rows).toMatchObject([
      { organisation: 'Acme', role: 'Potter' },
    ]);
    expect(held.holdings.find(({ table }) => table === 'edit')?.rows).toMatchObject([
      { field: 'organisation: Guild', value: 'Elder' },
    ]);
  });
});
