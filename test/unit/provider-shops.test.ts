import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import type { Provider } from '../../worker/sources/provider.ts';
import adobeCommerce from '../../worker/sources/providers/adobe_commerce.ts';
import bigcommerce from '../../worker/sources/providers/bigcommerce.ts';
import ecwid from '../../worker/sources/providers/ecwid.ts';
import judgeme from '../../worker/sources/providers/judgeme.ts';
import square from '../../worker/sources/providers/square.ts';
import { rsaPair, signRsa, spkiPem } from '../support/certificate.ts';
import { deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';
import { contextOf, SENDERS } from '../support/senders.ts';
import { hmac } from '../support/sign.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const AT = new Date(NOW).toISOString();
const read = (provider: Provider, body: Json) => translateWith(provider, deliveryOf({}, JSON.stringify(body)), body);
const touchpoint = (provider: Provider, body: Json) => onlyTouchpoint(read(provider, body));

describe('Square', () => {
  const event = (type: string, object: Json, event_id = 'e-1') => ({
    type,
    event_id,
    created_at: AT,
    data: { id: 'x', object: { [type.split('.')[0] ?? '']: object } },
  });
  const payment = (more: { readonly [key: string]: Json }) => ({
    id: 'pay-1',
    order_id: 'order-1',
    status: 'COMPLETED',
    total_money: { amount: 1000, currency: 'EUR' },
    updated_at: AT,
    ...more,
  });

  it('signs the address its owner has given it', async () => {
    const publicUrl = 'https://hooks.shop.example/square';
    const headers = { 'x-square-hmacsha256-signature': hmac('key', `${publicUrl}{}`, 'base64') };
    const verdictAt = (settings: Record<string, Json>) =>
      square.verify(deliveryOf(headers, '{}'), contextOf({ secrets: ['key'], settings, now: NOW }));
    expect(await verdictAt({ publicUrl })).toEqual({ ok: true });
    expect(await verdictAt({ publicUrl: null })).toMatchObject({ ok: false });
    expect(square.parseSettings({ publicUrl })).toEqual({ ok: true, settings: { publicUrl } });
    expect(square.parseSettings({ publicUrl: 'hooks.shop.example' })).toMatchObject({
      misfits: [{ path: '$.publicUrl' }],
    });
  });

  it('tells once that a payment is made, however often the payment is told of', () => {
    const first = touchpoint(square, event('payment.created', payment({})));
    const again = touchpoint(square, event('payment.updated', payment({ note: 'tip added' }), 'e-2'));
    expect(again.messageId).toBe(first.messageId);
  });

  it('takes what is given back as a sum that grows on the order of the payment', () => {
    const refunded = (amount: number) =>
      touchpoint(
        square,
        event('payment.updated', payment({ refunded_money: { amount, currency: 'EUR' } }), `e-${amount}`),
      );
    const [part, whole] = [refunded(300), refunded(1000)];
    expect(part.messageId).not.toBe(whole.messageId);
    expect([part, whole].map(({ kind, order }) => [kind, order?.id, order?.refunds?.[0]])).toEqual([
      ['order_refunded', 'order-1', { id: 'payment:pay-1', amount: { amountMinor: 300, currency: 'EUR' } }],
      ['order_refunded', 'order-1', { id: 'payment:pay-1', amount: { amountMinor: 1000, currency: 'EUR' } }],
    ]);
    expect(read(square, event('refund.created', { id: 'r', order_id: 'another' }))).toHaveProperty('ignored');
  });

  it('books and calls off', () => {
    const booking = (type: string, status: string) =>
      read(square, event(type, { id: 'b', customer_id: 'c', status, created_at: AT }));
    expect(onlyTouchpoint(booking('booking.created', 'ACCEPTED'))).toMatchObject({
      kind: 'meeting_booked',
      initiator: 'customer',
    });
    expect(onlyTouchpoint(booking('booking.updated', 'CANCELLED_BY_SELLER'))).toMatchObject({
      kind: 'meeting_cancelled',
      initiator: 'company',
    });
    expect(booking('booking.updated', 'ACCEPTED')).toHaveProperty('ignored');
  });
});

describe('BigCommerce', () => {
  const hook = (scope: string, data: Json, more = {}) => ({ scope, hash: 'h', created_at: 1768478400, data, ...more });

  it('fires twice for one change, and again for the next', () => {
    const order = { type: 'order', id: 7 };
    const idOf = (more: object) => touchpoint(bigcommerce, hook('store/order/updated', order, more)).messageId;
    expect(idOf({})).toBe(idOf({ producer: 'stores/again' }));
    expect(idOf({})).not.toBe(idOf({ created_at: 1768478460 }));
  });

  it.each([
    [2, 'order_fulfilled'],
    [10, 'order_fulfilled'],
    [5, 'order_cancelled'],
    [4, 'order_updated'],
    [11, 'order_updated'],
  ])('reads the order status %i as %s', (new_status_id, kind) => {
    const data = { type: 'order', id: 7, status: { previous_status_id: 1, new_status_id } };
    expect(touchpoint(bigcommerce, hook('store/order/statusUpdated', data)).kind).toBe(kind);
  });
});

describe('Ecwid signs two fields of the body and not the event', () => {
  const sender = SENDERS.ecwid;
  const event = {
    eventId: 'e-1',
    eventCreated: NOW / 1000,
    entityId: 7,
    eventType: 'customer.created',
    data: { customerEmail: 'a@b.example' },
  };
  const genuine = sender?.sign?.(JSON.stringify(event), { secret: 'shh', now: NOW });
  const outcome = async (body: string, headers = genuine?.headers ?? {}, now = NOW) => {
    const verdict = await ecwid.verify(deliveryOf(headers, body), contextOf({ secrets: ['shh'], now }));
    return verdict.ok ? 'accepted' : verdict.refusal.reason;
  };

  it('so that the same signature under another event is the same message', async () => {
    const forged = { ...event, entityId: 8, eventType: 'order.updated', data: { newPaymentStatus: 'PAID' } };
    expect(await outcome(JSON.stringify(forged))).toBe('accepted');
    expect(touchpoint(ecwid, forged).messageId).toBe(touchpoint(ecwid, event).messageId);
  });

  it('and neither field can be changed, nor be brought as a header', async () => {
    for (const change of [
      { eventId: 'e-2' },
      { eventCreated: NOW / 1000 + 1 },
      { eventId: null },
      { eventCreated: 'now' },
    ]) {
      expect(await outcome(JSON.stringify({ ...event, ...change }))).not.toBe('accepted');
    }
    const asHeaders = { ...genuine?.headers, 'ecwid-event-id': 'e-1', 'ecwid-event-created': String(NOW / 1000) };
    expect(await outcome('{}', asHeaders)).toBe('signature_missing');
    expect(await outcome('no JSON', asHeaders)).toBe('signature_missing');
  });

  it('and it ends with the retries', async () => {
    const hours = 3600 * 1000;
    expect(await outcome(JSON.stringify(event), genuine?.headers, NOW + 25 * hours)).toBe('accepted');
    expect(await outcome(JSON.stringify(event), genuine?.headers, NOW + 37 * hours)).toBe('timestamp_stale');
  });
});

it.each([
  [{ oldPaymentStatus: 'AWAITING_PAYMENT', newPaymentStatus: 'PAID' }, 'order_paid'],
  [{ oldPaymentStatus: 'PAID', newPaymentStatus: 'CANCELLED' }, 'order_cancelled'],
  [{ oldPaymentStatus: 'PAID', newPaymentStatus: 'REFUNDED' }, 'order_refunded'],
  [{ oldFulfillmentStatus: 'SHIPPED', newFulfillmentStatus: 'DELIVERED' }, 'order_fulfilled'],
  [{ newPaymentStatus: 'PAID', oldPaymentStatus: 'PAID' }, 'order_updated'],
  [{}, 'order_updated'],
])('Ecwid: an update with %j is %s', (data, kind) => {
  expect(touchpoint(ecwid, { eventId: 'e', eventCreated: 1, entityId: 3, eventType: 'order.updated', data }).kind).toBe(
    kind,
  );
});

describe('Judge.me', () => {
  const review = (verified: string) =>
    touchpoint(judgeme, {
      event: 'review/created',
      review: { id: 1, rating: 4, verified, created_at: AT, reviewer: { external_id: 9, email: 'ana@example.com' } },
    });

  it('believes only a reviewer whom the shop has matched to an order', () => {
    expect(review('buyer').person).toMatchObject({
      key: 'customer:9',
      identifiers: [{ assurance: 'asserted' }, { assurance: 'asserted' }],
    });
    expect(review('not-yet').person).toMatchObject({
      key: 'reviewer:ana@example.com',
      identifiers: [{ kind: 'email', assurance: 'claimed' }],
    });
  });
});

describe('Adobe I/O Events', () => {
  const pair = rsaPair();
  const clientId = 'ca7b36f23be94dcb9d2ebb97f0276e3f';
  const body = (recipient: string) => JSON.stringify({ id: '1', type: 'x', recipient_client_id: recipient });
  const outcome = async (text: string, options: { path?: string; signer?: typeof pair; signed?: string } = {}) => {
    const { path = '/prod/keys/pub-key-1.pem', signer = pair, signed = text } = options;
    const headers = { 'x-adobe-digital-signature-1': signRsa(signer, signed), 'x-adobe-public-key1-path': path };
    const fetched: string[] = [];
    const fetch = async (url: string) => {
      fetched.push(url);
      return new Response(spkiPem(pair));
    };
    const verdict = await adobeCommerce.verify(
      deliveryOf(headers, text),
      contextOf({ secrets: [clientId], now: NOW, fetch }),
    );
    for (const url of fetched) expect(url).toMatch(/^https:\/\/static\.adobeioevents\.com\/prod\/keys\//);
    return verdict.ok ? 'accepted' : verdict.refusal.reason;
  };

  it('are signed for all customers alike, so that the recipient counts', async () => {
    expect(await outcome(body(clientId))).toBe('accepted');
    expect(await outcome(`[${body(clientId)}]`)).toBe('accepted');
    expect(await outcome(body('somebody else'))).toBe('signature_mismatch');
    expect(await outcome(`[${body(clientId)},${body('somebody else')}]`)).toBe('signature_mismatch');
    expect(await outcome('[]')).toBe('signature_mismatch');
  });

  it('are refused when changed, signed by others or with a key from elsewhere', async () => {
    expect(await outcome(body(clientId), { signed: 'another body' })).toBe('signature_mismatch');
    expect(await outcome(body(clientId), { signer: rsaPair() })).toBe('signature_mismatch');
    for (const path of ['@evil.example/key.pem', '/../evil.pem', '.evil.example/key.pem', '//evil.example/key.pem?'])
      expect(await outcome(body(clientId), { path })).toBe('key_unavailable');
  });

  it('want a word back when they are registered', () => {
    const asked = (url: string, method = 'GET') =>
      adobeCommerce.handshake?.({ ...deliveryOf({}, '', url), method }, contextOf({ secrets: [], now: NOW })) ?? null;
    expect(asked('https://rapport.example/in/key?challenge=8ec8d794-e0ab')).toEqual({
      note: 'challenge',
      body: '8ec8d794-e0ab',
    });
    expect(asked('https://rapport.example/in/key?challenge=<script>')).toBeNull();
    expect(asked('https://rapport.example/in/key?challenge=a', 'POST')).toBeNull();
  });
});

describe('Adobe Commerce', () => {
  const saved = (name: string, value: Json) => ({
    id: name,
    type: `com.adobe.commerce.observer.${name}`,
    time: AT,
    data: { value },
  });
  const order = (state: string, updated_at = '2026-01-15 12:00:00') => ({
    entity_id: '3',
    increment_id: '000000003',
    state,
    grand_total: '20.5000',
    order_currency_code: 'EUR',
    customer_email: 'ana@example.com',
    created_at: '2026-01-15 12:00:00',
    updated_at,
  });

  it.each([
    ['new', 'order_placed'],
    ['processing', 'order_paid'],
    ['complete', 'order_fulfilled'],
    ['canceled', 'order_cancelled'],
    ['holded', 'order_updated'],
  ])('reads the state %s as %s', (state, kind) => {
    expect(touchpoint(adobeCommerce, saved('sales_order_save_commit_after', order(state)))).toMatchObject({
      kind,
      occurredAt: NOW,
      value: { amountMinor: 2050, currency: 'EUR' },
    });
  });

  it('waits for the payment of an order before it counts', () => {
    const isVoid = (state: string) =>
      touchpoint(adobeCommerce, saved('sales_order_save_commit_after', order(state))).order?.isVoid;
    expect(['pending_payment', 'new', 'processing'].map(isVoid)).toEqual([true, false, false]);
  });

  it('places an order once', () => {
    const again = order('new', '2026-01-15 12:10:00');
    expect(touchpoint(adobeCommerce, saved('sales_order_save_commit_after', again)).kind).toBe('order_updated');
  });

  it('joins credit memos and shipments to their order', () => {
    const memo = { entity_id: '8', order_id: '3', grand_total: '5.0000', order_currency_code: 'EUR' };
    expect(touchpoint(adobeCommerce, saved('sales_order_creditmemo_save_commit_after', memo)).order).toMatchObject({
      id: '3',
      refunds: [{ id: '8', amount: { amountMinor: 500, currency: 'EUR' } }],
    });
    expect(touchpoint(adobeCommerce, saved('sales_order_shipment_save_commit_after', memo)).order).toMatchObject({
      id: '3',
    });
    expect(read(adobeCommerce, saved('sales_order_shipment_save_commit_after', { entity_id: '8' }))).toMatchObject({
      ok: false,
    });
  });
});
