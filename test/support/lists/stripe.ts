import { type Request as OutsideRequest, Response } from 'miniflare';
import { type Signed, signStripe } from '../sign.ts';

/** A Stripe account: its events, as webhooks and as the list of `GET /v1/events`. */
export const STRIPE_KEY = 'rk_test_51Nc0123456789abcdef';

export type StripeEvent = {
  readonly id: string;
  readonly type: string;
  /** Unix seconds. */
  readonly created: number;
  readonly data: { readonly object: Readonly<Record<string, unknown>> };
};

let events = 0;
const event = (type: string, created: number, object: Record<string, unknown>): StripeEvent & { object: string } => ({
  id: `evt_${String(++events).padStart(8, '0')}`,
  object: 'event',
  type,
  created,
  data: { object },
});

/** A checkout that was paid. */
export const checkoutPaid = (name: string, created: number, amount: number) =>
  event('checkout.session.completed', created, {
    id: `cs_${name}`,
    object: 'checkout.session',
    mode: 'payment',
    payment_status: 'paid',
    payment_intent: `pi_${name}`,
    customer_details: { email: `${name}@example.com`, name: 'Tomasz Borowik' },
    amount_total: amount,
    currency: 'eur',
    created,
  });

export const chargeRefunded = (name: string, created: number, amount: number) =>
  event('charge.refunded', created, {
    id: `ch_${name}`,
    payment_intent: `pi_${name}`,
    amount_refunded: amount,
    currency: 'eur',
    refunded: false,
  });

/** The webhook of an event, signed now. */
export function stripeWebhook(secret: string, one: object): Signed {
  const body = JSON.stringify(one);
  const { headers } = signStripe(body, { secret, now: Date.now() });
  return { body, headers: { ...headers, 'content-type': 'application/json' } };
}

const refuse = (status: number, message: string) => Response.json({ error: { message } }, { status });

/** Answers for a list of events, which the test adds to. */
export function stripeApi(list: StripeEvent[]) {
  const seen = { pages: 0 };
  return {
    seen,
    answer: async (request: OutsideRequest): Promise<Response> => {
      const { host, pathname, searchParams } = new URL(request.url);
      if (host !== 'api.stripe.com' || pathname !== '/v1/events' || request.method !== 'GET')
        return refuse(404, 'Unrecognized request URL');
      if (request.headers.get('authorization') !== `Bearer ${STRIPE_KEY}`)
        return refuse(401, 'Invalid API Key provided');
      const limit = Number(searchParams.get('limit'));
      const types = searchParams.getAll('types[]');
      const [from, to] = ['created[gte]', 'created[lte]'].map((name) => Number(searchParams.get(name)));
      if (!(limit >= 1 && limit <= 100) || types.length > 20 || !from || !to) return refuse(400, 'Invalid request');
      const found = list
        .filter(({ type, created }) => types.includes(type) && created >= from && created <= to)
        .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
      const after = searchParams.get('starting_after');
      const start = after === null ? 0 : found.findIndex(({ id }) => id === after) + 1;
      if (after !== null && start === 0) return refuse(400, 'No such event');
      seen.pages++;
      const data = found.slice(start, start + limit);
      return Response.json({ object: 'list', url: '/v1/events', has_more: found.length > start + limit, data });
    },
  };
}
