import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { pruneRefusals } from '../../worker/sources/imports/store.ts';
import { askOf, importFile, planOf } from '../support/imports.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Files that staff bring in, by the page's own code and the real worker. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const ask = askOf(worker);
const numbers = async (sql: string): Promise<Record<string, number>> => (await db.prepare(sql).first()) ?? {};
const counted = ({ progress: { rowsNew, rowsKnown, rowsRefused } }: Awaited<ReturnType<typeof importFile>>) =>
  `${rowsNew} new, ${rowsKnown} there, ${rowsRefused} refused`;

const CUSTOMERS = { customerId: 0, email: 1, name: 2, phone: 3, country: 4 };

describe('a file of customers', () => {
  const text = `id,e-mail,name,phone,country
c1,Ann@Example.com,Ann Archer,+48 601 100 200,PL
c2,bob@example.com,"Борис, син на Ана",0888 123 456,BG
c3,,王小明,,CN
,,Nobody,,
c4,not an address,Dee,,
null,,Guest,,
`;
  it('becomes records, and says of each row it refuses what to mend', async () => {
    const ended = await importFile(
      ask,
      { name: 'people.csv', text },
      planOf({ kind: 'customers', columns: CUSTOMERS }),
    );
    expect(ended.end).toBe('finished');
    expect(counted(ended)).toBe('3 new, 0 there, 3 refused');
    const refused = await callApi<{ line: number; message: string }[]>(worker, `/imports/${ended.progress.id}/refused`);
    expect(refused.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '5: names nobody: a customer id, an e-mail address or a telephone number is needed',
      '6: “not an address” is not an e-mail address; mend it or empty the cell',
      '7: “null” is what programs write for nobody; empty the cell',
    ]);
    const [bob] = await holdersOf(worker, 'phone:+359888123456');
    expect(bob?.displayName).toBe('Борис, син на Ана');
    const record = await callApi<{ identifiers: { kind: string; value: string; assurance: string }[] }>(
      worker,
      `/customers/${bob?.id}`,
    );
    expect(record.identifiers.map(({ kind, value, assurance }) => `${kind}:${value} ${assurance}`).sort()).toEqual([
      'customer:c2 asserted',
      'email:bob@example.com asserted',
      'phone:+359888123456 asserted',
    ]);
  });

  it('brought again changes nothing', async () => {
    const ended = await importFile(ask, { name: 'again.csv', text }, planOf({ kind: 'customers', columns: CUSTOMERS }));
    expect(counted(ended)).toBe('0 new, 3 there, 3 refused');
  });

  it('gives its refused rows back as a file that can be mended and brought in', async () => {
    const [{ id = '' } = {}] = (await callApi<{ items: { id: string }[] }>(worker, '/imports')).items;
    const response = await worker.dispatchFetch(`http://rapport.test/api/v1/imports/${id}/refused?format=csv`, {
      headers: asAdmin,
    });
    expect(response.headers.get('content-disposition')).toContain('refused-again.csv');
    const csv = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
    expect(csv.split('\r\n')[0]).toBe('\ufeffid,e-mail,name,phone,country,Rapport: line,Rapport: why it was refused');
    const mended = csv.replace('not an address', 'dee@example.com');
    const ended = await importFile(ask, { text: mended }, planOf({ kind: 'customers', columns: CUSTOMERS }));
    expect(counted(ended)).toBe('1 new, 0 there, 2 refused');
  });
});

