import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/browser.ts';
import { callApi } from '../support/worker.ts';
import { openStaff, openStage, type Stage } from './stage.ts';

/** A file comes in by the page that people use, and lists go out. */
let stage: Stage;
let page: Page;
let faults: string[];
beforeAll(async () => {
  stage = await openStage();
  ({ page, faults } = await openStaff(stage));
});
afterAll(() => stage?.close());

const ROWS = 6000;
const line = (index: number): string =>
  [
    `B-${index >> 1}`,
    index % 100 === 7 ? 'no address' : `p${index % 700}@files.example`,
    index % 3 ? 'Ann Archer' : 'Мария <b>Иванова</b>',
    `${1 + (index % 12)}/${1 + (index % 12)}/2025`,
    'Teapot',
    '1.234,50',
  ].join(';');
const FILE = `Bestellung;E-Mail;Name;Datum;Artikel;Betrag\r\n${Array.from({ length: ROWS }, (_, index) => line(index)).join('\n')}\n`;
const choose = (text: string | Buffer, name = 'orders.csv') =>
  page.locator('#file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const mapped = (column: string) => page.getByLabel(`What ${column} is`);
const begin = () => page.getByRole('button', { name: /^Import [\d,]+ rows?$/ }).click();
const axe = async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await axeViolations(page, 'colours');
  await page.emulateMedia({ colorScheme: 'light' });
  return [...(await axeViolations(page)), ...dark];
};
type Item = { readonly id: string; readonly rowsDone: number; readonly rowsNew: number; readonly rowsRefused: number };
const imports = async () => (await callApi<{ items: Item[] }>(stage.worker, '/imports')).items;

