import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import { utf8 } from '../../worker/platform/hmac.ts';
import { signedText } from '../../worker/sources/paypal/signature.ts';
import type { Provider } from '../../worker/sources/provider.ts';
import lemonsqueezy from '../../worker/sources/providers/lemonsqueezy.ts';
import paddle from '../../worker/sources/providers/paddle.ts';
import paypal from '../../worker/sources/providers/paypal.ts';
import { certificateOf, rsaPair } from '../support/certificate.ts';
import { defaultSettings, deliveryOf, onlyTouchpoint, recordedDeliveries, translateWith } from '../support/fixtures.ts';
import { contextOf, SENDERS, verifyWith } from '../support/senders.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const AT = new Date(NOW).toISOString();
const read = (provider: Provider, body: Json, settings: Record<string, Json> = {}) =>
  translateWith(provider, deliveryOf({}, JSON.stringify(body)), body, { ...defaultSettings(provider), ...settings });
const touchpoint = (provider: Provider, body: Json, settings: Record<string, Json> = {}) =>
  onlyTouchpoint(read(provider, body, settings));

describe('PayPal signs with a key that has to be fetched', () => {
  const sender = SENDERS.paypal;
  const body = '{"id":"WH-1"}';
  const secret = sender?.secretOf?.('a webhook') ?? '';
  const signed = (now = NOW) => sender?.sign?.(body, { secret, now })?.headers ?? {};
  const outcome = async (headers: Record<string, string>, fetch = sender?.fetch) => {
    const context = contextOf({ secrets: [secret], now: NOW, ...(fetch && { fetch }) });
    const verdict = await paypal.verify(deliveryOf(headers, body), context);
    return verdict.ok ? 'accepted' : verdict.refusal.reason;
  };

  it('over the published text of its own SDK', () => {
    const [fixture] = recordedDeliveries(['paypal/PAYMENT.SALE.COMPLETED']) ?? [];
    if (!fixture?.signature)
      return console.warn('NOT TESTED: the published text that PayPal signs is not on this machine');
    const text = signedText({
      id: fixture.headers['PAYPAL-TRANSMISSION-ID'] ?? '',
      timestamp: fixture.headers['PAYPAL-TRANSMISSION-TIME'] ?? '',
      webhookId: String(fixture.signature.webhook_id),
      body: utf8(fixture.body),
    });
    expect(new TextDecoder().decode(text)).toBe(fixture.signature.signed_string);
  });

  it.each([
    'https://paypal.com.evil.example/v1/notifications/certs/CERT-1',
    'http://api.paypal.com/v1/notifications/certs/CERT-1',
    'https://www.paypal.com/somewhere/v1/notifications/certs/CERT-1',
    'https://api.paypal.com/v1/notifications/certs/../../../x',
    'not an address',
  ])('and fetches none from %s', async (address) => {
    const forger = rsaPair();
    const fetch = async () => new Response(certificateOf(forger));
    expect(await outcome({ ...signed(), 'PAYPAL-CERT-URL': address }, fetch)).toBe('signature_malformed');
  });

  it('and says so when there is no key to be had', async () => {
    const at = (name: string) => ({
      ...signed(),
      'PAYPAL-CERT-URL': `https://api.paypal.com/v1/notifications/certs/${name}`,
    });
    const failing = async () => {
      throw new TypeError('no answer');
    };
    expect(await outcome(at('CERT-gone'), async () => new Response('', { status: 404 }))).toBe('key_unavailable');
    expect(await outcome(at('CERT-html'), async () => new Response('<html>'))).toBe('key_unavailable');
    expect(await outcome(at('CERT-down'), failing)).toBe('key_unavailable');
  });

  it('for as long as it tries again, and not for another webhook', async () => {
    const day = 24 * 3600 * 1000;
    expect(await outcome(signed(NOW - 3 * day))).toBe('accepted');
    expect(await outcome(signed(NOW - 5 * day))).toBe('timestamp_stale');
    const elsewhere = await verifyWith(paypal, deliveryOf(signed(), body), { secrets: ['ANOTHER'], now: NOW });
    expect(elsewhere).toEqual({ ok: false, refusal: { reason: 'signature_mismatch' } });
  });
});

