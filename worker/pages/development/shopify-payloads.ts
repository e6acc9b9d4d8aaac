import type { Json } from '../../../schema/touchpoint.ts';
import { CURRENCY, type Good } from './goods.ts';
import type { Person } from './people.ts';

/** Bodies of webhooks as a Shopify shop sends them, for the demo business. */
export type Webhook = {
  readonly topic: string;
  readonly eventId: string;
  readonly payload: { readonly [key: string]: Json };
};

export type Line = { readonly good: Good; readonly quantity: number };
export type Order = {
  readonly id: number;
  readonly number: number;
  readonly person: Person;
  readonly customerId: number;
  /** Epoch ms. */
  readonly at: number;
  readonly lines: readonly Line[];
};

const iso = (ms: number): string => new Date(ms).toISOString();
const major = (minor: number): string => (minor / 100).toFixed(2);
const addressOf = ({ first, last, city, country }: Person) => ({
  first_name: first,
  last_name: last || null,
  city,
  country_code: country,
});

/** The same shop customer for the same address (FNV-1a), in the range of Shopify's ids. */
export function customerIdOf(email: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < email.length; index++) hash = Math.imul(hash ^ email.charCodeAt(index), 0x01000193);
  return 6_200_000_000_000 + (hash >>> 0);
}

export const totalOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { good, quantity }) => sum + good.priceMinor * quantity, 0);

const linesOf = (lines: readonly Line[]): Json =>
  lines.map(({ good, quantity }) => ({
    title: good.title,
    sku: good.sku,
    quantity,
    price: major(good.priceMinor),
    total_discount: '0.00',
  }));

const customerOf = (person: Person, id: number): { readonly [key: string]: Json } => ({
  id,
  admin_graphql_api_id: `gid://shopify/Customer/${id}`,
  email: person.email,
  first_name: person.first,
  last_name: person.last || null,
  ...permissionsOf(id),
});

/** Of nine people four get offers by mail, one has had enough of them, one has never confirmed, and one gets texts. */
function permissionsOf(id: number): { readonly [key: string]: Json } {
  const kind = id % 9;
  const permission = (state: string, days: number): Json => ({
    state,
    // Who refused or was never asked has confirmed nothing.
    opt_in_level: state === 'subscribed' ? 'confirmed_opt_in' : null,
    consent_updated_at: iso(Date.UTC(2025, 5, 1) + ((id % 89) + days) * 24 * 3600 * 1000),
  });
  if (kind > 6) return {};
  return {
    email_marketing_consent: permission(kind < 4 ? 'subscribed' : kind === 4 ? 'unsubscribed' : 'not_subscribed', 0),
    ...(kind === 3 && { sms_marketing_consent: permission('subscribed', 5) }),
  };
}

function orderBody({ id, number, person, customerId, at, lines }: Order) {
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${number}`,
    order_number: number,
    email: person.email,
    created_at: iso(at),
    updated_at: iso(at),
    currency: CURRENCY,
    total_price: major(totalOf(lines)),
    financial_status: 'paid',
    customer_locale: person.tongue,
    customer: customerOf(person, customerId),
    billing_address: addressOf(person),
    line_items: linesOf(lines),
  };
}

export const customerCreated = (person: Person, id: number, at: number): Webhook => ({
  topic: 'customers/create',
  eventId: `customer-${id}`,
  payload: {
    ...customerOf(person, id),
    created_at: iso(at),
    updated_at: iso(at),
    locale: person.tongue,
    default_address: addressOf(person),
  },
});

export const orderPlaced = (order: Order): Webhook => ({
  topic: 'orders/create',
  eventId: `order-${order.id}`,
  payload: orderBody(order),
});

export const orderCancelled = (order: Order, at: number): Webhook => ({
  topic: 'orders/cancelled',
  eventId: `cancel-${order.id}`,
  payload: { ...orderBody(order), updated_at: iso(at), cancelled_at: iso(at), cancel_reason: 'customer' },
});

export const orderFulfilled = (order: Order, at: number): Webhook => ({
  topic: 'orders/fulfilled',
  eventId: `fulfilled-${order.id}`,
  payload: { ...orderBody(order), updated_at: iso(at), fulfillment_status: 'fulfilled' },
});

export const orderRefunded = (
  order: Pick<Order, 'id'>,
  amountMinor: number,
  note: string | null,
  at: number,
): Webhook => ({
  topic: 'refunds/create',
  eventId: `refund-${order.id}`,
  payload: {
    id: order.id + 2,
    order_id: order.id,
    created_at: iso(at),
    note,
    transactions: [{ kind: 'refund', status: 'success', amount: major(amountMinor), currency: CURRENCY }],
  },
});

export const checkoutLeft = ({ id, person, customerId, at, lines }: Order): Webhook => ({
  topic: 'checkouts/create',
  eventId: `checkout-${id}`,
  payload: {
    id,
    token: `chk${id}`,
    created_at: iso(at),
    updated_at: iso(at),
    email: person.email,
    currency: CURRENCY,
    total_price: major(totalOf(lines)),
    customer: customerOf(person, customerId),
    line_items: linesOf(lines),
  },
});

/** A parcel on its way: says which order, and not whose. */
export const parcelSent = ({ id }: Pick<Order, 'id'>, at: number): Webhook => ({
  topic: 'fulfillments/create',
  eventId: `parcel-${id}`,
  payload: {
    id: id + 1,
    order_id: id,
    status: 'success',
    created_at: iso(at),
    updated_at: iso(at),
    tracking_company: 'Gull Post',
    tracking_number: `GP${String(id).slice(-9)}`,
  },
});
