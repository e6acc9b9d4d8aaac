import type { Json, OrderFact, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
import { api } from '../ecwid/api.ts';
import { email, identifiers, own } from '../person.ts';
import type { Provider, SetupStep, Translation } from '../provider.ts';
import { idOf, isObject, type JsonObject, known, misfit, noSettings, objectOf, textOf, unixTimeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders, withBodyFields } from '../verify.ts';

/**
 * https://docs.ecwid.com/develop-apps/webhooks: base64 HMAC-SHA256 of `{eventCreated}.{eventId}` under the app's client
 * secret. The event itself is not signed. Its id alone is therefore the message id, so that a signature that is used again
 * with another body is a duplicate; and a signature dies with the sender's own retries, which end after a day.
 */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-Ecwid-Webhook-Signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{timestamp}.{id}',
  idHeader: 'ecwid-event-id',
  timestamp: { header: 'ecwid-event-created', unit: 'seconds', toleranceSeconds: 36 * 3600 },
};

const verify = withBodyFields(
  ({ eventId, eventCreated }) => ({ 'ecwid-event-id': eventId, 'ecwid-event-created': eventCreated }),
  signatureVerifier(scheme),
);

type Notice = {
  readonly type: string;
  readonly messageId: string;
  readonly id: string;
  readonly occurredAt: number | null;
  readonly data: JsonObject;
};

const base = (notice: Notice, data: { readonly [key: string]: Json }) =>
  ({
    messageId: notice.messageId,
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: notice.occurredAt,
    data: known({ externalId: notice.id, ...data }),
  }) as const satisfies Partial<TouchpointInput>;

/** Only what was ordered vouches for an address: a basket and an account are had under any. */
function personOf(notice: Notice, kind: 'customer' | 'order' | 'checkout'): PersonInput {
  const assurance = kind === 'order' && notice.data.newPaymentStatus !== 'INCOMPLETE' ? 'asserted' : 'claimed';
  const list = identifiers(own(kind, notice.id, 'asserted'), email(notice.data.customerEmail, assurance));
  return { key: `${kind}:${notice.id}`, identifiers: list };
}

const FULFILLED: readonly string[] = ['SHIPPED', 'DELIVERED', 'READY_FOR_PICKUP'];
const REFUNDED: readonly string[] = ['REFUNDED', 'PARTIALLY_REFUNDED'];

/** What an update means: the status that changed, that of the goods before that of the money. */
function kindOfUpdate(data: JsonObject): CoreKind {
  const payment = textOf(data.newPaymentStatus) ?? '';
  const fulfilment = textOf(data.newFulfillmentStatus) ?? '';
  if (data.newFulfillmentStatus !== data.oldFulfillmentStatus && FULFILLED.includes(fulfilment))
    return 'order_fulfilled';
  if (data.newPaymentStatus === data.oldPaymentStatus) return 'order_updated';
  if (payment === 'PAID') return 'order_paid';
  if (payment === 'CANCELLED') return 'order_cancelled';
  return REFUNDED.includes(payment) ? 'order_refunded' : 'order_updated';
}

/** The API knows an order by its code, where there is one; the number is what later webhooks name it by. */
const orderNeed = ({ id, data }: Notice): string => {
  const code = textOf(data.orderId);
  return code === null || code.includes(':') ? id : `${code}:${id}`;
};

const BY_CUSTOMER: readonly string[] = ['order_placed', 'order_paid'];

function readOrder(notice: Notice): TouchpointInput {
  const { type, id, data, occurredAt } = notice;
  const isNew = type === 'order.created';
  const isDeleted = type === 'order.deleted';
  const kind = isNew ? 'order_placed' : isDeleted ? 'order_deleted' : kindOfUpdate(data);
  const order: OrderFact = {
    id,
    number: textOf(data.orderId) ?? id,
    asOf: occurredAt,
    placedAt: isNew ? occurredAt : null,
    paidAt: kind === 'order_paid' || (isNew && data.newPaymentStatus === 'PAID') ? occurredAt : null,
    fulfilledAt: kind === 'order_fulfilled' ? occurredAt : null,
    cancelledAt: kind === 'order_cancelled' ? occurredAt : null,
    ...(isDeleted && { deleted: true }),
  };
  const isByCustomer = BY_CUSTOMER.includes(kind);
  return {
    ...base(notice, {
      number: textOf(data.orderId),
      newPaymentStatus: textOf(data.newPaymentStatus),
      newFulfillmentStatus: textOf(data.newFulfillmentStatus),
    }),
    kind,
    direction: isByCustomer ? 'in' : 'out',
    initiator: isByCustomer ? 'customer' : 'company',
    phase: kind === 'order_refunded' ? 'service' : 'sale',
    subject: `order:${id}`,
    person: personOf(notice, 'order'),
    order,
    ...(!isDeleted && { needs: { resource: 'order', id: orderNeed(notice) } }),
  };
}

