import type { Runtime } from '../../platform/env.ts';
import { usualCurrency } from '../../record/contact-rates.ts';
import type { Imported } from '../../record/products/cost-sheet.ts';
import { countProducts, listProducts } from '../../record/products/products.ts';
import { SearchForm } from '../components/search-form.tsx';
import { pathWith } from '../form.ts';
import { formatCount, plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import type { CostFault } from './cost-form.tsx';
import { ProductTable } from './products-table.tsx';
import { Outcome, Sheet } from './sheet.tsx';

const PATH = '/products';
const PAGE = 50;
const MAX_PAGE = 2000;

export type ProductsRequest = {
  readonly query: URLSearchParams;
  readonly notice?: StaffPageProps['notice'];
  readonly fault?: CostFault | undefined;
  readonly imported?: Imported | undefined;
};

function Search({ query }: { readonly query: URLSearchParams }) {
  const isMissing = query.get('cost') === 'missing';
  return (
    <>
      <SearchForm
        action={PATH}
        label="Search products"
        placeholder="Title or SKU"
        q={query.get('q') ?? ''}
        kept={isMissing ? [['cost', 'missing']] : []}
      />
      <ul class="chips" aria-label="Filters">
        <li>
          <a
            class="chip"
            aria-current={isMissing ? 'true' : undefined}
            href={pathWith(PATH, query, { cost: isMissing ? null : 'missing', page: null, done: null })}
          >
            {isMissing && <Icon name="check" />}
            Without a cost
            {isMissing && <span class="visually-hidden"> (on; choose to take off)</span>}
          </a>
        </li>
      </ul>
    </>
  );
}

function Nothing({ hasAny }: { readonly hasAny: boolean }) {
  if (hasAny)
    return (
      <div class="empty">
        <p>No product matches. Try fewer letters of the title, or the SKU.</p>
        <p>
          <a href={PATH}>Show all products</a>
        </p>
      </div>
    );
  return (
    <div class="empty">
      <p>
        Nothing was sold yet. Products appear here, within a minute, with the first order that names what was bought.
      </p>
      <p>
        <a class="button" href="/sources/new">
          Connect a shop
        </a>
      </p>
    </div>
  );
}

const pageNumber = (query: URLSearchParams): number => {
  const page = Number(query.get('page') ?? '1');
  return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1;
};

/** `GET /products`: what was sold and what it costs. */
export async function productsPage({ db, clock }: Runtime, request: ProductsRequest) {
  const { query, notice = null, imported } = request;
  const now = clock.now();
  const page = pageNumber(query);
  const filter = { q: query.get('q')?.trim().slice(0, 100) ?? '', isWithoutCost: query.get('cost') === 'missing' };
  const [found, counts, currency] = await Promise.all([
    listProducts(db, { ...filter, at: now, limit: PAGE, offset: (page - 1) * PAGE }),
    countProducts(db),
    usualCurrency(db),
  ]);
  const products = found.slice(0, PAGE);
  const today = new Date(now).toISOString().slice(0, 10);
  const toPage = (n: number) => pathWith(PATH, query, { page: n > 1 ? String(n) : null, done: null });
  return (
    <StaffPage title="Products" section="products" notice={notice}>
      <header class="page-head">
        <h1>Products</h1>
        <p class="muted">
          {plural(counts.all, 'product')}
          {counts.withoutCost > 0 && `, ${formatCount(counts.withoutCost)} without a cost`}
        </p>
      </header>
      {imported && <Outcome imported={imported} />}
      {counts.all > 0 && <Search query={query} />}
      {products.length === 0 ? (
        <Nothing hasAny={counts.all > 0} />
      ) : (
        <ProductTable
          products={products}
          fault={request.fault}
          currency={currency}
          today={today}
          back={pathWith(PATH, query, { done: null })}
        />
      )}
      {(page > 1 || found.length > PAGE) && (
        <nav class="pager" aria-label="Pages">
          {page > 1 && <a href={toPage(page - 1)}>Before</a>}
          {found.length > PAGE && (
            <a rel="next" href={toPage(page + 1)}>
              Next {String(PAGE)}
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
      {counts.all > 0 && <Sheet isOpen={(imported?.faults.length ?? 0) > 0} />}
    </StaffPage>
  );
}
