import { type StandIn, standIn } from '../apis.ts';

/** Retrieving what thin events name, by the API reference of Stripe. */
const KEY = 'rk_live_harbourReadOnly0001';

const event = (type: string, relatedType: string, id: string, path: string) => ({
  id: `evt_${type.replaceAll('.', '_')}_${id}`,
  object: 'v2.core.event',
  type: `v1.${type}`,
  created: '2026-05-01T10:00:00.000Z',
  context: null,
  livemode: true,
  reason: null,
  // A path to elsewhere: what is asked is built here and not taken from the event.
  related_object: { id, type: relatedType, url: `https://evil.example${path}` },
});

const customer = (id: string, name: string, email: string) => ({
  id,
  object: 'customer',
  name,
  email,
  phone: null,
  address: { city: 'Bergen', country: 'NO' },
  preferred_locales: ['nb'],
  created: 1_777_000_000,
  livemode: true,
});

const routes = {
  '/v1/checkout/sessions/cs_live_1?expand[]=line_items': {
    id: 'cs_live_1',
    object: 'checkout.session',
    mode: 'payment',
    payment_status: 'paid',
    payment_intent: 'pi_1',
    invoice: null,
    customer: 'cus_1',
    customer_details: {
      email: 'solveig.aas@example.com',
      name: 'Solveig Aas',
      address: { city: 'Bergen', country: 'NO' },
    },
    amount_total: 123_450,
    currency: 'nok',
    created: 1_777_629_000,
    livemode: true,
    line_items: {
      object: 'list',
      data: [{ id: 'li_1', description: 'Wool blanket', quantity: 1, amount_total: 123_450, currency: 'nok' }],
      has_more: false,
    },
  },
  '/v1/charges/ch_1?expand[]=customer': {
    id: 'ch_1',
    object: 'charge',
    payment_intent: 'pi_1',
    amount: 123_450,
    amount_refunded: 23_450,
    refunded: false,
    currency: 'nok',
    customer: customer('cus_1', 'Solveig Aas', 'solveig.aas@example.com'),
    billing_details: { email: 'solveig.aas@example.com', name: 'Solveig Aas', phone: null, address: { country: 'NO' } },
    livemode: true,
  },
  '/v1/invoices/in_1': {
    id: 'in_1',
    object: 'invoice',
    number: 'HB-0001',
    customer: 'cus_2',
    customer_email: 'einar.lund@example.com',
    customer_name: 'Einar Lund',
    amount_paid: 5000,
    currency: 'jpy',
    created: 1_777_629_000,
    status_transitions: { paid_at: 1_777_629_500 },
    livemode: true,
  },
  '/v1/subscriptions/sub_1?expand[]=customer': {
    id: 'sub_1',
    object: 'subscription',
    status: 'active',
    customer: customer('cus_3', 'Frøydis Moe', 'froydis.moe@example.com'),
    livemode: true,
  },
  '/v1/payment_intents/pi_9?expand[]=customer&expand[]=latest_charge': {
    id: 'pi_9',
    object: 'payment_intent',
    status: 'succeeded',
    amount: 900,
    amount_received: 900,
    currency: 'eur',
    customer: null,
    latest_charge: { id: 'ch_9', billing_details: { email: 'guest.payer@example.com', name: 'Guest Payer' } },
    livemode: true,
  },
  '/v1/customers/cus_4': customer('cus_4', 'Ragna Vik', 'ragna.vik@example.com'),
  '/v1/customers/cus_404': { id: 'cus_404', object: 'customer', deleted: true },
};

const api: StandIn = {
  domains: ['stripe.com'],
  needs: [
    'checkout.session.completed',
    'charge.refunded',
    'invoice.paid',
    'customer.subscription.created',
    'payment_intent.succeeded',
    'customer.created',
  ],
  list: { path: '/v1/events', body: { object: 'list', data: [], has_more: false } },
  credentials: { apiKey: KEY },
  wrong: { apiKey: 'rk_live_somebodyElses0001' },
  answer: standIn({
    host: 'api.stripe.com',
    secret: 'authorization',
    headers: { authorization: `Bearer ${KEY}`, 'stripe-version': '2026-09-30.endive' },
    paths: /^\/v1\/(checkout\/sessions|charges|invoices|subscriptions|payment_intents|customers)\/\w+(\?expand.*)?$/,
    routes,
  }),
  cases: [
    {
      name: 'a checkout that was paid, and later refunded in part',
      payload: event('checkout.session.completed', 'checkout.session', 'cs_live_1', '/v1/checkout/sessions/cs_live_1'),
      email: 'solveig.aas@example.com',
      displayName: 'Solveig Aas',
      revenue: { amountMinor: 100_000, currency: 'NOK' },
      value: { amountMinor: 123_450, currency: 'NOK' },
    },
    {
      name: 'the refund',
      payload: event('charge.refunded', 'charge', 'ch_1', '/v1/charges/ch_1'),
      email: 'solveig.aas@example.com',
      value: { amountMinor: 23_450, currency: 'NOK' },
    },
    {
      name: 'an invoice in a currency without cents',
      payload: event('invoice.paid', 'invoice', 'in_1', '/v1/invoices/in_1'),
      email: 'einar.lund@example.com',
      displayName: 'Einar Lund',
      revenue: { amountMinor: 5000, currency: 'JPY' },
    },
    {
      name: 'a subscription, told by its customer',
      payload: event('customer.subscription.created', 'subscription', 'sub_1', '/v1/subscriptions/sub_1'),
      email: 'froydis.moe@example.com',
      displayName: 'Frøydis Moe',
    },
    {
      name: 'a payment of a guest, told by its charge',
      payload: event('payment_intent.succeeded', 'payment_intent', 'pi_9', '/v1/payment_intents/pi_9'),
      email: 'guest.payer@example.com',
      value: { amountMinor: 900, currency: 'EUR' },
    },
    {
      name: 'a customer',
      payload: event('customer.created', 'customer', 'cus_4', '/v1/customers/cus_4'),
      email: 'ragna.vik@example.com',
      displayName: 'Ragna Vik',
    },
  ],
  gone: event('customer.updated', 'customer', 'cus_404', '/v1/customers/cus_404'),
};

export default api;