describe('a file of orders', () => {
  const ORDERS = { orderId: 0, email: 1, date: 2, product: 3, quantity: 4, price: 5, amount: 6 };
  const text = `order,e-mail,date,product,qty,price,amount
1001,cara@example.com,2024-03-01,Teapot,1,30.00,
1002,cara@example.com,2024-03-02,Kettle,1,,50.00
1001,cara@example.com,2024-03-01,Cup,2,4.25,
1002,cara@example.com,2024-03-05,,1,,-20.00
1003,cara@example.com,2024-03-06,Spoon,1,,free
1003,cara@example.com,2024-03-06,Fork,1,,3.00
`;
  it('folds the rows of one order into one, and takes none of an order that has a fault', async () => {
    const ended = await importFile(ask, { name: 'orders.csv', text }, planOf({ columns: ORDERS }));
    expect(counted(ended)).toBe('4 new, 0 there, 2 refused');
    const [cara] = await holdersOf(worker, 'email:cara@example.com');
    expect(cara?.stats).toMatchObject({ orders: 2, revenue: [{ amountMinor: 6850, currency: 'EUR' }] });
    const orders = await callApi<{ id: string; lines: unknown[]; total: unknown }[]>(worker, '/exports/orders');
    expect(orders.find(({ id }) => id === '1001')).toMatchObject({
      total: { amountMinor: 3850, currency: 'EUR' },
      lines: [
        { title: 'Teapot', quantity: 1, amountMinor: 3000 },
        { title: 'Cup', quantity: 2, amountMinor: 850 },
      ],
    });
  });

  it('refuses a fraction of a currency that has none, and says which rows have no date', async () => {
    const file =
      'e-mail,date,total\nfumi@example.com,2024-01-01,￥12.50\nfumi@example.com,2024-01-01,JPY 12.50\nfumi@example.com,2024-01-01,¥1200.00\nfumi@example.com,,¥9\n';
    const columns = { email: 0, date: 1, total: 2 };
    const bring = (plan: Parameters<typeof planOf>[0]) => importFile(ask, { text: file }, planOf(plan));
    const reasons = async ({ progress }: Awaited<ReturnType<typeof importFile>>) =>
      (await callApi<{ field: string | null; message: string }[]>(worker, `/imports/${progress.id}/refused`)).map(
        ({ field, message }) => `${field}: ${message}`,
      );
    const mixed = await bring({ columns, currency: null });
    expect(counted(mixed)).toBe('2 new, 0 there, 2 refused');
    expect(await reasons(mixed)).toEqual([
      'total: “JPY 12.50” has a fraction, which JPY does not have; choose its currency',
      'date: has no date: an order needs the day it was placed',
    ]);
    const [fumi] = await holdersOf(worker, 'email:fumi@example.com');
    expect(fumi?.stats.revenue).toEqual(
      expect.arrayContaining([
        { amountMinor: 1250, currency: 'CNY' },
        { amountMinor: 1200, currency: 'JPY' },
      ]),
    );
    const undated = await bring({ columns: { email: 0, total: 2 }, currency: 'CNY' });
    expect((await reasons(undated)).at(-1)).toBe('null: has no date: an order needs the day it was placed');
  });

  it('of a shop that is connected speaks of the same orders and people as its webhooks', async () => {
    const shop = await addSource(worker, 'shopify', { secret: 'imports' });
    const createdAt = '2024-05-01T10:00:00Z';
    const body = orderBody({ id: 777, customer: 55, email: 'dan@example.com', total: '48.50', createdAt });
    await deliver(worker, shop, shopifyDelivery('imports', 'orders/create', 'event-1', body));
    const file = `order,customer,date,total\n777,55,2024-05-01,48.50\n778,55,2024-05-02,10.00\n`;
    const columns = { orderId: 0, customerId: 1, date: 2, total: 3 };
    await importFile(ask, { text: file, sourceId: shop.id }, planOf({ columns }));
    const holders = await holdersOf(worker, 'customer:55');
    expect(holders.map(({ stats }) => [stats.orders, stats.revenue[0]?.amountMinor])).toEqual([[2, 5850]]);
  });

  it('takes what was given back only for an order it can name', async () => {
    const file = 'e-mail,date,amount\neve@example.com,2024-01-01,10\neve@example.com,2024-01-02,-4\n';
    const ended = await importFile(ask, { text: file }, planOf({ columns: { email: 0, date: 1, amount: 2 } }));
    expect(counted(ended)).toBe('1 new, 0 there, 1 refused');
  });

  it('refuses later rows of an order that was taken without them, rather than lose them', async () => {
    const columns = { orderId: 0, email: 1, date: 2, amount: 3 };
    const begun = await callApi<{ id: string }>(worker, '/imports', {
      method: 'POST',
      body: { fileName: 'torn.csv', fingerprint: 'ab'.repeat(32), rowsTotal: 2, plan: planOf({ columns }) },
    });
    const send = (from: number, cells: string[]) =>
      callApi<{ rowsDone: number; refused: { message: string }[] }>(worker, `/imports/${begun.id}/rows`, {
        method: 'POST',
        body: { from, rows: [{ line: from + 2, cells }] },
      });
    expect((await send(0, ['t1', 'fay@example.com', '2024-01-01', '5'])).refused).toEqual([]);
    const second = await send(1, ['t1', 'fay@example.com', '2024-01-01', '6']);
    expect(second.refused[0]?.message).toContain('send all rows of an order in one request');
    expect(second.rowsDone).toBe(2);
  });
});

