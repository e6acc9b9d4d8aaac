/** Deliveries that name somebody by an address, in the words of their senders; every id of theirs is used once. */
let turn = 0;
/** A number that nothing else has. */
export const next = (): number => ++turn;
/** The number given last. */
const last = (): number => turn;

export type Sent = { readonly body: string; readonly headers?: { readonly [name: string]: string } };
export const AT = '2026-03-03T10:00:00Z';
export const json = (value: object, headers?: Sent['headers']): Sent => ({
  body: JSON.stringify(value),
  ...(headers && { headers }),
});
export const topic = (name: string, value: object) =>
  json(value, { 'x-shopify-topic': name, 'x-shopify-event-id': `event${next()}` });
const woo = (name: string, value: object) =>
  json(
    { id: next(), date_created_gmt: AT, date_modified_gmt: AT, currency: 'EUR', ...value },
    { 'x-wc-webhook-topic': name, 'x-wc-webhook-delivery-id': `d${last()}` },
  );
const wooOrder = (email: string, more: object) =>
  woo('order.updated', { customer_id: 0, total: '20.00', billing: { email }, refunds: [], ...more });
const stripe = (type: string, object: object) =>
  json({ id: `evt_${next()}`, type, created: 1_772_532_000, livemode: true, data: { object } });
const session = (email: string, more: object) => ({
  id: `cs_${next()}`,
  mode: 'payment',
  payment_intent: `pi_${last()}`,
  amount_total: 2000,
  currency: 'eur',
  customer_details: { email },
  ...more,
});
const square = (type: string, name: string, object: object) =>
  json({ type, event_id: `sq${next()}`, created_at: AT, data: { id: `s${last()}`, object: { [name]: object } } });
const payment = (email: string, status: string) =>
  square('payment.updated', 'payment', {
    id: `pay${next()}`,
    order_id: `sqorder${last()}`,
    customer_id: `sqcustomer${last()}`,
    status,
    total_money: { amount: 900, currency: 'EUR' },
    buyer_email_address: email,
    created_at: AT,
    updated_at: AT,
  });
const adobe = (observer: string, value: object) =>
  json({ id: `ac${next()}`, type: `com.adobe.commerce.observer.${observer}`, time: AT, data: { value } });
const magentoOrder = (email: string, state: string) =>
  adobe('sales_order_save_commit_after', {
    entity_id: next(),
    state,
    customer_email: email,
    grand_total: '12.0000',
    order_currency_code: 'EUR',
    created_at: '2026-03-03 10:00:00',
    updated_at: '2026-03-03 10:00:00',
  });
const lemon = (name: string, attributes: object) =>
  json({ meta: { event_name: name }, data: { id: String(next()), attributes: { created_at: AT, ...attributes } } });
const lemonOrder = (user_email: string, status: string, total: number) =>
  lemon('order_created', { customer_id: next(), user_email, status, total, currency: 'EUR' });
const paypal = (event_type: string, email_address: string) =>
  json({
    id: `WH-${next()}`,
    event_type,
    create_time: AT,
    resource: { id: `CAP${last()}`, amount: { value: '9.00', currency_code: 'EUR' }, payer: { email_address } },
  });
const ecwid = (eventType: string, customerEmail: string) =>
  json({
    eventId: `ec${next()}`,
    eventCreated: Math.floor(Date.now() / 1000),
    storeId: 1,
    entityId: last(),
    eventType,
    data: { customerEmail, newPaymentStatus: 'PAID' },
  });
const zendeskUser = (email: string, verified?: boolean) =>
  json({
    id: `ze${next()}`,
    type: 'zen:event-type:user.created',
    time: AT,
    detail: { id: `${700_000 + last()}`, email, role: 'end-user', ...(verified !== undefined && { verified }) },
    event: {},
  });
const hubspot = (email: string, changeSource: string) =>
  json([
    {
      eventId: next(),
      occurredAt: 1_772_532_000_000,
      subscriptionType: 'contact.propertyChange',
      objectId: 600_000 + last(),
      changeSource,
      propertyName: 'email',
      propertyValue: email,
    },
  ]);
