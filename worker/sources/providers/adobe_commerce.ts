import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import { customerReader, type Reader, readCreditMemo, readOrder, readShipment } from '../adobe-commerce/events.ts';
import { HOSTS, verify } from '../adobe-commerce/signature.ts';
import type { Delivery, Greeting, Misfit, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { isObject, type JsonObject, misfit, noSettings, objectOf, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';

/** What was saved, by the end of the event's type; the beginning differs between the two products that send them. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['sales_order_save_commit_after', readOrder],
  ['sales_order_place_after', readOrder],
  ['sales_order_creditmemo_save_commit_after', readCreditMemo],
  ['sales_order_creditmemo_save_after', readCreditMemo],
  ['sales_order_shipment_save_commit_after', readShipment],
  ['sales_order_shipment_save_after', readShipment],
  ['customer_save_commit_after', customerReader(false)],
  ['customer_save_after_data_object', customerReader(false)],
  ['customer_delete_commit_after', customerReader(true)],
]);

const setup: readonly SetupStep[] = [
  {
    text: 'In the Adobe Developer Console open your project with "I/O Management API" and the Commerce event provider, choose "Add to Project", then "Event", and take Commerce.',
  },
  {
    text: 'Subscribe to observer.sales_order_save_commit_after, observer.sales_order_creditmemo_save_commit_after, observer.sales_order_shipment_save_commit_after, observer.customer_save_commit_after and observer.customer_delete_commit_after. Let the order have the fields entity_id, increment_id, state, status, grand_total, order_currency_code, customer_id, customer_email, customer_firstname, customer_lastname, created_at, updated_at and items.',
  },
  {
    text: 'As the way to receive them take "Webhook", one event at a time or in batches, and paste this address.',
    copy: 'url',
  },
  {
    text: 'Copy the "Client ID" of the project\'s credentials and paste it here as the secret: Adobe signs with a key of its own, and the client id tells that it signed for you.',
    copy: 'secret',
  },
  {
    text: 'For webhooks of Commerce itself (Stores, Configuration, Adobe Services, Webhooks) switch on "Digital Signature", and paste the public key shown there, from BEGIN to END, here as the secret instead.',
  },
];

/** On registration Adobe asks for a word and wants it back, in the query of a GET. */
function handshake({ method, url }: Delivery): Greeting | null {
  const challenge = url.searchParams.get('challenge');
  if (method !== 'GET' || challenge === null || !/^[\w-]{1,200}$/.test(challenge)) return null;
  return { note: 'challenge', body: challenge };
}

/** `com.adobe.commerce.<name>.observer.sales_order_save_commit_after`, or the last part alone. */
const readerOf = (type: string): Reader | undefined => READERS.get(type.split('.').at(-1) ?? '');

/** The saved entity: under `value`, and in webhooks of Commerce itself at the top or under the entity's name. */
function savedIn(event: JsonObject): JsonObject {
  const data = objectOf(event.data);
  const found = [data.value, objectOf(objectOf(data.event).data).value, event.data, event.value].find(isObject);
  return objectOf(found);
}

const typeOf = (event: JsonObject): string => textOf(event.type) ?? textOf(event.eventCode) ?? 'no type';

function translate(payload: Json, { headers }: Delivery, { bodyHash }: TranslateContext): Translation {
  const events = Array.isArray(payload) ? payload : [payload];
  const touchpoints: TouchpointInput[] = [];
  const misfits: Misfit[] = [];
  for (const [index, event] of events.entries()) {
    const path = Array.isArray(payload) ? `$[${index}]` : '$';
    if (!isObject(event)) {
      misfits.push({ path, message: 'expected an object' });
      continue;
    }
    const reader = readerOf(typeOf(event));
    if (!reader) continue;
    const ownId = textOf(event.id) ?? textOf(event.event_id);
    const delivery = textOf(headers.get('x-adobe-commerce-request-id')) ?? bodyHash;
    const messageId = ownId ?? (Array.isArray(payload) ? `${delivery}:${index}` : delivery);
    const touchpoint = reader({ messageId, occurredAt: timeOf(event.time), value: savedIn(event) });
    if (touchpoint) touchpoints.push(touchpoint);
    else misfits.push({ path: `${path}.data.value`, message: 'expected the ids of what was saved' });
  }
  if (misfits.length > 0) return { ok: false, misfits };
  if (touchpoints.length > 0) return { ok: true, touchpoints };
  const [first] = events;
  return isObject(first) ? { ok: true, ignored: typeOf(first) } : misfit('$', 'expected an event');
}

async function sample({ now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const inDatabase = at.slice(0, 19).replace('T', ' ');
  const body = JSON.stringify({
    specversion: '1.0',
    id: `sample-${seed}`,
    source: 'urn:uuid:sample',
    type: 'com.adobe.commerce.observer.sales_order_save_commit_after',
    datacontenttype: 'application/json',
    time: at,
    data: {
      key: `sample-${seed}`,
      value: {
        entity_id: String(number),
        increment_id: `000${number}`,
        state: 'new',
        status: 'pending',
        grand_total: '86.4000',
        order_currency_code: 'EUR',
        customer_id: String(number + 1),
        customer_email: email,
        customer_firstname: first,
        customer_lastname: last,
        created_at: inDatabase,
        updated_at: inDatabase,
        items: [{ name: 'Wool blanket', sku: 'WOOL-1', qty_ordered: '1.0000', row_total_incl_tax: '86.4000' }],
      },
    },
  });
  return { headers: { 'Content-Type': 'application/cloudevents+json' }, body, isUnsigned: true } as const;
}

const adobeCommerce: Provider = {
  kind: 'adobe_commerce',
  title: 'Adobe Commerce',
  summary: 'Orders, credit memos, shipments and customers of an Adobe Commerce (Magento) shop.',
  group: 'shop',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  hosts: HOSTS,
  parseSettings: noSettings,
  verify,
  handshake,
  translate,
  sample,
};

export default adobeCommerce;
