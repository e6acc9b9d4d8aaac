import type { Assurance } from '../../../schema/customer.ts';
import type { OrderLine } from '../../../schema/touchpoint.ts';
import { askFor, goneFrom } from '../ask.ts';
import { byMoney, identifiers } from '../person.ts';
import type { ApiContext, Asked, Completion, KnownPerson, Lacking, ProviderApi } from '../provider-api.ts';
import { idOf, isObject, type JsonObject, known, listOf, numberOf, objectOf, textOf } from '../read.ts';
import { READERS } from './events.ts';
import { list } from './list.ts';
import { customerOf, stripeMoney } from './notice.ts';
import { pathOf, THIN_IDS } from './thin.ts';

/** https://docs.stripe.com/api: answers are read as this version writes them, whatever the account's own is. */
const HOST = 'api.stripe.com';
const VERSION = '2026-09-30.endive';

const get = (context: ApiContext, path: string): Promise<Asked<JsonObject>> =>
  askFor(context, `https://${HOST}${path}`, {
    authorization: `Bearer ${context.credentials.apiKey ?? ''}`,
    'stripe-version': VERSION,
  });

/** A payment names its customer and its charge; with both unfolded it reads as a charge would. */
function unfolded(object: JsonObject): JsonObject {
  const { billing_details } = objectOf(object.latest_charge);
  return billing_details === undefined || object.billing_details !== undefined
    ? object
    : { ...object, billing_details };
}

/** What shows that money came in, so that the customer's own address is more than typed. */
const PAID_KINDS: readonly string[] = ['order_paid', 'payment_succeeded'];

/** Who the resource tells of, and who its customer is, where that has come along. */
function personWith(person: KnownPerson, object: JsonObject, assurance: Assurance): KnownPerson {
  const customer = objectOf(object.customer);
  const id = idOf(customer.id);
  if (id === null || customer.deleted === true) return person;
  const more = customerOf(customer, id, assurance);
  return {
    identifiers: identifiers(...person.identifiers, ...more.identifiers),
    profile: { ...more.profile, ...person.profile },
  };
}

const linesOf = (object: JsonObject): OrderLine[] =>
  listOf(objectOf(object.line_items).data).flatMap((line) => {
    const { description, quantity, amount_total, currency } = objectOf(line);
    const title = textOf(description);
    const amountMinor = stripeMoney(amount_total, currency)?.amountMinor ?? null;
    return title === null ? [] : [{ title, sku: null, quantity: numberOf(quantity) ?? 1, amountMinor }];
  });

/**
 * What the resource of a thin event tells, by the reader of the event with content. It is fetched as it stands now and Stripe keeps
 * no time of its last change, so that it is as of now; what happened is still as of the event.
 */
function read({ resource, id, occurredAt }: Lacking, fetched: JsonObject, now: number): Completion | null {
  const object = unfolded(fetched);
  const translation = READERS.get(resource)?.({
    type: resource,
    messageId: '',
    occurredAt,
    apiVersion: VERSION,
    object,
    id,
    previous: {},
    isTest: object.livemode === false,
  });
  const touchpoint = translation?.ok && 'touchpoints' in translation ? translation.touchpoints[0] : undefined;
  if (!touchpoint) return null;
  const { person, order, value, text, data } = touchpoint;
  const lines = linesOf(object);
  return {
    person: personWith(person, object, PAID_KINDS.includes(touchpoint.kind) ? byMoney(value) : 'claimed'),
    ...(order && { order: { ...order, asOf: now, ...(lines.length > 0 && { lines }) } }),
    value: value ?? null,
    text: text ?? null,
    data: known(data ?? {}),
  };
}

async function details(lacking: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const path = pathOf(lacking.resource, lacking.id);
  if (path === null) return goneFrom(HOST);
  const asked = await get(context, path);
  if (!asked.ok) return asked;
  // A deleted customer is answered as such.
  if (!isObject(asked.value) || asked.value.deleted === true) return goneFrom(HOST);
  return { ok: true, value: read(lacking, asked.value, context.now) ?? {} };
}

export const api: ProviderApi = {
  summary:
    'Each hour Stripe is asked what happened in the last 30 days, and what no webhook brought is filled in. What thin events leave out (who paid, what and how much) is filled in as well.',
  fields: [
    {
      name: 'apiKey',
      label: 'Restricted key',
      isSecret: true,
      pattern: /^[rs]k_(live|test)_[A-Za-z0-9]{10,250}$/,
      misfit: 'is not a secret or restricted key: it begins with rk_live_ or sk_live_',
    },
  ],
  setup: [
    {
      text: 'In the Stripe dashboard open Developers, then API keys, and choose "Create restricted key" for a use of your own.',
    },
    {
      text: 'Set these to Read and leave all else at None: Events, Charges and Refunds, Customers, PaymentIntents, Checkout Sessions, Invoices, Subscriptions.',
    },
    {
      text: 'Copy the key, which begins with rk_live_, and paste it here. For events of test mode take a key of test mode.',
    },
  ],
  hosts: () => [HOST],
  details,
  list,
  notListedAfter: THIN_IDS,
};
