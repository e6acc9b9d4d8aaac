import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { encodeBase64, utf8 } from '../../platform/hmac.ts';
import type { Candidate } from '../../record/missing.ts';
import { type Answer, ask } from '../ask.ts';
import type { Translation } from '../provider.ts';
import type { ApiContext, Asked, Listing, ProviderApi } from '../provider-api.ts';
import { isObject, type JsonObject, objectOf } from '../read.ts';
import { readCustomer } from './customer.ts';
import { factId, gmtTime, type Notice } from './notice.ts';
import { readOrder } from './order.ts';

/**
 * The shop's own REST API, wc/v3 (https://woocommerce.github.io/woocommerce-rest-api-docs/): orders by their last change,
 * which is the same resource that webhooks send, and accounts by when they were made.
 */
const PAGE = 100;
const SECOND_MS = 1000;

/** Where the list goes on: orders changed after a moment (epoch ms), then customers, newest first. */
const Place = v.object({ of: v.picklist(['orders', 'customers']), after: v.number(), page: v.number() });
type Place = v.InferOutput<typeof Place>;

/** The API reads times in the shop's zone unless told otherwise, and has whole seconds. */
const timeWord = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

function addressOf(shop: string, { of, after, page }: Place): string {
  const paging = { per_page: String(PAGE), page: String(page) };
  const query =
    of === 'orders'
      ? { modified_after: timeWord(after), dates_are_gmt: 'true', orderby: 'modified', order: 'asc', ...paging }
      : { orderby: 'registered_date', order: 'desc', ...paging };
  return `https://${shop}/wp-json/wc/v3/${of}?${new URLSearchParams(query)}`;
}

type Read = { readonly facts: readonly Candidate[]; readonly isRead: boolean };
const UNREAD: Read = { facts: [], isRead: false };

function factOf(
  topic: string,
  payload: JsonObject,
  reader: (notice: Notice) => Translation,
  is: Candidate['is'],
): Read {
  const messageId = factId(topic, payload);
  const read = messageId === null ? null : reader({ topic, messageId, payload });
  if (!read?.ok) return UNREAD;
  return {
    facts: 'touchpoints' in read ? read.touchpoints.map((touchpoint) => ({ touchpoint, is })) : [],
    isRead: true,
  };
}

/** An order was placed once, and stands as it does now. */
function orderFacts(order: Json): Read {
  if (!isObject(order)) return UNREAD;
  const [placed, state] = [
    factOf('order.created', order, readOrder, 'once'),
    factOf('order.updated', order, readOrder, 'state'),
  ];
  return placed.isRead && state.isRead ? { facts: [...placed.facts, ...state.facts], isRead: true } : UNREAD;
}

const customerFacts = (customer: Json): Read =>
  isObject(customer) ? factOf('customer.created', customer, readCustomer, 'once') : UNREAD;

/**
 * The place after a page of orders. By the last one's time and not by number: an order that is changed meanwhile goes to the end,
 * all others move up, and one of them would fall between two pages. What shares the last one's second is asked for again.
 */
function afterOrders(place: Place, items: readonly Json[], since: number): Place {
  if (items.length < PAGE) return { of: 'customers', after: since, page: 1 };
  const last = gmtTime(objectOf(items.at(-1)).date_modified_gmt);
  const after = last === null ? place.after : last - SECOND_MS;
  return after > place.after ? { ...place, after, page: 1 } : { ...place, page: place.page + 1 };
}

/** There is no asking for customers since a moment: newest first, until one is older. */
function afterCustomers(place: Place, items: readonly Json[]): Place | null {
  const made = gmtTime(objectOf(items.at(-1)).date_created_gmt);
  const isOlder = made !== null && made < place.after;
  return items.length < PAGE || isOlder ? null : { ...place, page: place.page + 1 };
}

async function list(since: number, page: string | null, context: ApiContext): Promise<Asked<Listing>> {
  const { shop = '', key, secret } = context.credentials;
  const from = Math.max(0, since - SECOND_MS);
  const place: Place = page === null ? { of: 'orders', after: from, page: 1 } : v.parse(Place, JSON.parse(page));
  const authorization = `Basic ${encodeBase64(utf8(`${key}:${secret}`))}`;
  const asked: Asked<Answer> = await ask(context, addressOf(shop, place), { headers: { authorization } });
  if (!asked.ok) return asked;
  const items = asked.value.body;
  if (!Array.isArray(items))
    return { ok: false, isFinal: false, error: `${shop} answered with something that is no list of ${place.of}.` };
  const isOrders = place.of === 'orders';
  const read = items.map(isOrders ? orderFacts : customerFacts);
  const next = isOrders ? afterOrders(place, items, from) : afterCustomers(place, items);
  const facts = read.flatMap((one) => one.facts);
  return {
    ok: true,
    value: {
      facts: isOrders ? facts : facts.filter(({ touchpoint }) => (touchpoint.occurredAt ?? 0) >= from),
      unread: read.filter(({ isRead }) => !isRead).length,
      next: next && JSON.stringify(next),
    },
  };
}

/** A name in the public DNS: no address, no port, nothing that only means something inside a network. */
const PUBLIC_NAME =
  /^(?=.{4,253}$)(?!.*\.(?:localhost|local|localdomain|internal|intranet|private|lan|home|corp|arpa|onion|invalid|test|example)$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

export const api: ProviderApi = {
  summary:
    'Each hour your shop is asked which orders and accounts changed, and what no webhook brought is filled in: WooCommerce sends each webhook only once.',
  fields: [
    {
      name: 'shop',
      label: 'Address of your shop',
      hint: 'Only the name, as in shop.yourname.com. The shop has to answer at https.',
      isSecret: false,
      pattern: PUBLIC_NAME,
      misfit: 'is the name of your shop in small letters, as in shop.yourname.com, without https:// and without a path',
    },
    {
      name: 'key',
      label: 'Consumer key',
      isSecret: true,
      pattern: /^ck_[0-9a-f]{40}$/,
      misfit: 'begins with ck_ and has 43 characters',
    },
    {
      name: 'secret',
      label: 'Consumer secret',
      isSecret: true,
      pattern: /^cs_[0-9a-f]{40}$/,
      misfit: 'begins with cs_ and has 43 characters',
    },
  ],
  setup: [
    { text: 'In WordPress open WooCommerce, Settings, the tab Advanced, then REST API, and choose "Add key".' },
    { text: 'Describe it as you like, take a user who may see orders, and set Permissions to "Read".' },
    { text: 'Choose "Generate API key". Copy the consumer key and the consumer secret and paste both here.' },
  ],
  hosts: ({ shop }) => (shop ? [shop] : []),
  list,
};
