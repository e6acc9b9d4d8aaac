import { moneyFromMajor } from '../../../schema/money.ts';
import type { PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { booked, own } from '../person.ts';
import type { Translation } from '../provider.ts';
import { idOf, type JsonObject, known, listOf, misfit, objectOf, textOf } from '../read.ts';
import { consentOf, consentsOf } from './consent.ts';
import { idsOf, type Notice, personOf, resourceId, timeFrom } from './notice.ts';

/**
 * A checkout that is not completed. Shopify has no topic for one that was left; it is one that stays without an order. Whose it
 * is was typed in by somebody who has not bought, so that it says nothing but which customer the shop counts it to; where the shop
 * knows none, an order that comes of it names the checkout, and vouches for its person.
 */
export function readCheckout(notice: Notice): Translation {
  const { payload, topic } = notice;
  const token = textOf(payload.token) ?? idOf(payload.id);
  if (token === null) return misfit('$.token', 'expected the token of the checkout');
  if (textOf(payload.completed_at) !== null) return { ok: true, ignored: 'checkout_completed' };
  const occurredAt = timeFrom(
    notice,
    topic === 'checkouts/update' ? ['updated_at', 'created_at'] : ['created_at', 'updated_at'],
  );
  const customer = objectOf(payload.customer);
  const books = booked(resourceId(customer), payload.email);
  const touchpoint: TouchpointInput = {
    ...idsOf(notice),
    kind: 'checkout_started',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    phase: 'purchasing',
    occurredAt,
    subject: `checkout:${token}`,
    value: moneyFromMajor(payload.total_price, payload.currency),
    person: books ?? personOf(payload, [own('checkout', token, 'asserted')], `checkout:${token}`, 'claimed'),
    // What is ticked under somebody's address is not theirs.
    ...(books ? {} : consentsOf(customer, payload)),
    data: known({
      externalId: token,
      customerId: resourceId(customer),
      items: listOf(payload.line_items).length,
      consent: consentOf(customer, payload),
    }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

/** What happened to a customer's own record in the shop. */
export function readCustomer(notice: Notice): Translation {
  const { payload, topic } = notice;
  const id = resourceId(payload);
  if (id === null) return misfit('$.id', 'expected the id of the customer');
  const isNew = topic === 'customers/create';
  const isDeleted = topic === 'customers/delete';
  const touchpoint: TouchpointInput = {
    ...about(notice, id, customerPerson(id, payload)),
    kind: isDeleted ? 'customer_redacted' : isNew ? 'customer_created' : 'customer_updated',
    occurredAt: timeFrom(notice, isNew ? ['created_at', 'updated_at'] : ['updated_at', 'created_at']),
    ...(!isDeleted && consentsOf(payload)),
    data: known({
      externalId: id,
      reason: isDeleted ? 'deleted_at_source' : null,
      state: textOf(payload.state),
      consent: consentOf(payload),
    }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

/**
 * The privacy topics every public app must take: `customers/redact` asks to forget a person, `customers/data_request`
 * to hand out what is known. Neither has a time in its body.
 */
export function readPrivacyRequest(notice: Notice): Translation {
  const { payload, topic } = notice;
  const customer = objectOf(payload.customer);
  const id = resourceId(customer);
  if (id === null) return misfit('$.customer.id', 'expected the id of the customer');
  const isRedaction = topic === 'customers/redact';
  const orders = listOf(isRedaction ? payload.orders_to_redact : payload.orders_requested).map(idOf);
  const touchpoint: TouchpointInput = {
    ...about(notice, id, customerPerson(id, customer)),
    kind: isRedaction ? 'customer_redacted' : 'data_requested',
    occurredAt: notice.triggeredAt,
    data: {
      externalId: id,
      reason: 'privacy_request',
      [isRedaction ? 'ordersToRedact' : 'ordersRequested']: orders.filter((order) => order !== null),
    },
  };
  return { ok: true, touchpoints: [touchpoint] };
}

/** `shop/redact`: the shop has gone, and everybody it told of is to be forgotten. Its body names the shop alone. */
export function readShopRedaction(notice: Notice): Translation {
  const domain = textOf(notice.payload.shop_domain) ?? idOf(notice.payload.shop_id);
  if (domain === null) return misfit('$.shop_domain', 'expected the address of the shop');
  const touchpoint: TouchpointInput = {
    messageId: notice.messageId,
    kind: 'customer_redacted',
    channel: 'shop',
    direction: 'in',
    initiator: 'third_party',
    occurredAt: notice.triggeredAt,
    person: { key: 'shop', identifiers: [] },
    data: { reason: 'source_closed' },
  };
  return { ok: true, touchpoints: [touchpoint] };
}

const about = (notice: Notice, id: string, person: PersonInput) =>
  ({
    ...idsOf(notice),
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    subject: `customer:${id}`,
    person,
  }) as const;

/** A customer resource has its own facts where an order has them under `customer`. */
const customerPerson = (id: string, customer: JsonObject): PersonInput =>
  personOf({ customer, customer_locale: customer.locale ?? null }, [], `customer:${id}`);
