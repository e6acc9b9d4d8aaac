import { type Request as OutsideRequest, Response } from 'miniflare';
import { type Signed, signShopify } from '../sign.ts';
import { euros, type Happening, type Sold, type Till } from './till.ts';

/**
 * A shop at Shopify: its webhooks, and a stand-in of its GraphQL Admin API for orders that is strict about host, path, token,
 * filter, paging, and about fields: it answers those that were asked for, and refuses those it does not know.
 */
export const SHOPIFY_TOKEN = 'shpat_0123456789abcdef0123456789abcdef';
export const SHOPIFY_APP = { clientId: 'app-0123456789', secret: 'shpss_0123456789abcdef' };

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000', '');
const statusOf = ({ paidAt, refunds }: Sold): string =>
  paidAt === null ? 'pending' : refunds.length > 0 ? 'partially_refunded' : 'paid';
const customerId = (order: Sold): number => 50_000 + order.id;

const refundBody = (order: Sold, { id, cents, at }: Sold['refunds'][number]) => ({
  id,
  order_id: order.id,
  created_at: iso(at),
  transactions: [{ kind: 'refund', status: 'success', amount: euros(cents), currency: 'EUR' }],
});

const orderBody = (order: Sold) => ({
  id: order.id,
  admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
  name: `#${order.id}`,
  email: order.email,
  created_at: iso(order.createdAt),
  updated_at: iso(order.updatedAt),
  cancelled_at: order.cancelledAt && iso(order.cancelledAt),
  currency: 'EUR',
  total_price: euros(order.cents),
  financial_status: statusOf(order),
  source_name: 'web',
  customer: { id: customerId(order), first_name: order.name.split(' ')[0], last_name: order.name.split(' ')[1] },
  line_items: [
    { title: 'Enamel teapot', sku: 'TEA-2', quantity: 1, price: euros(order.cents), total_discount: '0.00' },
  ],
  refunds: order.refunds.map((refund) => refundBody(order, refund)),
});

const TOPICS = { placed: 'create', paid: 'paid', fulfilled: 'fulfilled', cancelled: 'cancelled' } as const;

/** The webhooks of a happening, as a shop with all of them set up sends them. */
export function shopifyWebhooks(secret: string, { deed, order }: Happening): Signed[] {
  const sign = (topic: string, body: string): Signed => {
    const signed = signShopify(body, { secret, now: 0 });
    const headers = { ...signed.headers, 'content-type': 'application/json', 'x-shopify-topic': topic };
    return { body, headers: { ...headers, 'x-shopify-event-id': `${topic}-${order.id}-${body.length}` } };
  };
  const body = JSON.stringify(orderBody(order));
  const updated = sign('orders/updated', body);
  if (deed === 'changed') return [updated];
  if (deed !== 'refunded') return [sign(`orders/${TOPICS[deed]}`, body), updated];
  const refund = order.refunds.at(-1);
  return refund ? [sign('refunds/create', JSON.stringify(refundBody(order, refund))), updated] : [updated];
}

const money = (cents: number) => ({
  // The API writes decimals as short as they can be.
  shopMoney: { amount: String(cents / 100).replace(/^(\d+)$/, '$1.0'), currencyCode: 'EUR' },
});

const node = (order: Sold) => ({
  id: `gid://shopify/Order/${order.id}`,
  name: `#${order.id}`,
  email: order.email,
  phone: null,
  customerLocale: 'en',
  createdAt: iso(order.createdAt),
  processedAt: iso(order.createdAt),
  updatedAt: iso(order.updatedAt),
  cancelledAt: order.cancelledAt && iso(order.cancelledAt),
  cancelReason: order.cancelledAt && 'OTHER',
  test: false,
  sourceName: 'web',
  displayFinancialStatus: statusOf(order).toUpperCase(),
  displayFulfillmentStatus: order.fulfilledAt === null ? 'UNFULFILLED' : 'FULFILLED',
  totalPriceSet: money(order.cents),
  customer: {
    id: `gid://shopify/Customer/${customerId(order)}`,
    firstName: order.name.split(' ')[0],
    lastName: order.name.split(' ')[1],
  },
  billingAddress: null,
  lineItems: {
    nodes: [
      {
        title: 'Enamel teapot',
        sku: 'TEA-2',
        quantity: 1,
        originalTotalSet: money(order.cents),
        discountedTotalSet: money(order.cents),
      },
    ],
  },
  refunds: order.refunds.map(({ id, cents, at }) => ({
    id: `gid://shopify/Refund/${id}`,
    createdAt: iso(at),
    note: null,
    totalRefundedSet: money(cents),
  })),
  transactions: order.paidAt === null ? [] : [{ kind: 'SALE', status: 'SUCCESS', processedAt: iso(order.paidAt) }],
  fulfillments: order.fulfilledAt === null ? [] : [{ createdAt: iso(order.fulfilledAt) }],
});

