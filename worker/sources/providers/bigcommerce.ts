import type { Json, OrderFact, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { utf8 } from '../../platform/hmac.ts';
import { api } from '../bigcommerce/api.ts';
import { identifiers, own } from '../person.ts';
import type { Delivery, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { idOf, isObject, type JsonObject, known, misfit, noSettings, objectOf, textOf, unixTimeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { symmetricScheme } from '../standard-webhooks/scheme.ts';
import { signatureVerifier, signedHeaders } from '../verify.ts';

/**
 * https://developer.bigcommerce.com/docs/integrations/webhooks/overview#security: Standard Webhooks, with the client secret
 * of the API account as the key. Libraries want it in base64 because they decode it again; here it is used as it stands.
 */
const scheme = symmetricScheme('webhook', (secret) => [utf8(secret)]);

/** One webhook of BigCommerce: the scope, the ids and nothing of what happened. */
type Notice = {
  readonly messageId: string;
  readonly scope: string;
  readonly id: string;
  readonly data: JsonObject;
  readonly occurredAt: number | null;
};

type Reader = (notice: Notice) => TouchpointInput;

const base = (notice: Notice, data: { readonly [key: string]: Json } = {}) =>
  ({
    messageId: notice.messageId,
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: notice.occurredAt,
    data: known({ externalId: notice.id, ...data }),
  }) as const satisfies Partial<TouchpointInput>;

const personOf = (kind: string, id: string): PersonInput => ({
  key: `${kind}:${id}`,
  identifiers: identifiers(own(kind, id, 'asserted')),
});

/** Order statuses that mean something to the customer (docs: Order Status). Refunds have a scope of their own. */
const KIND_OF_STATUS: ReadonlyMap<string, 'order_fulfilled' | 'order_cancelled'> = new Map([
  ['2', 'order_fulfilled'],
  ['10', 'order_fulfilled'],
  ['5', 'order_cancelled'],
]);

const orderReader =
  (what: 'order_placed' | 'order_updated' | 'order_refunded'): Reader =>
  (notice) => {
    const { id, occurredAt, data } = notice;
    const status = idOf(objectOf(data.status).new_status_id);
    const refundId = idOf(objectOf(data.refund).refund_id);
    const kind = what === 'order_updated' ? (KIND_OF_STATUS.get(status ?? '') ?? what) : what;
    const isByCustomer = kind === 'order_placed';
    const order: OrderFact = {
      id,
      number: id,
      asOf: occurredAt,
      placedAt: kind === 'order_placed' ? occurredAt : null,
      fulfilledAt: kind === 'order_fulfilled' ? occurredAt : null,
      cancelledAt: kind === 'order_cancelled' ? occurredAt : null,
    };
    return {
      ...base(notice, {
        orderId: id,
        refundId,
        previousStatusId: idOf(objectOf(data.status).previous_status_id),
        newStatusId: status,
      }),
      kind,
      direction: isByCustomer ? 'in' : 'out',
      initiator: isByCustomer ? 'customer' : 'company',
      phase: kind === 'order_refunded' ? 'service' : 'sale',
      subject: `order:${id}`,
      person: personOf('order', id),
      order,
      needs: refundId === null ? { resource: 'order', id } : { resource: 'refund', id: `${id}:${refundId}` },
    };
  };

const customerReader =
  (kind: 'customer_created' | 'customer_updated' | 'customer_redacted'): Reader =>
  (notice) => ({
    ...base(notice, kind === 'customer_redacted' ? { reason: 'deleted_at_source' } : { customerId: notice.id }),
    kind,
    subject: `customer:${notice.id}`,
    person: personOf('customer', notice.id),
    // Of somebody deleted there is nothing left to ask.
    ...(kind !== 'customer_redacted' && { needs: { resource: 'customer', id: notice.id } }),
  });

const cartReader: Reader = (notice) => ({
  ...base(notice),
  kind: 'checkout_abandoned',
  phase: 'purchasing',
  subject: `checkout:${notice.id}`,
  person: personOf('checkout', notice.id),
  needs: { resource: 'cart', id: notice.id },
});

const subscriberReader =
  (kind: 'subscriber_created' | 'email_unsubscribed'): Reader =>
  (notice) => ({
    ...base(notice),
    kind,
    subject: `subscriber:${notice.id}`,
    person: personOf('subscriber', notice.id),
    ...(kind === 'subscriber_created' && { needs: { resource: 'subscriber', id: notice.id } }),
  });

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['store/order/created', orderReader('order_placed')],
  ['store/order/updated', orderReader('order_updated')],
  ['store/order/statusUpdated', orderReader('order_updated')],
  ['store/order/refund/created', orderReader('order_refunded')],
  ['store/customer/created', customerReader('customer_created')],
  ['store/customer/updated', customerReader('customer_updated')],
  ['store/customer/deleted', customerReader('customer_redacted')],
  ['store/cart/abandoned', cartReader],
  ['store/subscriber/created', subscriberReader('subscriber_created')],
  ['store/subscriber/deleted', subscriberReader('email_unsubscribed')],
]);

const setup: readonly SetupStep[] = [
  {
    text: 'In BigCommerce open Settings, then Store-level API accounts, and choose "Create API account". Give it the scopes Orders, Customers, Carts and Information as read-only, and save.',
  },
  {
    text: 'A file with three words is downloaded. Copy the one called "Client secret" and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'Webhooks of BigCommerce are made by its API and have no page of their own: send POST https://api.bigcommerce.com/stores/{store hash}/v3/hooks with the header X-Auth-Token: {access token} and the body {"scope": "store/order/created", "destination": "{this address}", "is_active": true}.',
    copy: 'url',
  },
  {
    text: 'Do the same for the scopes store/order/statusUpdated, store/order/refund/created, store/customer/created, store/customer/updated, store/customer/deleted, store/cart/abandoned and store/subscriber/created.',
  },
  {
    text: 'BigCommerce tells only which order or customer it was. Names, addresses and amounts are fetched with an access token, if you set one below; without it a contact stands here with its number alone.',
  },
];

/**
 * `hash` is made of what the webhook says and is the same when it fires twice; the time tells two changes of one order apart.
 * Retries of one webhook keep both.
 */
function messageIdOf(payload: JsonObject, scope: string, fallback: string): string {
  const hash = textOf(payload.hash);
  return hash === null ? fallback : `${scope}:${hash}:${idOf(payload.created_at) ?? ''}`;
}

function translate(payload: Json, { headers }: Delivery, { bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const scope = textOf(payload.scope) ?? 'no scope';
  const reader = READERS.get(scope);
  if (!reader) return { ok: true, ignored: scope };
  const data = objectOf(payload.data);
  const id = idOf(data.id);
  if (id === null) return misfit('$.data.id', 'expected the id of what the webhook is about');
  const messageId = messageIdOf(payload, scope, textOf(headers.get('webhook-id')) ?? bodyHash);
  return {
    ok: true,
    touchpoints: [reader({ messageId, scope, id, data, occurredAt: unixTimeOf(payload.created_at) })],
  };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { number } = samplePerson(seed);
  const body = JSON.stringify({
    scope: 'store/order/created',
    store_id: '1000001',
    data: { type: 'order', id: number },
    hash: `sample-${seed}`,
    created_at: Math.floor(now / 1000),
    producer: 'stores/sample',
  });
  const signature = await signedHeaders(scheme, { secret, body, now, id: `msg_sample_${seed}` });
  return { headers: { 'Content-Type': 'application/json', ...signature }, body };
}

const bigcommerce: Provider = {
  kind: 'bigcommerce',
  title: 'BigCommerce',
  summary: 'Orders, refunds, abandoned carts and customers of a BigCommerce shop.',
  group: 'shop',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: noSettings,
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default bigcommerce;
