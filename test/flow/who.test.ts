import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { asAdmin, callApi, startWorker } from '../support/worker.ts';

/** What staff and programs say of a customer, by the API: it stands over sources, is logged, and can be taken back. */
const worker = startWorker();
afterAll(() => worker.dispose());
const SECRET = 'a-shopify-signing-secret';
let shop: Source;
let turn = 0;

type Value = {
  value: string;
  assurance: string;
  saidBy: string | null;
  source: string | null;
  others: { value: string }[];
};
type Customer = {
  id: string;
  displayName: string | null;
  party: string;
  relationship: string | null;
  owner: string | null;
  ownerName: string | null;
  profile: Record<string, Value>;
  fields: Record<string, Value>;
  tags: string[];
  occasions: { what: string; day: string; inDays: number; isDerived: boolean }[];
  wishes: { channel: string | null; language: string | null };
};
type Change = { field: string; from: string | null; to: string | null; actor: string; reason: string | null };

const ask = async (method: string, path: string, body?: unknown) => {
  const response = await worker.dispatchFetch(`http://rapport.test/api/v1${path}`, {
    method,
    headers: { ...asAdmin, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as Customer & { code?: string; errors?: { path: string; message: string }[] };
  return { status: response.status, body: json };
};
const patch = (id: string, body: unknown) => ask('PATCH', `/customers/${id}`, body);
const read = (id: string) => callApi<Customer>(worker, `/customers/${id}`);
const changes = async (id: string, query = '') =>
  callApi<{ items: Change[]; nextCursor: string | null }>(worker, `/customers/${id}/changes?${query}`);

const buy = (order: { customer: number; email: string; name: string }) => {
  const body = orderBody({ ...order, id: ++turn, createdAt: '2026-01-05T10:00:00Z' });
  return deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `e${turn}`, body));
};
/** Somebody with one order, known by an address. */
async function customerCalled(name: string): Promise<string> {
  const email = `who${++turn}@who.example`;
  await buy({ customer: turn, email, name });
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}

beforeAll(async () => {
  shop = await addSource(worker, 'shopify', { secret: SECRET });
});

describe('what staff say', () => {
  it('stands over what sources say, and what they say is told beside it', async () => {
    const id = await customerCalled('Ana Ruiz');
    expect((await patch(id, { name: '  Ana  María Ruiz ', reason: 'She told us' })).status).toBe(200);
    const said = await read(id);
    expect(said.displayName).toBe('Ana María Ruiz');
    expect(said.profile.name).toMatchObject({
      value: 'Ana María Ruiz',
      assurance: 'staff',
      saidBy: 'api',
      source: null,
    });
    expect(said.profile.name?.others.map(({ value }) => value)).toEqual(['Ana Ruiz']);
    // News from the shop does not undo it.
    await buy({ customer: turn, email: `who${turn}@who.example`, name: 'Ana R' });
    expect((await read(id)).displayName).toBe('Ana María Ruiz');
    const found = await callApi<{ items: { id: string }[] }>(
      worker,
      `/customers?q=${encodeURIComponent('María Ruiz')}`,
    );
    expect(found.items.map((item) => item.id)).toContain(id);
  });

  it('is taken back with null: the sources speak again', async () => {
    const id = await customerCalled('Bo Lind');
    await patch(id, { name: 'Bob' });
    await patch(id, { name: null });
    const record = await read(id);
    expect(record.displayName).toBe('Bo Lind');
    expect(record.profile.name).toMatchObject({ value: 'Bo Lind', assurance: 'asserted', others: [] });
  });

  it('leaves what is not named as it is, and writes nothing for what is said already', async () => {
    const id = await customerCalled('Cy Moss');
    await patch(id, { city: 'Porto', country: 'pt' });
    await patch(id, { company: 'Moss & Sons' });
    await patch(id, { city: 'Porto' });
    await patch(id, { language: null });
    const { profile } = await read(id);
    expect([profile.city?.value, profile.country?.value, profile.company?.value]).toEqual([
      'Porto',
      'PT',
      'Moss & Sons',
    ]);
    expect((await changes(id)).items.map(({ field }) => field).sort()).toEqual(['city', 'company', 'country']);
  });

  it('stands until a day, where one is given', async () => {
    const id = await customerCalled('Di Novak');
    await patch(id, { party: 'partner', until: new Date(Date.now() + 1500).toISOString() });
    expect((await read(id)).party).toBe('partner');
    await expect
      .poll(
        async () => {
          await (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
          return (await read(id)).party;
        },
        { timeout: 10_000 },
      )
      .toBe('customer');
    expect((await patch(id, { party: 'partner', until: '2020-01-01T00:00:00Z' })).body.errors?.[0]?.path).toBe(
      'body.until',
    );
  });

  it('is refused as a whole when one part of it does not fit, and says what to mend', async () => {
    const id = await customerCalled('Ed Falk');
    const { status, body } = await patch(id, {
      city: 'Graz',
      language: 'no language at all',
      owner: 'nobody',
      fields: { shoe: '43' },
      occasions: { birthday: '02-30' },
    });
    expect(status).toBe(422);
    expect(body.errors?.map(({ path }) => path)).toEqual([
      'body.language',
      'body.owner',
      'body.fields.shoe',
      'body.occasions.birthday',
    ]);
    for (const country of ['1', 'ÄÖ', 'zz', 'XX', '<b>', ''])
      expect((await patch(id, { country })).body.errors?.[0]?.path, country).toBe('body.country');
    const unborn = await patch(id, { occasions: { birthday: '2999-01-01' } });
    expect([unborn.status, unborn.body.errors?.[0]?.path]).toEqual([422, 'body.occasions.birthday']);
    for (const raw of ['{"__proto__": "x"}', '{"occasions": {"__proto__": "03-14"}}', '{"fields": {"__proto__": "x"}}'])
      expect((await patch(id, JSON.parse(raw))).status, raw).toBe(422);
    expect((await changes(id)).items).toEqual([]);
    for (const country of ['Côte d’Ivoire', '中国', 'Deutschland'])
      expect((await patch(id, { country })).status).toBe(200);
    expect((await patch('nobody', { city: 'Graz' })).status).toBe(404);
    expect((await patch(id, { shoe: 1 })).status).toBe(422);
  });
});

describe('the log of changes', () => {
  it('tells from what to what, who and why, latest first, page by page', async () => {
    const id = await customerCalled('Flo Rand');
    await patch(id, { city: 'Lyon', reason: 'A letter came back' });
    await patch(id, { city: 'Nice' });
    await patch(id, { city: null });
    const first = await changes(id, 'limit=2');
    expect(first.items).toMatchObject([
      { field: 'city', from: 'Nice', to: null, actor: 'api' },
      { field: 'city', from: 'Lyon', to: 'Nice', reason: null },
    ]);
    const rest = await changes(id, `limit=2&cursor=${first.nextCursor}`);
    expect(rest.items).toMatchObject([{ from: null, before: null, to: 'Lyon', reason: 'A letter came back' }]);
    expect(rest.nextCursor).toBeNull();
    expect((await ask('GET', `/customers/${id}/changes?cursor=nonsense`)).status).toBe(422);
  });

  it('tells what a source said before staff spoke, and what staff noted of consent', async () => {
    const id = await customerCalled('Ivo Rand');
    await patch(id, { name: 'Ivo Brand' });
    const consents = [{ purpose: 'marketing', channel: 'email', state: 'denied' }];
    await callApi(worker, `/customers/${id}/consents`, { method: 'POST', body: { consents, note: 'On the phone' } });
    expect((await changes(id)).items).toMatchObject([
      { field: 'consent:marketing:email', to: 'denied', actor: 'api', reason: 'On the phone' },
      { field: 'name', from: null, before: { value: 'Ivo Rand' }, to: 'Ivo Brand' },
    ]);
  });

  it('stays with whom it was about when records are joined and parted', async () => {
    const [one, other] = [await customerCalled('Gil One'), await customerCalled('Gil Other')];
    await patch(other, { relationship: 'community' });
    await ask('PUT', `/customers/${one}/tags/VIP`);
    const before = [await read(one), await read(other)];
    const { decisionId } = await callApi<{ decisionId: string }>(worker, `/customers/${one}/merge`, {
      method: 'POST',
      body: { from: other, reason: 'The same person' },
    });
    expect(await read(one)).toMatchObject({ relationship: 'community', tags: ['vip'] });
    await callApi(worker, `/decisions/${decisionId}/revoke`, { method: 'POST', body: { reason: 'They are two' } });
    expect([await read(one), await read(other)]).toEqual(before);
  });
});

describe('a party', () => {
  it('is a prospect until something is bought, then a customer, unless staff say otherwise', async () => {
    const form = await addSource(worker, 'html_form');
    const fields = new URLSearchParams({ email: 'hana@who.example', message: 'Hello' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await deliver(worker, form, { headers, body: fields.toString() });
    const hana = (await holdersOf(worker, 'email:hana@who.example'))[0]?.id ?? '';
    expect((await read(hana)).party).toBe('prospect');
    expect((await read(await customerCalled('Ira Buyer'))).party).toBe('customer');
    expect((await patch(hana, { party: 'shareholder' })).body.party).toBe('shareholder');
    expect((await patch(hana, { party: null })).body.party).toBe('prospect');
  });
});

describe('an owner', () => {
  it('is an active member of the team', async () => {
    const id = await customerCalled('Jo Held');
    const ann = await ask('POST', '/staff-members', { name: 'Ann Keeper', email: 'ann@who.example' });
    expect(ann.status).toBe(201);
    expect((await patch(id, { owner: ann.body.id })).body).toMatchObject({
      owner: ann.body.id,
      ownerName: 'Ann Keeper',
    });
    const mine = await callApi<{ items: { id: string }[] }>(worker, `/customers?owner=${ann.body.id}`);
    expect(mine.items.map((item) => item.id)).toEqual([id]);
    expect((await changes(id)).items[0]).toMatchObject({ field: 'owner', to: 'Ann Keeper' });
    await ask('PATCH', `/staff-members/${ann.body.id}`, { isActive: false });
    expect((await patch(await customerCalled('Jo Next'), { owner: ann.body.id })).status).toBe(422);
    // Whoever was given to them stays until somebody says otherwise.
    expect((await read(id)).ownerName).toBe('Ann Keeper');
    expect((await ask('POST', '/staff-members', { name: ' ', email: 'no address' })).status).toBe(422);
    expect((await ask('GET', '/staff-members/nobody')).status).toBe(404);
  });
});

describe('tags, occasions and wishes', () => {
  it('are put on and taken off, one at a time, whoever else writes', async () => {
    const id = await customerCalled('Kim Vale');
    await Promise.all(
      ['VIP', 'wholesale', 'Stammkunde', '批发'].map((tag) =>
        ask('PUT', `/customers/${id}/tags/${encodeURIComponent(tag)}`),
      ),
    );
    expect((await read(id)).tags).toEqual(['stammkunde', 'vip', 'wholesale', '批发']);
    expect((await ask('DELETE', `/customers/${id}/tags/Vip`)).body.tags).toEqual(['stammkunde', 'wholesale', '批发']);
    const tagged = await callApi<{ items: { id: string }[] }>(worker, '/customers?tag=WHOLESALE');
    expect(tagged.items.map((item) => item.id)).toEqual([id]);
    const vips = await callApi<{ items: { id: string }[] }>(worker, '/customers?tag=vip&party=customer');
    expect(vips.items.map((item) => item.id)).not.toContain(id);
    expect((await ask('PUT', `/customers/${id}/tags/${encodeURIComponent('<b>')}`)).status).toBe(422);
  });

  it('say when the day comes round, and the first order is one by itself', async () => {
    const id = await customerCalled('Lea Frost');
    const soon = new Date(Date.now() + 12 * 24 * 3600 * 1000).toISOString().slice(5, 10);
    const { body } = await patch(id, { occasions: { Birthday: soon }, channel: 'phone', language: 'pl' });
    expect(body.occasions.find(({ what }) => what === 'birthday')).toMatchObject({
      day: soon,
      inDays: 12,
      isDerived: false,
    });
    expect(body.occasions.find(({ what }) => what === 'first order')).toMatchObject({
      day: '2026-01-05',
      isDerived: true,
    });
    expect(body.wishes).toEqual({ channel: 'phone', language: 'pl' });
  });
});

describe('a field of the business’s own', () => {
  it('is defined, filled with what fits its kind, exported, and archived', async () => {
    const define = (field: unknown) => ask('POST', '/custom-fields', field);
    expect((await define({ key: 'size', label: 'Shoe size', kind: 'number' })).status).toBe(201);
    await define({ key: 'plan', label: 'Plan', kind: 'choice', choices: ['gold', 'silver'] });
    await define({ key: 'member', label: 'Member', kind: 'yes_no' });
    await define({ key: 'since', label: 'Member since', kind: 'date' });
    expect((await define({ key: 'size', label: 'Again', kind: 'text' })).status).toBe(409);
    expect((await define({ key: 'Bad key', label: 'x', kind: 'text' })).status).toBe(422);
    expect((await define({ key: 'empty', label: 'x', kind: 'choice' })).status).toBe(422);
    const id = await customerCalled('Mio Gray');
    const wrong = await patch(id, { fields: { size: 'large', plan: 'iron', member: 'maybe', since: '03-14' } });
    expect(wrong.body.errors).toHaveLength(4);
    const { body } = await patch(id, { fields: { size: 42.5, plan: 'gold', member: true, since: '2024-02-29' } });
    expect(Object.fromEntries(Object.entries(body.fields).map(([key, { value }]) => [key, value]))).toEqual({
      size: '42.5',
      plan: 'gold',
      member: 'yes',
      since: '2024-02-29',
    });
    const csv = await (
      await worker.dispatchFetch('http://rapport.test/api/v1/exports/customers?format=csv&q=Mio', { headers: asAdmin })
    ).text();
    const [head, line] = csv.split('\r\n');
    expect(head).toContain('Shoe size,Plan,Member,Member since');
    expect(line).toContain('42.5,gold,yes,2024-02-29');
    expect((await ask('DELETE', '/custom-fields/size')).status).toBe(409);
    await ask('PATCH', '/custom-fields/size', { isArchived: true });
    expect((await patch(id, { fields: { size: 40 } })).status).toBe(422);
    // What is held in it stays, and can be taken back.
    expect((await read(id)).fields.size?.value).toBe('42.5');
    expect((await patch(id, { fields: { size: null } })).body.fields.size).toBeUndefined();
  });
});

describe('erasing', () => {
  it('removes what staff said; the export of a person shows it', async () => {
    const id = await customerCalled('Nia Gone');
    await patch(id, { city: 'Secretville', reason: 'she phoned' });
    const held = JSON.stringify(await callApi(worker, `/customers/${id}/export`));
    expect(held).toContain('Secretville');
    expect(held).toContain('she phoned');
    await callApi(worker, `/customers/${id}`, { method: 'DELETE' });
    const changed = await ask('GET', `/customers/${id}/changes`);
    expect(changed.status).toBe(404);
  });
});
