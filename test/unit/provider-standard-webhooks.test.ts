import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import { CORE_KINDS } from '../../schema/vocabulary.ts';
import standardWebhooks from '../../worker/sources/providers/standard_webhooks.ts';
import { kindOf } from '../../worker/sources/standard-webhooks/kinds.ts';
import { deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';

const translate = (payload: Json) =>
  translateWith(standardWebhooks, deliveryOf({ 'webhook-id': 'msg_1' }, JSON.stringify(payload)));
const read = (type: string, data: Json, timestamp: Json = '2026-01-15T12:00:00Z') =>
  onlyTouchpoint(translate({ type, timestamp, data }));

describe('the type of an event', () => {
  it.each([
    ['contact.created', 'customer_created'],
    ['customer.created', 'customer_created'],
    ['user.deleted', 'customer_redacted'],
    ['order.created', 'order_placed'],
    ['order.shipped', 'order_fulfilled'],
    ['order.canceled', 'order_cancelled'],
    ['OrderRefunded', 'order_refunded'],
    ['order.partially_refunded', 'order_refunded'],
    ['refund.issued', 'order_refunded'],
    ['cart.abandoned', 'checkout_abandoned'],
    ['checkout/started', 'checkout_started'],
    ['payment.captured', 'payment_succeeded'],
    ['customer.subscription.created', 'subscription_started'],
    ['subscription.renewed', 'subscription_renewed'],
    ['product.review.created', 'review_posted'],
    ['ticket.closed', 'ticket_solved'],
    ['support-ticket.opened', 'ticket_created'],
    ['appointment.booked', 'meeting_booked'],
    ['email.opened', 'email_opened'],
    ['EMAIL_OPENED', 'email_opened'],
  ])('%s is %s', (type, kind) => {
    expect(kindOf(type)).toBe(kind);
  });

  it.each(CORE_KINDS)('%s passes with dots and underscores', (kind) => {
    expect([kindOf(kind), kindOf(kind.replace('_', '.'))]).toEqual([kind, kind]);
  });

  it.each([
    '',
    '.',
    'product.updated',
    'created',
    'customer',
    'constructor.created',
    'order.constructor',
    'customer.toString',
  ])('%j is none of ours', (type) => {
    expect(kindOf(type)).toBeNull();
    expect(translate({ type, data: {} })).toMatchObject({ ok: true, ignored: expect.any(String) });
  });
});

describe('an event', () => {
  it('is read in either spelling', () => {
    const snake = read('order.placed', {
      order_id: 'A-1',
      customer_id: 7,
      email: 'nadia@example.com',
      amount: '12.50',
      currency: 'eur',
      phone: '059 123456',
      country: 'it',
    });
    const camel = read('order.placed', {
      orderId: 'A-1',
      customerId: 7,
      email: 'nadia@example.com',
      amountMinor: 1250,
      currency: 'EUR',
      phoneNumber: '059 123456',
      countryCode: 'IT',
    });
    expect(snake).toEqual(camel);
    expect(snake).toMatchObject({
      messageId: 'msg_1',
      kind: 'order_placed',
      channel: 'shop',
      occurredAt: Date.parse('2026-01-15T12:00:00Z'),
      value: { amountMinor: 1250, currency: 'EUR' },
      person: { key: 'customer:7' },
      order: { id: 'A-1', placedAt: Date.parse('2026-01-15T12:00:00Z'), total: { amountMinor: 1250 } },
    });
    expect(new Set(snake.person.identifiers.map(({ assurance }) => assurance))).toEqual(new Set(['asserted']));
  });

  it('may keep the person apart', () => {
    const data = {
      order_id: 'A-1',
      customer: { id: 'c7', email: 'nadia@example.com', first_name: 'Nadia', last_name: 'Ferrante', locale: 'it' },
    };
    expect(read('order.paid', data).person).toMatchObject({
      key: 'customer:c7',
      profile: { name: 'Nadia Ferrante', language: 'it' },
    });
  });

  it('takes the time of the fact before the time of the message', () => {
    expect(read('note.added', { occurred_at: '2026-01-01T00:00:00Z' }).occurredAt).toBe(Date.UTC(2026, 0, 1));
    expect(read('note.added', { occurredAt: 1767225600 }).occurredAt).toBe(Date.UTC(2026, 0, 1));
    expect(read('note.added', {}, 1767225600000).occurredAt).toBe(Date.UTC(2026, 0, 1));
    expect(read('note.added', {}, 'yesterday').occurredAt).toBeNull();
  });

  it('of a refund written with a minus gives back as much', () => {
    const refund = read('order.refunded', { id: 'r1', order_id: 'A-1', amount: -30, currency: 'EUR' });
    expect([refund.value, refund.order?.refunds]).toEqual([
      { amountMinor: 3000, currency: 'EUR' },
      [{ id: 'r1', amount: { amountMinor: 3000, currency: 'EUR' } }],
    ]);
  });

  it('of a refund is one refund of its order', () => {
    expect(read('refund.created', { id: 'r1', order_id: 'A-1', amount: 5, currency: 'EUR' }).order).toMatchObject({
      id: 'A-1',
      refunds: [{ id: 'r1', amount: { amountMinor: 500, currency: 'EUR' } }],
    });
    expect(read('order.refunded', { id: 'A-1', amount: 5, currency: 'EUR' }).order?.refunds?.[0]?.id).toBe('msg_1');
  });

  it('somebody else typed is a claim, under a key of its own', () => {
    expect(
      read('review.created', { id: 1, email: 'nadia@example.com', rating: 2, comment: 'Came broken' }),
    ).toMatchObject({
      kind: 'review_posted',
      score: 2,
      text: 'Came broken',
      person: { key: 'claimed:nadia@example.com', identifiers: [{ kind: 'email', assurance: 'claimed' }] },
    });
  });

  it('of an order must name it', () => {
    expect(translate({ type: 'order.paid', data: { email: 'nadia@example.com' } })).toMatchObject({
      ok: false,
      misfits: [{ path: '$.data.order_id' }],
    });
  });
});

describe('several events', () => {
  it('are as many touchpoints, each with an id of its own', () => {
    const batch = translate({
      events: [
        { type: 'contact.created', data: { id: 1 } },
        { type: 'product.updated', data: {} },
        { type: 'note.added', customer_id: 1, text: 'Called back' },
      ],
    });
    expect(batch).toMatchObject({
      touchpoints: [
        { messageId: 'msg_1:0', kind: 'customer_created' },
        { messageId: 'msg_1:2', kind: 'note_added', text: 'Called back', person: { key: 'customer:1' } },
      ],
    });
    expect(translate({ type: 'note.added', data: [{ user_id: 'u1' }, { user_id: 'u2' }] })).toMatchObject({
      touchpoints: [{ person: { key: 'user:u1' } }, { person: { key: 'user:u2' } }],
    });
  });

  it('are all read, however many there are', () => {
    const batch = translate({ type: 'note.added', data: Array.from({ length: 700 }, (_, id) => ({ id })) });
    expect(batch).toMatchObject({ ok: true, touchpoints: { length: 700 } });
  });

  it('say which of them does not fit', () => {
    expect(
      translate({
        events: [
          { type: 'note.added', data: {} },
          { type: 'order.paid', data: {} },
        ],
      }),
    ).toMatchObject({
      misfits: [{ path: '$.events[1].order_id' }],
    });
  });
});
