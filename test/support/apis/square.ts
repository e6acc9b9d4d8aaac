import { type StandIn, standIn } from '../apis.ts';

/** RetrieveOrder, RetrieveCustomer and GetPayment, by the API reference of Square. */
const TOKEN = 'EAAA-token-of-the-harbour-till';

const event = (id: string, type = 'order_created') => ({
  merchant_id: 'MLHARBOUR',
  type: type.replace('_', '.'),
  event_id: `event-${type}-${id}`,
  created_at: '2026-05-01T10:00:01.984Z',
  data: {
    type,
    id,
    object: {
      [type]: { created_at: '2026-05-01T10:00:00.129Z', location_id: 'LQUAY', order_id: id, state: 'OPEN', version: 1 },
    },
  },
});

const money = (amount: number, currency = 'USD') => ({ amount, currency });

const order = (id: string, more: object) => ({
  order: {
    id,
    location_id: 'LQUAY',
    state: 'OPEN',
    version: 4,
    source: { name: 'Square Online' },
    created_at: '2026-05-01T10:00:00.129Z',
    updated_at: '2026-05-01T10:02:00.000Z',
    net_amount_due_money: money(0),
    ...more,
  },
});

const line = (name: string, quantity: string, amount: number, currency = 'USD') => ({
  uid: `${name}-uid`,
  name,
  quantity,
  total_money: money(amount, currency),
});

const api: StandIn = {
  domains: ['squareup.com', 'squareupsandbox.com'],
  needs: ['order'],
  credentials: { accessToken: TOKEN },
  wrong: { accessToken: 'EAAA-token-of-somebody-else-000' },
  answer: standIn({
    host: 'connect.squareup.com',
    secret: 'authorization',
    headers: { authorization: `Bearer ${TOKEN}`, 'square-version': '2026-09-16' },
    paths: /^\/v2\/(orders|customers|payments)\/\w+$/,
    routes: {
      '/v2/orders/ORDERofWalter': order('ORDERofWalter', {
        customer_id: 'CUSTWALTER',
        line_items: [line('Oak shelf', '1', 7200), line('Bracket', '4', 800)],
        total_money: money(8000),
        tenders: [{ id: 'PAYWALTER', payment_id: 'PAYWALTER', amount_money: money(8000), type: 'CARD' }],
      }),
      '/v2/customers/CUSTWALTER': {
        customer: {
          id: 'CUSTWALTER',
          given_name: 'Walter',
          family_name: 'Osei',
          email_address: 'walter.osei@example.com',
          address: { locality: 'Baltimore', country: 'US' },
          updated_at: '2026-05-01T09:00:00Z',
        },
      },
      // A guest, told by the payment and by who collects it.
      '/v2/orders/ORDERofGuest': order('ORDERofGuest', {
        line_items: [line('花瓶', '1', 12_000, 'JPY')],
        total_money: money(12_000, 'JPY'),
        net_amount_due_money: money(0, 'JPY'),
        tenders: [{ id: 'PAYGUEST', payment_id: 'PAYGUEST', amount_money: money(12_000, 'JPY'), type: 'CARD' }],
        fulfillments: [
          {
            type: 'PICKUP',
            state: 'PROPOSED',
            pickup_details: { note: 'After six', recipient: { display_name: 'Haru Endo' } },
          },
        ],
      }),
      '/v2/payments/PAYGUEST': {
        payment: { id: 'PAYGUEST', status: 'COMPLETED', buyer_email_address: 'haru.endo@example.com' },
      },
    },
  }),
  cases: [
    {
      name: 'an order of a customer',
      payload: event('ORDERofWalter'),
      email: 'walter.osei@example.com',
      displayName: 'Walter Osei',
      revenue: { amountMinor: 8000, currency: 'USD' },
      value: { amountMinor: 8000, currency: 'USD' },
    },
    {
      name: 'an order of a guest',
      payload: event('ORDERofGuest'),
      email: 'haru.endo@example.com',
      displayName: 'Haru Endo',
      revenue: { amountMinor: 12_000, currency: 'JPY' },
      text: 'After six',
    },
  ],
  gone: event('ORDERgone', 'order_updated'),
};

export default api;
