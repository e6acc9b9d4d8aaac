import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import { type Money, moneyFromMajor } from '../../../schema/money.ts';
import type { Json, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import { postal } from '../postal.ts';
import {
  firstOf,
  fullName,
  idOf,
  isObject,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  NAME_LIMIT,
  objectOf,
  textOf,
  timeOf,
} from '../read.ts';

/** One event of PayPal. Its resource has one of two shapes: that of the first API (2013 on) and that of the second. */
export type Notice = {
  readonly type: string;
  readonly messageId: string;
  readonly createdAt: number | null;
  readonly resource: JsonObject;
  readonly id: string;
  /** False when another source (a shop) keeps the orders these payments are for. */
  readonly ownsOrders: boolean;
};

/** `{value, currency_code}` in the second API, `{total, currency}` in the first, `{value, currency}` in its invoices. */
export function paypalMoney(amount: Json | undefined): Money | null {
  const { value, total, currency_code: code, currency } = objectOf(amount);
  return moneyFromMajor(value ?? total, code ?? currency);
}

/** When the resource last changed, which for a payment is the fact; the event is written some time later. */
export const changedAt = ({ resource, createdAt }: Notice): number | null =>
  firstOf(timeOf(resource.update_time), timeOf(resource.create_time), createdAt);

export const base = (notice: Notice, data: { readonly [key: string]: Json } = {}) =>
  ({
    messageId: notice.messageId,
    channel: 'payment',
    direction: 'in',
    initiator: 'customer',
    data: known({
      externalId: notice.id,
      status: textOf(notice.resource.status) ?? textOf(notice.resource.state),
      invoiceId: textOf(notice.resource.invoice_id) ?? textOf(notice.resource.invoice_number),
      customId: textOf(notice.resource.custom_id) ?? textOf(notice.resource.custom),
      ...data,
    }),
  }) as const satisfies Partial<TouchpointInput>;

/** The last part of the address of a link with this relation: how the second API names what a refund belongs to. */
export function linkedId(resource: JsonObject, relation: string): string | null {
  const link = listOf(resource.links).find((entry) => isObject(entry) && entry.rel === relation);
  const id = /\/([A-Za-z0-9-]+)$/.exec(textOf(objectOf(link).href, 500) ?? '');
  return id?.[1] ?? null;
}

/**
 * Who pays. It stands under `payer` (`payer_info` in the first API) or `subscriber`, in an invoice under whom it is billed
 * to. `payee` and `merchant_info` are the business itself and are never read. The id is PayPal's own; `assurance` is that of
 * the address, which a guest types beside a card.
 */
export function payerOf(
  { resource }: Notice,
  extra: readonly (IdentifierInput | null)[],
  fallback: string,
  assurance: Assurance,
): PersonInput {
  const payer = partOf(resource);
  const names = [payer.name, payer].map(objectOf);
  const address = firstOf(...[payer.address, payer.billing_address, payer.shipping_address].filter(isObject)) ?? {};
  const country = textOf(address.country_code, 2)?.toUpperCase() ?? null;
  const number = objectOf(objectOf(payer.phone).phone_number).national_number;
  const list = identifiers(
    own('customer', payer.payer_id, 'asserted'),
    email(firstOf(payer.email_address, payer.email), assurance),
    phone(firstOf(number, payer.phone), country, assurance),
    ...extra,
  );
  const profile = knownTexts({
    name: firstOf(
      ...names.map((name) =>
        fullName(name.given_name ?? name.first_name ?? null, name.surname ?? name.last_name ?? null),
      ),
      ...names.map((name) => textOf(name.full_name, NAME_LIMIT)),
    ),
    country,
    city: textOf(address.city) ?? textOf(address.admin_area_2),
    company: textOf(payer.business_name),
    language: textOf(payer.language, 35),
  });
  const [unit] = listOf(resource.purchase_units);
  const parcel = objectOf(objectOf(unit).shipping).address;
  return {
    key: personKey(list, fallback),
    identifiers: list,
    profile,
    ...postal(payer.address, payer.billing_address, payer.shipping_address, parcel),
  };
}

function partOf(resource: JsonObject): JsonObject {
  const payer = objectOf(resource.payer);
  if (isObject(payer.payer_info)) return payer.payer_info;
  const [billed] = listOf(resource.billing_info);
  const [recipient] = listOf(resource.primary_recipients);
  const parts = [payer, resource.subscriber, billed, objectOf(recipient).billing_info].filter(isObject);
  return parts.find((part) => Object.keys(part).length > 0) ?? {};
}

/** The id of the checkout order a capture belongs to, in the second API. */
export const checkoutIdOf = (resource: JsonObject): string | null =>
  idOf(objectOf(objectOf(resource.supplementary_data).related_ids).order_id);
