import type { IdentifierInput } from '../../../schema/customer.ts';
import type { Json, PersonInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import { firstOf, fullName, idOf, type JsonObject, knownTexts, objectOf, textOf, timeOf } from '../read.ts';

/** One webhook of WooCommerce: a REST resource as it stands when the webhook is sent. */
export type Notice = { readonly topic: string; readonly messageId: string; readonly payload: JsonObject };

/** Fields ending in `_gmt` are UTC without saying so. Those without are the shop's local time and are not read. */
export const gmtTime = (value: Json | undefined): number | null =>
  timeOf(value) ?? (typeof value === 'string' ? timeOf(`${value.trim()}Z`) : null);

/** 0 is a guest. */
export const customerIdOf = (order: JsonObject): string | null => {
  const id = idOf(order.customer_id);
  return id === '0' ? null : id;
};

/** The buyer of an order. */
export function personOf(order: JsonObject, extra: readonly IdentifierInput[], fallback: string): PersonInput {
  return person(order, own('customer', customerIdOf(order), 'asserted'), extra, fallback);
}

export function person(
  resource: JsonObject,
  customer: IdentifierInput | null,
  extra: readonly IdentifierInput[],
  fallback: string,
): PersonInput {
  const billing = objectOf(resource.billing);
  const country = textOf(billing.country, 2)?.toUpperCase() ?? null;
  const list = identifiers(
    customer,
    email(resource.email, 'asserted'),
    email(billing.email, 'asserted'),
    phone(billing.phone, country, 'asserted'),
    ...extra,
  );
  const profile = knownTexts({
    name: firstOf(fullName(billing.first_name, billing.last_name), fullName(resource.first_name, resource.last_name)),
    country,
    city: textOf(billing.city),
    company: textOf(billing.company),
  });
  return { key: personKey(list, fallback), identifiers: list, profile };
}
