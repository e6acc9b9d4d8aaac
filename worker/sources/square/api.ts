import type { OrderFact, OrderLine } from '../../../schema/touchpoint.ts';
import { askFor, goneFrom, orNothing, segment } from '../ask.ts';
import { email, identifiers, own, phone } from '../person.ts';
import { postal } from '../postal.ts';
import type { ApiContext, Asked, Completion, KnownPerson, Lacking, ProviderApi } from '../provider-api.ts';
import {
  firstOf,
  idOf,
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
import { buyerOf, customerOf, squareMoney } from './notice.ts';

/** https://developer.squareup.com/reference/square/orders-api/retrieve-order. Amounts are in the smallest unit of the currency. */
const HOST = 'connect.squareup.com';
const SANDBOX = 'connect.squareupsandbox.com';
/** The answers are read as this version writes them. */
const VERSION = '2026-09-16';

const hostOf = (credentials: Readonly<Record<string, string>>): string =>
  credentials.environment?.trim().toLowerCase() === 'sandbox' ? SANDBOX : HOST;

const get = (context: ApiContext, path: string): Promise<Asked<JsonObject>> =>
  askFor(context, `https://${hostOf(context.credentials)}/v2${path}`, {
    authorization: `Bearer ${context.credentials.accessToken ?? ''}`,
    'square-version': VERSION,
  });

const linesOf = (order: JsonObject): OrderLine[] =>
  listOf(order.line_items).flatMap((item) => {
    const { name, variation_name, quantity, total_money } = objectOf(item);
    const title = firstOf(textOf(name), textOf(variation_name));
    const amountMinor = squareMoney(total_money)?.amountMinor ?? null;
    return title === null ? [] : [{ title, sku: null, quantity: numberOf(quantity) ?? 1, amountMinor }];
  });

const amountOf = (value: JsonObject | undefined, field: string): number | null =>
  squareMoney(value?.[field])?.amountMinor ?? null;

/** What is given back has an order of its own, that sells nothing. */
const isReturn = (order: JsonObject): boolean =>
  listOf(order.returns).length > 0 && listOf(order.line_items).length === 0;

function factOf(order: JsonObject, id: string): OrderFact {
  const state = textOf(order.state);
  const placedAt = timeOf(order.created_at);
  const asOf = firstOf(timeOf(order.updated_at), placedAt);
  const due = amountOf(order, 'net_amount_due_money');
  const fulfilments = listOf(order.fulfillments).map(objectOf);
  const isFulfilled = fulfilments.length > 0 && fulfilments.every((one) => one.state === 'COMPLETED');
  const isPaid = listOf(order.tenders).length > 0 && (due === 0 || state === 'COMPLETED');
  return {
    id,
    asOf,
    total: squareMoney(order.total_money),
    lines: linesOf(order),
    placedAt,
    paidAt: isPaid ? firstOf(timeOf(order.closed_at), asOf) : null,
    fulfilledAt: isFulfilled ? firstOf(timeOf(order.closed_at), asOf) : null,
    cancelledAt: state === 'CANCELED' ? firstOf(timeOf(order.closed_at), asOf) : null,
    isVoid: state === 'DRAFT' || isReturn(order),
  };
}

/** Who collects it or has it sent, as they wrote it at the till of the shop: a claim until there is a payment. */
function recipientOf(order: JsonObject): KnownPerson {
  const assurance = isTyped(order) ? 'claimed' : 'asserted';
  const details = listOf(order.fulfillments)
    .map(objectOf)
    .map((one) => objectOf(firstOf(one.pickup_details, one.shipment_details, one.delivery_details) ?? {}));
  const recipient = details.map((one) => objectOf(one.recipient)).find((one) => Object.keys(one).length > 0) ?? {};
  const address = objectOf(recipient.address);
  const country = textOf(address.country, 2)?.toUpperCase() ?? null;
  return {
    identifiers: identifiers(
      own('customer', recipient.customer_id, assurance),
      email(recipient.email_address, assurance),
      phone(recipient.phone_number, country, assurance),
    ),
    profile: knownTexts({
      name: textOf(recipient.display_name, NAME_LIMIT),
      country,
      city: textOf(address.locality),
    }),
    ...postal(address),
  };
}

/** True where nobody has paid anything yet. */
const isTyped = (order: JsonObject): boolean => listOf(order.tenders).length === 0;

/** The customer of an order, else the one of a payment of it. */
function customerIdOf(order: JsonObject): string | null {
  const tenders = listOf(order.tenders).map((tender) => idOf(objectOf(tender).customer_id));
  return firstOf(idOf(order.customer_id), ...tenders);
}

const paymentIdOf = (order: JsonObject): string | null =>
  firstOf(
    ...listOf(order.tenders).map((tender) => firstOf(idOf(objectOf(tender).payment_id), idOf(objectOf(tender).id))),
  );

/** Who bought: the customer of the order, else whoever its payment names, else who it is handed to. */
async function buyerDetails(order: JsonObject, context: ApiContext): Promise<Asked<KnownPerson>> {
  const customerId = customerIdOf(order);
  if (customerId !== null) {
    const asked = orNothing(await get(context, `/customers/${segment(customerId)}`));
    // Somebody deleted is still told by the id.
    return asked.ok
      ? { ok: true, value: customerOf(objectOf(asked.value.customer), customerId, !isTyped(order)) }
      : asked;
  }
  const recipient = recipientOf(order);
  const paymentId = paymentIdOf(order);
  if (paymentId === null || recipient.identifiers.some(({ kind }) => kind === 'email'))
    return { ok: true, value: recipient };
  const asked = orNothing(await get(context, `/payments/${segment(paymentId)}`));
  if (!asked.ok) return asked;
  const payer = buyerOf(objectOf(asked.value.payment), [], '');
  const addresses = [...(payer.addresses ?? []), ...(recipient.addresses ?? [])];
  return {
    ok: true,
    value: {
      identifiers: identifiers(...payer.identifiers, ...recipient.identifiers),
      profile: { ...recipient.profile, ...payer.profile },
      addresses,
    },
  };
}

async function details({ id, kind }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `/orders/${segment(id)}`);
  if (!asked.ok) return asked;
  const order = objectOf(asked.value.order);
  if (idOf(order.id) === null) return goneFrom(hostOf(context.credentials));
  const person = await buyerDetails(order, context);
  if (!person.ok) return person;
  const fact = factOf(order, id);
  const { name } = objectOf(order.source);
  return {
    ok: true,
    value: {
      person: person.value,
      order: fact,
      value: fact.total ?? null,
      text: kind === 'order_placed' ? noteOf(order) : null,
      data: known({ soldThrough: textOf(name), referenceId: textOf(order.reference_id) }),
    },
  };
}

