import type { Assurance, IdentifierInput } from '../../../schema/customer.ts';
import { type Money, moneyFromMajor, withoutSign } from '../../../schema/money.ts';
import type {
  Json,
  OrderFact,
  OrderLine,
  OrganisationInput,
  PersonInput,
  TouchpointInput,
} from '../../../schema/touchpoint.ts';
import type { CoreKind } from '../../../schema/vocabulary.ts';
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
  numberOf,
  objectOf,
  textOf,
  timeOf,
} from '../read.ts';

/** One event of Adobe Commerce. `value` holds the fields the owner has chosen, of an entity as it was saved. */
export type Notice = {
  readonly messageId: string;
  readonly occurredAt: number | null;
  readonly value: JsonObject;
};
/** Null: the event lacks what it is about. */
export type Reader = (notice: Notice) => TouchpointInput | null;

/** The database's times are UTC without saying so. */
const utcTime = (value: Json | undefined): number | null =>
  timeOf(value) ?? (typeof value === 'string' ? timeOf(`${value.trim()}Z`) : null);

/** One event tells both that something was made and that it was changed: it is new when no time lies between the two. */
const SAME_SAVE_MS = 2000;

/** Amounts have four decimals. The first pair that is there: what the customer saw, then the shop's own currency. */
const money = (value: JsonObject, field: string): Money | null =>
  moneyFromMajor(value[field], value.order_currency_code) ??
  moneyFromMajor(value[`base_${field}`], value.base_currency_code) ??
  moneyFromMajor(value[field], value.base_currency_code);

const base = (notice: Notice, id: string, data: { readonly [key: string]: Json } = {}) =>
  ({
    messageId: notice.messageId,
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: notice.occurredAt,
    data: known({ externalId: id, status: textOf(notice.value.status) ?? textOf(notice.value.state), ...data }),
  }) as const satisfies Partial<TouchpointInput>;

function addressOf(value: JsonObject): JsonObject {
  const all = listOf(value.addresses).filter(isObject);
  return (
    firstOf(
      ...[value.billing_address, all.find((entry) => entry.address_type === 'billing'), all[0]].filter(isObject),
    ) ?? {}
  );
}

/** 0 and nothing are guests. */
function customerId(value: Json | undefined): string | null {
  const id = idOf(value);
  return id === '0' ? null : id;
}

/**
 * The company somebody buys for (Adobe Commerce B2B): an order and an account tell it in their extension attributes. The shop has
 * approved the company, and its administrator whoever is in it.
 */
function organisationsOf(value: JsonObject): { readonly organisations?: readonly OrganisationInput[] } {
  const { company_order_attributes, company_attributes } = objectOf(value.extension_attributes);
  const [ofOrder, ofAccount] = [objectOf(company_order_attributes), objectOf(company_attributes)];
  const [id] = [ofOrder.company_id, ofAccount.company_id].flatMap((one) => customerId(one) ?? []);
  if (id === undefined || numberOf(ofAccount.status) === 0) return {};
  const name = firstOf(textOf(ofOrder.company_name, NAME_LIMIT), textOf(ofAccount.company_name, NAME_LIMIT));
  return { organisations: [{ key: `company:${id}`, name, role: textOf(ofAccount.job_title, NAME_LIMIT) }] };
}

/** The shop knows whose account it is; `assurance` is that of what they typed. */
function buyerOf(
  value: JsonObject,
  extra: readonly (IdentifierInput | null)[],
  fallback: string,
  assurance: Assurance = 'asserted',
): PersonInput {
  const address = addressOf(value);
  const country = textOf(address.country_id, 2)?.toUpperCase() ?? null;
  const list = identifiers(
    own('customer', customerId(value.customer_id), 'asserted'),
    email(value.customer_email, assurance),
    phone(address.telephone, country, assurance),
    ...extra,
  );
  const profile = knownTexts({
    name: fullName(value.customer_firstname, value.customer_lastname) ?? fullName(address.firstname, address.lastname),
    country,
    city: textOf(address.city),
    company: textOf(address.company),
  });
  return {
    key: personKey(list, fallback),
    identifiers: list,
    profile,
    ...postal(address),
    ...(customerId(value.customer_id) !== null && organisationsOf(value)),
  };
}

/** Standard states of an order (Magento\Sales\Model\Order::STATE_*); a status can be anything the owner makes up. */
const KIND_OF_STATE: ReadonlyMap<string, CoreKind> = new Map<string, CoreKind>([
  ['new', 'order_placed'],
  ['pending_payment', 'order_placed'],
  ['processing', 'order_paid'],
  ['complete', 'order_fulfilled'],
  ['canceled', 'order_cancelled'],
]);

const linesOf = (value: JsonObject): readonly OrderLine[] =>
  listOf(value.items).flatMap((item) => {
    const title = isObject(item) ? textOf(item.name) : null;
    // The parts of a bundle or of a configured product are listed beneath it, without a price of their own.
    if (!isObject(item) || title === null || idOf(item.parent_item_id) !== null) return [];
    const amount = moneyFromMajor(
      item.row_total_incl_tax ?? item.row_total,
      value.order_currency_code ?? value.base_currency_code,
    );
    return [
      {
        title,
        sku: textOf(item.sku),
        quantity: numberOf(item.qty_ordered) ?? 1,
        amountMinor: amount?.amountMinor ?? null,
      },
    ];
  });

