import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import { currencyCode, type Money, moneyFromMinor } from '../../../schema/money.ts';
import type { Json, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import { postal } from '../postal.ts';
import {
  firstOf,
  idOf,
  isObject,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  NAME_LIMIT,
  objectOf,
  textOf,
} from '../read.ts';

/** One event of Stripe. `object` is the resource it is about, with `id`. */
export type Notice = {
  readonly type: string;
  readonly messageId: string;
  readonly occurredAt: number | null;
  readonly apiVersion: string;
  readonly object: JsonObject;
  readonly id: string;
  /** Earlier values of the fields an update changed. */
  readonly previous: JsonObject;
  readonly isTest: boolean;
};

/** The id of a reference, which is the id itself or, expanded, the object. */
export const referenceOf = (value: Json | undefined): string | null => (isObject(value) ? idOf(value.id) : idOf(value));

/**
 * Stripe counts a few currencies otherwise than ISO 4217 (https://docs.stripe.com/currencies): ISK and UGX have no minor
 * unit but are written with two zeros, MGA has one but is written without.
 */
const FACTORS: ReadonlyMap<string, number> = new Map([
  ['ISK', 1 / 100],
  ['UGX', 1 / 100],
  ['MGA', 100],
]);

export function stripeMoney(amount: Json | undefined, currency: Json | undefined): Money | null {
  const factor = FACTORS.get(currencyCode(currency) ?? '') ?? 1;
  return typeof amount === 'number' ? moneyFromMinor(Math.round(amount * factor), currency) : null;
}

/** What all touchpoints of Stripe have in common; each reader adds its kind and its facts. */
export function base(notice: Notice, data: { readonly [key: string]: Json } = {}) {
  return {
    messageId: notice.messageId,
    channel: 'payment',
    direction: 'in',
    initiator: 'customer',
    occurredAt: notice.occurredAt,
    data: known({
      externalId: notice.id,
      customerId: referenceOf(notice.object.customer),
      test: notice.isTest ? true : null,
      ...data,
    }),
  } as const satisfies Partial<TouchpointInput>;
}

/**
 * Where Stripe keeps who somebody is differs by resource: on it, in its details, or as `customer_*`. `assurance` is that of what
 * was typed at the till; whose account it is at Stripe the business's own server has said.
 */
export function personOf(
  object: JsonObject,
  extra: readonly (IdentifierInput | null)[],
  fallback: string,
  assurance: Assurance,
): PersonInput {
  const details = [object.customer_details, object.billing_details].map(objectOf);
  const address = firstOf(...[...details.map((part) => part.address), object.customer_address].filter(isObject)) ?? {};
  const country = textOf(address.country, 2)?.toUpperCase() ?? null;
  const list = identifiers(
    own('customer', referenceOf(object.customer), 'asserted'),
    ...[...details.map((part) => part.email), object.customer_email, object.receipt_email].map((value) =>
      email(value, assurance),
    ),
    ...[...details.map((part) => part.phone), object.customer_phone].map((value) => phone(value, country, assurance)),
    ...extra,
  );
  const names = [...details.map((part) => part.name), object.customer_name].map((name) => textOf(name, NAME_LIMIT));
  const profile = knownTexts({
    name: firstOf(...names),
    country,
    city: textOf(address.city),
    language: textOf(object.locale, 35),
  });
  return {
    key: personKey(list, fallback),
    identifiers: list,
    profile,
    ...postal(address, objectOf(object.shipping).address, objectOf(object.shipping_details).address),
  };
}

/**
 * A customer resource, which has its own facts at the top. Anybody becomes one by a trial, or changes theirs in the portal, so that
 * it is a claim unless it comes with money.
 */
export function customerOf(customer: JsonObject, id: string, assurance: Assurance = 'claimed'): PersonInput {
  const [language] = listOf(customer.preferred_locales);
  return personOf(
    {
      customer: id,
      customer_email: customer.email ?? null,
      customer_phone: customer.phone ?? null,
      customer_name: customer.name ?? null,
      customer_address: customer.address ?? null,
      shipping: customer.shipping ?? null,
      locale: language ?? null,
    },
    [],
    `customer:${id}`,
    assurance,
  );
}
