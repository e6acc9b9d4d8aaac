import { type Context, Hono } from 'hono';
import { readBody } from '../../platform/body.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { usualCurrency } from '../../record/contact-rates.ts';
import { dayFrom, importSheet, writeSheet } from '../../record/products/cost-sheet.ts';
import { dropCost, saveCosts } from '../../record/products/costs.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf, localPath, pathWith } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { typedMoney } from './amounts.ts';
import type { CostFault } from './cost-form.tsx';
import { productPage } from './product-page.tsx';
import { productsPage } from './products-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const DAY_MS = 24 * 3600 * 1000;
/** A sheet of some ten thousand lines, in bytes. */
const MAX_SHEET = 1024 * 1024;
const queryOf = (c: Staff): URLSearchParams => new URL(c.req.url).searchParams;
const idOf = (id: string): number | null => (/^\d{1,15}$/.test(id) ? Number(id) : null);
const missing = (): Response => problemPage(noSuchPage);

async function showProduct(c: Staff, given: string): Promise<Response> {
  const id = idOf(given);
  const page = id === null ? null : await productPage(runtimeOf(c.env), id, { notice: noticeOf(c.req.query('done')) });
  return page ? pageResponse(page) : missing();
}

async function setCost(c: Staff, given: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const id = idOf(given);
  if (id === null) return missing();
  const form = await formOf(c.req.raw);
  const [cost, currency, from] = [form.text('cost'), form.text('currency'), form.text('from')];
  const origin = new URL(c.req.url).origin;
  const back = localPath(form.text('back'), origin, '/products');
  const [money, validFrom] = [typedMoney(cost, currency), dayFrom(from)];
  if (money && validFrom !== null) {
    await saveCosts(runtime.db, [{ product: id, ...money, validFrom }]);
    return seeOther(
      pathWith(back.split('?', 1)[0] ?? '/products', new URL(back, origin).searchParams, { done: 'saved' }),
    );
  }
  const message = money
    ? 'Write the day like 2026-11-22.'
    : 'Write an amount such as 12.50 and a currency such as EUR.';
  const fault: CostFault = { product: id, cost, currency, from, message };
  const page = back.startsWith('/products/')
    ? await productPage(runtime, id, { fault })
    : await productsPage(runtime, { query: new URL(back, origin).searchParams, fault });
  return page ? pageResponse(page, { status: 422 }) : missing();
}

async function takeBack(c: Staff, given: string): Promise<Response> {
  const id = idOf(given);
  const from = Number((await formOf(c.req.raw)).text('from'));
  if (id === null) return missing();
  if (Number.isSafeInteger(from)) await dropCost(runtimeOf(c.env).db, id, from);
  return seeOther(`/products/${id}?done=saved`);
}

/** The text of a sheet, from a file or pasted; null when it is too large or nothing was given. */
async function sheetOf(request: Request): Promise<string | null> {
  const body = await readBody(request, MAX_SHEET);
  if (!body) return null;
  try {
    const form = await new Response(body, {
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
    }).formData();
    const [file, pasted] = [form.get('file'), form.get('csv')];
    const text = file instanceof File && file.size > 0 ? await file.text() : pasted;
    return typeof text === 'string' && text.trim() !== '' ? text.replaceAll('\u0000', '').toWellFormed() : null;
  } catch {
    return null;
  }
}

async function importCosts(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const text = await sheetOf(c.req.raw);
  const today = Math.floor(runtime.clock.now() / DAY_MS) * DAY_MS;
  const none = { saved: 0, faults: [{ line: 1, message: 'Choose a CSV file of at most 1 MB, or paste its lines.' }] };
  const imported = text === null ? none : await importSheet(runtime.db, text, today, await usualCurrency(runtime.db));
  const page = await productsPage(runtime, { query: new URLSearchParams(), imported });
  return pageResponse(page, { status: imported.faults.length > 0 ? 422 : 200 });
}

/** What was sold, what it costs, and both as a sheet. Behind the session guard. */
export const productRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/products', async (c) =>
    pageResponse(await productsPage(runtimeOf(c.env), { query: queryOf(c), notice: noticeOf(c.req.query('done')) })),
  )
  .get('/products.csv', async (c) => {
    const { db, clock } = runtimeOf(c.env);
    return c.body(await writeSheet(db, clock.now()), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="products.csv"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  })
  .post('/products/costs', importCosts)
  .get('/products/:id', (c) => showProduct(c, c.req.param('id')))
  .post('/products/:id/cost', (c) => setCost(c, c.req.param('id')))
  .post('/products/:id/cost/drop', (c) => takeBack(c, c.req.param('id')));