/** An order that waits for its payment, or was called off without one, shows no more than what somebody typed. */
const isTyped = (value: JsonObject, state: string): boolean =>
  state === 'pending_payment' || (state === 'canceled' && !(money(value, 'total_paid')?.amountMinor ?? 0));

export const readOrder: Reader = (notice) => {
  const { value } = notice;
  const id = idOf(value.entity_id) ?? idOf(value.id) ?? textOf(value.increment_id);
  if (id === null) return null;
  const state = textOf(value.state) ?? textOf(value.status) ?? '';
  const placedAt = utcTime(value.created_at);
  const changedAt = firstOf(utcTime(value.updated_at), notice.occurredAt, placedAt);
  const isChanged = placedAt !== null && changedAt !== null && changedAt - placedAt > SAME_SAVE_MS;
  const byState = KIND_OF_STATE.get(state) ?? 'order_updated';
  const kind = byState === 'order_placed' && isChanged ? 'order_updated' : byState;
  const isByCustomer = kind === 'order_placed' || kind === 'order_paid';
  const total = money(value, 'grand_total');
  const number = textOf(value.increment_id);
  const order: OrderFact = {
    id,
    number,
    asOf: changedAt,
    total,
    lines: linesOf(value),
    placedAt,
    paidAt: kind === 'order_paid' ? changedAt : null,
    fulfilledAt: kind === 'order_fulfilled' ? changedAt : null,
    cancelledAt: kind === 'order_cancelled' ? changedAt : null,
    isVoid: state === 'pending_payment',
  };
  return {
    ...base(notice, id, { number, customerId: customerId(value.customer_id) }),
    kind,
    direction: isByCustomer ? 'in' : 'out',
    initiator: isByCustomer ? 'customer' : 'company',
    phase: 'sale',
    occurredAt: kind === 'order_placed' ? firstOf(placedAt, changedAt) : changedAt,
    subject: `order:${id}`,
    value: total,
    person: buyerOf(
      value,
      [own('order', id, 'asserted')],
      `order:${id}`,
      isTyped(value, state) ? 'claimed' : 'asserted',
    ),
    order,
  };
};

export const readCreditMemo: Reader = (notice) => {
  const { value } = notice;
  const orderId = idOf(value.order_id);
  const id = idOf(value.entity_id) ?? idOf(value.id) ?? textOf(value.increment_id);
  if (id === null || orderId === null) return null;
  const amount = withoutSign(money(value, 'grand_total'));
  const occurredAt = firstOf(utcTime(value.created_at), notice.occurredAt);
  return {
    ...base(notice, id, { orderId, number: textOf(value.increment_id) }),
    kind: 'order_refunded',
    direction: 'out',
    initiator: 'company',
    phase: 'service',
    occurredAt,
    subject: `order:${orderId}`,
    value: amount,
    person: buyerOf(value, [own('order', orderId, 'asserted')], `order:${orderId}`),
    order: { id: orderId, asOf: occurredAt, refunds: amount ? [{ id, amount }] : [] },
  };
};

export const readShipment: Reader = (notice) => {
  const { value } = notice;
  const orderId = idOf(value.order_id);
  const id = idOf(value.entity_id) ?? idOf(value.id) ?? textOf(value.increment_id);
  if (id === null || orderId === null) return null;
  const occurredAt = firstOf(utcTime(value.created_at), notice.occurredAt);
  return {
    ...base(notice, id, { orderId, number: textOf(value.increment_id) }),
    kind: 'order_fulfilled',
    direction: 'out',
    initiator: 'company',
    phase: 'sale',
    occurredAt,
    subject: `order:${orderId}`,
    person: buyerOf(value, [own('order', orderId, 'asserted')], `order:${orderId}`),
    order: { id: orderId, asOf: occurredAt, fulfilledAt: occurredAt },
  };
};

/**
 * An account. Anybody opens one under any address, and as a rule nobody checks it: a claim. What is bought with the account vouches
 * for the address.
 */
export const customerReader =
  (isDeletion: boolean): Reader =>
  (notice) => {
    const { value } = notice;
    const id = customerId(value.entity_id) ?? customerId(value.id) ?? customerId(value.customer_id);
    if (id === null) return null;
    const createdAt = utcTime(value.created_at);
    const changedAt = firstOf(utcTime(value.updated_at), notice.occurredAt);
    const isNew = createdAt !== null && (changedAt === null || changedAt - createdAt <= SAME_SAVE_MS);
    const address = addressOf(value);
    const country = textOf(address.country_id, 2)?.toUpperCase() ?? null;
    const list = identifiers(
      own('customer', id, 'asserted'),
      email(value.email, 'claimed'),
      phone(address.telephone, country, 'claimed'),
    );
    return {
      ...base(notice, id, { reason: isDeletion ? 'deleted_at_source' : null }),
      kind: isDeletion ? 'customer_redacted' : isNew ? 'customer_created' : 'customer_updated',
      occurredAt: isDeletion ? notice.occurredAt : firstOf(isNew ? createdAt : changedAt, notice.occurredAt),
      subject: `customer:${id}`,
      person: {
        key: `customer:${id}`,
        identifiers: list,
        profile: knownTexts({
          name: fullName(value.firstname, value.lastname),
          country,
          city: textOf(address.city),
          company: textOf(objectOf(address).company),
        }),
        ...postal(address),
        ...organisationsOf(value),
      },
    };
  };
