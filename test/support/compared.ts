import { type Request as OutsideRequest, Response } from 'miniflare';
import { expect } from 'vitest';
import { SHOPIFY_TOKEN, shopifyApi, shopifyWebhooks } from './lists/shopify.ts';
import { STRIPE_KEY, type StripeEvent, stripeApi } from './lists/stripe.ts';
import { type Happening, openTill } from './lists/till.ts';
import { type Account, WOO_KEYS, wooApi, wooWebhooks } from './lists/woocommerce.ts';
import { queryOf } from './numbers.ts';
import { addSource, deliver, type Source } from './shop.ts';
import type { Signed } from './sign.ts';
import { startWithSql } from './sql.ts';
import { callApi, type WorkerOptions } from './worker.ts';

/** The worker among senders whose APIs are stand-ins of ours, and what tests of comparing have in common. */

/** History is brought in from here on, so that tests may happen at times of their own. */
export const SINCE = '2026-03-01T00:00:00Z';
export const START = Date.parse('2026-03-02T10:00:00Z');

export type Standing = {
  readonly canReconcile: boolean;
  readonly isReady: boolean;
  readonly isRunning: boolean;
  readonly comparedTo: string | null;
  readonly lastAt: string | null;
  readonly lastNote: string | null;
  readonly nextAt: string | null;
  readonly error: string | null;
};
type Row = { readonly kind: string; readonly subject: string; readonly message_id: string };
type Stand = { readonly answer: (request: OutsideRequest) => Promise<Response> };

/** Who is asked, by host; whom the worker asked besides is noted. */
export function standIns() {
  const stands = new Map<string, Stand>();
  const strangers: string[] = [];
  const outside = async (request: OutsideRequest): Promise<Response> => {
    const { host } = new URL(request.url);
    const stand = stands.get(host);
    if (!stand) strangers.push(host);
    return stand ? stand.answer(request) : new Response('', { status: 502 });
  };
  return { stands, strangers, outside };
}

let shops = 0;

/** Starts the worker; `options.persist` keeps its database, `known` the senders of an earlier start. */
export async function startCompared(options: WorkerOptions = {}, known = standIns()) {
  const { stands, strangers, outside } = known;
  const { worker, db } = await startWithSql({ ...options, outside });
  const query = queryOf(db);
  const connect = (source: Source, credentials: Record<string, string>) =>
    callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { credentials } });
  const cron = async () => {
    await (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
  };
  const open = (which: string) => query(`SELECT 1 FROM job WHERE done_at IS NULL AND dead_at IS NULL AND (${which})`);
  /** A minute's run, and what the nudge of an earlier answer had taken out of its hands or left behind. */
  const minute = async () => {
    const until = Date.now() + 5000;
    await cron();
    while ((await open(`begun_at IS NOT NULL OR run_at <= ${Date.now()}`)).length > 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if ((await open('begun_at IS NOT NULL')).length === 0) await cron();
    }
  };
  const standing = (source: Source) => callApi<Standing>(worker, `/sources/${source.id}/reconcile`);
  const idOf = async (source: Source): Promise<number> =>
    Number((await query<{ id: number }>(`SELECT id FROM source WHERE public_id = '${source.id}'`))[0]?.id);
  return {
    worker,
    db,
    query,
    stands,
    strangers,
    connect,
    minute,
    standing,
    idOf,

    compare: async (source: Source, since: string | null = SINCE): Promise<Standing> => {
      await callApi(worker, `/sources/${source.id}/reconcile`, { method: 'POST', body: since ? { since } : {} });
      await minute();
      return standing(source);
    },

    deliverAll: async (source: Source, webhooks: readonly Signed[]) => {
      for (const webhook of webhooks) expect((await deliver(worker, source, webhook)).status).toBe(200);
    },

    touchpointsOf: async (source: Source): Promise<Row[]> =>
      query<Row>(
        `SELECT kind, subject, message_id FROM touchpoint WHERE source_id = ${await idOf(source)} ORDER BY message_id`,
      ),

    /** What the orders of a source come to, without the times that depend on which webhook told them first. */
    ordersOf: async (source: Source) =>
      query(
        `SELECT external_id, number, total_minor, currency, refunded_minor, cancelled_at, is_void, counts, placed_at,
           paid_at IS NOT NULL AS paid, fulfilled_at IS NOT NULL AS fulfilled
         FROM orders WHERE source_id = ${await idOf(source)} ORDER BY external_id`,
      ),

    openShopify: async (start = START) => {
      const till = openTill(start);
      const host = `shop-${++shops}.myshopify.com`;
      const api = shopifyApi(host, till);
      stands.set(host, api);
      const source = await addSource(worker, 'shopify', { secret: `secret-${shops}` });
      const send = (happening: Happening | null) => (happening ? shopifyWebhooks(source.secret, happening) : []);
      return { source, till, send, api, host, connect: () => connect(source, { shop: host, token: SHOPIFY_TOKEN }) };
    },

    openWoo: async (start = START, accounts: Account[] = []) => {
      const till = openTill(start);
      const host = `shop${++shops}.example.com`;
      const api = wooApi(host, till, accounts);
      stands.set(host, api);
      const source = await addSource(worker, 'woocommerce');
      const send = (happening: Happening | null) => (happening ? wooWebhooks(source.secret, happening) : []);
      return { source, till, send, api, host, connect: () => connect(source, { shop: host, ...WOO_KEYS }) };
    },

    openStripe: async (events: StripeEvent[] = []) => {
      const api = stripeApi(events);
      stands.set('api.stripe.com', api);
      const source = await addSource(worker, 'stripe', { secret: `whsec_${++shops}` });
      return { source, events, api, connect: () => connect(source, { apiKey: STRIPE_KEY }) };
    },
  };
}
export type Compared = Awaited<ReturnType<typeof startCompared>>;
