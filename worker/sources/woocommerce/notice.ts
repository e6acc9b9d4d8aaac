import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import type { Json, PersonInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import { postal } from '../postal.ts';
import { firstOf, fullName, idOf, type JsonObject, knownTexts, listOf, objectOf, textOf, timeOf } from '../read.ts';

/** One webhook of WooCommerce: a REST resource as it stands when the webhook is sent. */
export type Notice = {
  readonly topic: string;
  readonly messageId: string;
  readonly formerIds?: readonly string[];
  readonly payload: JsonObject;
};

/** What a touchpoint of this notice is known by. */
export const idsOf = ({ messageId, formerIds }: Notice) => ({ messageId, ...(formerIds && { formerIds }) });

/**
 * The fact itself as an id, whichever way it comes to us: `order:310:created`, and for each state of an order what tells it from
 * the others. Times have whole seconds, so that the time alone would not. Null where the body does not tell.
 */
export function factId(topic: string, payload: JsonObject): string | null {
  const [thing, event] = topic.split('.');
  const id = idOf(payload.id);
  if (id === null || (thing !== 'order' && thing !== 'customer')) return null;
  if (event === 'created') return `${thing}:${id}:created`;
  const changedAt = gmtTime(payload.date_modified_gmt);
  if (thing !== 'order' || (event !== 'updated' && event !== 'restored') || changedAt === null) return null;
  const { status, total, refunds } = payload;
  return `order:${id}:${textOf(status) ?? ''}:${changedAt}:${textOf(total) ?? ''}:${listOf(refunds).length}`;
}

/** Fields ending in `_gmt` are UTC without saying so. Those without are the shop's local time and are not read. */
export const gmtTime = (value: Json | undefined): number | null =>
  timeOf(value) ?? (typeof value === 'string' ? timeOf(`${value.trim()}Z`) : null);

/** 0 is a guest. */
export const customerIdOf = (order: JsonObject): string | null => {
  const id = idOf(order.customer_id);
  return id === '0' ? null : id;
};

/** The buyer of an order. Whose account it is the shop knows, since they have signed in; `assurance` is that of what they typed. */
export function personOf(
  order: JsonObject,
  extra: readonly IdentifierInput[],
  fallback: string,
  assurance: Assurance,
): PersonInput {
  return person(order, own('customer', customerIdOf(order), 'asserted'), extra, fallback, assurance);
}

export function person(
  resource: JsonObject,
  customer: IdentifierInput | null,
  extra: readonly IdentifierInput[],
  fallback: string,
  assurance: Assurance,
): PersonInput {
  const billing = objectOf(resource.billing);
  const country = textOf(billing.country, 2)?.toUpperCase() ?? null;
  const list = identifiers(
    customer,
    email(resource.email, assurance),
    email(billing.email, assurance),
    phone(billing.phone, country, assurance),
    ...extra,
  );
  const profile = knownTexts({
    name: firstOf(fullName(billing.first_name, billing.last_name), fullName(resource.first_name, resource.last_name)),
    country,
    city: textOf(billing.city),
    company: textOf(billing.company),
  });
  return { key: personKey(list, fallback), identifiers: list, profile, ...postal(billing, resource.shipping) };
}