describe('a file of touchpoints', () => {
  it('keeps what was said, by which channel, and answers that insights count', async () => {
    const text = `when;how;who;what;score;asked
03/04/2024 14:30;phone;gil@example.com;Asked for the invoice;;
25/04/2024;email;gil@example.com;=Great!;9;NPS
25/04/2024;pigeon;gil@example.com;Coo;;
25/04/2024;web;gil@example.com;Too high;11;nps
`;
    const columns = { date: 0, channel: 1, email: 2, text: 3, score: 4, question: 5 };
    const plan = planOf({
      kind: 'touchpoints',
      columns,
      dayOrder: 'dmy',
      zone: 'Europe/Warsaw',
      contact: 'call_logged',
    });
    const ended = await importFile(ask, { text, delimiter: ';' }, plan);
    expect(counted(ended)).toBe('2 new, 0 there, 2 refused');
    const [gil] = await holdersOf(worker, 'email:gil@example.com');
    const { items } = await callApi<{ items: Record<string, unknown>[] }>(worker, `/touchpoints?customer=${gil?.id}`);
    expect(items.map(({ kind, channel, occurredAt, text }) => [kind, channel, occurredAt, text])).toEqual([
      ['call_logged', 'email', '2024-04-24T22:00:00.000Z', '=Great!'],
      ['call_logged', 'phone', '2024-04-03T12:30:00.000Z', 'Asked for the invoice'],
    ]);
    const record = await callApi<{ scores: { nps: number | null } }>(worker, `/customers/${gil?.id}`);
    expect(record.scores.nps).toBe(9);
  });

  it('of past years asks nobody to see to it now; of this week it does', async () => {
    const day = (ago: number) => new Date(Date.now() - ago * 24 * 3600 * 1000).toISOString();
    const text = `when,who,score,asked\n${day(400)},hal@example.com,1,nps\n${day(1)},ida@example.com,2,nps\n`;
    const columns = { date: 0, email: 1, score: 2, question: 3 };
    const ended = await importFile(ask, { text }, planOf({ kind: 'touchpoints', columns, contact: 'survey_answered' }));
    expect(counted(ended)).toBe('2 new, 0 there, 0 refused');
    await (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
    const { items } = await callApi<{ items: { score: number }[] }>(worker, '/attention');
    expect(items.map(({ score }) => score)).toEqual([2]);
  });
});

describe('an import', () => {
  const columns = { email: 0, date: 1, amount: 2 };
  const rows = Array.from(
    { length: 1700 },
    (_, index) => `p${index % 40}@stop.example,2024-01-${10 + (index % 3)},${index % 7}.25`,
  );
  const text = `e-mail,date,amount\n${rows.join('\n')}\n`;
  const stats = () =>
    numbers(
      `SELECT count(*) AS orders, sum(o.total_minor) AS cents FROM orders o JOIN source s ON s.id = o.source_id WHERE s.name = 'stop.csv'`,
    );
  const cents = rows.reduce((sum, _, index) => sum + (index % 7) * 100 + 25, 0);

  it('that is stopped goes on where it was, whatever was lost or sent twice on the way', async () => {
    let sent = 0;
    const stopped = await importFile(ask, { name: 'stop.csv', text }, planOf({ columns }), {
      isStopped: () => ++sent > 2,
    });
    expect(stopped).toMatchObject({ end: 'stopped', progress: { rowsDone: 1000, rowsTotal: 1700 } });
    const [listed] = (await callApi<{ items: { rowsDone: number; finishedAt: string | null }[] }>(worker, '/imports'))
      .items;
    expect(listed).toMatchObject({ rowsDone: 1000, finishedAt: null });
    // Every other answer is lost after the work was done.
    let count = 0;
    const losing: typeof ask = async (method, path, body) => {
      const asked = await ask(method, path, body);
      if (path.endsWith('/rows') && ++count % 2 === 1) throw new Error('the line broke');
      return asked;
    };
    const ended = await importFile(losing, { name: 'stop.csv', text }, planOf({ columns }));
    expect(ended.progress.id).toBe(stopped.progress.id);
    expect(counted(ended)).toBe('1700 new, 0 there, 0 refused');
    expect(await stats()).toEqual({ orders: 1700, cents });
    const again = await importFile(ask, { name: 'stop.csv', text }, planOf({ columns }));
    expect(counted(again)).toBe('0 new, 1700 there, 0 refused');
    expect(await stats()).toEqual({ orders: 1700, cents });
  });

  it('brought by two tabs at once is brought once', async () => {
    const other = { name: 'stop.csv', text: text.replaceAll('stop.example', 'tabs.example') };
    const both = await Promise.all([1, 2].map(() => importFile(ask, other, planOf({ columns }))));
    for (const ended of both) expect(counted(ended)).toBe('1700 new, 0 there, 0 refused');
    expect(both[0]?.progress.id).toBe(both[1]?.progress.id);
  });

  it('says from where to go on when rows do not follow', async () => {
    const plan = planOf({ columns });
    const body = { fileName: 'gap.csv', fingerprint: 'cd'.repeat(32), rowsTotal: 9, plan };
    const { id } = await callApi<{ id: string }>(worker, '/imports', { method: 'POST', body });
    const gap = await ask('POST', `/imports/${id}/rows`, { from: 3, rows: [{ line: 5, cells: ['a'] }] });
    expect(gap).toMatchObject({
      status: 409,
      body: { code: 'rows_do_not_follow', detail: 'Go on from row 0 of 9. Nothing was stored.' },
    });
  });

  it('can be tried first, and writes nothing then', async () => {
    const before = await numbers('SELECT count(*) AS n FROM touchpoint');
    const row = (line: number, cells: string[]) => ({ line, cells });
    const plan = planOf({ columns, header: ['who', 'day', 'paid'] });
    const checked = await callApi<Record<string, unknown>>(worker, '/imports/check', {
      method: 'POST',
      body: {
        plan,
        rows: [
          row(2, ['new@example.com', '2024-01-01', '5']),
          row(3, ['cara@example.com', '2024-01-01', '6']),
          row(4, ['cara@example.com', '1/2/2024', '6']),
          row(5, ['cara@example.com', '2024-01-01', '6 apples']),
        ],
      },
    });
    expect(checked).toMatchObject({ rowsNew: 2, rowsKnown: 0, rowsRefused: 2, customersNew: 1, customersKnown: 1 });
    expect(checked.refused).toEqual([
      {
        line: 4,
        field: 'date',
        column: 'day',
        message: '“1/2/2024” can be read in two ways; choose whether day or month comes first',
      },
      {
        line: 5,
        field: 'amount',
        column: 'paid',
        message: '“6 apples” is not an amount that can be read; write it as 12.50',
      },
    ]);
    expect(await numbers('SELECT count(*) AS n FROM touchpoint')).toEqual(before);
  });

  it.each([
    [
      'a field of another kind of file',
      { plan: planOf({ kind: 'customers', columns: { total: 0 } }) },
      'body.plan.columns.total',
    ],
    ['no column', { plan: planOf({ columns: {} }) }, 'body.plan.columns'],
    ['a zone that is none', { plan: planOf({ columns, zone: 'Mars/Base' }) }, 'body.plan.zone'],
    ['a hash that is none', { fingerprint: 'x' }, 'body.fingerprint'],
  ])('with %s is refused with what to mend', async (_, change, path) => {
    const body = {
      fileName: 'x.csv',
      fingerprint: 'ef'.repeat(32),
      rowsTotal: 1,
      plan: planOf({ columns }),
      ...change,
    };
    const { status, body: problem } = await ask('POST', '/imports', body);
    expect(status).toBe(422);
    expect(problem).toMatchObject({ errors: [{ path }] });
  });

  it('keeps the cells of refused rows for a month and no longer', async () => {
    const text = 'e-mail,date,amount\nnobody,2024-01-01,1\n';
    const { progress } = await importFile(ask, { name: 'month.csv', text }, planOf({ columns }));
    const kept = () => callApi<unknown[]>(worker, `/imports/${progress.id}/refused`);
    await pruneRefusals(db, Date.now() + 29 * 24 * 3600 * 1000);
    expect(await kept()).toHaveLength(1);
    await pruneRefusals(db, Date.now() + 31 * 24 * 3600 * 1000);
    expect(await kept()).toEqual([]);
  });

  it('leaves the numbers kept on customers as they are when counted', async () => {
    expect(await drift(queryOf(db))).toEqual([]);
  });
});

describe('the CDNOW log', () => {
  const file = new URL('../../../shared/data/cdnow_sample.txt', import.meta.url);
  it.skipIf(!existsSync(file))(
    'imported twice as orders is there once, to the cent (skipped without shared/)',
    async () => {
      const text = readFileSync(file, 'utf8');
      const lines = text
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/));
      const cents = lines.reduce((sum, line) => sum + Math.round(Number(line[4]) * 100), 0);
      const plan = planOf({ columns: { customerId: 0, date: 2, quantity: 3, total: 4 }, currency: 'USD' });
      const facts = () =>
        numbers(`SELECT count(*) AS lines, count(DISTINCT f.customer_id) AS customers, sum(o.total_minor) AS cents
        FROM orders o JOIN source s ON s.id = o.source_id JOIN fragment f ON f.id = o.fragment_id WHERE s.name = 'cdnow_sample.txt'`);
      const bring = () => importFile(ask, { name: 'cdnow_sample.txt', text, delimiter: ' ', hasHeader: false }, plan);
      expect(counted(await bring())).toBe('6919 new, 0 there, 0 refused');
      expect(await facts()).toEqual({ lines: 6919, customers: 2357, cents });
      expect(counted(await bring())).toBe('0 new, 6919 there, 0 refused');
      expect(await facts()).toEqual({ lines: 6919, customers: 2357, cents });
    },
  );
});
