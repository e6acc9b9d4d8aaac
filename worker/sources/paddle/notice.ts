import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import { type Money, moneyFromMinor } from '../../../schema/money.ts';
import type { Json, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, personKey } from '../person.ts';
import { postal } from '../postal.ts';
import { idOf, type JsonObject, known, knownTexts, NAME_LIMIT, textOf } from '../read.ts';

/** One event of Paddle Billing. `object` is the entity it is about, with `id`. */
export type Notice = {
  readonly type: string;
  readonly messageId: string;
  readonly occurredAt: number | null;
  readonly object: JsonObject;
  readonly id: string;
};

/** Amounts are whole numbers written as text, in the smallest unit of their currency. */
export const paddleMoney = (amount: Json | undefined, currency: Json | undefined): Money | null =>
  moneyFromMinor(amount, currency);

/** What all touchpoints of Paddle have in common; each reader adds its kind and its facts. */
export const base = (notice: Notice, data: { readonly [key: string]: Json } = {}) =>
  ({
    messageId: notice.messageId,
    channel: 'payment',
    direction: 'in',
    initiator: 'customer',
    occurredAt: notice.occurredAt,
    data: known({
      externalId: notice.id,
      customerId: idOf(notice.object.customer_id),
      status: textOf(notice.object.status),
      ...data,
    }),
  }) as const satisfies Partial<TouchpointInput>;

/**
 * Everything but the customer itself names its customer by id alone: who that is comes with the customer's own events. `assurance`
 * is that of the id, which Paddle finds by the address somebody typed.
 */
export function personOf(
  { object }: Notice,
  extra: readonly (IdentifierInput | null)[],
  fallback: string,
  assurance: Assurance = 'asserted',
): PersonInput {
  const list = identifiers(own('customer', object.customer_id, assurance), ...extra);
  return { key: personKey(list, fallback), identifiers: list };
}

export function customerOf({ object, id }: Notice): PersonInput {
  const list = identifiers(own('customer', id, 'asserted'), email(object.email, 'asserted'));
  const profile = knownTexts({ name: textOf(object.name, NAME_LIMIT), language: textOf(object.locale, 35) });
  return { key: personKey(list, `customer:${id}`), identifiers: list, profile };
}

/** An address is a thing of its own, that names its customer. */
export const residentOf = (notice: Notice, customerId: string): PersonInput => ({
  ...personOf(notice, [], `customer:${customerId}`),
  ...postal(notice.object),
});
