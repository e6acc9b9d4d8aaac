import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import shopify from '../../worker/sources/providers/shopify.ts';
import { deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';

const translate = (topic: string, payload: Json, headers: Record<string, string> = {}) =>
  translateWith(shopify, deliveryOf({ 'X-Shopify-Topic': topic, ...headers }, JSON.stringify(payload)));
const read = (topic: string, payload: Json, headers: Record<string, string> = {}) =>
  onlyTouchpoint(translate(topic, payload, headers));

const customer = {
  id: 8801,
  email: 'Tomasz.Borowik@example.com',
  first_name: 'Tomasz',
  last_name: 'Borowik',
  phone: '+48123234456',
};
const order = {
  id: 5501,
  name: '#1042',
  order_number: 1042,
  email: 'tomasz.private@example.com',
  created_at: '2026-01-10T09:00:00+01:00',
  updated_at: '2026-01-10T09:00:05+01:00',
  currency: 'PLN',
  total_price: '199.90',
  financial_status: 'paid',
  checkout_token: 'chk_9f',
  customer,
  billing_address: {
    first_name: 'Tomasz',
    last_name: 'Borowik',
    city: 'Lublin',
    country_code: 'PL',
    phone: '81 532 10 10',
    company: 'Borowik sp. z o.o.',
  },
  line_items: [
    { title: 'Kubek', sku: 'KUB-1', quantity: 2, price: '99.95', total_discount: '10.00' },
    { title: '', quantity: 1, price: '1' },
  ],
};

describe('an order', () => {
  it('is one order of one customer, known by all it says', () => {
    const touchpoint = read('orders/create', order);
    expect(touchpoint).toMatchObject({
      kind: 'order_placed',
      channel: 'shop',
      direction: 'in',
      initiator: 'customer',
      occurredAt: Date.parse('2026-01-10T08:00:00Z'),
      subject: 'order:5501',
      value: { amountMinor: 19990, currency: 'PLN' },
      person: { key: 'customer:8801', profile: { name: 'Tomasz Borowik', country: 'PL', city: 'Lublin' } },
      order: {
        id: '5501',
        number: '#1042',
        asOf: Date.parse('2026-01-10T08:00:05Z'),
        placedAt: Date.parse('2026-01-10T08:00:00Z'),
        paidAt: Date.parse('2026-01-10T08:00:00Z'),
        lines: [{ title: 'Kubek', sku: 'KUB-1', quantity: 2, amountMinor: 18990 }],
      },
    });
    expect(touchpoint.person.identifiers.map(({ kind, value, assurance }) => `${assurance} ${kind} ${value}`)).toEqual([
      'asserted customer 8801',
      'asserted email tomasz.private@example.com',
      'asserted email tomasz.borowik@example.com',
      'asserted phone +48123234456',
      'asserted phone +48815321010',
      'asserted order 5501',
      'asserted checkout chk_9f',
    ]);
  });

  it('without a customer belongs to the address, and without an address to itself', () => {
    const { customer: _customer, ...guest } = order;
    expect(read('orders/create', guest).person.key).toBe('email:tomasz.private@example.com');
    const { email: _email, ...nameless } = guest;
    expect(read('orders/create', nameless).person.key).toBe('order:5501');
    expect(read('orders/create', { ...guest, email: 'info@firm.example' }).person.key).toBe('order:5501');
  });

  it('with an id no double can hold keeps it to the digit', () => {
    const body = '{"id":820982911946154508,"customer":{"id":115310627314723954}}';
    const headers = { 'X-Shopify-Topic': 'orders/updated' };
    const touchpoint = onlyTouchpoint(translateWith(shopify, deliveryOf(headers, body)));
    expect([touchpoint.order?.id, touchpoint.person.key]).toEqual([
      '820982911946154508',
      'customer:115310627314723954',
    ]);
  });

  it('with a bad date takes the next one, then the time Shopify noticed, then none', () => {
    const broken = { ...order, created_at: '2026-01-10T09:00:1500:00' };
    expect(read('orders/create', broken).occurredAt).toBe(Date.parse('2026-01-10T08:00:05Z'));
    const timeless = { id: 1 };
    const triggered = { 'X-Shopify-Triggered-At': '2026-01-11T10:00:00.123456789Z' };
    expect(read('orders/create', timeless, triggered).occurredAt).toBe(Date.parse('2026-01-11T10:00:00.123Z'));
    expect(read('orders/create', timeless).occurredAt).toBeNull();
  });

  it.each([
    ['orders/paid', 'order_paid', { paidAt: Date.parse('2026-01-10T08:00:05Z') }],
    ['orders/fulfilled', 'order_fulfilled', { fulfilledAt: Date.parse('2026-01-10T08:00:05Z') }],
    ['orders/partially_fulfilled', 'order_fulfilled', { fulfilledAt: null }],
    ['orders/updated', 'order_updated', { paidAt: null }],
    ['orders/cancelled', 'order_cancelled', { cancelledAt: null }],
    ['orders/delete', 'order_deleted', { deleted: true }],
  ])('of the topic %s is %s', (topic, kind, fact) => {
    expect(read(topic, order)).toMatchObject({ kind, order: { id: '5501', ...fact } });
  });

  it('that is a test, or whose payment was let go, brings nothing', () => {
    expect(read('orders/create', order).order).toMatchObject({ isVoid: false });
    expect(read('orders/create', { ...order, test: true }).order).toMatchObject({ isVoid: true });
    expect(read('orders/updated', { ...order, financial_status: 'voided' }).order).toMatchObject({ isVoid: true });
  });

  it("cancelled by the customer is theirs, by the shop the shop's", () => {
    const cancelled = { ...order, cancelled_at: '2026-01-12T00:00:00Z' };
    expect(read('orders/cancelled', { ...cancelled, cancel_reason: 'customer' })).toMatchObject({
      initiator: 'customer',
      direction: 'in',
    });
    expect(read('orders/cancelled', { ...cancelled, cancel_reason: 'fraud' })).toMatchObject({
      initiator: 'company',
      occurredAt: Date.parse('2026-01-12T00:00:00Z'),
      order: { cancelledAt: Date.parse('2026-01-12T00:00:00Z') },
    });
  });

  it.each([null, [], 'text', 7, {}, { id: null }, { id: 1.5 }, { id: 1e300 }, { id: '' }])(
    '%j is no order',
    (payload) => {
      expect(translate('orders/create', payload)).toMatchObject({
        ok: false,
        misfits: [{ path: expect.stringMatching(/^\$/) }],
      });
    },
  );
});

describe('a refund', () => {
  const refund = {
    id: 77,
    order_id: 5501,
    created_at: '2026-01-20T00:00:00Z',
    transactions: [
      { kind: 'refund', status: 'success', amount: '50.00', currency: 'PLN' },
      { kind: 'refund', status: 'failure', amount: '50.00', currency: 'PLN' },
      { kind: 'refund', status: 'success', amount: '9.90', currency: 'PLN' },
      { kind: 'sale', status: 'success', amount: '199.90', currency: 'PLN' },
    ],
  };

  it('is what was paid back, and finds its person by the order', () => {
    expect(read('refunds/create', refund)).toMatchObject({
      kind: 'order_refunded',
      value: { amountMinor: 5990, currency: 'PLN' },
      person: { key: 'order:5501', identifiers: [{ kind: 'order', value: '5501', assurance: 'asserted' }] },
      order: { id: '5501', refunds: [{ id: '77', amount: { amountMinor: 5990, currency: 'PLN' } }] },
    });
  });

  it('is the same refund when the order repeats it', () => {
    const again = read('orders/updated', { ...order, refunds: [refund] });
    expect(again.order?.refunds).toEqual(read('refunds/create', refund).order?.refunds);
  });

  it('that only puts goods back in stock returns no money', () => {
    expect(read('refunds/create', { ...refund, transactions: [] })).toMatchObject({
      value: null,
      order: { refunds: [] },
    });
  });

  it('needs to name its order', () => {
    expect(translate('refunds/create', { id: 77 })).toMatchObject({ ok: false, misfits: [{ path: '$.order_id' }] });
  });
});

describe('a fulfilment', () => {
  it('fulfils its order unless it failed', () => {
    const fulfilment = {
      id: 9,
      order_id: 5501,
      status: 'success',
      created_at: '2026-01-13T00:00:00Z',
      email: 'a@example.com',
    };
    expect(read('fulfillments/create', fulfilment)).toMatchObject({
      kind: 'order_fulfilled',
      order: { fulfilledAt: expect.any(Number) },
    });
    expect(read('fulfillments/update', { ...fulfilment, status: 'cancelled' })).toMatchObject({
      kind: 'order_updated',
      order: { fulfilledAt: null },
    });
  });
});

describe('a checkout', () => {
  const checkout = {
    id: 3,
    token: 'chk_9f',
    created_at: '2026-01-10T07:55:00Z',
    currency: 'PLN',
    total_price: '199.90',
    completed_at: null,
  };

  it('is started as long as it is not completed', () => {
    expect(read('checkouts/create', checkout)).toMatchObject({
      kind: 'checkout_started',
      subject: 'checkout:chk_9f',
      person: { key: 'checkout:chk_9f', identifiers: [{ kind: 'checkout', value: 'chk_9f', assurance: 'asserted' }] },
    });
    const completed = { ...checkout, completed_at: '2026-01-10T08:00:00Z' };
    expect(translate('checkouts/update', completed)).toEqual({ ok: true, ignored: 'checkout_completed' });
  });
});

describe('a customer', () => {
  it('brings what they agreed to', () => {
    const touchpoint = read('customers/update', {
      ...customer,
      updated_at: '2026-01-10T09:00:00Z',
      locale: 'pl',
      email_marketing_consent: {
        state: 'subscribed',
        opt_in_level: 'confirmed_opt_in',
        consent_updated_at: '2026-01-01T00:00:00Z',
      },
      sms_marketing_consent: { state: 'unsubscribed' },
    });
    expect(touchpoint).toMatchObject({
      kind: 'customer_updated',
      person: { key: 'customer:8801', profile: { name: 'Tomasz Borowik', language: 'pl' } },
      data: {
        consent: {
          email: { state: 'subscribed', optIn: 'confirmed_opt_in', at: '2026-01-01T00:00:00Z' },
          sms: { state: 'unsubscribed' },
        },
      },
    });
    expect(read('orders/create', { ...order, buyer_accepts_marketing: true }).data?.consent).toEqual({
      email: { state: 'subscribed' },
    });
    expect(read('orders/create', order).data).not.toHaveProperty('consent');
  });

  it('asks to be forgotten, which is not the same as asking for a copy', () => {
    const request = { shop_id: 1, customer: { id: 8801, email: 'tomasz.borowik@example.com', phone: '+48123234456' } };
    expect(read('customers/redact', { ...request, orders_to_redact: [5501, 5502] })).toMatchObject({
      kind: 'customer_redacted',
      occurredAt: null,
      person: { key: 'customer:8801', identifiers: [{ kind: 'customer' }, { kind: 'email' }, { kind: 'phone' }] },
      data: { reason: 'privacy_request', ordersToRedact: ['5501', '5502'] },
    });
    expect(read('customers/data_request', { ...request, orders_requested: [5501] }).kind).toBe('data_requested');
    expect(read('customers/delete', { id: 8801 })).toMatchObject({
      kind: 'customer_redacted',
      data: { reason: 'deleted_at_source' },
    });
  });
});

describe('what an event is known by', () => {
  const first = { 'X-Shopify-Event-Id': 'e1', 'X-Shopify-Webhook-Id': 'w1' };
  const second = { 'X-Shopify-Event-Id': 'e1', 'X-Shopify-Webhook-Id': 'w2' };

  it('is the fact itself, whichever subscription brought it, beside what it was known by before', () => {
    for (const headers of [first, second, {}])
      expect(read('orders/create', order, headers).messageId).toBe('order:5501:placed');
    expect(read('orders/create', order, first).formerIds).toEqual(['orders/create:e1']);
    const changedAt = Date.parse('2026-01-10T08:00:05Z');
    expect(read('orders/updated', order, first).messageId).toBe(`order:5501:updated:${changedAt}:19990`);
    expect(read('refunds/create', { id: 77, order_id: 5501 }).messageId).toBe('refund:77:created');
  });

  it('is what Shopify calls the event, or the delivery, where the body does not tell', () => {
    const undated = { ...order, updated_at: 'soon' };
    const idOf = (headers: Record<string, string>) => read('orders/updated', undated, headers).messageId;
    expect(idOf(first)).toBe(idOf(second));
    expect(idOf({ 'X-Shopify-Webhook-Id': 'w1' })).toBe('orders/updated:w1');
    expect(idOf({})).toMatch(/^orders\/updated:[0-9a-f]{64}$/);
  });

  it('is no fact of the shop for a sample', () => {
    const sample = {
      ...deliveryOf({ 'X-Shopify-Topic': 'orders/create', ...first }, JSON.stringify(order)),
      isTest: true as const,
    };
    expect(onlyTouchpoint(translateWith(shopify, sample)).messageId).toBe('orders/create:e1');
  });
});

it.each(['app/uninstalled', 'products/update', 'orders/edited', 'constructor'])('has no use for %s', (topic) => {
  expect(translate(topic, {})).toEqual({ ok: true, ignored: topic });
});

it('needs to be told the topic', () => {
  expect(translateWith(shopify, deliveryOf({}, '{}'))).toMatchObject({
    ok: false,
    misfits: [{ path: 'X-Shopify-Topic' }],
  });
});
