import fc from 'fast-check';
import { Response } from 'miniflare';
import { afterAll, describe, expect, it } from 'vitest';
import { SHOPIFY_APP, SHOPIFY_TOKEN, shopifyApi, shopifyWebhooks, throttled } from '../support/apis/shopify.ts';
import {
  chargeRefunded,
  checkoutPaid,
  STRIPE_KEY,
  type StripeEvent,
  stripeApi,
  stripeWebhook,
} from '../support/apis/stripe.ts';
import { type Deed, type Happening, openTill, type Till } from '../support/apis/till.ts';
import { type Account, WOO_KEYS, wooApi, wooWebhooks } from '../support/apis/woocommerce.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { seeded } from '../support/random.ts';
import { addSource, deliver, linesOf, type Source } from '../support/shop.ts';
import type { Signed } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/**
 * What no webhook brought is filled in from the sender's own list, and nothing is there twice, whatever came when. Each API is a
 * stand-in of ours; the worker asks it as it would the real one.
 */
type Stand = { readonly answer: (request: import('miniflare').Request) => Promise<Response> };
const stands = new Map<string, Stand>();
const strangers: string[] = [];
const { worker, db } = await startWithSql({
  outside: async (request) => {
    const { host } = new URL(request.url);
    const stand = stands.get(host);
    if (!stand) strangers.push(host);
    return stand ? stand.answer(request) : new Response('', { status: 502 });
  },
});
const query = queryOf(db);
afterAll(() => worker.dispose());

/** History is brought in from here on, so that tests may happen at times of their own. */
const SINCE = '2026-03-01T00:00:00Z';
const START = Date.parse('2026-03-02T10:00:00Z');

const minute = async () => {
  await (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
};
const setCredentials = (source: Source, credentials: Record<string, string>) =>
  callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { credentials } });
type Standing = {
  canReconcile: boolean;
  isReady: boolean;
  comparedTo: string | null;
  lastNote: string | null;
  nextAt: string | null;
  error: string | null;
};
const standing = (source: Source) => callApi<Standing>(worker, `/sources/${source.id}/reconcile`);
const compare = async (source: Source, since: string | undefined = SINCE) => {
  await callApi(worker, `/sources/${source.id}/reconcile`, { method: 'POST', body: since ? { since } : {} });
  await minute();
  return standing(source);
};
const idOf = async (source: Source): Promise<number> =>
  Number((await query<{ id: number }>(`SELECT id FROM source WHERE public_id = '${source.id}'`))[0]?.id);

let shops = 0;
type Shop = { readonly source: Source; readonly till: Till; readonly send: (happening: Happening | null) => Signed[] };

async function openShopify() {
  const till = openTill(START);
  const host = `shop-${++shops}.myshopify.com`;
  const api = shopifyApi(host, till);
  stands.set(host, api);
  const source = await addSource(worker, 'shopify', { secret: `secret-${shops}` });
  const send = (happening: Happening | null) => (happening ? shopifyWebhooks(source.secret, happening) : []);
  const connect = () => setCredentials(source, { shop: host, token: SHOPIFY_TOKEN });
  return { source, till, send, api, host, connect };
}

async function openWoo(accounts: Account[] = []) {
  const till = openTill(START);
  const host = `shop${++shops}.example.com`;
  const api = wooApi(host, till, accounts);
  stands.set(host, api);
  const source = await addSource(worker, 'woocommerce');
  const send = (happening: Happening | null) => (happening ? wooWebhooks(source.secret, happening) : []);
  const connect = () => setCredentials(source, { shop: host, ...WOO_KEYS });
  return { source, till, send, api, host, connect };
}

const deliverAll = async (source: Source, webhooks: readonly Signed[]) => {
  for (const webhook of webhooks) expect((await deliver(worker, source, webhook)).status).toBe(200);
};

type Row = { kind: string; subject: string; message_id: string };
const touchpointsOf = async (source: Source): Promise<Row[]> =>
  query<Row>(
    `SELECT kind, subject, message_id FROM touchpoint WHERE source_id = ${await idOf(source)} ORDER BY message_id`,
  );
const kindsOf = async (source: Source) => (await touchpointsOf(source)).map(({ kind }) => kind).sort();
/** What the orders of a source come to, without the times that depend on which webhook told them first. */
const ordersOf = async (source: Source) =>
  query(
    `SELECT external_id, number, total_minor, currency, refunded_minor, cancelled_at, is_void, counts, placed_at,
       paid_at IS NOT NULL AS paid, fulfilled_at IS NOT NULL AS fulfilled
     FROM orders WHERE source_id = ${await idOf(source)} ORDER BY external_id`,
  );