describe('importing a file', () => {
  it('guesses what the columns are and says what they would come to', async () => {
    await page.goto('/imports');
    expect(await axe()).toEqual([]);
    await page.getByRole('link', { name: 'Import the first file' }).click();
    expect(await axe()).toEqual([]);
    await choose(FILE);
    await page.getByText('have no currency').or(page.getByText('has no currency')).first().waitFor();
    expect(await mapped('Bestellung').inputValue()).toBe('orderId');
    expect(await mapped('Betrag').inputValue()).toBe('amount');
    expect(await page.getByText('Most rows would be refused').count()).toBe(1);
    await page.getByLabel('Currency', { exact: true }).selectOption('EUR');
    await page.getByText('would be new').filter({ hasText: '980' }).waitFor();
    await page.getByText('“no address” is not an e-mail address').first().waitFor();
    expect(await page.getByText('1234.50 EUR').count()).toBe(0);
    expect(await page.getByText('2469.00 EUR').first().isVisible()).toBe(true);
    expect(await axe()).toEqual([]);
    expect(await imports()).toEqual([]);
  });

  it('shows its progress, can be paused, and is gone on with after the tab was closed', async () => {
    await begin();
    await page.getByText(/a second/).waitFor();
    const bar = page.getByRole('progressbar', { name: 'Rows imported' });
    expect(Number(await bar.getAttribute('max'))).toBe(ROWS);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('heading', { name: 'Paused' }).waitFor();
    expect(await axe()).toEqual([]);
    const [half] = await imports();
    expect(half?.rowsDone).toBeGreaterThan(0);
    expect(half?.rowsDone).toBeLessThan(ROWS);

    await page.goto('/imports/new');
    await choose(FILE, 'the same under another name.csv');
    await page.getByRole('heading', { name: 'This file was begun before' }).waitFor();
    await page.getByRole('button', { name: /^Go on from row/ }).click();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(await axe()).toEqual([]);
    expect(await imports()).toMatchObject([{ id: half?.id, rowsDone: ROWS, rowsNew: 5880, rowsRefused: 120 }]);
  });

  it('waits for a worker that cannot be reached, and goes on', async () => {
    await page.goto('/imports/new');
    await choose('e-mail,name\nzoe@files.example,Zoe\nyan@files.example,Yan\n', 'people.csv');
    let failed = 0;
    await page.route('**/rows', (route) => (++failed === 1 ? route.abort() : route.continue()));
    await page.getByText('2 would be new').waitFor();
    await begin();
    await page.getByText('waiting for the worker').waitFor();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    await page.unroute('**/rows');
    expect(failed).toBe(2);
  });

  it('again changes nothing and says so', async () => {
    await page.goto('/imports/new');
    await choose('e-mail,name\nzoe@files.example,Zoe\nyan@files.example,Yan\n', 'people.csv');
    await page.getByText('2 are there already').waitFor();
    await begin();
    await page.getByText('Everything in it had been brought before').waitFor();
  });

  it('reads other encodings, and lets people choose when the guess is wrong', async () => {
    await page.goto('/imports/new');
    const cp1251 = Buffer.from([
      0xc8, 0xec, 0xe5, 0x3b, 0x45, 0x2d, 0x6d, 0x61, 0x69, 0x6c, 0x0a, 0xc8, 0xe2, 0xe0, 0xed, 0x3b,
    ]);
    await choose(Buffer.concat([cp1251, Buffer.from('ivan@files.example\n')]), 'ivan.csv');
    await page.getByRole('rowheader', { name: 'Име' }).waitFor();
    expect(await page.getByLabel('Encoding').inputValue()).toBe('windows-1251');
    await page.getByLabel('Encoding').selectOption('windows-1252');
    await page.getByRole('rowheader', { name: 'Èìå' }).waitFor();
  });

  it.each([
    ['a workbook', Buffer.from('PK\u0003\u0004zip'), 'Save it as CSV'],
    ['nothing', Buffer.from(''), 'The file is empty'],
    ['a quotation mark that is never closed', Buffer.from(`a,b\n1,"${'x\n'.repeat(700_000)}`), 'is never closed'],
  ])('says what to do about %s', async (_, bytes, words) => {
    await page.goto('/imports/new');
    await choose(bytes, 'odd.csv');
    await page.getByRole('alert').filter({ hasText: words }).waitFor();
    expect(await axe()).toEqual([]);
  });

  const ringOf = () =>
    page.evaluate(() => {
      const { tagName } = document.activeElement ?? {};
      return [tagName, document.activeElement && getComputedStyle(document.activeElement).outlineStyle];
    });

  it('says that there is nothing to import when the file is a header, or when no row would be taken', async () => {
    const before = (await imports()).length;
    const button = page.getByRole('button', { name: /^Import [\d,]+ rows?$/ });
    await page.goto('/imports/new');
    await choose('E-mail,Name\n', 'header.csv');
    await page.getByText('The file holds only a header').waitFor();
    expect(await button.isDisabled()).toBe(true);
    expect(await axe()).toEqual([]);

    await page.goto('/imports/new');
    await choose('Email,Date,Total\nnone,soon,free\nnone,later,free\n', 'odd.csv');
    expect(await mapped('Email').inputValue()).toBe('email');
    await page.getByText('Every row would be refused').waitFor();
    expect(await button.isDisabled()).toBe(true);
    expect(await ringOf()).toEqual(['H2', 'none']);
    expect(await axe()).toEqual([]);
    await mapped('Email').selectOption('');
    await page.getByText('The column “Email” is not used').waitFor();
    expect(await axe()).toEqual([]);
    expect(await imports()).toHaveLength(before);
  });

  it.each([
    ['¥', 'order,date,total\n1,2025-01-01,¥12.50\n', 'CNY'],
    ['¥', '订单号,日期,总额\n1,2025-01-01,¥12\n', 'CNY'],
    ['￥', 'order,date,total\n1,2025-01-01,￥12\n', 'CNY'],
    ['¥', 'order,date,total\n1,2025-01-01,¥12\n', 'JPY'],
    ['￥', 'ご注文,日付,total\n1,2025-01-01,￥12\n', 'JPY'],
  ])('takes %s in %j for %s', async (_, text, currency) => {
    await page.goto('/imports/new');
    await choose(text, 'yen.csv');
    const select = page.getByLabel('Currency', { exact: true });
    await select.waitFor();
    expect(await select.inputValue()).toBe(currency);
  });

  it('counts an order once, as it will come in, though its lines stand far apart', async () => {
    const rows = Array.from(
      { length: 1800 },
      (_, index) => `f${index % 900},zoe@files.example,2025-01-01,cup ${index},1`,
    );
    const text = `order,e-mail,date,product,amount\n${rows.join('\n')}\n`;
    await page.goto('/imports/new');
    await choose(text, 'far.csv');
    await page.getByLabel('Currency', { exact: true }).selectOption('EUR');
    await page.getByText('Of the first 1,000 rows, 1,000 would be new').waitFor();
    await begin();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    await page.goto('/imports/new');
    await choose(text, 'far.csv');
    await page.getByText('1,000 are there already').waitFor();
  });

  it('keeps what it refused, to be downloaded, and the source it made', async () => {
    const [first] = (await imports()).slice(-1);
    await page.goto(`/imports/${first?.id}`);
    expect(await axe()).toEqual([]);
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download them with the reasons' }).click();
    expect((await waiting).suggestedFilename()).toBe('refused-orders.csv');
    await page.getByRole('link', { name: 'orders.csv', exact: true }).click();
    await page.getByText('From a file').waitFor();
    expect(await axe()).toEqual([]);
    await page.goto('/sources');
    await page.getByRole('link', { name: 'orders.csv' }).waitFor();
  });
});

describe('the list of customers', () => {
  it('is exported with the filters it is shown with', async () => {
    await page.goto('/customers?q=zoe');
    expect(await axe()).toEqual([]);
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: /^CSV/ }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('customers.csv');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    expect(text.split('\r\n').filter(Boolean)).toHaveLength(2);
    expect(text).toContain('zoe@files.example');
  });

  it('and no page broke its own policy on the way', () => {
    expect(faults).toEqual([]);
  });
});
