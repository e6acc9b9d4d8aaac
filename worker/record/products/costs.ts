import type { Money } from '../../../schema/money.ts';

/** A cost of goods from a day on, epoch ms at its beginning in UTC. */
export type ProductCost = Money & { readonly validFrom: number };

/** Every cost a product had, newest first. */
export async function costsOf(db: D1Database, product: number): Promise<ProductCost[]> {
  const { results } = await db
    .prepare('SELECT * FROM product_cost WHERE product_id = ?1 ORDER BY valid_from DESC')
    .bind(product)
    .all<{ valid_from: number; amount_minor: number; currency: string }>();
  return results.map((row) => ({ validFrom: row.valid_from, amountMinor: row.amount_minor, currency: row.currency }));
}

export type CostEntry = ProductCost & { readonly product: number };

/** Sets costs. One of the same product and day is replaced, what began earlier stays for what was sold before. */
export async function saveCosts(db: D1Database, costs: readonly CostEntry[]): Promise<void> {
  await db
    .prepare(
      `INSERT INTO product_cost (product_id, valid_from, amount_minor, currency)
       SELECT p.id, c.value ->> 'validFrom', c.value ->> 'amountMinor', c.value ->> 'currency'
       FROM json_each(?1) c CROSS JOIN product p ON p.id = c.value ->> 'product' WHERE true
       ON CONFLICT (product_id, valid_from) DO UPDATE SET amount_minor = excluded.amount_minor, currency = excluded.currency`,
    )
    .bind(JSON.stringify(costs))
    .run();
}

/** Takes back a cost that was never so. */
export const dropCost = (db: D1Database, product: number, validFrom: number) =>
  db.prepare('DELETE FROM product_cost WHERE product_id = ?1 AND valid_from = ?2').bind(product, validFrom).run();

/** The products that keys name, in the order given; null for one that no order has named. `sku` or else `title`. */
export async function productsOf(
  db: D1Database,
  names: readonly { readonly sku: string; readonly title: string }[],
): Promise<(number | null)[]> {
  const { results } = await db
    .prepare(
      `SELECT (SELECT p.id FROM product p
         WHERE p.key = iif(n.value ->> 'sku' = '', 'title:' || lower(n.value ->> 'title'), 'sku:' || lower(n.value ->> 'sku'))) AS id
       FROM json_each(?1) n ORDER BY n.key`,
    )
    .bind(JSON.stringify(names))
    .all<{ id: number | null }>();
  return results.map(({ id }) => id);
}