const intercom = (email: string, role: string) =>
  json({
    id: `notif_${next()}`,
    topic: `contact.${role}.created`,
    created_at: 1_772_532_000,
    data: { item: { id: `ic${last()}`, role, email, created_at: AT } },
  });
export const standard = (type: string, data: object) => json({ type, timestamp: AT, data });
const judgeme = (email: string, verified: string) =>
  json({
    event: 'review/created',
    review: { id: next(), rating: 1, created_at: AT, verified, reviewer: { email, external_id: 500_000 + last() } },
  });
const shopifyCustomer = (email: string, verified_email: boolean) =>
  topic('customers/create', { id: 700_000 + next(), email, verified_email, created_at: AT });
export const shopifyOrder = (email: string, more: object) =>
  topic('orders/create', {
    id: 600_000 + next(),
    email,
    created_at: AT,
    total_price: '10.00',
    currency: 'EUR',
    source_name: 'web',
    ...more,
  });

export type Pair = readonly [
  what: string,
  kind: string,
  typed: (email: string) => Sent,
  vouched: (email: string) => Sent,
];

const invoice = (email: string, more: object) => ({
  id: `in_${next()}`,
  customer: `cus_${last()}`,
  customer_email: email,
  currency: 'eur',
  billing_reason: 'subscription_create',
  ...more,
});
const lemonSubscription = (name: string, email: string, more: object) =>
  lemon(name, { customer_id: next(), user_email: email, subscription_id: last(), currency: 'EUR', ...more });
const squareEntry = (email_address: string, creation_source: string) =>
  square('customer.created', 'customer', { id: `sc${next()}`, email_address, creation_source });
const paypalSubscription = (event_type: string, email_address: string, more: object) =>
  json({
    id: `WH-${next()}`,
    event_type,
    create_time: AT,
    resource: { id: `SUB${last()}`, subscriber: { email_address }, ...more },
  });
const paidInvoice = (email: string) => stripe('invoice.paid', invoice(email, { amount_paid: 900 }));
const paidOrder = (email: string) => shopifyOrder(email, { financial_status: 'paid' });

/** What money is about to come for, or never does, and its twin for which it came. */
const MONEY: readonly Pair[] = [
  [
    'a customer made by a trial session',
    'stripe',
    (email) => stripe('customer.created', { id: `cus_${next()}`, email, name: 'Typed Name' }),
    paidInvoice,
  ],
  [
    'an invoice of nothing',
    'stripe',
    (email) => stripe('invoice.paid', invoice(email, { amount_paid: 0 })),
    paidInvoice,
  ],
  [
    'a first invoice that failed',
    'stripe',
    (email) => stripe('invoice.payment_failed', invoice(email, { amount_due: 900 })),
    paidInvoice,
  ],
  [
    'a card that is only authorised',
    'stripe',
    (email) =>
      stripe('payment_intent.amount_capturable_updated', {
        id: `pi_${next()}`,
        amount: 5,
        currency: 'eur',
        receipt_email: email,
      }),
    (email) =>
      stripe('payment_intent.succeeded', { id: `pi_${next()}`, amount: 5, currency: 'eur', receipt_email: email }),
  ],
  [
    'an order that waits for a transfer',
    'shopify',
    (email) => shopifyOrder(email, { financial_status: 'pending' }),
    paidOrder,
  ],
  [
    'an order that was let go',
    'shopify',
    (email) => shopifyOrder(email, { financial_status: 'voided', cancelled_at: AT }),
    (email) => shopifyOrder(email, { financial_status: 'refunded', cancelled_at: AT }),
  ],
  ['a test order', 'shopify', (email) => shopifyOrder(email, { financial_status: 'paid', test: true }), paidOrder],
  [
    'what is free by another way in',
    'shopify',
    (email) => shopifyOrder(email, { total_price: '0.00', financial_status: 'paid', source_name: '3890849' }),
    (email) =>
      shopifyOrder(email, { total_price: '0.00', financial_status: 'paid', source_name: 'shopify_draft_order' }),
  ],
  [
    'a parcel',
    'shopify',
    (email) =>
      topic('fulfillments/create', {
        id: next(),
        order_id: 500_000 + last(),
        email,
        status: 'success',
        created_at: AT,
      }),
    (email) => shopifyOrder(email, { financial_status: 'pending', fulfillment_status: 'fulfilled' }),
  ],
  [
    'an order on hold',
    'woocommerce',
    (email) => wooOrder(email, { status: 'on-hold' }),
    (email) => wooOrder(email, { status: 'processing' }),
  ],
  [
    'an address an account gave itself',
    'woocommerce',
    (email) =>
      woo('customer.updated', { email: `own${next()}@vouched.example`, is_paying_customer: true, billing: { email } }),
    (email) => wooOrder(email, { status: 'completed' }),
  ],
  [
    'an order that was approved',
    'paypal',
    (email) => paypal('CHECKOUT.ORDER.APPROVED', email),
    (email) => paypal('PAYMENT.CAPTURE.COMPLETED', email),
  ],
  [
    'a subscription whose payment failed',
    'paypal',
    (email) => paypalSubscription('BILLING.SUBSCRIPTION.PAYMENT.FAILED', email, {}),
    (email) =>
      paypalSubscription('BILLING.SUBSCRIPTION.ACTIVATED', email, {
        billing_info: { last_payment: { amount: { value: '9.00', currency_code: 'EUR' } } },
      }),
  ],
  [
    'a trial',
    'lemonsqueezy',
    (email) => lemonSubscription('subscription_created', email, { status: 'on_trial' }),
    (email) => lemonSubscription('subscription_payment_success', email, { billing_reason: 'renewal', total: 900 }),
  ],
  [
    'a renewal that failed',
    'lemonsqueezy',
    (email) => lemonSubscription('subscription_payment_failed', email, { total: 900 }),
    (email) => lemonSubscription('subscription_payment_success', email, { billing_reason: 'renewal', total: 900 }),
  ],
];

