import type { Json } from '../../../schema/touchpoint.ts';
import { ask } from '../ask.ts';
import type { ApiContext, Asked, Listing, ProviderApi } from '../provider-api.ts';
import { isObject, type JsonObject, listOf, numberOf, objectOf, textOf } from '../read.ts';
import { orderFacts } from './listed.ts';

/**
 * The GraphQL Admin API (https://shopify.dev/docs/api/admin-graphql). A version is served for at least a year; asked for one
 * that is gone, Shopify answers as the oldest it still has.
 */
const VERSION = '2026-07';

/**
 * Ten orders a page: a query may cost 1,000 points, counted before it runs with every list as long as it may be. Each costs
 * some 90: 3 a line, 3 a refund, one a transaction and a fulfilment.
 */
const QUERY = `query ($first: Int!, $after: String, $query: String!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name email phone customerLocale createdAt processedAt updatedAt cancelledAt cancelReason test sourceName
      displayFinancialStatus displayFulfillmentStatus
      totalPriceSet { shopMoney { amount currencyCode } }
      customer { id firstName lastName }
      billingAddress { firstName lastName address1 address2 zip city company phone countryCodeV2 }
      lineItems(first: 12) { nodes { title sku quantity originalTotalSet { shopMoney { amount } } discountedTotalSet { shopMoney { amount } } } }
      refunds(first: 5) { id createdAt note totalRefundedSet { shopMoney { amount currencyCode } } }
      transactions(first: 5) { kind status processedAt }
      fulfillments(first: 5) { createdAt }
    }
  }
}`;
const PAGE = 10;

/** Tokens of apps that have to ask for one, by what they ask with. Shopify gives each a day; here they are used for an hour. */
const TOKEN_MS = 3600 * 1000;
const tokens = new Map<string, { readonly token: string; readonly until: number }>();

/**
 * The token requests carry: pasted as it is, or, with a client id, fetched with the client's secret
 * (https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant).
 */
async function tokenOf(context: ApiContext): Promise<Asked<string>> {
  const { shop = '', clientId, token = '' } = context.credentials;
  if (!clientId) return { ok: true, value: token };
  const name = `${shop} ${clientId} ${token}`;
  const kept = tokens.get(name);
  if (kept && kept.until > context.now) return { ok: true, value: kept.token };
  const asked = await ask(context, `https://${shop}/admin/oauth/access_token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: token })),
  });
  if (!asked.ok) {
    const error = `${shop} gave no access for this client ID and secret. Check both, and that the app is installed in the shop. (${asked.error})`;
    return asked.isFinal ? { ok: false, isFinal: false, error } : asked;
  }
  const given = textOf(objectOf(asked.value.body).access_token, 500);
  if (given === null) return { ok: false, isFinal: false, error: `${shop} answered without an access token.` };
  tokens.set(name, { token: given, until: context.now + TOKEN_MS });
  return { ok: true, value: given };
}

/** How long until the points are back that the query costs, in ms. */
function waitOf(body: JsonObject): number | null {
  const cost = objectOf(objectOf(body.extensions).cost);
  const status = objectOf(cost.throttleStatus);
  const [wanted, left, rate] = [cost.requestedQueryCost, status.currentlyAvailable, status.restoreRate].map(numberOf);
  if (wanted == null || left == null || !rate || rate <= 0) return null;
  return Math.max(1, Math.ceil((wanted - left) / rate)) * 1000;
}

/** Refusals come with status 200: in words, with what mends them. */
function refusalOf(shop: string, body: JsonObject): Asked<never> {
  const errors = listOf(body.errors).map(objectOf);
  const codes = errors.map((error) => textOf(objectOf(error.extensions).code));
  const isFinal = false;
  if (codes.includes('THROTTLED'))
    return { ok: false, isFinal, afterMs: waitOf(body), error: `${shop} asked us to slow down.` };
  if (codes.includes('ACCESS_DENIED'))
    return {
      ok: false,
      isFinal,
      error: `${shop} does not let this app see orders. Give it the right read_orders, and install it again.`,
    };
  const said = textOf(errors[0]?.message, 200) ?? textOf(body.errors, 200);
  return { ok: false, isFinal, error: `${shop} did not understand the question${said ? `: ${said}` : '.'}` };
}

function listingOf(nodes: readonly Json[], next: string | null): Listing {
  const read = nodes.map(orderFacts);
  return { facts: read.flatMap((facts) => facts ?? []), unread: read.filter((facts) => facts === null).length, next };
}

async function list(since: number, page: string | null, context: ApiContext): Promise<Asked<Listing>> {
  const { shop = '' } = context.credentials;
  const token = await tokenOf(context);
  if (!token.ok) return token;
  const query = `updated_at:>='${new Date(since).toISOString()}'`;
  const asked = await ask(context, `https://${shop}/admin/api/${VERSION}/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shopify-access-token': token.value },
    body: JSON.stringify({ query: QUERY, variables: { first: PAGE, after: page, query } }),
  });
  if (!asked.ok) {
    // It may be the token that no longer holds: the next time another is asked for.
    tokens.clear();
    return asked;
  }
  const body = objectOf(asked.value.body);
  const orders = objectOf(objectOf(body.data).orders);
  // Fields a shop's plan does not show come as null beside an error; what did come is taken.
  if (!isObject(orders.pageInfo) || !Array.isArray(orders.nodes)) return refusalOf(shop, body);
  const { hasNextPage, endCursor } = orders.pageInfo;
  return { ok: true, value: listingOf(listOf(orders.nodes), hasNextPage === true ? textOf(endCursor, 2000) : null) };
}

export const api: ProviderApi = {
  summary:
    'Each hour your shop is asked which orders changed, and what no webhook brought is filled in: Shopify gives a webhook up after four hours.',
  fields: [
    {
      name: 'shop',
      label: 'Address of your shop at Shopify',
      hint: 'As in your-shop.myshopify.com',
      isSecret: false,
      pattern: /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/,
      misfit: 'is the name Shopify gave your shop, in small letters, as in your-shop.myshopify.com',
    },
    {
      name: 'clientId',
      label: 'Client ID',
      hint: 'Of an app made in the Dev Dashboard. Leave it empty for an older custom app that has a token of its own.',
      isSecret: false,
      pattern: /^[0-9a-zA-Z_-]{8,100}$/,
      misfit: 'is the client ID from the settings of your app: letters and digits only',
      isOptional: true,
    },
    {
      name: 'token',
      label: 'Client secret, or access token of an older custom app',
      isSecret: true,
      pattern: /^[\x21-\x7e]{16,500}$/,
      misfit: 'is one word of at least 16 characters, mostly beginning with shpss_ or shpat_',
    },
  ],
  setup: [
    {
      text: 'In your Shopify admin open Settings, Apps, Develop apps, and from there the Dev Dashboard. Choose "Create app" and give it a name.',
    },
    {
      text: 'Create a version with the scopes read_orders and read_customers and nothing else, and release it. Shopify shows an app the orders of the last 60 days; for older ones it has to grant read_all_orders.',
    },
    {
      text: 'Install the app in your shop. In its settings copy the client ID and the client secret and paste both here.',
    },
    {
      text: 'An older custom app, made in the admin before 2026, works as well: leave the client ID empty and paste its Admin API access token (shpat_…).',
    },
  ],
  hosts: ({ shop }) => (shop ? [shop] : []),
  list,
};