type Tree = Map<string, Tree | null>;

/** The fields a query asks for. */
function fieldsOf(query: string): Tree {
  const words: readonly string[] = query.replaceAll(/\([^()]*\)/g, '').match(/[{}]|\w+/g) ?? [];
  let at = words.indexOf('{') + 1;
  const level = (): Tree => {
    const tree: Tree = new Map();
    for (let name = words[at]; name !== undefined && name !== '}'; name = words[at]) {
      at++;
      const isOpen = words[at] === '{';
      if (isOpen) at++;
      tree.set(name, isOpen ? level() : null);
    }
    at++;
    return tree;
  };
  return level();
}

/** What a query gets to see of a value. @throws Error for a field there is none of. */
function chosen(value: unknown, tree: Tree | null): unknown {
  if (tree === null || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => chosen(one, tree));
  const object: Record<string, unknown> = { ...value };
  return Object.fromEntries(
    [...tree].map(([name, below]) => {
      if (!(name in object)) throw new Error(`Field '${name}' doesn't exist`);
      return [name, chosen(object[name], below)];
    }),
  );
}

const refuse = (status: number, errors: string) => Response.json({ errors }, { status });

/** Hands the app a token for its own credentials. */
function tokenFor(form: URLSearchParams): Response {
  const isApp = form.get('client_id') === SHOPIFY_APP.clientId && form.get('client_secret') === SHOPIFY_APP.secret;
  if (form.get('grant_type') !== 'client_credentials' || !isApp) return refuse(400, 'invalid_client');
  return Response.json({ access_token: SHOPIFY_TOKEN, scope: 'read_orders', expires_in: 86399 });
}

/** Answers for a till's orders. `hosts` and `pages` count what it was asked; `next` answers the next request instead. */
export function shopifyApi(shop: string, till: Till) {
  const seen = { pages: 0, tokens: 0 };
  const odd: unknown[] = [];
  const state: { next: (() => Response | Promise<Response>) | null } = { next: null };
  const asked = async (request: OutsideRequest): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    if (request.method !== 'POST' || search !== '') return refuse(404, 'Not Found');
    if (pathname === '/admin/oauth/access_token') {
      seen.tokens++;
      return tokenFor(new URLSearchParams(await request.text()));
    }
    if (pathname !== '/admin/api/2026-07/graphql.json') return refuse(404, 'Not Found');
    if (request.headers.get('x-shopify-access-token') !== SHOPIFY_TOKEN)
      return refuse(401, '[API] Invalid API key or access token (unrecognized login or wrong password)');
    const { query, variables } = (await request.json()) as {
      query: string;
      variables: { first: number; after: string | null; query: string };
    };
    const since = /^updated_at:>='(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)'$/.exec(variables.query)?.[1];
    if (!/orders\([^)]*sortKey: UPDATED_AT\)/.test(query) || since === undefined || !(variables.first <= 250))
      return refuse(400, 'Bad Request');
    const [time, id] = variables.after === null ? [0, 0] : JSON.parse(atob(variables.after));
    const all = [...till.orders.values()]
      .filter(({ updatedAt }) => updatedAt >= Date.parse(since))
      .filter((order) => order.updatedAt > time || (order.updatedAt === time && order.id > id))
      .sort((a, b) => a.updatedAt - b.updatedAt || a.id - b.id);
    const page = all.slice(0, variables.first);
    const last = page.at(-1);
    seen.pages++;
    try {
      const orders = {
        pageInfo: {
          hasNextPage: all.length > page.length,
          endCursor: last ? btoa(JSON.stringify([last.updatedAt, last.id])) : null,
        },
        nodes: page.map(node),
      };
      const data = chosen({ orders }, fieldsOf(query)) as { orders: { nodes: unknown[] } };
      data.orders.nodes.push(...odd);
      return Response.json({ data });
    } catch (error) {
      return Response.json({ errors: [{ message: (error as Error).message }] });
    }
  };
  return {
    shop,
    seen,
    /** Things that are put among the orders of each page. */
    odd,
    instead: (answer: () => Response | Promise<Response>) => {
      state.next = answer;
    },
    answer: async (request: OutsideRequest): Promise<Response> => {
      if (new URL(request.url).host !== shop) return refuse(404, 'no such shop');
      const { next } = state;
      state.next = null;
      return next ? next() : asked(request);
    },
  };
}

/** What Shopify answers, with status 200, when the points are used up. */
export const throttled = (): Response =>
  Response.json({
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: {
      cost: {
        requestedQueryCost: 900,
        actualQueryCost: null,
        throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 100, restoreRate: 100 },
      },
    },
  });
