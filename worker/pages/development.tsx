import { type Context, Hono } from 'hono';
import { runMinute } from '../minute.ts';
import { systemClock } from '../platform/clock.ts';
import type { Bindings } from '../platform/env.ts';
import { type Problem, problemResponse } from '../platform/problem.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { type DemoSources, findDemoSources } from './development/demo-sources.ts';
import { GOODS } from './development/goods.ts';
import { mailboxPage } from './development/mailbox.tsx';
import { deliver, findOrder, nextNumber } from './development/orders.ts';
import { seed } from './development/seed.ts';
import { closedPage, shopPage } from './development/shop-page.tsx';
import { shopStyle } from './development/shop-style.ts';
import { customerIdOf, orderPlaced, orderRefunded, parcelSent } from './development/shopify-payloads.ts';
import { formOf, localPath } from './form.ts';
import { pageResponse, seeOther } from './response.ts';

type Env = { Bindings: Bindings };

const misuse = (detail: string): Problem => ({
  status: 422,
  code: 'invalid',
  title: 'The shop cannot do this',
  detail,
});

/** Whether anybody but the demo's own people is on record: then it is not for the demo to fill. */
async function countCustomers(db: D1Database): Promise<number> {
  const row = await db.prepare('SELECT count(*) AS customers FROM customer').first<{ customers: number }>();
  return row?.customers ?? 0;
}

/** A browser goes back to the shop; `npm start` reads the answer. */
const answer = (c: Context<Env>, facts: object, back = '/demo'): Response =>
  (c.req.header('accept') ?? '').includes('text/html') ? seeOther(back) : Response.json(facts);

async function sow(c: Context<Env>): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const started = systemClock.now();
  const customers = await countCustomers(c.env.DB);
  const found = await findDemoSources(runtime);
  const isWanted = c.req.query('only') !== 'look' && (customers === 0 || (c.req.query('force') === '1' && !found));
  const sources = isWanted ? await seed(runtime) : found;
  const survey = sources?.delivery.key ?? null;
  return answer(c, {
    isSeeded: isWanted,
    customers: await countCustomers(c.env.DB),
    survey,
    milliseconds: systemClock.now() - started,
  });
}

async function buy(c: Context<Env>, { shop }: DemoSources): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await c.req.formData();
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const good = GOODS.find(({ sku }) => sku === text('sku'));
  const email = text('email').toLowerCase();
  const [first = '', ...rest] = text('name').split(/\s+/);
  if (!good || first === '' || !email.includes('@'))
    return problemResponse(misuse('Choose something to buy, and fill in a name and an e-mail address.'));
  const at = runtime.clock.now();
  const person = { first, last: rest.join(' '), email, tongue: 'en', city: 'Whitby', country: 'GB' } as const;
  // The time serves as the order's id: the seeded orders have greater ones.
  const order = { id: at, number: await nextNumber(runtime, shop), person, customerId: customerIdOf(email), at };
  await deliver(runtime, shop, orderPlaced({ ...order, lines: [{ good, quantity: 1 }] }));
  return seeOther(`/demo?order=${order.id}`);
}

async function change(c: Context<Env>, { shop }: DemoSources): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await c.req.formData();
  const order = await findOrder(runtime, shop, Number(form.get('order')));
  if (!order) return problemResponse(misuse('There is no such order.'));
  const at = runtime.clock.now();
  const isRefund = form.get('act') === 'refund';
  await deliver(
    runtime,
    shop,
    isRefund ? orderRefunded(order, order.totalMinor, 'Changed my mind', at) : parcelSent(order, at),
  );
  return seeOther(`/demo?order=${order.id}`);
}

async function show(c: Context<Env>): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const sources = await findDemoSources(runtime);
  if (!sources) return pageResponse(closedPage());
  const id = Number(c.req.query('order') ?? Number.NaN);
  const order = Number.isSafeInteger(id) ? await findOrder(runtime, sources.shop, id) : null;
  return pageResponse(shopPage({ sources, order, isWritten: c.req.query('written') === '1' }));
}

/** With the demo's sources, or back to the shop, which says that there are none. */
const inShop = (act: (c: Context<Env>, sources: DemoSources) => Promise<Response>) => async (c: Context<Env>) => {
  const sources = await findDemoSources(runtimeOf(c.env));
  return sources ? act(c, sources) : seeOther('/demo');
};

/** What only the development build has: the demo shop, its history, and running the minute's jobs by hand. */
export function development(): Hono<Env> {
  return new Hono<Env>()
    .use('/demo/*', async (c, next) => {
      const origin = c.req.header('origin');
      // A page from elsewhere has no business here; a program sends no Origin.
      if (c.req.method === 'POST' && origin !== undefined && origin !== new URL(c.req.url).origin)
        return problemResponse({ ...misuse('This came from another site.'), status: 403 });
      return next();
    })
    .get('/demo', show)
    .get('/demo/shop.css', (c) => c.body(shopStyle, 200, { 'content-type': 'text/css; charset=utf-8' }))
    .get('/demo/mail', async (c) => pageResponse(await mailboxPage(runtimeOf(c.env))))
    .post('/demo/buy', inShop(buy))
    .post('/demo/order', inShop(change))
    .post('/demo/seed', sow)
    .post('/demo/cron', async (c) => {
      const back = localPath((await formOf(c.req.raw)).text('back'), new URL(c.req.url).origin, '/demo');
      await runMinute(c.env);
      return answer(c, { ok: true }, back);
    });
}
