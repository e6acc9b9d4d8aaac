import { afterAll, describe, expect, it } from 'vitest';
import { HOLDINGS } from '../../worker/record/erasure/holdings.ts';
import { keepRetention } from '../../worker/record/erasure/retention.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { visitor } from '../support/person.ts';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { addMember, setOwner } from '../support/team.ts';
import { callApi } from '../support/worker.ts';

/** What a person is handed who asks what we hold, and people who go by themselves. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const query = queryOf(db);

const shop = await addSource(worker, 'shopify', { secret: 'export-secret' });
const form = await addSource(worker, 'html_form');
const DAY = 24 * 3600 * 1000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

let turn = 0;
const buy = (customer: number, email: string, createdAt: string) =>
  deliver(
    worker,
    shop,
    shopifyDelivery(
      'export-secret',
      'orders/create',
      `export ${++turn}`,
      orderBody({ id: 70_000 + turn, customer, email, name: 'Kit Held', createdAt }),
    ),
  );
type Held = { table: string; rows: Record<string, unknown>[] };
const exported = async (id: string) =>
  (await callApi<{ holdings: Held[] }>(worker, `/customers/${id}/export`)).holdings;
const idOf = async (identifier: string) => (await holdersOf(worker, identifier))[0]?.id ?? '';

describe('the export of a person', () => {
  it('has every column that is not a number of ours, and every row', async () => {
    await buy(1, 'kit@export.example', daysAgo(3));
    await buy(2, 'other@export.example', daysAgo(3));
    const id = await idOf('email:kit@export.example');
    await callApi(worker, `/customers/${id}/touchpoints`, {
      method: 'POST',
      body: { kind: 'note_added', text: 'Rang up' },
    });
    const holdings = await exported(id);
    const camel = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    for (const { table, columns } of HOLDINGS.filter(({ isExported }) => isExported)) {
      const rows = holdings.find((one) => one.table === table)?.rows;
      const wanted = Object.entries(columns).flatMap(([column, fate]) => (fate === 'link' ? [] : [camel(column)]));
      for (const row of rows ?? []) expect(Object.keys(row), table).toEqual(expect.arrayContaining(wanted));
      expect(rows, table).toBeDefined();
    }
    const text = JSON.stringify(holdings);
    for (const part of ['kit@export.example', 'Kit Held', 'Rang up', 'Enamel teapot', 'asserted'])
      expect(text).toContain(part);
    expect(text).not.toContain('other@export.example');
    expect(holdings.find(({ table }) => table === 'touchpoint')?.rows).toHaveLength(2);
  });

  it('tells since when in dates, and who looks after them by name', async () => {
    await buy(3, 'looked@export.example', daysAgo(3));
    const id = await idOf('email:looked@export.example');
    const colleague = await addMember(db, 'Colleague Ines');
    expect(await setOwner(db, id, colleague)).toBe(true);
    await db
      .prepare('UPDATE customer SET stage_since = ?2 WHERE public_id = ?1')
      .bind(id, Date.UTC(2026, 0, 5))
      .run();
    const holdings = await exported(id);
    const rowsOf = (table: string) => holdings.find((one) => one.table === table)?.rows;
    expect(rowsOf('customer')).toMatchObject([{ owner: 'Colleague Ines', stageSince: '2026-01-05T00:00:00.000Z' }]);
    expect(rowsOf('edit')).toMatchObject([{ field: 'owner', value: 'Colleague Ines' }]);
    expect(JSON.stringify(holdings)).not.toContain(colleague);
  });

  it('marks what is merely claimed', async () => {
    await deliver(worker, form, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: 'says@export.example', message: 'Hello' }).toString(),
    });
    const holdings = await exported(await idOf('email:says@export.example'));
    expect(holdings.find(({ table }) => table === 'identifier')?.rows).toMatchObject([
      { value: 'says@export.example', assurance: 'claimed' },
    ]);
  });
});

describe('people of whom nothing was heard', () => {
  const runtime = {
    db,
    clock: { now: () => Date.now(), uuid: () => crypto.randomUUID(), deliveryId: () => Date.now() * 2048 },
  };

  it('stay while no rule is set; then go, and nobody else, without a word in the figures', async () => {
    for (let n = 0; n < 70; n++) await buy(100 + n, `quiet${n}@export.example`, daysAgo(400));
    await buy(300, 'lively@export.example', daysAgo(10));
    expect(await keepRetention(runtime)).toBe(false);
    const figures = () => query('SELECT count(*) AS n, sum(total_minor) AS total FROM orders');
    const before = await figures();
    const set = await callApi<{ due: { inactive: number } }>(worker, '/retention', {
      method: 'PATCH',
      body: { inactiveDays: 365, confirm: 70 },
    });
    expect(set.due.inactive).toBe(70);
    while (await keepRetention(runtime));
    expect(await callApi(worker, '/retention')).toMatchObject({ due: { inactive: 0, visitors: null } });
    expect(await holdersOf(worker, 'email:quiet3@export.example')).toEqual([]);
    expect(await holdersOf(worker, 'email:lively@export.example')).toHaveLength(1);
    expect(await figures()).toEqual(before);
    expect(await drift(query)).toEqual([]);
    // The walk rests, and figures of the erased are not taken for visitors.
    await callApi(worker, '/retention', { method: 'PATCH', body: { visitorDays: 90, inactiveDays: null } });
    expect(await callApi(worker, '/retention')).toMatchObject({ due: { visitors: 0 } });
    while (await keepRetention(runtime));
    const erasures = await callApi<{ items: { reason: string; people: number }[] }>(worker, '/erasures');
    expect(erasures.items.map(({ people }) => people)).toEqual([20, 50]);
  });

  it('must be given time', async () => {
    await expect(callApi(worker, '/retention', { method: 'PATCH', body: { inactiveDays: 5 } })).rejects.toThrow('422');
  });
});

describe('a delivery about several people', async () => {
  const { secret } = await callApi<{ secret: string }>(worker, '/sources', {
    method: 'POST',
    body: { kind: 'segment', name: 'Server' },
  });
  const batch = async (...calls: object[]) => {
    const answer = await worker.dispatchFetch('http://rapport.test/v1/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ writeKey: secret, batch: calls }),
    });
    expect(answer.status).toBe(200);
  };
  const identify = (userId: string, name: string) => ({
    type: 'identify',
    userId,
    messageId: `said-${userId}`,
    traits: { email: `${userId}@export.example`, name },
  });
  const ben = identify('ben-batch', 'Benjamin Secretname');
  /** All that somebody is handed at the preference centre. */
  const downloaded = async (userId: string): Promise<string> => {
    const id = await idOf(`email:${userId}@export.example`);
    const { url } = await callApi<{ url: string }>(worker, `/customers/${id}/preference-link`, {
      method: 'POST',
      body: {},
    });
    const person = visitor(worker);
    await person.ask(new URL(url).pathname, { form: { act: 'open' } });
    const files = await Promise.all(['/p/me/data.json', '/p/me/data.html'].map((path) => person.ask(path)));
    return [...files.map(({ text }) => text), JSON.stringify(await exported(id))].join('\n');
  };

  it('tells none of them of another: whether that was known before, refused or left aside', async () => {
    await batch(ben);
    await batch(identify('ann-batch', 'Ann Own'), ben);
    await batch(identify('cat-batch', 'Cat Own'), {
      type: 'track',
      userId: 'dan',
      properties: { of: 'Dan Secretword' },
    });
    const [ann, cat] = [await downloaded('ann-batch'), await downloaded('cat-batch')];
    expect([ann.includes('Ann Own'), cat.includes('Cat Own')]).toEqual([true, true]);
    for (const text of [ann, cat]) expect(text).not.toMatch(/Secretname|ben-batch|Secretword|messageId.*said-ben/);
  });

  it('is emptied when one of them is erased, whoever else it brought', async () => {
    const bodies = async () =>
      query("SELECT count(*) AS n FROM delivery WHERE instr(CAST(body AS TEXT), 'Secretname') > 0");
    expect(await bodies()).toEqual([{ n: 2 }]);
    await callApi(worker, `/customers/${await idOf('email:ben-batch@export.example')}`, { method: 'DELETE' });
    await (await worker.getWorker()).scheduled({});
    expect(await bodies()).toEqual([{ n: 0 }]);
  });
});
