import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import type { Provider, SetupStep, Translation } from '../provider.ts';
import { publicUrlSetting, signedUrl } from '../public-url.ts';
import { isObject, misfit, settingsParser, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { api } from '../square/api.ts';
import { noticeOf, READERS } from '../square/events.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/**
 * https://developer.squareup.com/docs/webhooks/step3validate: base64 HMAC-SHA256 of the notification URL, exactly as it was
 * registered, and the raw body.
 */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'x-square-hmacsha256-signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{url}{body}',
  url: signedUrl,
};

const Settings = v.strictObject({
  /** The notification URL as it stands in Square, where the worker is reached by another. */
  publicUrl: publicUrlSetting,
});

const setup: readonly SetupStep[] = [
  {
    text: 'Sign in at developer.squareup.com, open your application (or create one with "+"), and choose Webhooks, then Subscriptions.',
  },
  { text: 'Switch from Sandbox to Production at the top, and choose "Add subscription".' },
  {
    text: 'Paste this address as the notification URL, exactly as it is: Square signs it. If Square reaches you by another address of your own, set that one here as "publicUrl".',
    copy: 'url',
  },
  {
    text: 'Tick these events and save: customer.created, customer.updated, customer.deleted, order.created, order.updated, order.fulfillment.updated, payment.created, payment.updated, and booking.created, booking.updated if you take bookings.',
  },
  {
    text: 'Open the new subscription, choose "Show" beside "Signature key", copy the key and paste it here as the secret.',
    copy: 'secret',
  },
  { text: 'Choose "Send test event" there: it shows here as ignored, which means that the key is right.' },
];

function translate(payload: Json): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.type) ?? 'no type';
  const reader = READERS.get(type);
  if (!reader) return { ok: true, ignored: type };
  const notice = noticeOf(payload, type);
  return 'ok' in notice ? notice : reader(notice);
}

async function sample({ secret, now, seed, url }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, city, country, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const money = { amount: 1890, currency: 'EUR' };
  const body = JSON.stringify({
    merchant_id: 'ML-SAMPLE',
    type: 'payment.updated',
    event_id: `sample-${seed}`,
    created_at: at,
    data: {
      type: 'payment',
      id: `pay-${number}`,
      object: {
        payment: {
          id: `pay-${number}`,
          order_id: `order-${number}`,
          customer_id: `customer-${number}`,
          status: 'COMPLETED',
          source_type: 'CARD',
          amount_money: money,
          total_money: money,
          buyer_email_address: email,
          billing_address: { first_name: first, last_name: last, locality: city, country },
          created_at: at,
          updated_at: at,
        },
      },
    },
  });
  const headers = { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now, url })) };
  return { headers, body };
}

const square: Provider = {
  kind: 'square',
  title: 'Square',
  summary: 'Payments, refunds, orders, bookings and customers of a Square shop or till.',
  group: 'shop',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: settingsParser(Settings),
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default square;
