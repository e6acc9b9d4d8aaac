import { type StandIn, standIn } from '../apis.ts';

/** Orders V2, customers, carts, subscribers and refunds V3, by the API reference of BigCommerce. */
const at = '/stores/hh4rb0ur';
const TOKEN = 'tokenOfTheHarbourShop0001';
const SECONDS = 1_777_629_600;

const event = (scope: string, type: string, id: number | string, more: object = {}) => ({
  scope: `store/${scope}`,
  store_id: '1025646',
  data: { type, id, ...more },
  hash: `${scope}-${id}`,
  created_at: SECONDS,
  producer: 'stores/hh4rb0ur',
});

const order = (id: number, more: object) => ({
  id,
  customer_id: 0,
  date_created: 'Fri, 01 May 2026 10:00:00 +0000',
  date_modified: 'Fri, 01 May 2026 10:05:00 +0000',
  date_shipped: '',
  status_id: 11,
  status: 'Awaiting Fulfillment',
  subtotal_inc_tax: '40.0000',
  total_ex_tax: '40.4200',
  total_inc_tax: '48.5000',
  refunded_amount: '0.0000',
  items_total: 2,
  payment_method: 'Credit Card',
  payment_status: 'captured',
  // The shopper saw another currency than the one that was paid in.
  currency_code: 'GBP',
  default_currency_code: 'EUR',
  is_deleted: false,
  customer_message: '',
  ...more,
});

const billing = (first_name: string, last_name: string, email: string) => ({
  first_name,
  last_name,
  company: '',
  street_1: '1 Quay Street',
  city: 'Galway',
  zip: 'H91 XX00',
  country: 'Ireland',
  country_iso2: 'IE',
  phone: '',
  email,
});

const routes = {
  [`${at}/v2/orders/250`]: order(250, {
    customer_id: 32,
    customer_message: 'Please wrap it.',
    billing_address: billing('Siobhan', 'Keane', 'siobhan.keane@example.com'),
  }),
  [`${at}/v2/orders/250/products?limit=250`]: [
    { id: 1, order_id: 250, name: 'Enamel teapot', sku: 'TEA-2', quantity: 1, total_inc_tax: '40.0000' },
    { id: 2, order_id: 250, name: 'Tin of tea', sku: 'TEA-9', quantity: 2, total_inc_tax: '8.5000' },
  ],
  // A guest in yen, without any line.
  [`${at}/v2/orders/251`]: order(251, {
    default_currency_code: 'JPY',
    total_inc_tax: '5400.0000',
    refunded_amount: '1400.0000',
    billing_address: billing('Emi', 'Takase', 'emi.takase@example.com'),
  }),
  [`${at}/v2/orders/251/products?limit=250`]: null,
  [`${at}/v3/orders/251/payment_actions/refunds`]: {
    data: [
      { id: 2, order_id: 251, total_amount: 400, reason: 'late' },
      { id: 3, order_id: 251, total_amount: 1000, reason: 'chipped' },
    ],
    meta: {},
  },
  [`${at}/v3/customers?id:in=33&include=addresses`]: {
    data: [
      {
        id: 33,
        email: 'padraig.lane@example.com',
        first_name: 'Padraig',
        last_name: 'Lane',
        company: 'Lane & Daughters',
        phone: '+353 91 555 0133',
        date_modified: '2026-05-01T09:58:00Z',
        addresses: [{ city: 'Sligo', country_code: 'IE' }],
      },
    ],
    meta: { pagination: { total: 1 } },
  },
  [`${at}/v3/customers?id:in=404&include=addresses`]: { data: [], meta: { pagination: { total: 0 } } },
  [`${at}/v3/carts/09346904-4175-44fd-be53-f7e598531b6c`]: {
    data: {
      id: '09346904-4175-44fd-be53-f7e598531b6c',
      customer_id: 34,
      email: 'nuala.byrne@example.com',
      currency: { code: 'EUR' },
      cart_amount: 19.9,
    },
  },
  [`${at}/v3/customers/subscribers/5`]: {
    data: { id: 5, email: 'letters.reader@example.com', first_name: 'Cormac', last_name: 'Daly', source: 'storefront' },
  },
};

const api: StandIn = {
  domains: ['bigcommerce.com'],
  needs: ['order', 'refund', 'customer', 'cart', 'subscriber'],
  credentials: { storeHash: 'hh4rb0ur', accessToken: TOKEN },
  wrong: { accessToken: 'tokenOfSomebodyElse000001' },
  answer: standIn({
    host: 'api.bigcommerce.com',
    secret: 'x-auth-token',
    headers: { 'x-auth-token': TOKEN },
    paths:
      /^\/stores\/hh4rb0ur\/(v2\/orders\/\d+(\/products\?limit=250)?|v3\/(orders\/\d+\/payment_actions\/refunds|customers\?id:in=\d+&include=addresses|carts\/[\w-]+|customers\/subscribers\/\d+))$/,
    routes,
  }),
  cases: [
    {
      name: 'an order of a customer',
      payload: event('order/created', 'order', 250),
      email: 'siobhan.keane@example.com',
      displayName: 'Siobhan Keane',
      revenue: { amountMinor: 4850, currency: 'EUR' },
      value: { amountMinor: 4850, currency: 'EUR' },
      text: 'Please wrap it.',
    },
    {
      name: 'a refund of a guest’s order',
      payload: event('order/refund/created', 'order', 251, { refund: { refund_id: 3 } }),
      email: 'emi.takase@example.com',
      revenue: { amountMinor: 4000, currency: 'JPY' },
      value: { amountMinor: 1000, currency: 'JPY' },
      text: 'chipped',
    },
    {
      name: 'a customer',
      payload: event('customer/created', 'customer', 33),
      email: 'padraig.lane@example.com',
      displayName: 'Padraig Lane',
    },
    {
      name: 'a basket that was left',
      payload: event('cart/abandoned', 'cart', '09346904-4175-44fd-be53-f7e598531b6c'),
      email: 'nuala.byrne@example.com',
      value: { amountMinor: 1990, currency: 'EUR' },
    },
    {
      name: 'a subscriber',
      payload: event('subscriber/created', 'subscriber', 5),
      email: 'letters.reader@example.com',
    },
  ],
  gone: event('customer/updated', 'customer', 404),
};

export default api;
