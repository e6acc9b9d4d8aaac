import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import woocommerce from '../../worker/sources/providers/woocommerce.ts';
import { deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';

const translate = (topic: string, payload: Json, headers: Record<string, string> = {}) =>
  translateWith(woocommerce, deliveryOf({ 'X-WC-Webhook-Topic': topic, ...headers }, JSON.stringify(payload)));
const read = (topic: string, payload: Json) => onlyTouchpoint(translate(topic, payload));

const order = {
  id: 310,
  number: 'B-310',
  status: 'processing',
  currency: 'EUR',
  total: '84.00',
  date_created: '2026-01-10T11:00:00',
  date_created_gmt: '2026-01-10T09:00:00',
  date_modified_gmt: '2026-01-10T09:30:00',
  date_paid_gmt: '2026-01-10T09:10:00',
  customer_id: 0,
  customer_note: 'Ring <b>twice</b> &amp; wait',
  billing: {
    first_name: 'Ivelina',
    last_name: 'Radeva',
    email: 'ivelina@example.com',
    phone: '032 123 456',
    city: 'Plovdiv',
    country: 'BG',
  },
  line_items: [{ name: 'Kilim &ndash; small', sku: 'KIL', quantity: 1, total: '84.00' }],
  refunds: [],
};

describe('an order', () => {
  it('of a guest belongs to the address', () => {
    expect(read('order.created', order)).toMatchObject({
      kind: 'order_placed',
      occurredAt: Date.parse('2026-01-10T09:00:00Z'),
      value: { amountMinor: 8400, currency: 'EUR' },
      text: 'Ring twice & wait',
      person: { key: 'email:ivelina@example.com', profile: { name: 'Ivelina Radeva', country: 'BG', city: 'Plovdiv' } },
      order: {
        id: '310',
        number: 'B-310',
        placedAt: Date.parse('2026-01-10T09:00:00Z'),
        paidAt: Date.parse('2026-01-10T09:10:00Z'),
        lines: [{ title: 'Kilim – small', sku: 'KIL', quantity: 1, amountMinor: 8400 }],
      },
    });
    expect(read('order.created', { ...order, customer_id: 25 }).person.key).toBe('customer:25');
  });

  it.each([
    ['processing', 'order_paid'],
    ['completed', 'order_fulfilled'],
    ['cancelled', 'order_cancelled'],
    ['refunded', 'order_refunded'],
    ['failed', 'order_updated'],
    ['pending', 'order_updated'],
    ['on-hold', 'order_updated'],
    ['a-plug-in-made-this-up', 'order_updated'],
  ])('updated to %s is %s', (status, kind) => {
    expect(read('order.updated', { ...order, status })).toMatchObject({
      kind,
      occurredAt: Date.parse('2026-01-10T09:30:00Z'),
    });
  });

  it.each([
    ['pending', true],
    ['failed', true],
    ['trash', true],
    ['on-hold', false],
    ['processing', false],
    ['completed', false],
    ['a-plug-in-made-this-up', false],
  ])('with the status %s brings nothing: %s', (status, isVoid) => {
    expect(read('order.updated', { ...order, status }).order).toMatchObject({ isVoid });
  });

  it('pending and paid in one second is paid, whichever comes last', () => {
    const pending = read('order.created', { ...order, status: 'pending' }).order?.asOf ?? Number.NaN;
    expect(pending).toBeLessThan(read('order.updated', order).order?.asOf ?? Number.NaN);
  });

  it('with refunds is refunded by their sum, each by its own id', () => {
    const refunds = [
      { id: 401, reason: 'late', total: '-10.00' },
      { id: 402, total: '-4.50' },
    ];
    expect(read('order.updated', { ...order, status: 'completed', refunds })).toMatchObject({
      kind: 'order_refunded',
      value: { amountMinor: 1450, currency: 'EUR' },
      order: {
        total: { amountMinor: 8400 },
        refunds: [
          { id: '401', amount: { amountMinor: 1000 } },
          { id: '402', amount: { amountMinor: 450 } },
        ],
      },
    });
  });

  it("never takes the shop's local time for UTC", () => {
    const { date_created_gmt: _gmt, date_modified_gmt: _modified, ...local } = order;
    expect(read('order.created', local)).toMatchObject({ occurredAt: null, order: { placedAt: null } });
  });

  it('deleted has an id and nothing else', () => {
    expect(read('order.deleted', { id: 310 })).toMatchObject({
      kind: 'order_deleted',
      occurredAt: null,
      person: { key: 'order:310' },
      order: { id: '310', deleted: true },
    });
  });

  it('that nobody placed yet is ignored', () => {
    expect(translate('order.created', { ...order, status: 'checkout-draft' })).toMatchObject({
      ok: true,
      ignored: expect.any(String),
    });
  });

  it.each([null, [], 'x', {}, { id: {} }])('%j is no order', (payload) => {
    expect(translate('order.created', payload)).toMatchObject({ ok: false });
  });
});

it('tells two orders of one second apart, though they share a delivery id', () => {
  const headers = { 'X-WC-Webhook-Delivery-ID': 'd1' };
  const first = onlyTouchpoint(translate('order.created', order, headers)).messageId;
  const second = onlyTouchpoint(translate('order.created', { ...order, id: 311 }, headers)).messageId;
  expect(first).not.toBe(second);
  expect(onlyTouchpoint(translate('order.created', order, headers)).messageId).toBe(first);
  expect(onlyTouchpoint(translate('order.created', order, headers)).formerIds).toEqual([
    expect.stringMatching(/^d1:[0-9a-f]{64}$/),
  ]);
});

it('tells two states of an order in one second apart, and knows a state that is sent again', () => {
  const idOf = (change: Record<string, Json>) => read('order.updated', { ...order, ...change }).messageId;
  const ids = [{}, { status: 'completed' }, { total: '80.00' }, { refunds: [{ id: 1, total: '-4.00' }] }].map(idOf);
  expect(new Set(ids).size).toBe(4);
  expect(idOf({ billing: {} })).toBe(idOf({}));
});

it('reads a customer, also one that is gone', () => {
  const customer = {
    id: 25,
    email: 'ivelina@example.com',
    first_name: 'Ivelina',
    last_name: 'Radeva',
    date_created_gmt: '2026-01-01T00:00:00',
  };
  expect(read('customer.created', customer)).toMatchObject({
    kind: 'customer_created',
    occurredAt: Date.parse('2026-01-01T00:00:00Z'),
    person: { key: 'customer:25', profile: { name: 'Ivelina Radeva' } },
  });
  expect(read('customer.deleted', { id: 25 })).toMatchObject({
    kind: 'customer_redacted',
    data: { reason: 'deleted_at_source' },
  });
});

describe('a review', () => {
  const review = {
    id: 9,
    product_id: 4,
    reviewer: 'Ivelina',
    reviewer_email: 'ivelina@example.com',
    review: '<p>Warm &amp; soft</p>',
    rating: 5,
    verified: false,
    date_created_gmt: '2026-02-01T10:00:00',
  };

  it('under an address anybody could write speaks for nobody', () => {
    expect(read('action.comment_post', review)).toMatchObject({
      kind: 'review_posted',
      score: 5,
      text: 'Warm & soft',
      subject: 'product:4',
      person: { key: 'reviewer:ivelina@example.com', identifiers: [{ kind: 'email', assurance: 'claimed' }] },
    });
  });

  it('of a verified buyer is theirs', () => {
    expect(read('', { ...review, verified: true }).person).toMatchObject({
      key: 'email:ivelina@example.com',
      identifiers: [{ kind: 'email', assurance: 'asserted' }],
    });
  });
});

it.each(['product.updated', 'coupon.created', 'action.woocommerce_add_to_cart'])('has no use for %s', (topic) => {
  expect(translate(topic, { id: 1 })).toEqual({ ok: true, ignored: topic });
});
