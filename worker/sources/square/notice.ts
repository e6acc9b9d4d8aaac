import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import { type Money, moneyFromMinor } from '../../../schema/money.ts';
import type { Json, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import { postal } from '../postal.ts';
import { firstOf, fullName, idOf, type JsonObject, known, knownTexts, objectOf, textOf } from '../read.ts';

/** One event of Square. `object` is the resource it is about, taken out of the envelope that is named after its type. */
export type Notice = {
  readonly type: string;
  readonly eventId: string;
  /** When the event was written, which for what happened may be years late; the last resort. */
  readonly createdAt: number | null;
  readonly object: JsonObject;
  readonly id: string;
};

/** Amounts are counted in the smallest unit of their currency. */
export function squareMoney(value: Json | undefined): Money | null {
  const { amount, currency } = objectOf(value);
  return moneyFromMinor(amount, currency);
}

/** What all touchpoints of Square have in common; each reader adds its kind and its facts. */
export const base = (notice: Notice, data: { readonly [key: string]: Json } = {}) =>
  ({
    messageId: notice.eventId,
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    data: known({
      externalId: notice.id,
      customerId: idOf(notice.object.customer_id),
      status: textOf(notice.object.status) ?? textOf(notice.object.state),
      ...data,
    }),
  }) as const satisfies Partial<TouchpointInput>;

/**
 * The buyer of a payment, an order or a booking: mostly an id, with an address where they gave one. `assurance` is that of the id
 * too: Square finds it by what somebody typed.
 */
export function buyerOf(
  object: JsonObject,
  extra: readonly (IdentifierInput | null)[],
  fallback: string,
  assurance: Assurance = 'asserted',
): PersonInput {
  const billing = objectOf(object.billing_address);
  const shipping = objectOf(object.shipping_address);
  const list = identifiers(
    own('customer', object.customer_id, assurance),
    email(object.buyer_email_address, assurance),
    phone(object.buyer_phone_number, null, assurance),
    ...extra,
  );
  const profile = knownTexts({
    name: firstOf(...[billing, shipping].map((part) => fullName(part.first_name, part.last_name))),
    country: firstOf(...[billing, shipping].map((part) => textOf(part.country, 2)?.toUpperCase())),
    city: firstOf(...[billing, shipping].map((part) => textOf(part.locality))),
  });
  return { key: personKey(list, fallback), identifiers: list, profile, ...postal(billing, shipping) };
}

/**
 * How an entry came into the directory where somebody of the business put it there; all other ways begin with what anybody may type
 * (https://developer.squareup.com/reference/square/enums/CustomerCreationSource).
 */
const BY_STAFF: readonly string[] = ['DIRECTORY', 'IMPORT', 'THIRD_PARTY_IMPORT'];

/** An entry of the customer directory. `isBuyer` where it comes with something that was paid for. */
export function customerOf(customer: JsonObject, id: string, isBuyer = false): PersonInput {
  const assurance = isBuyer || BY_STAFF.includes(textOf(customer.creation_source) ?? '') ? 'asserted' : 'claimed';
  const address = objectOf(customer.address);
  const country = textOf(address.country, 2)?.toUpperCase() ?? null;
  const list = identifiers(
    own('customer', id, 'asserted'),
    email(customer.email_address, assurance),
    phone(customer.phone_number, country, assurance),
  );
  const profile = knownTexts({
    name: fullName(customer.given_name, customer.family_name),
    country,
    city: textOf(address.locality),
    company: textOf(customer.company_name),
  });
  return { key: personKey(list, `customer:${id}`), identifiers: list, profile, ...postal(address) };
}
