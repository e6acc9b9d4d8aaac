import * as z from 'zod';
import { moneyFromMinor } from '../../schema/money.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { costsOf, saveCosts } from '../record/products/costs.ts';
import { type Product as Listed, listProducts, readProduct } from '../record/products/products.ts';
import { fail, ok, operation } from './route.ts';
import { date, dayOf, Money, toDay } from './schemas.ts';

const tag = 'Products';
const LIMIT = 200;

const Cost = Money.extend({ validFrom: date });
const Product = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  title: z.string(),
  units: z.number(),
  revenue: z.array(Money).describe('Net of refunds, one entry a currency'),
  customers: z.int().describe('Counted to 1000 in a list, exactly for one product'),
  cost: Cost.nullable().describe('What one costs now'),
});

const productItem = ({ id, cost, revenue, ...rest }: Listed): z.input<typeof Product> => ({
  ...rest,
  id: String(id),
  revenue: [...revenue],
  cost: cost && { ...cost, validFrom: toDay(cost.validFrom) },
});

const byId = z.object({ id: z.string().regex(/^\d{1,15}$/, 'is not the id of a product') });

export const productOperations = [
  operation({
    method: 'get',
    path: '/products',
    id: 'listProducts',
    summary: 'What was sold; what has no cost yet first, then by what it earned',
    tag,
    query: z.object({
      q: z.string().max(100).default('').describe('Part of a title or an SKU'),
      cost: z.enum(['missing']).optional(),
      limit: z.coerce.number().int().min(1).max(LIMIT).default(50),
      cursor: z
        .string()
        .regex(/^\d{1,6}$/, 'is not a cursor of this list')
        .default('0'),
    }),
    response: z.object({ items: z.array(Product), nextCursor: z.string().nullable() }),
    handle: async ({ runtime, query: { q, cost, limit, cursor } }) => {
      const offset = Number(cursor);
      const filter = { q: q.trim(), isWithoutCost: cost === 'missing', at: runtime.clock.now(), limit, offset };
      const items = await listProducts(runtime.db, filter);
      const nextCursor = items.length > limit ? String(offset + limit) : null;
      return ok({ items: items.slice(0, limit).map(productItem), nextCursor });
    },
  }),
  operation({
    method: 'get',
    path: '/products/{id}',
    id: 'getProduct',
    summary: 'One product with every cost it had',
    tag,
    params: byId,
    response: Product.extend({ costs: z.array(Cost).describe('Newest first') }),
    handle: async ({ runtime, params }) => {
      const id = Number(params.id);
      const product = await readProduct(runtime.db, id, runtime.clock.now());
      if (!product) return fail(notFound('product'));
      const costs = await costsOf(runtime.db, id);
      return ok({
        ...productItem(product),
        costs: costs.map((cost) => ({ ...cost, validFrom: toDay(cost.validFrom) })),
      });
    },
  }),
  operation({
    method: 'put',
    path: '/products/{id}/cost',
    id: 'setProductCost',
    summary: 'Set what one costs from a day on; what was sold before keeps its cost',
    tag,
    params: byId,
    body: z.strictObject({ amountMinor: z.int().min(0), currency: z.string(), validFrom: date }),
    response: Product,
    handle: async ({ runtime, params, body }) => {
      const id = Number(params.id);
      const money = moneyFromMinor(body.amountMinor, body.currency);
      if (!money)
        return fail(
          invalid([
            { path: 'body.currency', message: 'Write an amount that can be, and its currency as three letters.' },
          ]),
        );
      if (!(await readProduct(runtime.db, id, runtime.clock.now()))) return fail(notFound('product'));
      await saveCosts(runtime.db, [{ product: id, ...money, validFrom: dayOf(body.validFrom) }]);
      const product = await readProduct(runtime.db, id, runtime.clock.now());
      return product ? ok(productItem(product)) : fail(notFound('product'));
    },
  }),
];