const SQUARE_SOURCES = ['ONLINE_STORE', 'THIRD_PARTY', 'OTHER', 'INSTANT_PROFILE', 'INVOICES', 'TERMINAL'];
/** Events in anybody's words. */
const STANDARD: readonly (readonly [type: string, data: object])[] = [
  ['subscriber.created', {}],
  ['lead.created', {}],
  ['user.registered', {}],
  ['order.placed', { total: 0 }],
  ['order.placed', { total: 10, currency: 'EUR', status: 'pending' }],
  ['order.cancelled', {}],
  ['subscription.created', { status: 'trialing' }],
  ['page.viewed', {}],
];
const OTHERS: readonly Pair[] = [
  ...SQUARE_SOURCES.map(
    (source): Pair => [
      `an entry made by ${source}`,
      'square',
      (email) => squareEntry(email, source),
      (email) => squareEntry(email, 'DIRECTORY'),
    ],
  ),
  ...STANDARD.map(
    ([type, data]): Pair => [
      `${type} ${JSON.stringify(data)}`,
      'standard_webhooks',
      (email) => standard(type, { id: next(), email, ...data }),
      (email) => standard('order.placed', { id: next(), email, total: 10, currency: 'EUR' }),
    ],
  ),
  ['a change nobody answers for', 'hubspot', (email) => hubspot(email, ''), (email) => hubspot(email, 'CRM_UI')],
];

