import { type Money, moneyFromMajor, moneyFromMinor, withoutSign } from '../../../schema/money.ts';
import type { Json, OrderFact, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
import { email, identifierOf, identifiers, own, personKey, phone } from '../person.ts';
import { postal } from '../postal.ts';
import {
  epochTimeOf,
  firstOf,
  fullName,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  NAME_LIMIT,
  numberOf,
  objectOf,
  TEXT_LIMIT,
  textOf,
  timeOf,
} from '../read.ts';
import { channelOf, directionOf, isVouched } from './kinds.ts';

/** One event of a delivery, with the id it will be known by. */
export type Event = {
  readonly messageId: string;
  readonly kind: CoreKind;
  /** What the sender calls it: `customer.created`. */
  readonly type: string;
  readonly data: JsonObject;
  readonly timestamp: Json | undefined;
};

/** The first of these fields that has anything; names are tried in both spellings, `order_id` and `orderId`. */
const pick = (data: JsonObject, ...names: readonly string[]): Json | undefined =>
  names
    .flatMap((name) => [name, name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())])
    .map((name) => (Object.hasOwn(data, name) ? data[name] : undefined))
    .find((value) => value !== undefined && value !== null && value !== '');

const timeFrom = (value: Json | undefined): number | null =>
  typeof value === 'number' ? epochTimeOf(value > 1e11 ? value : value * 1000) : timeOf(value);

function amountOf(data: JsonObject): Money | null {
  const nested = objectOf(data.amount);
  const currency =
    firstOf(pick(data, 'currency', 'currency_code'), pick(nested, 'currency', 'currency_code')) ?? undefined;
  const minor = moneyFromMinor(pick(data, 'amount_minor') ?? pick(nested, 'amount_minor'), currency);
  return (
    minor ??
    moneyFromMajor(pick(nested, 'value', 'amount') ?? pick(data, 'amount', 'total', 'revenue', 'value'), currency)
  );
}

/** Nothing is nothing in every currency; null where no amount is told, or none that can be read. */
const amountless = (data: JsonObject): number | null =>
  numberOf(pick(data, 'amount_minor', 'amount', 'total', 'revenue', 'value')) === 0 ? 0 : null;

/** The order an event is about: the one it names, and for an event of an order its own id. */
export const orderIdOf = ({ kind, data }: Event): string | null =>
  idOf(pick(data, 'order_id')) ?? (kind.startsWith('order_') ? idOf(data.id) : null);

/** A touchpoint of one event. An event of an order has been checked to have an order id. */
export function readEvent(event: Event): TouchpointInput {
  const { messageId, kind, data } = event;
  const occurredAt = firstOf(timeFrom(pick(data, 'occurred_at')), timeFrom(event.timestamp));
  const direction = directionOf(kind, textOf(data.direction));
  const orderId = orderIdOf(event);
  const told = amountOf(data);
  const amount = kind === 'order_refunded' ? withoutSign(told) : told;
  const id = idOf(data.id);
  const [noun = 'event'] = kind.split('_');
  return {
    messageId,
    kind,
    channel: channelOf(kind, textOf(data.channel)),
    direction,
    initiator: direction === 'out' ? 'company' : 'customer',
    occurredAt,
    ...((orderId ?? id) !== null && { subject: orderId === null ? `${noun}:${id}` : `order:${orderId}` }),
    value: amount,
    score: numberOf(pick(data, 'score', 'rating')),
    text: textOf(pick(data, 'text', 'message', 'comment', 'body', 'review', 'note'), TEXT_LIMIT),
    person: personOf(event, orderId),
    ...(orderId !== null && kind.startsWith('order_') && { order: orderFact(event, orderId, amount, occurredAt) }),
    data: known({
      externalId: id,
      orderId,
      status: textOf(data.status),
      title: textOf(pick(data, 'title', 'subject')),
    }),
  };
}

