import type { Runtime } from '../../platform/env.ts';
import { usualCurrency } from '../../record/contact-rates.ts';
import { costsOf } from '../../record/products/costs.ts';
import { readProduct } from '../../record/products/products.ts';
import { formatCount, formatDay, formatMoney } from '../format.ts';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { formatQuantity } from './amounts.ts';
import { type CostFault, CostForm } from './cost-form.tsx';

/** `GET /products/:id`: one product with every cost it had. Null when there is no such product. */
export async function productPage(
  { db, clock }: Runtime,
  id: number,
  { notice = null, fault = null }: { readonly notice?: StaffPageProps['notice']; readonly fault?: CostFault | null },
) {
  const now = clock.now();
  const [product, costs, currency] = await Promise.all([readProduct(db, id, now), costsOf(db, id), usualCurrency(db)]);
  if (!product) return null;
  const { title, sku, units, revenue, customers } = product;
  const path = `/products/${id}`;
  return (
    <StaffPage title={title} section="products" notice={notice}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href="/products">Products</a>
          </p>
          <h1 dir="auto">{title}</h1>
        </div>
        {sku && (
          <p class="muted mono" dir="auto">
            {sku}
          </p>
        )}
      </header>
      <dl class="numbers">
        <div>
          <dt>Sold</dt>
          <dd>{formatQuantity(units)}</dd>
        </div>
        <div>
          <dt>Revenue</dt>
          <dd>
            {revenue.length === 0
              ? '–'
              : revenue.map((money) => <span key={money.currency}>{formatMoney(money)}</span>)}
          </dd>
        </div>
        <div>
          <dt>Customers</dt>
          <dd>{formatCount(customers)}</dd>
        </div>
      </dl>
      <section class="card" aria-labelledby="costs">
        <h2 id="costs">Cost of goods</h2>
        <p class="muted">
          What one costs you, without what the contact with the customer costs. A new cost holds from its day on; what
          was sold before keeps the cost of its time.
        </p>
        <CostForm
          product={product}
          currency={currency}
          today={new Date(now).toISOString().slice(0, 10)}
          fault={fault}
          back={path}
        />
        {costs.length > 0 && (
          <ul class="history">
            {costs.map(({ validFrom, ...money }) => (
              <li key={validFrom} class="row">
                <span>
                  {formatMoney(money)} from {formatDay(validFrom)}
                  {validFrom > now && ' (to come)'}
                </span>
                <form method="post" action={`${path}/cost/drop`}>
                  <input type="hidden" name="from" value={String(validFrom)} />
                  <button type="submit" class="small" aria-label={`Take back the cost from ${formatDay(validFrom)}`}>
                    Take back
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}
      </section>
    </StaffPage>
  );
}
