import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { READERS } from '../paypal/events.ts';
import { HOSTS, verify } from '../paypal/signature.ts';
import type { Delivery, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { idOf, isObject, misfit, objectOf, settingsParser, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';

const Settings = v.strictObject({
  /** Who keeps the orders that are paid for: PayPal alone, or a shop that is a source here as well. */
  orders: v.optional(v.picklist(['paypal', 'shop'], 'use "paypal" or "shop"'), 'paypal'),
});

const setup: readonly SetupStep[] = [
  { text: 'Sign in at developer.paypal.com with your business account, switch to Live, and open Apps & Credentials.' },
  { text: 'Open your app (or create one), scroll to Webhooks at the end of its page and choose "Add Webhook".' },
  { text: 'Paste this address as the webhook URL.', copy: 'url' },
  {
    text: 'Tick these events and save: Checkout order approved, Payment capture completed, denied, refunded and reversed, Payment sale completed, refunded and reversed, Invoicing invoice paid, and of Billing subscription: created, activated, cancelled, expired and payment failed.',
  },
  {
    text: 'The list shows the new webhook with its "Webhook ID". Copy that id and paste it here as the secret: PayPal signs with a key of its own, and the id tells that it signed for you.',
    copy: 'secret',
  },
  {
    text: 'If PayPal is a way to pay in a shop that is a source here too (Shopify, WooCommerce …), set "orders" to "shop": a sale is then not counted twice.',
  },
];

function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.event_type) ?? 'no event_type';
  const reader = READERS.get(type);
  if (!reader) return { ok: true, ignored: type };
  const messageId = idOf(payload.id);
  if (messageId === null) return misfit('$.id', 'expected the id of the event');
  const resource = objectOf(payload.resource);
  const id = idOf(resource.id) ?? idOf(objectOf(resource.invoice).id);
  if (id === null) return misfit('$.resource.id', 'expected the id of what the event is about');
  const createdAt = timeOf(payload.create_time);
  return reader({ type, messageId, createdAt, resource, id, ownsOrders: settings.orders !== 'shop' });
}

async function sample({ now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, country, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    id: `WH-SAMPLE-${seed}`,
    event_version: '1.0',
    create_time: at,
    resource_type: 'capture',
    resource_version: '2.0',
    event_type: 'PAYMENT.CAPTURE.COMPLETED',
    resource: {
      id: `SAMPLE${number}`,
      status: 'COMPLETED',
      amount: { currency_code: 'EUR', value: '31.40' },
      payer: {
        payer_id: `PAYER${number}`,
        email_address: email,
        name: { given_name: first, surname: last },
        address: { country_code: country },
      },
      create_time: at,
      update_time: at,
    },
  });
  return { headers: { 'Content-Type': 'application/json' }, body, isUnsigned: true } as const;
}

const paypal: Provider = {
  kind: 'paypal',
  title: 'PayPal',
  summary: 'Payments, refunds, invoices and subscriptions.',
  group: 'payment',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  hosts: HOSTS,
  parseSettings: settingsParser(Settings),
  verify,
  translate,
  sample,
};

export default paypal;