function orderFact(
  { kind, data, messageId }: Event,
  id: string,
  amount: Money | null,
  occurredAt: number | null,
): OrderFact {
  if (kind === 'order_refunded') {
    const own = idOf(data.id);
    const refundId = idOf(pick(data, 'refund_id')) ?? (own === id ? null : own) ?? messageId;
    return { id, asOf: occurredAt, refunds: amount ? [{ id: refundId, amount }] : [] };
  }
  const at = (wanted: CoreKind) => (kind === wanted ? occurredAt : null);
  return {
    id,
    number: textOf(pick(data, 'order_number', 'number')),
    asOf: occurredAt,
    total: amount,
    placedAt: at('order_placed'),
    paidAt: at('order_paid'),
    fulfilledAt: at('order_fulfilled'),
    cancelledAt: at('order_cancelled'),
    ...(kind === 'order_deleted' && { deleted: true }),
  };
}

const ADDRESSES = ['address', 'billing_address', 'shipping_address'] as const;

/** The person may stand in the data itself or under `customer`, `contact` or `user`. */
function personOf({ kind, type, data, messageId }: Event, orderId: string | null): PersonInput {
  const nested =
    [data.customer, data.contact, data.user].map(objectOf).find((part) => Object.keys(part).length > 0) ?? {};
  // A sender who has had an address confirmed, or knows that nobody has, says so.
  const confirmed = [data, nested].map((part) => pick(part, 'email_verified', 'verified_email'));
  const amount = withoutSign(amountOf(data))?.amountMinor ?? amountless(data);
  const isClaimed =
    confirmed.includes(false) || (!isVouched(kind, type, amount, textOf(data.status)) && !confirmed.includes(true));
  const assurance = isClaimed ? 'claimed' : 'asserted';
  const country =
    textOf(pick(data, 'country', 'country_code') ?? pick(nested, 'country', 'country_code'), 2)?.toUpperCase() ?? null;
  const ownId = kind.startsWith('customer_') ? data.id : undefined;
  const list = identifiers(
    own('customer', pick(data, 'customer_id', 'contact_id') ?? ownId ?? pick(nested, 'id'), 'asserted'),
    own('user_id', pick(data, 'user_id'), 'asserted'),
    email(pick(data, 'email', 'email_address'), assurance),
    email(pick(nested, 'email', 'email_address'), assurance),
    phone(pick(data, 'phone', 'phone_number'), country, assurance),
    phone(pick(nested, 'phone', 'phone_number'), country, assurance),
    own('order', orderId, 'asserted'),
  );
  // A company with an id of its own is an organisation; a bare name is a word on the person.
  const company = [data.company, nested.company].map(objectOf).find((part) => idOf(part.id) !== null) ?? {};
  const companyKey = idOf(company.id);
  const names = [data, nested].map(
    (part) => textOf(part.name, NAME_LIMIT) ?? fullName(pick(part, 'first_name'), pick(part, 'last_name')),
  );
  return {
    // Strangers who claim one address are told together, but never with an order of theirs: that would make one person of them.
    key:
      assurance === 'claimed' && orderId !== null
        ? personKey(list, `order:${orderId}`)
        : keyOf(list, assurance, orderId === null ? `message:${messageId}` : `order:${orderId}`),
    identifiers: list,
    profile: knownTexts({
      name: firstOf(...names),
      country,
      language: textOf(pick(data, 'language', 'locale') ?? pick(nested, 'language', 'locale'), 35),
      city: textOf(pick(data, 'city') ?? pick(nested, 'city')),
      company: firstOf(textOf(company.name), textOf(pick(data, 'company')), textOf(pick(nested, 'company'))),
    }),
    ...postal(...[data, nested].flatMap((part) => ADDRESSES.map((name) => pick(part, name)))),
    ...(companyKey !== null && {
      organisations: [
        {
          key: companyKey,
          name: textOf(company.name),
          domain: textOf(pick(company, 'domain', 'website')),
          role: textOf(company.role),
        },
      ],
    }),
  };
}

/** A claimed address has a key of its own: under `email:` it would speak for the customer whose address it is. */
function keyOf(list: PersonInput['identifiers'], assurance: 'claimed' | 'asserted', fallback: string): string {
  const user = identifierOf(list, 'user_id');
  const rest = user === null ? fallback : `user:${user}`;
  if (assurance === 'asserted')
    return user !== null && identifierOf(list, 'customer') === null ? rest : personKey(list, rest);
  const customer = identifierOf(list, 'customer');
  const address = identifierOf(list, 'email');
  if (customer !== null) return `customer:${customer}`;
  return user === null && address !== null ? `claimed:${address}` : rest;
}
