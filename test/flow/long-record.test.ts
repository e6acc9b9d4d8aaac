import { afterAll, describe, expect, it } from 'vitest';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { systemClock } from '../../worker/platform/clock.ts';
import { append } from '../../worker/record/append.ts';
import { readCustomer } from '../../worker/record/customer.ts';
import { addSource, holdersOf } from '../support/shop.ts';
import { type Bound, databaseOver, startWithSql } from '../support/sql.ts';
import { signIn } from '../support/staff.ts';

/** The record of somebody with 10,000 touchpoints costs what it shows: rows read are what D1 bills and what takes the time. */
const { worker, run, db } = await startWithSql();
afterAll(() => worker.dispose());

let read = 0;
let trips = 0;
const counted = databaseOver(async (statements: readonly Bound[]) => {
  const results = await run(statements);
  trips++;
  read += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
  return results;
});

const HOUR_MS = 3_600_000;
const END = Date.UTC(2026, 9, 1);
const TOTAL = 10_000;

/** Three years of page views, with an order now and then. */
async function fill(total: number, customer: string): Promise<string> {
  const source = await addSource(worker, 'standard_webhooks', { name: customer });
  const sourceId =
    (await db.prepare('SELECT id FROM source WHERE key = ?1').bind(source.key).first<{ id: number }>())?.id ?? 0;
  const step = (3 * 365 * 24 * HOUR_MS) / total;
  for (let from = 0; from < total; from += 250) {
    const touchpoints = Array.from({ length: Math.min(250, total - from) }, (_, index): TouchpointInput => {
      const n = from + index;
      const isOrder = n % 100 === 99;
      return {
        messageId: `long-${n}`,
        kind: isOrder ? 'order_placed' : 'page_viewed',
        channel: isOrder ? 'shop' : 'web',
        direction: 'in',
        initiator: 'customer',
        occurredAt: Math.round(END - (total - n) * step),
        person: {
          key: `customer:${customer}`,
          identifiers: [{ kind: 'customer', value: customer, assurance: 'asserted' }],
        },
        ...(isOrder && { order: { id: `${n}`, asOf: null, total: { amountMinor: 1000, currency: 'EUR' } } }),
      };
    });
    await append(db, systemClock, { sourceId, touchpoints });
  }
  return (await holdersOf(worker, `customer:${customer}`))[0]?.id ?? '';
}

const [short, long] = [await fill(500, 'short'), await fill(TOTAL, 'long')];

async function costOf(id: string, view: Partial<Parameters<typeof readCustomer>[2]>) {
  [read, trips] = [0, 0];
  const begun = performance.now();
  const record = await readCustomer(counted, id, { limit: 60, offset: 0, ...view });
  const ms = Math.round(performance.now() - begun);
  if (process.env.SHOW_COSTS) console.info(JSON.stringify({ view, read, trips, ms }));
  return { read, trips, record };
}

describe('the record of a customer with 10,000 touchpoints', () => {
  it('is read in one round trip', async () => {
    expect((await costOf(long, {})).trips).toBe(1);
  });

  it('shows its latest without reading the rest; what remains is a count of months, with a bound', async () => {
    const [few, many] = [await costOf(short, {}), await costOf(long, {})];
    expect(many.record?.stats.touchpoints).toBe(TOTAL);
    expect(many.record?.timeline).toHaveLength(60);
    // Of each touchpoint one row of an index is read for its month, and no more.
    expect(many.read - few.read).toBeLessThan(TOTAL * 1.1);
  });

  it('goes to a month and to a later page at no greater price than to the first', async () => {
    const first = await costOf(long, {});
    const month = await costOf(long, { before: Date.UTC(2024, 5, 1) });
    expect(month.record?.timeline[0]?.occurredAt).toBeLessThan(Date.UTC(2024, 5, 1));
    expect(month.read).toBeLessThanOrEqual(first.read + 50);
    const [last] = first.record?.timeline.slice(-1) ?? [];
    const place = { to: 'older' as const, at: last?.occurredAt ?? 0, seq: last?.seq ?? 0 };
    const second = await costOf(long, { place });
    expect(second.trips).toBe(1);
    expect(second.read).toBeLessThanOrEqual(first.read + 50);
    const deep = await costOf(long, { place: { to: 'older', at: Date.UTC(2024, 5, 1), seq: 0 } });
    expect(deep.record?.timeline).toHaveLength(60);
    expect(deep.read).toBeLessThanOrEqual(first.read + 50);
    const back = await costOf(long, { place: { to: 'newer', at: Date.UTC(2024, 5, 1), seq: 0 } });
    expect([back.trips, back.record?.timeline.length]).toEqual([1, 60]);
    expect(back.read).toBeLessThanOrEqual(first.read + 50);
    // Addresses of before pages had places skip what they do not show.
    const tenth = await costOf(long, { offset: 600 });
    expect(tenth.read - first.read).toBeLessThanOrEqual(600 * 5);
  });

  it('counts every contact in its month', async () => {
    const { record } = await costOf(long, {});
    const counts = record?.months.map(({ contacts }) => contacts) ?? [];
    expect(counts).toHaveLength(36);
    expect(Math.max(...counts)).toBeLessThan(320);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(TOTAL * 0.97);
  });
});

describe('the page of a customer with 10,000 touchpoints', async () => {
  const staff = await signIn(worker);
  const page = (id: string) => staff.textOf(`/customers/${id}`);
  const contacts = (html: string) => html.match(/href="\/touchpoints\//g)?.length ?? 0;

  it('is a page to be read: as many contacts as that of somebody with five hundred, and no more than 150 kB', async () => {
    const [few, many] = [await page(short), await page(long)];
    if (process.env.SHOW_COSTS) console.info(few.length, many.length, contacts(few), contacts(many));
    expect(contacts(many)).toBeGreaterThan(0);
    expect(contacts(many)).toBeLessThanOrEqual(60);
    expect(contacts(many)).toBe(contacts(few));
    expect(many.length).toBeLessThan(150_000);
  });

  it('leads on to what is older, page by page', async () => {
    const html = await page(long);
    const older = /href="([^"]*older[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(older).not.toBe('');
    const next = await staff.textOf(older.startsWith('/') ? older : `/customers/${long}${older}`);
    expect(contacts(next)).toBe(contacts(html));
    expect(next.length).toBeLessThan(150_000);
  });
});