/** A basket that somebody left: Ecwid keeps it as an order that is not finished. */
const readUnfinished = (notice: Notice): TouchpointInput => ({
  ...base(notice, {}),
  kind: 'checkout_abandoned',
  phase: 'purchasing',
  subject: `checkout:${notice.id}`,
  person: personOf(notice, 'checkout'),
  needs: { resource: 'cart', id: textOf(notice.data.cartId) ?? notice.id },
});

const readCustomer = (notice: Notice): TouchpointInput => {
  const isDeleted = notice.type === 'customer.deleted';
  const isNew = notice.type === 'customer.created';
  return {
    ...base(notice, isDeleted ? { reason: 'deleted_at_source' } : {}),
    kind: isDeleted ? 'customer_redacted' : isNew ? 'customer_created' : 'customer_updated',
    subject: `customer:${notice.id}`,
    person: personOf(notice, 'customer'),
    // Of somebody deleted there is nothing left to ask.
    ...(!isDeleted && { needs: { resource: 'customer', id: notice.id } }),
  };
};

const READERS: ReadonlyMap<string, (notice: Notice) => TouchpointInput> = new Map([
  ['order.created', readOrder],
  ['order.updated', readOrder],
  ['order.deleted', readOrder],
  ['unfinished_order.created', readUnfinished],
  ['customer.created', readCustomer],
  ['customer.updated', readCustomer],
  ['customer.deleted', readCustomer],
]);

const setup: readonly SetupStep[] = [
  {
    text: 'Webhooks of Ecwid belong to an app. Open my.ecwid.com, add /cp#develop-apps to its address, and create an app for your own store if you have none.',
  },
  { text: "Open the app's details, then Webhooks, and paste this address as the webhook URL.", copy: 'url' },
  {
    text: 'Tick order.created, order.updated, order.deleted, unfinished_order.created, customer.created, customer.updated and customer.deleted, and nothing else: the fewer, the better.',
  },
  {
    text: 'Copy the app\'s "Client secret" (not a token that begins with secret_) and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'Ecwid tells which order it was and its status, five to ten minutes later. Names and amounts are fetched with a secret token, if you set one below; without it a contact stands here with its number alone.',
  },
];

function translate(payload: Json): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.eventType) ?? 'no eventType';
  const reader = READERS.get(type);
  if (!reader) return { ok: true, ignored: type };
  const messageId = idOf(payload.eventId);
  const id = idOf(payload.entityId);
  if (messageId === null) return misfit('$.eventId', 'expected the id of the event');
  if (id === null) return misfit('$.entityId', 'expected the id of what the event is about');
  const occurredAt = unixTimeOf(payload.eventCreated);
  return { ok: true, touchpoints: [reader({ type, messageId, id, occurredAt, data: objectOf(payload.data) })] };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { number, email: address } = samplePerson(seed);
  const eventId = `sample-${seed}`;
  const body = JSON.stringify({
    eventId,
    eventCreated: Math.floor(now / 1000),
    storeId: 1_000_001,
    entityId: number,
    eventType: 'customer.created',
    data: { customerEmail: address },
  });
  const signed = await signedHeaders(scheme, { secret, body, now, id: eventId });
  const headers = {
    'Content-Type': 'application/json; charset=UTF-8',
    [scheme.header]: signed[scheme.header] ?? '',
  };
  return { headers, body };
}

const ecwid: Provider = {
  kind: 'ecwid',
  title: 'Ecwid',
  summary: 'Orders, left baskets and customers of an Ecwid (Lightspeed) shop.',
  group: 'shop',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: noSettings,
  verify,
  translate,
  sample,
};

export default ecwid;
