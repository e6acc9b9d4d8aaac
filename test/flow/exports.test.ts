import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableReader } from '../../widgets/dashboard/import/table.ts';
import { askOf, importFile, planOf } from '../support/imports.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Lists as files, out of the real worker. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const PEOPLE = 1234;
const EVIL = '=HYPERLINK("https://evil.example","Прочети")';
beforeAll(async () => {
  const lines = Array.from({ length: PEOPLE }, (_, index) => {
    const name = index === 7 ? `"${EVIL.replaceAll('"', '""')}"` : `Person ${index}`;
    return `c${index},p${index}@export.example,${name},o${index},2024-02-0${1 + (index % 9)},${index % 2 ? 'JPY' : 'EUR'},${index % 2 ? '1200' : '12.50'}`;
  });
  const text = `id,mail,name,order,date,currency,total\n${lines.join('\n')}\n`;
  const columns = { customerId: 0, email: 1, name: 2, orderId: 3, date: 4, currency: 5, total: 6 };
  const { progress } = await importFile(askOf(worker), { text }, planOf({ columns }));
  expect(progress.rowsNew).toBe(PEOPLE);
});

const get = (path: string, headers: Record<string, string> = asAdmin) =>
  worker.dispatchFetch(`http://rapport.test/api/v1${path}`, { headers });
const csvOf = async (path: string) => {
  const response = await get(path);
  expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
  const rows = new TableReader(',').add((await response.text()).replace(/^\ufeff/, ''), true).map(({ cells }) => cells);
  const header = rows[0] ?? [];
  return rows.slice(1).map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])));
};

describe('an export', () => {
  it('of customers holds each once, with amounts as numbers and nothing that is a formula', async () => {
    const rows = await csvOf('/exports/customers?format=csv');
    expect(rows.length).toBe(PEOPLE);
    expect(new Set(rows.map((row) => row['E-mail'])).size).toBe(PEOPLE);
    expect(rows[7]).toMatchObject({
      'E-mail': 'p7@export.example',
      Name: `'${EVIL}`,
      Revenue: '1200',
      Currency: 'JPY',
      Orders: '1',
    });
    expect(rows[8]).toMatchObject({ Revenue: '12.50', Currency: 'EUR', 'Revenue in other currencies': '' });
  });

  it('of customers keeps to the search and the filters of the list', async () => {
    const found = await callApi<{ displayName: string }[]>(worker, '/exports/customers?q=Person%2012');
    expect(found.map(({ displayName }) => displayName).sort()).toEqual(
      Array.from({ length: PEOPLE }, (_, index) => `Person ${index}`)
        .filter((name) => name.includes('12'))
        .sort(),
    );
    expect(await callApi<unknown[]>(worker, '/exports/customers?orders=none')).toEqual([]);
    expect(await callApi<unknown[]>(worker, '/exports/customers?quiet=30')).toHaveLength(PEOPLE);
    expect(await callApi<unknown[]>(worker, '/exports/customers?attention=1')).toEqual([]);
  });

  it('passes nobody over who is heard of while it is read', async () => {
    const response = await get('/exports/customers?format=ndjson');
    const reader = response.body?.getReader();
    const first = await reader?.read();
    await db.prepare('UPDATE customer SET last_at = last_at + 1000000000 WHERE id % 2 = 0').run();
    let text = new TextDecoder().decode(first?.value);
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      text += new TextDecoder().decode(part.value);
    expect(text.trimEnd().split('\n')).toHaveLength(PEOPLE);
  });

  it('of touchpoints and orders holds them all', async () => {
    const touchpoints = await csvOf('/exports/touchpoints?format=csv&kind=order_placed');
    expect(touchpoints.length).toBe(PEOPLE);
    expect(touchpoints[0]).toMatchObject({ Amount: '12.50', Currency: 'EUR', Date: '2024-02-01T00:00:00.000Z' });
    const orders = await csvOf('/exports/orders?format=csv');
    expect(new Set(orders.map((row) => row['Order id'])).size).toBe(PEOPLE);
    const [one] = await callApi<{ customerId: string }[]>(worker, '/exports/orders');
    expect(await callApi<unknown[]>(worker, `/exports/touchpoints?customer=${one?.customerId}`)).toHaveLength(1);
  });

  it.each(['/exports/customers', '/exports/touchpoints', '/exports/orders'])(
    'is for who is signed in: %s',
    async (path) => {
      expect((await get(path, {})).status).toBe(401);
      expect((await get(path, { authorization: 'Bearer wrong' })).status).toBe(401);
    },
  );

  it.each(['/exports/customers?format=xlsx', '/exports/customers?quiet=soon', '/exports/touchpoints?from=monday'])(
    'says what it cannot do: %s',
    async (path) => expect((await get(path)).status).toBe(422),
  );
});
