import { type StandIn, standIn } from '../apis.ts';

/** Get order, customer, cart and store profile, by the REST reference of Ecwid. */
const TOKEN = 'secret_HarbourStoreToken0001';
const at = '/api/v3/1003';

const event = (eventType: string, entityId: number, data: object) => ({
  eventId: `event-${eventType}-${entityId}`,
  eventCreated: Math.floor(Date.now() / 1000) - 600,
  storeId: 1003,
  entityId,
  eventType,
  data,
});

const order = {
  id: 'XJ12H',
  internalId: 516483487,
  orderNumber: 516483487,
  customerId: 40201,
  email: 'tomasz.borowik@example.com',
  total: 199.9,
  refundedAmount: 20,
  paymentStatus: 'PARTIALLY_REFUNDED',
  fulfillmentStatus: 'SHIPPED',
  paymentMethod: 'Przelewy24',
  createDate: '2026-05-01 10:00:00 +0000',
  createTimestamp: 1_777_629_600,
  updateTimestamp: 1_777_629_900,
  orderComments: 'Bez faktury.',
  items: [
    { id: 1, name: 'Lampa', sku: 'LMP-1', quantity: 1, price: 149.9 },
    { id: 2, name: 'Żarówka', sku: 'BLB-2', quantity: 2, price: 25 },
  ],
  billingPerson: { name: 'Tomasz Borowik', city: 'Lublin', countryCode: 'PL', phone: '+48 601 555 017' },
};

const api: StandIn = {
  domains: ['ecwid.com'],
  needs: ['order', 'cart', 'customer'],
  credentials: { storeId: '1003', accessToken: TOKEN },
  wrong: { accessToken: 'secret_SomebodyElses00000001' },
  answer: standIn({
    host: 'app.ecwid.com',
    secret: 'authorization',
    headers: { authorization: `Bearer ${TOKEN}` },
    paths:
      /^\/api\/v3\/1003\/(profile\?responseFields=formatsAndUnits\(currency\)|orders\/\w+|customers\/\d+|carts\/[\w-]+)$/,
    routes: {
      [`${at}/profile?responseFields=formatsAndUnits(currency)`]: { formatsAndUnits: { currency: 'PLN' } },
      [`${at}/orders/XJ12H`]: order,
      [`${at}/customers/40202`]: {
        id: 40202,
        email: 'kasia.wrona@example.com',
        billingPerson: { name: 'Kasia Wrona', city: 'Gdynia', countryCode: 'PL' },
        lang: 'pl',
      },
      [`${at}/carts/320AB5DE-5EA6-4419-A4CF-0B04D2913190`]: {
        cartId: '320AB5DE-5EA6-4419-A4CF-0B04D2913190',
        email: 'left.basket@example.com',
        total: 31.5,
      },
    },
  }),
  cases: [
    {
      name: 'an order, known to webhooks by its number and to the API by its code',
      payload: event('order.created', 516483487, {
        orderId: 'XJ12H',
        newPaymentStatus: 'PARTIALLY_REFUNDED',
        newFulfillmentStatus: 'SHIPPED',
      }),
      email: 'tomasz.borowik@example.com',
      displayName: 'Tomasz Borowik',
      revenue: { amountMinor: 17_990, currency: 'PLN' },
      value: { amountMinor: 19_990, currency: 'PLN' },
      text: 'Bez faktury.',
    },
    {
      name: 'a customer',
      payload: event('customer.created', 40202, { customerEmail: 'kasia.wrona@example.com' }),
      email: 'kasia.wrona@example.com',
      displayName: 'Kasia Wrona',
    },
    {
      name: 'a basket that was left',
      payload: event('unfinished_order.created', 293225803, {
        orderId: 'RA1SD',
        cartId: '320AB5DE-5EA6-4419-A4CF-0B04D2913190',
      }),
      email: 'left.basket@example.com',
      value: { amountMinor: 3150, currency: 'PLN' },
    },
  ],
  gone: event('order.updated', 77, { orderId: 'GONE7', oldPaymentStatus: 'PAID', newPaymentStatus: 'PAID' }),
};

export default api;
