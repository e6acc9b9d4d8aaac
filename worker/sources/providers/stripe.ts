import type { Provider, SetupStep } from '../provider.ts';
import { noSettings } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { api } from '../stripe/api.ts';
import { readEvent } from '../stripe/event.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/**
 * https://docs.stripe.com/webhooks/signature: hex HMAC-SHA256 of time, dot and body. The secret is used as it stands,
 * `whsec_` included. There is one v1 for each secret in use; v0 is for test clients and passed over.
 */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'Stripe-Signature',
  layout: { as: 'pairs', separator: ',', signature: 'v1', timestamp: 't' },
  encoding: 'hex',
  signed: '{timestamp}.{body}',
  timestamp: { unit: 'seconds', toleranceSeconds: 300 },
};

const setup: readonly SetupStep[] = [
  {
    text: 'In the Stripe dashboard open Developers, then Webhooks (in Workbench: Event destinations), and choose "Add destination".',
  },
  {
    text: 'Select these events: checkout.session.completed, checkout.session.async_payment_succeeded, checkout.session.expired, charge.refunded, payment_intent.succeeded, payment_intent.payment_failed, invoice.paid, invoice.payment_failed, customer.created, customer.updated, customer.deleted, customer.subscription.created, customer.subscription.updated, customer.subscription.deleted.',
  },
  {
    text: 'Leave the payload style at "Snapshot". "Thin" works as well, with the same events under names that begin with v1.: what they leave out is fetched with a key, if you set one below. Choose one of the two, not both.',
  },
  { text: 'Take "Webhook endpoint" as the type, paste this address as the endpoint URL and save.', copy: 'url' },
  {
    text: 'On the page of the new endpoint choose "Reveal" under "Signing secret". Copy it, with its whsec_ at the front, and paste it here as the secret.',
    copy: 'secret',
  },
  { text: 'Choose "Send test event" there, or make a payment in test mode. Test payments are marked as such here.' },
];

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, city, country, number } = samplePerson(seed);
  const created = Math.floor(now / 1000);
  const body = JSON.stringify({
    id: `evt_sample_${seed}`,
    object: 'event',
    type: 'checkout.session.completed',
    created,
    livemode: false,
    data: {
      object: {
        id: `cs_test_${number}`,
        object: 'checkout.session',
        mode: 'payment',
        payment_status: 'paid',
        payment_intent: `pi_sample_${number}`,
        customer: `cus_sample_${number}`,
        customer_details: { email, name: `${first} ${last}`, phone: null, address: { city, country } },
        amount_total: 2750,
        currency: 'eur',
        created,
      },
    },
  });
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    ...(await signedHeaders(scheme, { secret, body, now })),
  };
  return { headers, body };
}

const stripe: Provider = {
  kind: 'stripe',
  title: 'Stripe',
  summary: 'Checkouts, payments, refunds, invoices and subscriptions.',
  group: 'payment',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  translate: readEvent,
  sample,
};

export default stripe;
