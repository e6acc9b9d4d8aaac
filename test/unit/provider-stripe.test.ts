import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import stripe from '../../worker/sources/providers/stripe.ts';
import { deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';

const CREATED = 1_768_478_400;
type Fields = { readonly [key: string]: Json };
const translate = (type: string, object: Fields, event: Fields = {}) =>
  translateWith(
    stripe,
    deliveryOf(
      {},
      JSON.stringify({
        id: 'evt_1',
        type,
        created: CREATED,
        livemode: true,
        ...event,
        data: { object, ...(event.data as object) },
      }),
    ),
  );
const read = (type: string, object: Fields, event: Fields = {}) => onlyTouchpoint(translate(type, object, event));

const session = {
  id: 'cs_1',
  mode: 'payment',
  payment_status: 'paid',
  payment_intent: 'pi_1',
  customer: 'cus_1',
  customer_details: {
    email: 'Owen@Example.com',
    name: 'Owen Pritchard',
    phone: '01792 555 123',
    address: { city: 'Swansea', country: 'GB' },
  },
  amount_total: 4200,
  currency: 'gbp',
};

describe('a checkout', () => {
  it('that is paid is an order that is paid', () => {
    expect(read('checkout.session.completed', session)).toMatchObject({
      messageId: 'evt_1',
      kind: 'order_paid',
      channel: 'payment',
      occurredAt: CREATED * 1000,
      value: { amountMinor: 4200, currency: 'GBP' },
      person: { key: 'customer:cus_1', profile: { name: 'Owen Pritchard', country: 'GB', city: 'Swansea' } },
      order: { id: 'pi_1', total: { amountMinor: 4200, currency: 'GBP' }, paidAt: CREATED * 1000 },
    });
  });

  it('that is still to be paid is placed, until the bank says otherwise', () => {
    const unpaid = { ...session, payment_status: 'unpaid' };
    expect(read('checkout.session.completed', unpaid)).toMatchObject({
      kind: 'order_placed',
      order: { paidAt: null, isVoid: true },
    });
    expect(read('checkout.session.async_payment_succeeded', unpaid)).toMatchObject({
      kind: 'order_paid',
      order: { id: 'pi_1', isVoid: false },
    });
    expect(read('checkout.session.async_payment_failed', unpaid)).toMatchObject({
      kind: 'payment_failed',
      subject: 'order:pi_1',
      order: { id: 'pi_1', total: { amountMinor: 4200 }, isVoid: true },
    });
  });

  it('that ran out is abandoned', () => {
    const { payment_intent: _payment, ...left } = session;
    expect(read('checkout.session.expired', left)).toMatchObject({
      kind: 'checkout_abandoned',
      subject: 'checkout:cs_1',
      value: { amountMinor: 4200 },
    });
    expect(read('checkout.session.expired', left)).not.toHaveProperty('order');
  });

  it('and its refund meet on one order', () => {
    const refund = read('charge.refunded', {
      id: 'ch_1',
      payment_intent: 'pi_1',
      amount: 4200,
      amount_refunded: 1000,
      refunded: false,
      currency: 'gbp',
    });
    expect(refund).toMatchObject({
      kind: 'order_refunded',
      value: { amountMinor: 1000 },
      person: { key: 'order:pi_1', identifiers: [{ kind: 'order', value: 'pi_1', assurance: 'asserted' }] },
      order: { id: 'pi_1', refunds: [{ id: 'charge:ch_1', amount: { amountMinor: 1000, currency: 'GBP' } }] },
      data: { partial: true },
    });
    expect(read('checkout.session.completed', session).person.identifiers).toContainEqual({
      kind: 'order',
      value: 'pi_1',
      assurance: 'asserted',
    });
  });

  it('that begins a subscription leaves the revenue to the invoice, in old and new versions of the API', () => {
    const first = { ...session, mode: 'subscription', payment_intent: null, invoice: 'in_1' };
    const invoice = { id: 'in_1', amount_paid: 4200, currency: 'gbp', customer: 'cus_1' };
    expect(read('checkout.session.completed', first)).not.toHaveProperty('order');
    expect(read('invoice.paid', { ...invoice, payment_intent: 'pi_1' }).order?.id).toBe('pi_1');
    const basil = { api_version: '2025-03-31.basil' };
    expect(read('checkout.session.completed', first, basil).order?.id).toBe('in_1');
    expect(read('invoice.paid', invoice, basil).order?.id).toBe('in_1');
  });

  it('that only stores a card is no order', () => {
    expect(translate('checkout.session.completed', { ...session, mode: 'setup' })).toMatchObject({
      ok: true,
      ignored: expect.any(String),
    });
  });
});

describe('a payment', () => {
  it('carries no order: what asked for it brings the revenue', () => {
    const paid = read('payment_intent.succeeded', {
      id: 'pi_1',
      amount: 4200,
      amount_received: 4200,
      currency: 'gbp',
      receipt_email: 'owen@example.com',
    });
    expect(paid).toMatchObject({
      kind: 'payment_succeeded',
      value: { amountMinor: 4200 },
      person: { key: 'email:owen@example.com' },
    });
    expect(paid).not.toHaveProperty('order');
  });

  it('that failed says why', () => {
    const object = {
      id: 'pi_1',
      amount: 4200,
      currency: 'gbp',
      last_payment_error: { code: 'card_declined', message: 'Your card was declined.' },
    };
    expect(read('payment_intent.payment_failed', object)).toMatchObject({
      kind: 'payment_failed',
      text: 'Your card was declined.',
      data: { failureCode: 'card_declined' },
    });
  });
});

describe('an invoice', () => {
  it('paid is an order, so that subscriptions count as revenue', () => {
    const invoice = {
      id: 'in_2',
      charge: 'ch_2',
      amount_paid: 1500,
      currency: 'eur',
      customer: 'cus_1',
      customer_email: 'owen@example.com',
      number: 'R-7',
    };
    expect(read('invoice.paid', invoice)).toMatchObject({
      kind: 'payment_succeeded',
      order: { id: 'ch_2', number: 'R-7', total: { amountMinor: 1500, currency: 'EUR' }, paidAt: CREATED * 1000 },
    });
  });

  it('of nothing is no order', () => {
    expect(read('invoice.paid', { id: 'in_3', amount_paid: 0, currency: 'eur' })).not.toHaveProperty('order');
  });

  it('that failed is a failed payment', () => {
    expect(read('invoice.payment_failed', { id: 'in_4', amount_due: 1500, currency: 'eur' })).toMatchObject({
      kind: 'payment_failed',
      value: { amountMinor: 1500 },
    });
  });
});

describe('a subscription', () => {
  const subscription = {
    id: 'sub_1',
    customer: 'cus_1',
    status: 'active',
    cancel_at_period_end: true,
    cancel_at: CREATED + 86_400,
  };

  it('starts and ends without a value of its own', () => {
    expect(read('customer.subscription.created', subscription)).toMatchObject({
      kind: 'subscription_started',
      value: null,
      person: { key: 'customer:cus_1' },
    });
    expect(read('customer.subscription.deleted', subscription)).toMatchObject({
      kind: 'subscription_cancelled',
      value: null,
    });
  });

  it('is cancelled when the customer says so, and changed in other ways that are not ours', () => {
    const update = (previous: Fields) =>
      translate('customer.subscription.updated', subscription, { data: { previous_attributes: previous } });
    expect(onlyTouchpoint(update({ cancel_at_period_end: false }))).toMatchObject({
      kind: 'subscription_cancelled',
      data: { endsAt: new Date((CREATED + 86_400) * 1000).toISOString() },
    });
    expect(update({ quantity: 1 })).toEqual({ ok: true, ignored: 'customer.subscription.updated' });
  });
});

it.each([
  ['customer.created', 'customer_created'],
  ['customer.updated', 'customer_updated'],
  ['customer.deleted', 'customer_redacted'],
])('%s is %s', (type, kind) => {
  const customer = {
    id: 'cus_1',
    email: 'owen@example.com',
    name: 'Owen Pritchard',
    phone: null,
    preferred_locales: ['cy'],
  };
  expect(read(type, customer)).toMatchObject({
    kind,
    person: { key: 'customer:cus_1', profile: { name: 'Owen Pritchard', language: 'cy' } },
  });
});

it('marks what is only a test', () => {
  expect(read('customer.created', { id: 'cus_1' }, { livemode: false }).data?.test).toBe(true);
  expect(read('customer.created', { id: 'cus_1' }).data).not.toHaveProperty('test');
});

it.each(['refund.created', 'invoice.payment_succeeded', 'charge.succeeded', 'payout.paid', '__proto__'])(
  'has no use for %s',
  (type) => {
    expect(translate(type, { id: 'x' })).toMatchObject({ ok: true, ignored: expect.stringContaining(type) });
  },
);

it.each<[Json, string]>([
  [[], '$'],
  ['text', '$'],
  [{}, '$.type'],
  [{ type: 'invoice.paid' }, '$.id'],
  [{ type: 'invoice.paid', id: 'evt_1' }, '$.data.object.id'],
  [{ type: 'invoice.paid', id: 'evt_1', data: { object: [] } }, '$.data.object.id'],
])('%j does not fit at %s', (payload, path) => {
  expect(translateWith(stripe, deliveryOf({}, ''), payload)).toMatchObject({ ok: false, misfits: [{ path }] });
});
