import type { Money } from '../../../schema/money.ts';
import { parseStored } from '../../platform/json.ts';

/** A product as a list shows it: what it sold and what it costs. */
export type Product = {
  readonly id: number;
  readonly sku: string | null;
  readonly title: string;
  readonly units: number;
  /** Net of refunds, one entry a currency. */
  readonly revenue: readonly Money[];
  /** Customers who bought it, counted up to `COUNTED`. */
  readonly customers: number;
  /** What one costs now; null while nobody has said. */
  readonly cost: (Money & { readonly validFrom: number }) | null;
};

type Row = {
  id: number;
  sku: string | null;
  title: string;
  units: number;
  revenue: string;
  customers: number;
  cost_minor: number | null;
  cost_currency: string | null;
  cost_from: number | null;
};

const productOf = (row: Row): Product => ({
  id: row.id,
  sku: row.sku,
  title: row.title,
  units: row.units,
  revenue: parseStored<Money[]>(row.revenue, []),
  customers: row.customers,
  cost:
    row.cost_minor === null || row.cost_currency === null || row.cost_from === null
      ? null
      : { amountMinor: row.cost_minor, currency: row.cost_currency, validFrom: row.cost_from },
});

/** Customers of a product are counted so far in a list; beyond it the exact number is on the product's own page. */
export const COUNTED = 1000;

const TOTALS = `SELECT p.id, p.sku, p.title, k.amount_minor AS cost_minor, k.currency AS cost_currency, k.valid_from AS cost_from,
    (SELECT ifnull(sum(quantity), 0) FROM product_total x WHERE x.product_id = p.id) AS units,
    (SELECT coalesce(json_group_array(json_object('amountMinor', net_minor, 'currency', currency) ORDER BY currency)
       FILTER (WHERE lines > 0), '[]') FROM product_total x WHERE x.product_id = p.id) AS revenue,
    (SELECT ifnull(sum(net_minor), 0) FROM product_total x WHERE x.product_id = p.id) AS earned
  FROM product p LEFT JOIN product_cost k ON k.product_id = p.id
    AND k.valid_from = (SELECT max(valid_from) FROM product_cost y WHERE y.product_id = p.id AND y.valid_from <= ?1)`;

/** Reads the lines of one product until it has met so many customers. */
const buyers = (limit: string): string =>
  `(SELECT count(*) FROM (SELECT DISTINCT f.customer_id FROM order_line l CROSS JOIN fragment f ON f.id = l.fragment_id
    WHERE l.product_id = t.id ${limit})) AS customers`;

const MATCHES = `(?2 = '' OR instr(lower(t.title), lower(?2)) > 0 OR instr(lower(ifnull(t.sku, '')), lower(?2)) > 0)`;

export type ProductFilter = {
  /** Part of a title or an SKU. */
  readonly q: string;
  /** Only those nobody has given a cost. */
  readonly isWithoutCost: boolean;
  /** The moment costs are asked for, epoch ms. */
  readonly at: number;
  readonly limit: number;
  readonly offset: number;
};

/** Products, what has no cost yet first, then by what they earned. One more than `limit` when there are more. */
export async function listProducts(db: D1Database, filter: ProductFilter): Promise<Product[]> {
  const { q, isWithoutCost, at, limit, offset } = filter;
  const { results } = await db
    .prepare(
      `SELECT t.*, ${buyers(`LIMIT ${COUNTED + 1}`)} FROM (
         SELECT * FROM (${TOTALS}) t WHERE ${MATCHES} AND (?3 = 0 OR t.cost_minor IS NULL)
         ORDER BY t.cost_minor IS NULL AND t.earned > 0 DESC, t.cost_minor IS NULL DESC, t.earned DESC, t.id LIMIT ?4 OFFSET ?5) t
       ORDER BY t.cost_minor IS NULL AND t.earned > 0 DESC, t.cost_minor IS NULL DESC, t.earned DESC, t.id`,
    )
    .bind(at, q, isWithoutCost ? 1 : 0, limit + 1, offset)
    .all<Row>();
  return results.map(productOf);
}

/** How many products there are, and how many of them have no cost yet. */
export async function countProducts(db: D1Database): Promise<{ all: number; withoutCost: number }> {
  const row = await db
    .prepare(
      `SELECT count(*) AS products, ifnull(sum(NOT EXISTS (SELECT 1 FROM product_cost k WHERE k.product_id = p.id)), 0) AS bare
       FROM product p`,
    )
    .first<{ products: number; bare: number }>();
  return { all: row?.products ?? 0, withoutCost: row?.bare ?? 0 };
}

/** One product, its customers counted to the last. Null when there is no such product. */
export async function readProduct(db: D1Database, id: number, at: number): Promise<Product | null> {
  const row = await db
    .prepare(`SELECT t.*, ${buyers('')} FROM (${TOTALS} WHERE p.id = ?2) t`)
    .bind(at, id)
    .first<Row>();
  return row ? productOf(row) : null;
}
