import { COUNTED, type Product } from '../../record/products/products.ts';
import { formatCount, formatMoney } from '../format.ts';
import { formatQuantity } from './amounts.ts';
import { type CostFault, CostForm, type CostFormProps } from './cost-form.tsx';

type RowProps = Omit<CostFormProps, 'fault'> & { readonly fault: CostFault | undefined };

function Row({ product, fault, ...more }: RowProps) {
  const { id, title, sku, units, revenue, customers, cost } = product;
  return (
    <tr>
      <th scope="row">
        <span class="person-words">
          <a href={`/products/${id}`} dir="auto">
            {title}
          </a>
          {sku && (
            <span class="muted person-contact" dir="auto">
              {sku}
            </span>
          )}
        </span>
      </th>
      <td class="number" data-label="sold">
        {formatQuantity(units)}
      </td>
      <td class="number">{revenue.length === 0 ? '–' : revenue.map(formatMoney).join(' + ')}</td>
      <td class="number" data-label={customers === 1 ? 'customer' : 'customers'}>
        {customers > COUNTED ? `${formatCount(COUNTED)}+` : formatCount(customers)}
      </td>
      <td class="cost-cell">
        {!cost && <span class="status status-refunded">No cost yet</span>}
        <CostForm product={product} fault={fault?.product === id ? fault : null} {...more} />
      </td>
    </tr>
  );
}

/** What was sold, with the form of its cost in each row. */
export function ProductTable({
  products,
  fault,
  ...more
}: Omit<RowProps, 'product'> & { readonly products: readonly Product[] }) {
  return (
    <table class="listing products">
      <caption class="visually-hidden">Products, what has no cost yet first, then by revenue</caption>
      <thead>
        <tr>
          <th scope="col">Product</th>
          <th scope="col" class="number">
            Sold
          </th>
          <th scope="col" class="number">
            Revenue
          </th>
          <th scope="col" class="number">
            Customers
          </th>
          <th scope="col">Cost of goods</th>
        </tr>
      </thead>
      <tbody>
        {products.map((product) => (
          <Row key={product.id} product={product} fault={fault} {...more} />
        ))}
      </tbody>
    </table>
  );
}