/** What a stranger can have a sender write by typing an address, and what somebody has vouched for. */
export const PAIRS: readonly Pair[] = [
  [
    'an account whose address nobody confirmed',
    'shopify',
    (email) => shopifyCustomer(email, false),
    (email) => shopifyCustomer(email, true),
  ],
  [
    'an order that costs nothing',
    'shopify',
    (email) => shopifyOrder(email, { total_price: '0.00' }),
    (email) => shopifyOrder(email, { financial_status: 'paid' }),
  ],
  [
    'an order that was never paid',
    'woocommerce',
    (email) => wooOrder(email, { status: 'pending' }),
    (email) => wooOrder(email, { status: 'processing', date_paid_gmt: AT }),
  ],
  [
    'an order that was called off unpaid',
    'woocommerce',
    (email) => wooOrder(email, { status: 'cancelled' }),
    (email) => wooOrder(email, { status: 'cancelled', date_paid_gmt: AT }),
  ],
  [
    'an account that has bought nothing',
    'woocommerce',
    (email) => woo('customer.created', { email, is_paying_customer: false }),
    (email) => wooOrder(email, { status: 'processing', date_paid_gmt: AT }),
  ],
  [
    'a session that ran out',
    'stripe',
    (email) => stripe('checkout.session.expired', session(email, {})),
    (email) => stripe('checkout.session.completed', session(email, { payment_status: 'paid' })),
  ],
  [
    'a session whose transfer has not come',
    'stripe',
    (email) => stripe('checkout.session.completed', session(email, { payment_status: 'unpaid' })),
    (email) => stripe('checkout.session.async_payment_succeeded', session(email, { payment_status: 'paid' })),
  ],
  [
    'a card that was declined',
    'stripe',
    (email) =>
      stripe('payment_intent.payment_failed', { id: `pi_${next()}`, amount: 5, currency: 'eur', receipt_email: email }),
    (email) =>
      stripe('payment_intent.succeeded', { id: `pi_${next()}`, amount: 5, currency: 'eur', receipt_email: email }),
  ],
  ['a payment that failed', 'square', (email) => payment(email, 'FAILED'), (email) => payment(email, 'COMPLETED')],
  [
    'an entry made by a feedback form',
    'square',
    (email_address) =>
      square('customer.created', 'customer', { id: `sc${next()}`, email_address, creation_source: 'FEEDBACK' }),
    (email_address) =>
      square('customer.created', 'customer', { id: `sc${next()}`, email_address, creation_source: 'DIRECTORY' }),
  ],
  [
    'an order that waits for its payment',
    'adobe_commerce',
    (email) => magentoOrder(email, 'pending_payment'),
    (email) => magentoOrder(email, 'processing'),
  ],
  [
    'an account',
    'adobe_commerce',
    (email) => adobe('customer_save_commit_after', { entity_id: next(), email }),
    (email) => magentoOrder(email, 'new'),
  ],
  [
    'an order that failed',
    'lemonsqueezy',
    (email) => lemonOrder(email, 'failed', 2000),
    (email) => lemonOrder(email, 'paid', 2000),
  ],
  [
    'an order of what is free',
    'lemonsqueezy',
    (email) => lemonOrder(email, 'paid', 0),
    (email) => lemonOrder(email, 'paid', 1),
  ],
  [
    'somebody who has only signed up',
    'lemonsqueezy',
    (email) => lemon('customer_created', { email, total_revenue_currency: 0 }),
    (email) => lemon('customer_created', { email, total_revenue_currency: 900 }),
  ],
  [
    'a payment that was denied',
    'paypal',
    (email) => paypal('PAYMENT.CAPTURE.DENIED', email),
    (email) => paypal('PAYMENT.CAPTURE.COMPLETED', email),
  ],
  [
    'a basket that was left',
    'ecwid',
    (email) => ecwid('unfinished_order.created', email),
    (email) => ecwid('order.created', email),
  ],
  [
    'somebody who has only signed up',
    'ecwid',
    (email) => ecwid('customer.created', email),
    (email) => ecwid('order.created', email),
  ],
  ['a user', 'zendesk', (email) => zendeskUser(email), (email) => zendeskUser(email, true)],
  ['an unconfirmed user', 'zendesk', (email) => zendeskUser(email, false), (email) => zendeskUser(email, true)],
  ['what a form changed', 'hubspot', (email) => hubspot(email, 'FORM'), (email) => hubspot(email, 'CRM_UI')],
  ['a visitor of the chat', 'intercom', (email) => intercom(email, 'lead'), (email) => intercom(email, 'user')],
  ['a review', 'judgeme', (email) => judgeme(email, 'nothing'), (email) => judgeme(email, 'buyer')],
  [
    'a basket',
    'standard_webhooks',
    (email) => standard('checkout.abandoned', { id: next(), email }),
    (email) => standard('order.paid', { id: next(), email }),
  ],
  [
    'a ticket',
    'standard_webhooks',
    (email) => standard('ticket.created', { id: next(), email }),
    (email) => standard('ticket.created', { id: next(), email, email_verified: true }),
  ],
  [
    'an account nobody confirmed',
    'standard_webhooks',
    (email) => standard('user.created', { id: next(), email, email_verified: false }),
    (email) => standard('user.created', { id: next(), email, email_verified: true }),
  ],
  ...MONEY,
  ...OTHERS,
];