describe('PayPal', () => {
  const event = (event_type: string, resource: Json) => ({
    id: `WH-${event_type}`,
    create_time: AT,
    event_type,
    resource,
  });
  const capture = {
    id: 'CAP1',
    status: 'COMPLETED',
    amount: { currency_code: 'EUR', value: '20.00' },
    supplementary_data: { related_ids: { order_id: 'ORD1' } },
    update_time: AT,
  };
  const refund = {
    id: 'REF1',
    status: 'COMPLETED',
    amount: { currency_code: 'EUR', value: '5.00' },
    links: [{ rel: 'up', href: 'https://api.paypal.com/v2/payments/captures/CAP1' }],
    update_time: AT,
  };

  it('makes one order of a capture and its refund, and finds the buyer by the checkout', () => {
    const paid = touchpoint(paypal, event('PAYMENT.CAPTURE.COMPLETED', capture));
    const refunded = touchpoint(paypal, event('PAYMENT.CAPTURE.REFUNDED', refund));
    const approved = touchpoint(
      paypal,
      event('CHECKOUT.ORDER.APPROVED', { id: 'ORD1', payer: { payer_id: 'P1', email_address: 'ana@example.com' } }),
    );
    expect([paid.order?.id, refunded.order?.id]).toEqual(['CAP1', 'CAP1']);
    expect(refunded.order?.refunds).toEqual([{ id: 'REF1', amount: { amountMinor: 500, currency: 'EUR' } }]);
    expect(approved.order).toBeUndefined();
    const checkout = { kind: 'checkout', value: 'ORD1', assurance: 'asserted' };
    expect(paid.person.identifiers).toContainEqual(checkout);
    expect(approved.person.identifiers).toContainEqual(checkout);
  });

  it('counts nothing where a shop keeps the orders', () => {
    const settings = { orders: 'shop' };
    for (const [type, resource] of [
      ['PAYMENT.CAPTURE.COMPLETED', capture],
      ['PAYMENT.CAPTURE.REFUNDED', refund],
    ] as const) {
      const { order, value } = touchpoint(paypal, event(type, resource), settings);
      expect(order).toBeUndefined();
      expect(value?.currency).toBe('EUR');
    }
  });

  it('makes one order of an invoice and the payment that paid it', () => {
    const invoice = {
      id: 'INV2-1',
      detail: { invoice_number: '0007' },
      amount: { currency_code: 'JPY', value: '1200' },
      primary_recipients: [
        { billing_info: { email_address: 'kenji@example.com', name: { given_name: 'Kenji', surname: 'Sato' } } },
      ],
      payments: { transactions: [{ payment_id: 'CAP9' }] },
      merchant_info: { email: 'shop@example.com' },
    };
    const paid = touchpoint(paypal, event('INVOICING.INVOICE.PAID', { invoice }));
    expect(paid).toMatchObject({
      order: { id: 'CAP9', number: '0007', total: { amountMinor: 1200, currency: 'JPY' } },
      person: { profile: { name: 'Kenji Sato' } },
    });
    expect(paid.person.identifiers.map(({ value }) => value)).not.toContain('shop@example.com');
  });

  it('starts a subscription when the buyer has agreed', () => {
    const made = (type: string, resource: { readonly [key: string]: Json }) =>
      read(paypal, event(type, { id: 'I-1', ...resource }));
    expect(made('BILLING.SUBSCRIPTION.CREATED', { status: 'APPROVAL_PENDING' })).toMatchObject({
      ignored: expect.any(String),
    });
    expect(onlyTouchpoint(made('BILLING.SUBSCRIPTION.CREATED', { state: 'Active' })).kind).toBe('subscription_started');
    expect(onlyTouchpoint(made('BILLING.SUBSCRIPTION.ACTIVATED', { status: 'ACTIVE' })).kind).toBe(
      'subscription_started',
    );
  });
});

describe('Paddle', () => {
  const event = (event_type: string, data: Json, n = 1) => ({
    event_id: `evt_${event_type}_${n}`,
    event_type,
    occurred_at: AT,
    data,
  });
  const adjustment = (status: string, action = 'refund') => ({
    id: 'adj_1',
    action,
    status,
    transaction_id: 'txn_1',
    customer_id: 'ctm_1',
    totals: { total: '500', currency_code: 'EUR' },
  });

  it('counts a refund once it is approved', () => {
    const asked = touchpoint(paddle, event('adjustment.created', adjustment('pending_approval')));
    const approved = touchpoint(paddle, event('adjustment.updated', adjustment('approved')));
    expect([asked.order?.refunds, approved.order?.refunds]).toEqual([
      [],
      [{ id: 'adj_1', amount: { amountMinor: 500, currency: 'EUR' } }],
    ]);
    expect(read(paddle, event('adjustment.updated', adjustment('rejected')))).toHaveProperty('ignored');
    expect(read(paddle, event('adjustment.created', adjustment('approved', 'credit')))).toHaveProperty('ignored');
  });

  it('takes no order from a free trial', () => {
    const free = { id: 'txn_2', customer_id: 'ctm_1', details: { totals: { grand_total: '0', currency_code: 'EUR' } } };
    expect(touchpoint(paddle, event('transaction.completed', free)).order).toBeUndefined();
  });
});

describe('Lemon Squeezy', () => {
  const event = (event_name: string, id: string, attributes: { readonly [key: string]: Json }) => ({
    meta: { event_name },
    data: { id, attributes: { currency: 'EUR', customer_id: 5, created_at: AT, updated_at: AT, ...attributes } },
  });

  it('counts the first invoice of a subscription with its order, and each renewal as an order of its own', () => {
    const invoice = (billing_reason: string) =>
      read(
        lemonsqueezy,
        event('subscription_payment_success', '12', { billing_reason, total: 900, subscription_id: 3 }),
      );
    expect(invoice('initial')).toHaveProperty('ignored');
    expect(onlyTouchpoint(invoice('renewal'))).toMatchObject({
      kind: 'subscription_renewed',
      order: { id: 'invoice-12', total: { amountMinor: 900, currency: 'EUR' } },
    });
  });

  it('tells of the end of a subscription once', () => {
    const expired = (cancelled: boolean) =>
      read(lemonsqueezy, event('subscription_expired', '3', { cancelled, status: 'expired' }));
    expect(expired(true)).toHaveProperty('ignored');
    expect(onlyTouchpoint(expired(false)).kind).toBe('subscription_cancelled');
  });

  it('refunds what was given back so far', () => {
    const part = touchpoint(lemonsqueezy, event('order_refunded', '7', { total: 900, refunded_amount: 300 }));
    expect(part.order?.refunds).toEqual([{ id: 'order:7', amount: { amountMinor: 300, currency: 'EUR' } }]);
    const whole = touchpoint(lemonsqueezy, event('order_refunded', '7', { total: 900 }));
    expect(whole.value?.amountMinor).toBe(900);
  });
});
