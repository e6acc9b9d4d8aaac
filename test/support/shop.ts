import type { Miniflare } from 'miniflare';
import { type Signed, signShopify } from './sign.ts';
import { callApi } from './worker.ts';

/** A made-up shop on Shopify's wire format, for tests that need a real sender: orders, refunds and their signed deliveries. */
export type Order = {
  readonly id: number | string;
  readonly customer?: number | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  /** Major units, as Shopify writes them. */
  readonly total?: string;
  readonly currency?: string;
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly cancelledAt?: string | null;
};

/** Ids are written as they are given: a string of digits stays a bare number in the JSON, however long. */
const number = (id: number | string): string => String(id);

/** The body of an order as Shopify sends it. */
export function orderBody(order: Order): string {
  const [first = 'Mara', last = 'Lindqvist'] = (order.name ?? '').split(' ').filter(Boolean);
  const json = JSON.stringify({
    id: '@id@',
    name: `#${String(order.id).slice(-6)}`,
    email: order.email ?? null,
    created_at: order.createdAt,
    updated_at: order.updatedAt ?? order.createdAt,
    cancelled_at: order.cancelledAt ?? null,
    currency: order.currency ?? 'EUR',
    total_price: order.total ?? '48.50',
    // Money is in, so that it counts, but not all: the order is placed, and its payment told by itself.
    financial_status: 'partially_paid',
    customer: order.customer === undefined ? null : { id: '@customer@', first_name: first, last_name: last },
    line_items: [{ title: 'Enamel teapot', sku: 'TEA-2', quantity: 1, price: order.total ?? '48.50' }],
  });
  return json.replace('"@id@"', number(order.id)).replace('"@customer@"', number(order.customer ?? 0));
}

/** The body of a refund of an order. It names nobody, as Shopify's do. */
export const refundBody = (refund: {
  readonly id: number;
  readonly order: number | string;
  readonly amount: string;
  readonly currency?: string;
  readonly createdAt: string;
}): string =>
  JSON.stringify({
    id: refund.id,
    order_id: '@order@',
    created_at: refund.createdAt,
    transactions: [{ kind: 'refund', status: 'success', amount: refund.amount, currency: refund.currency ?? 'EUR' }],
  }).replace('"@order@"', number(refund.order));

/** A delivery signed as Shopify signs it. `event` is the id that retries keep. */
export function shopifyDelivery(secret: string, topic: string, event: string, body: string): Signed {
  const signed = signShopify(body, { secret, now: 0 });
  return {
    body,
    headers: {
      ...signed.headers,
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-event-id': event,
    },
  };
}

export type Source = { readonly id: string; readonly key: string; readonly url: string; readonly secret: string };

/** Adds a source through the API. */
export async function addSource(
  worker: Miniflare,
  kind: string,
  { secret, settings, name = kind }: { secret?: string; settings?: Record<string, unknown>; name?: string } = {},
): Promise<Source> {
  const made = await callApi<Omit<Source, 'secret'> & { secret: string | null }>(worker, '/sources', {
    method: 'POST',
    body: { kind, name, ...(secret !== undefined && { secret }), ...(settings && { settings }) },
  });
  return { ...made, secret: made.secret ?? '' };
}

/** Brings a delivery to the door of a source. */
export async function deliver(
  worker: Miniflare,
  source: Pick<Source, 'url'>,
  { headers, body }: { readonly headers: Record<string, string>; readonly body: string | Uint8Array },
) {
  const response = await worker.dispatchFetch(source.url, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export type Line = {
  readonly outcome: string;
  readonly reason: string | null;
  readonly stored: number;
  readonly canReplay: boolean;
  readonly id: string;
};

/** The delivery log of a source, latest first. */
export const linesOf = async (worker: Miniflare, source: Pick<Source, 'id'>): Promise<Line[]> =>
  (await callApi<{ items: Line[] }>(worker, `/sources/${source.id}/deliveries?limit=200`)).items;

export type Listed = {
  readonly id: string;
  readonly displayName: string | null;
  readonly stats: {
    readonly touchpoints: number;
    readonly orders: number;
    readonly revenue: readonly { readonly amountMinor: number; readonly currency: string }[];
    readonly firstTouchpointAt: string | null;
    readonly lastTouchpointAt: string | null;
  };
};

/** Who holds an identifier, by the API. */
export const holdersOf = async (worker: Miniflare, identifier: string): Promise<Listed[]> =>
  (await callApi<{ items: Listed[] }>(worker, `/customers?identifier=${encodeURIComponent(identifier)}`)).items;
