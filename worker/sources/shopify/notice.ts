import type { Assurance, IdentifierInput, ProfileInput } from '../../../schema/customer.ts';
import { moneyFromMajor } from '../../../schema/money.ts';
import type { PersonInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import { postal } from '../postal.ts';
import { firstOf, fullName, idOf, type JsonObject, knownTexts, objectOf, textOf, timeOf } from '../read.ts';

/** One webhook of Shopify: what its headers say beside the body. */
export type Notice = {
  readonly topic: string;
  readonly messageId: string;
  readonly formerIds?: readonly string[];
  readonly payload: JsonObject;
  /** When Shopify noticed, from `X-Shopify-Triggered-At`: the last resort when the body has no usable time. */
  readonly triggeredAt: number | null;
};

/**
 * The number in the resource's global id, else `id`. Ids pass 2^53 in Shopify's own samples, and whatever sat between
 * may have rounded the number; the text is exact.
 */
export function resourceId(resource: JsonObject): string | null {
  const globalId = /\/(\d+)$/.exec(textOf(resource.admin_graphql_api_id) ?? '');
  return globalId?.[1] ?? idOf(resource.id);
}

/** Facts that happen to an order or a customer once, by topic. */
const ONCE: ReadonlyMap<string, string> = new Map([
  ['orders/create', 'placed'],
  ['orders/paid', 'paid'],
  ['orders/fulfilled', 'fulfilled'],
  ['orders/cancelled', 'cancelled'],
  ['orders/delete', 'deleted'],
  ['refunds/create', 'created'],
  ['fulfillments/create', 'created'],
  ['customers/create', 'created'],
]);
/** Facts that happen again and again: the time of the change tells them apart. */
const CHANGES: ReadonlyMap<string, string> = new Map([
  ['orders/updated', 'updated'],
  ['orders/partially_fulfilled', 'partial'],
  ['fulfillments/update', 'updated'],
  ['customers/update', 'updated'],
]);

/**
 * The fact itself as an id, `order:1001:paid`: whichever way it comes to us, by a webhook, by its repetition through another
 * subscription or by asking the shop, it is the same. Null where the body does not tell.
 */
export function factId(topic: string, payload: JsonObject): string | null {
  const thing = topic.split('s/')[0];
  const id = resourceId(payload);
  const once = ONCE.get(topic);
  if (id !== null && once) return `${thing}:${id}:${once}`;
  const change = CHANGES.get(topic);
  const changedAt = timeOf(payload.updated_at);
  if (id === null || !change || changedAt === null) return null;
  // Times have whole seconds: two changes within one differ at least in what they come to, if that matters to us.
  const total = moneyFromMajor(firstOf(payload.total_price, payload.current_total_price), payload.currency);
  return `${thing}:${id}:${change}:${changedAt}${total ? `:${total.amountMinor}` : ''}`;
}

/** What a touchpoint of this notice is known by. */
export const idsOf = ({ messageId, formerIds }: Notice) => ({ messageId, ...(formerIds && { formerIds }) });

/** The first of these fields that holds a time; one bad date must not lose the fact. */
export const timeFrom = (notice: Notice, fields: readonly string[]): number | null =>
  firstOf(...fields.map((field) => timeOf(notice.payload[field])), notice.triggeredAt);

/**
 * The person of an order, a checkout, a fulfilment or a customer. `extra` are the identifiers of the thing itself,
 * which is how a refund that names nobody finds the person of its order. `assurance` is what the shop's word is worth, the id
 * of its customer included: it finds that by the address somebody typed. Shopify says itself of an address in an account that
 * nobody has confirmed it.
 */
export function personOf(
  resource: JsonObject,
  extra: readonly (IdentifierInput | null)[],
  fallback: string,
  assurance: Assurance = 'asserted',
): PersonInput {
  const customer = objectOf(resource.customer);
  const ofAccount = customer.verified_email === false ? 'claimed' : assurance;
  const billing = objectOf(resource.billing_address);
  const country = countryOf(resource);
  const list = identifiers(
    own('customer', resourceId(customer), assurance),
    email(resource.email, assurance),
    email(resource.contact_email, assurance),
    email(customer.email, ofAccount),
    phone(resource.phone, country, assurance),
    // Shopify keeps a customer's number as E.164. One without its country code has been edited by others, and reading
    // it by the address would make it a stranger's.
    phone(customer.phone, null, ofAccount),
    phone(billing.phone, country, assurance),
    ...extra,
  );
  const profile = profileOf(resource, country);
  // Who buys for a company (B2B): an order names it by its ids, and its name stands in the address.
  const company = resourceId(objectOf(resource.company));
  return {
    key: personKey(list, fallback),
    identifiers: list,
    profile,
    ...postal(...addressesOf(resource)),
    ...(company !== null && { organisations: [{ key: `company:${company}`, name: profile.company ?? null }] }),
  };
}

function profileOf(resource: JsonObject, country: string | null): ProfileInput {
  const customer = objectOf(resource.customer);
  const addresses = addressesOf(resource);
  const names = [customer, ...addresses].map((part) => fullName(part.first_name, part.last_name) ?? textOf(part.name));
  return knownTexts({
    name: firstOf(...names),
    language: textOf(resource.customer_locale, 35),
    country,
    city: firstOf(...addresses.map((address) => textOf(address.city))),
    company: firstOf(...addresses.map((address) => textOf(address.company))),
  });
}

/** Where the buyer is, best known first; where parcels go comes last, since it may be a present. */
const addressesOf = (resource: JsonObject): readonly JsonObject[] =>
  [resource.billing_address, objectOf(resource.customer).default_address, resource.shipping_address].map(objectOf);

function countryOf(resource: JsonObject): string | null {
  const codes = addressesOf(resource).map((address) => textOf(address.country_code, 2));
  return firstOf(...codes)?.toUpperCase() ?? null;
}
