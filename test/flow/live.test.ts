import { afterAll, describe, expect, it } from 'vitest';
import { MAX_LIVE, readLive } from '../../worker/record/live.ts';
import { addSource, deliver, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { signIn } from '../support/staff.ts';

/** The live view: the end of the log, by parts that are bounded whatever the log holds. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const shop = await addSource(worker, 'shopify', { secret: 'live' });
let n = 0;
const order = async () => {
  n++;
  const body = orderBody({ id: n, customer: n, email: `live${n}@shop.example`, createdAt: '2026-03-01T10:00:00Z' });
  await deliver(worker, shop, shopifyDelivery(shop.secret, 'orders/create', `live-${n}`, body));
};
const ALL = { after: null, source: null, kinds: null };

const { ask } = await signIn(worker);

describe('the end of the log', () => {
  it('is read on from where the last look ended, and holds each touchpoint once', async () => {
    await order();
    const first = await readLive(db, ALL);
    expect(first.items).toHaveLength(1);
    expect((await readLive(db, { ...ALL, after: first.last })).items).toEqual([]);
    await order();
    const second = await readLive(db, { ...ALL, after: first.last });
    expect(second.items.map(({ seq }) => seq)).toEqual([second.last]);
  });

  it('is given by parts when much arrived at once, and nothing is passed over', async () => {
    const { last } = await readLive(db, ALL);
    for (let i = 0; i < MAX_LIVE + 5; i++) await order();
    const part = await readLive(db, { ...ALL, after: last });
    const rest = await readLive(db, { ...ALL, after: part.last });
    expect([part.items.length, rest.items.length]).toEqual([MAX_LIVE, 5]);
    expect(new Set([...part.items, ...rest.items].map(({ seq }) => seq)).size).toBe(MAX_LIVE + 5);
  });

  it('goes on also where nothing fits what is looked for', async () => {
    const whole = await readLive(db, ALL);
    const other = await readLive(db, { after: 0, source: 999, kinds: ['order_placed'] });
    expect([other.items, other.last]).toEqual([[], whole.last]);
  });
});

describe('the page', () => {
  const page = async (path: string) => {
    const response = await ask(path);
    return { status: response.status, text: await response.text() };
  };

  it('shows what arrived after a place, of a source and a kind, and knows no source that is not there', async () => {
    const { last } = await readLive(db, ALL);
    await order();
    const { status, text } = await page(`/live?after=${last}&source=${shop.id}&family=orders`);
    expect([status, text.match(/data-seq=/g)?.length]).toEqual([200, 1]);
    expect((await page(`/live?after=${last}&family=notes`)).text).not.toContain('data-seq=');
    expect((await page('/live?source=none')).status).toBe(404);
    expect((await page('/live?after=-1;DROP')).status).toBe(200);
  });

  it('is for staff', async () => {
    const response = await worker.dispatchFetch('http://rapport.test/live', { redirect: 'manual' });
    expect(response.status).toBe(303);
  });
});
