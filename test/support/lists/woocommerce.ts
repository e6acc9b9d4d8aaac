import { type Request as OutsideRequest, Response } from 'miniflare';
import { type Signed, signWooCommerce } from '../sign.ts';
import { euros, type Happening, type Sold, type Till } from './till.ts';

/** A WooCommerce shop: its webhooks, and a stand-in of its REST API for orders and customers. */
export const WOO_KEYS = { key: `ck_${'1a'.repeat(20)}`, secret: `cs_${'2b'.repeat(20)}` };

const gmt = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().slice(0, 19));

function statusOf({ cancelledAt, fulfilledAt, paidAt }: Sold): string {
  if (cancelledAt !== null) return 'cancelled';
  if (fulfilledAt !== null) return 'completed';
  return paidAt === null ? 'on-hold' : 'processing';
}

const resource = (order: Sold) => ({
  id: order.id,
  number: String(order.id),
  status: statusOf(order),
  currency: 'EUR',
  total: euros(order.cents),
  date_created_gmt: gmt(order.createdAt),
  date_modified_gmt: gmt(order.updatedAt),
  date_paid_gmt: gmt(order.paidAt),
  date_completed_gmt: gmt(order.fulfilledAt),
  customer_id: 0,
  billing: { first_name: 'Mara', last_name: 'Lindqvist', email: order.email, city: 'Uppsala', country: 'SE' },
  line_items: [{ name: 'Oak board', sku: 'OAK-3', quantity: 1, total: euros(order.cents) }],
  refunds: order.refunds.map(({ id, cents }) => ({ id, reason: '', total: `-${euros(cents)}` })),
});

let deliveries = 0;

/** The webhook of a happening. */
export function wooWebhooks(secret: string, { deed, order }: Happening): Signed[] {
  const body = JSON.stringify(resource(order));
  const signed = signWooCommerce(body, { secret, now: 0 });
  const topic = deed === 'placed' ? 'order.created' : 'order.updated';
  const own = { 'x-wc-webhook-topic': topic, 'x-wc-webhook-delivery-id': `d${++deliveries}` };
  return [{ body, headers: { ...signed.headers, 'content-type': 'application/json', ...own } }];
}

export type Account = { readonly id: number; readonly email: string; readonly createdAt: number };
const accountBody = ({ id, email, createdAt }: Account) => ({
  id,
  email,
  first_name: 'Ivelina',
  last_name: 'Radeva',
  date_created_gmt: gmt(createdAt),
  date_modified_gmt: gmt(createdAt),
});

const refuse = (status: number, code: string) => Response.json({ code, message: code }, { status });

/** Answers for a till's orders and a list of accounts. */
export function wooApi(shop: string, till: Till, accounts: Account[] = []) {
  const seen = { orders: 0, customers: 0 };
  const listed = (query: URLSearchParams, what: 'orders' | 'customers'): unknown[] | null => {
    if (what === 'customers') {
      if (query.get('orderby') !== 'registered_date' || query.get('order') !== 'desc') return null;
      return accounts.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id).map(accountBody);
    }
    const after = query.get('modified_after') ?? '';
    const isAsked =
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(after) &&
      query.get('dates_are_gmt') === 'true' &&
      query.get('orderby') === 'modified' &&
      query.get('order') === 'asc';
    if (!isAsked) return null;
    return [...till.orders.values()]
      .filter(({ updatedAt }) => updatedAt > Date.parse(`${after}Z`))
      .sort((a, b) => a.updatedAt - b.updatedAt || a.id - b.id)
      .map(resource);
  };
  return {
    shop,
    seen,
    answer: async (request: OutsideRequest): Promise<Response> => {
      const { host, pathname, searchParams } = new URL(request.url);
      if (host !== shop || request.method !== 'GET') return refuse(404, 'rest_no_route');
      const what = /^\/wp-json\/wc\/v3\/(orders|customers)$/.exec(pathname)?.[1];
      if (what !== 'orders' && what !== 'customers') return refuse(404, 'rest_no_route');
      if (request.headers.get('authorization') !== `Basic ${btoa(`${WOO_KEYS.key}:${WOO_KEYS.secret}`)}`)
        return refuse(401, 'woocommerce_rest_cannot_view');
      const perPage = Number(searchParams.get('per_page'));
      const page = Number(searchParams.get('page'));
      const all = listed(searchParams, what);
      if (!(perPage >= 1 && perPage <= 100) || !(page >= 1) || all === null) return refuse(400, 'rest_invalid_param');
      seen[what]++;
      return Response.json(all.slice((page - 1) * perPage, page * perPage), {
        headers: { 'x-wp-total': String(all.length), 'x-wp-totalpages': String(Math.ceil(all.length / perPage)) },
      });
    },
  };
}