const noteOf = (order: JsonObject): string | null =>
  firstOf(
    ...listOf(order.fulfillments)
      .map(objectOf)
      .map((one) => objectOf(firstOf(one.pickup_details, one.shipment_details, one.delivery_details) ?? {}))
      .map((one) => firstOf(textOf(one.note, 500), textOf(one.shipping_note, 500))),
  );

export const api: ProviderApi = {
  summary: 'Fills in who ordered, what and for how much: events of Square orders name the order alone.',
  fields: [
    {
      name: 'accessToken',
      label: 'Access token',
      isSecret: true,
      pattern: /^[\w-]{20,200}$/,
      misfit: 'is not an access token: letters, digits, hyphens and underscores',
    },
    {
      name: 'environment',
      label: 'Environment',
      hint: 'Leave empty for the real shop; "sandbox" for Square’s test shop.',
      isSecret: false,
      pattern: /^(production|sandbox)$/,
      misfit: 'is either production or sandbox',
      isOptional: true,
    },
  ],
  setup: [
    {
      text: 'On the developer pages of Square (developer.squareup.com) open your application and choose Credentials, with Production switched on at the top.',
    },
    {
      text: 'Choose "Show" beside "Production access token", copy it and paste it here. It can do everything in your account. An OAuth token with ORDERS_READ, CUSTOMERS_READ and PAYMENTS_READ alone is enough, if somebody makes you one.',
    },
  ],
  hosts: (credentials) => [hostOf(credentials)],
  details,
};