describe.each([
  ['shopify', openShopify, ['order_paid', 'order_placed', 'order_refunded']],
  ['woocommerce', openWoo, ['order_placed', 'order_refunded']],
] as const)('a shop at %s', (_kind, open, lost) => {
  it('whose webhooks were lost has its orders filled in, once', async () => {
    const { source, till, connect } = await open();
    till.place(4850);
    till.wait(60);
    till.change(1001, 'paid');
    till.wait(60);
    till.change(1001, 'refunded', 850);
    await connect();
    await compare(source);
    expect(await kindsOf(source)).toEqual(lost);
    expect(await ordersOf(source)).toMatchObject([
      { external_id: '1001', total_minor: 4850, refunded_minor: 850, paid: 1, counts: 1 },
    ]);
    const [line] = await linesOf(worker, source);
    expect(line).toMatchObject({ outcome: 'accepted', stored: lost.length, canReplay: false });
    expect(line?.reason).toMatch(/^1 order \(\d events\) filled in that no webhook brought\.$/);
    expect(await compare(source)).toMatchObject({
      error: null,
      lastNote: expect.stringMatching(/^Nothing was missing/),
    });
    expect(await kindsOf(source)).toEqual(lost);
  });

  it('that lost nothing gets not a single row, but for how far it was compared', async () => {
    const { source, till, send, connect } = await open();
    for (const cents of [1000, 2000, 3000]) await deliverAll(source, send(till.place(cents)));
    till.wait(5);
    await deliverAll(source, send(till.change(1002, 'paid')));
    till.wait(5);
    await deliverAll(source, send(till.change(1002, 'refunded', 500)));
    await connect();
    await minute();
    const count = async () =>
      query(
        `SELECT (SELECT count(*) FROM touchpoint) t, (SELECT count(*) FROM delivery) d, (SELECT count(*) FROM orders) o,
         (SELECT count(*) FROM identifier) i, (SELECT count(*) FROM fragment) f, (SELECT count(*) FROM profile) p,
         (SELECT max(as_of) FROM orders) a, (SELECT count(*) FROM person_work) w`,
      );
    const before = await count();
    const { lastNote, comparedTo } = await compare(source);
    expect(lastNote).toMatch(/^Nothing was missing; \d+ events compared\.$/);
    expect(Date.now() - Date.parse(comparedTo ?? '')).toBeLessThan(60_000);
    expect(await count()).toEqual(before);
  });

  it('has a thousand orders of history brought in, page by page', async () => {
    const { source, till, connect } = await open();
    for (let n = 0; n < 1000; n++) {
      till.place(1000 + n);
      // Many in one second, some alone.
      if (n % 7 === 0) till.wait(n % 3);
    }
    await connect();
    await compare(source);
    expect((await ordersOf(source)).length).toBe(1000);
    expect(await kindsOf(source)).toEqual(Array(1000).fill('order_placed'));
    const [sum] = await query<{ n: number }>(
      `SELECT sum(total_minor) AS n FROM orders WHERE source_id = ${await idOf(source)}`,
    );
    expect(sum?.n).toBe(1000 * 1000 + (999 * 1000) / 2);
    expect((await standing(source)).lastNote).toMatch(/^1000 orders \(1000 events\) filled in/);
  }, 60_000);

  it('has orders compared that share the second a comparison ended at', async () => {
    const { source, till, connect } = await open();
    await connect();
    till.place(1000);
    await compare(source);
    till.place(2000);
    till.change(1001, 'changed', 50);
    await compare(source);
    expect(await ordersOf(source)).toMatchObject([{ external_id: '1001' }, { external_id: '1002', total_minor: 2000 }]);
  });
});

describe('whatever comes when', () => {
  const deeds: readonly Exclude<Deed, 'placed'>[] = ['paid', 'changed', 'fulfilled', 'refunded', 'cancelled'];
  const step = fc.record({
    what: fc.constantFrom('place', 'change', 'change', 'change', 'reconcile', 'late'),
    deed: fc.constantFrom(...deeds),
    pick: fc.nat(100),
    seconds: fc.constantFrom(0, 1, 40),
    fate: fc.constantFrom('now', 'now', 'twice', 'late', 'lost'),
  });

  it.each([
    ['shopify', openShopify],
    ['woocommerce', openWoo],
  ] as const)(
    '%s: comparing leaves what webhooks alone would have left',
    async (_kind, open) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), fc.nat(), async (steps, seed) => {
          const compared = await open();
          const plain = await open();
          await compared.connect();
          await compare(compared.source);
          const [late, lost]: [Signed[], Signed[]] = [[], []];
          for (const { what, deed, pick, seconds, fate } of steps) {
            if (what === 'reconcile') await compare(compared.source);
            if (what === 'late') await deliverAll(compared.source, late.splice(0, 1));
            if (what !== 'place' && what !== 'change') continue;
            compared.till.wait(seconds);
            const ids = [...compared.till.orders.keys()];
            const id = ids[pick % Math.max(1, ids.length)] ?? 0;
            const happening =
              what === 'place' ? compared.till.place(1000 + pick) : compared.till.change(id, deed, 10 + pick);
            const webhooks = compared.send(happening);
            if (fate === 'late') late.push(...webhooks);
            if (fate === 'lost') lost.push(...webhooks);
            if (fate === 'now' || fate === 'twice') await deliverAll(compared.source, webhooks);
            if (fate === 'twice') await deliverAll(compared.source, webhooks);
            await deliverAll(plain.source, plain.send(happening));
          }
          await compare(compared.source);
          await compare(compared.source);
          await deliverAll(compared.source, seeded(seed).shuffle(late));
          // Totals are right though some never came.
          expect(await ordersOf(compared.source)).toEqual(await ordersOf(plain.source));
          const full = new Set((await touchpointsOf(plain.source)).map(({ message_id }) => message_id));
          expect((await touchpointsOf(compared.source)).filter(({ message_id }) => !full.has(message_id))).toEqual([]);
          // Those that never came, come after all.
          await deliverAll(compared.source, lost);
          await compare(compared.source);
          expect(await touchpointsOf(compared.source)).toEqual(await touchpointsOf(plain.source));
          expect(await ordersOf(compared.source)).toEqual(await ordersOf(plain.source));
        }),
        { numRuns: 12 },
      );
      expect(await drift(query)).toEqual([]);
    },
    120_000,
  );
});
