import { Response } from 'miniflare';
import { afterAll, describe, expect, it } from 'vitest';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { AT, json, next, PAIRS, type Sent, shopifyOrder, standard, topic } from '../support/typed.ts';
import { callApi } from '../support/worker.ts';

/**
 * A signature says who sends, and nothing of what the sender was told. What a stranger can have a signed sender write by typing a
 * customer's address does not come onto the customer's record; what somebody has vouched for does. Each pair below goes through the
 * door of its sender: the one with `typed` must stay apart, its twin must join, so that neither can pass for the wrong reason.
 */
const answers = new Map<string, unknown>();
const { worker } = await startWithSql({
  build: 'development',
  outside: async ({ url }) => {
    if (url.startsWith('https://api.paypal.com/')) return new Response(await (await certificate(url)).text());
    const { host, pathname } = new URL(url);
    const known = answers.get(host + pathname);
    return known === undefined ? new Response(null, { status: 404 }) : Response.json(known);
  },
});
afterAll(() => worker.dispose());

const certificate = async (url: string) => {
  const fetched = await SENDERS.paypal?.fetch?.(url);
  if (!fetched) throw new TypeError('PayPal has no certificate');
  return fetched;
};

const shop = await addSource(worker, 'shopify', { secret: 'vouched-secret' });
/** Somebody whom the shop knows by an order that counts, under an address of their own. */
async function customer(): Promise<{ readonly id: string; readonly email: string }> {
  const id = next();
  const email = `victim${id}@vouched.example`;
  const body = orderBody({ id: 900_000 + id, customer: 800_000 + id, email, createdAt: '2026-03-01T10:00:00Z' });
  expect((await deliver(worker, shop, shopifyDelivery(shop.secret, 'orders/create', `v${id}`, body))).status).toBe(200);
  return { id: (await holdersOf(worker, `email:${email}`))[0]?.id ?? '', email };
}

type Record = { readonly stats: { readonly touchpoints: number }; readonly identifiers: readonly object[] };
const read = (id: string) => callApi<Record>(worker, `/customers/${id}`);

const sources = new Map<string, Source>();
async function sourceOf(kind: string, credentials?: object): Promise<Source> {
  const had = sources.get(kind);
  if (had) return had;
  const secret = SENDERS[kind]?.secretOf?.('vouched') ?? '';
  const made = await addSource(worker, kind, { secret });
  const source = kind === 'standard_webhooks' ? made : { ...made, secret };
  if (credentials) await callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { credentials } });
  sources.set(kind, source);
  return source;
}

async function send(kind: string, { body, headers }: Sent, credentials?: object): Promise<void> {
  const source = await sourceOf(kind, credentials);
  const { secret, url } = source;
  const now = Math.floor(Date.now() / 1000) * 1000;
  const signed = SENDERS[kind]?.sign?.(body, { secret, now, id: `msg_${next()}`, url });
  const sent = await deliver(worker, source, {
    headers: { 'content-type': 'application/json', ...headers, ...Object.fromEntries(new Headers(signed?.headers)) },
    body: signed?.body ?? body,
  });
  expect(sent.status, sent.text).toBe(200);
  if (!credentials) return;
  const minute = await worker.dispatchFetch('http://rapport.test/demo/cron', { method: 'POST' });
  expect(minute.status).toBe(200);
}

describe('a customer’s address that somebody typed at a sender', () => {
  it.each(PAIRS)('stays apart: %s (%s)', async (_what, kind, typed) => {
    const { id, email } = await customer();
    const before = await read(id);
    await send(kind, typed(email));
    const [owner, claimant, ...others] = await holdersOf(worker, `email:${email}`);
    expect([owner?.id, others]).toEqual([id, []]);
    expect(claimant?.stats.touchpoints).toBe(1);
    expect(await read(id)).toMatchObject({ stats: before.stats, identifiers: before.identifiers });
  });

  it.each(PAIRS)('joins when it is vouched for, unlike %s (%s)', async (_what, kind, _typed, vouched) => {
    const { id, email } = await customer();
    await send(kind, vouched(email));
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(1);
    expect((await read(id)).stats.touchpoints).toBe(2);
  });
});

describe('a checkout that was left', () => {
  const checkout = (email: string, token: string, more: object = {}) =>
    topic('checkouts/update', {
      id: next(),
      token,
      email,
      phone: '+48123999000',
      buyer_accepts_marketing: true,
      created_at: AT,
      updated_at: AT,
      currency: 'EUR',
      total_price: '30.00',
      ...more,
    });

  /** By the shop that has them as its customers. */
  const tell = async ({ body, headers }: Sent) => {
    const name = headers?.['x-shopify-topic'] ?? '';
    expect((await deliver(worker, shop, shopifyDelivery(shop.secret, name, `t${next()}`, body))).status).toBe(200);
  };
  const inItsBooks = (email: string) => ({
    customer: { id: 800_000 + Number(/\d+/.exec(email)?.[0]), email, first_name: 'Typed', verified_email: true },
  });

  it('is nobody’s where the shop knows no customer, and tells nothing of the consent of who has the address', async () => {
    const { id, email } = await customer();
    const before = await read(id);
    await send('shopify', checkout(email, `left-by-a-stranger-${next()}`));
    expect(await read(id)).toMatchObject({ stats: before.stats, identifiers: before.identifiers });
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(2);
  });

  it('stands with the customer whom the shop counts it to, and nothing of what was typed does', async () => {
    const { id, email } = await customer();
    const before = await callApi<Record & { displayName: string; consent: unknown }>(worker, `/customers/${id}`);
    await tell(checkout(email, `counted-${next()}`, inItsBooks(email)));
    await tell(shopifyOrder(email, { total_price: '0.00', phone: '+48123999000', ...inItsBooks(email) }));
    const { displayName, consent, identifiers } = before;
    const after = await callApi<Record>(worker, `/customers/${id}`);
    expect(after).toMatchObject({ stats: { touchpoints: 3 }, displayName, consent });
    const named = ({ kind, value }: { kind?: string; value?: string }) => `${kind} ${value}`;
    expect(after.identifiers.map(named).filter((one) => !one.startsWith('order '))).toEqual(
      identifiers.map(named).filter((one) => !one.startsWith('order ')),
    );
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(1);
    expect(await holdersOf(worker, 'phone:+48123999000')).not.toContainEqual(expect.objectContaining({ id }));
  });

  it('brings nobody to that customer who pays for it under an address of their own', async () => {
    const [owner, stranger] = [await customer(), `stranger${next()}@vouched.example`];
    const token = `swapped-${next()}`;
    await tell(checkout(owner.email, token, inItsBooks(owner.email)));
    await tell(shopifyOrder(stranger, { financial_status: 'paid', checkout_token: token }));
    const [buyer] = await holdersOf(worker, `email:${stranger}`);
    expect([buyer?.id === owner.id, buyer?.stats.touchpoints]).toEqual([false, 1]);
    expect((await read(owner.id)).stats.touchpoints).toBe(2);
  });

  it('is the buyer’s once an order came of it, whoever was typed into it first', async () => {
    const [owner, stranger] = [await customer(), `stranger${next()}@vouched.example`];
    const token = `paid-by-a-stranger-${next()}`;
    await send('shopify', checkout(owner.email, token));
    await send('shopify', checkout(stranger, token));
    await send('shopify', shopifyOrder(stranger, { financial_status: 'paid', checkout_token: token }));
    const [buyer] = await holdersOf(worker, `email:${stranger}`);
    expect(buyer?.stats.touchpoints).toBe(3);
    expect((await read(owner.id)).stats.touchpoints).toBe(1);
  });

  it('makes no one person of strangers who typed the same address', async () => {
    const { id, email } = await customer();
    const [a, b] = [`one${next()}`, `two${next()}`];
    await send('shopify', checkout(email, a));
    await send('shopify', checkout(email, b));
    for (const token of [a, b])
      await send(
        'shopify',
        shopifyOrder(`${token}@vouched.example`, { financial_status: 'paid', checkout_token: token }),
      );
    const [one, two] = await Promise.all([a, b].map((name) => holdersOf(worker, `email:${name}@vouched.example`)));
    expect([one?.length, two?.length, one?.[0]?.id === two?.[0]?.id]).toEqual([1, 1, false]);
    expect((await read(id)).stats.touchpoints).toBe(1);
  });
});

describe('an order that strangers began under one address', () => {
  it('leaves each with their own', async () => {
    const { id, email } = await customer();
    const orders = [`sw-${next()}`, `sw-${next()}`];
    for (const order_id of orders)
      await send('standard_webhooks', standard('payment.failed', { id: next(), order_id, email }));
    for (const order_id of orders)
      await send('standard_webhooks', standard('order.paid', { order_id, email: `${order_id}@vouched.example` }));
    const buyers = await Promise.all(orders.map((order) => holdersOf(worker, `email:${order}@vouched.example`)));
    expect(new Set(buyers.map(([buyer]) => buyer?.id)).size).toBe(2);
    expect((await read(id)).stats.touchpoints).toBe(1);
  });
});

describe('what a sender’s API says of somebody', () => {
  /** The answer of the API is asked for after the delivery was answered, and is there a moment later. */
  const told = (email: string, holders: number) =>
    expect.poll(async () => (await holdersOf(worker, `email:${email}`)).length, { timeout: 20_000 }).toBe(holders);
  const zendesk = { subdomain: 'vouched', email: 'agent@example.com', apiToken: 'a'.repeat(40) };
  const ticket = (requester: number) =>
    json({
      id: `zt${next()}`,
      type: 'zen:event-type:ticket.created',
      time: AT,
      detail: { id: `${next()}`, requester_id: String(requester), description: 'Hi', via: { channel: 'web' } },
      event: {},
    });

  it.each([
    [false, 1],
    [true, 2],
  ])('of a user of Zendesk: confirmed is %s, so that the customer has %i contacts', async (verified, contacts) => {
    const { id, email } = await customer();
    const user = 900_000 + next();
    answers.set(`vouched.zendesk.com/api/v2/users/${user}.json`, {
      user: { id: user, role: 'end-user', email, phone: '+48123777000', verified },
    });
    sources.delete('zendesk');
    await send('zendesk', ticket(user), zendesk);
    await told(email, verified ? 1 : 2);
    expect((await read(id)).stats.touchpoints).toBe(contacts);
    expect(JSON.stringify((await read(id)).identifiers)).not.toContain('"value":"+48123777000","assurance":"asserted"');
  });

  it.each([
    ['FORM', 'CRM_UI', 1],
    ['CRM_UI', 'FORM', 2],
  ])('of a contact of HubSpot: the newest word is by %s, and not by %s', async (newest, before, contacts) => {
    const { id, email } = await customer();
    const contact = 700_000 + next();
    answers.set(`api.hubapi.com/crm/v3/objects/contacts/${contact}`, {
      id: String(contact),
      properties: { email, hs_object_source: 'FORM' },
      propertiesWithHistory: { email: [{ value: email, sourceType: newest }, { sourceType: before }] },
    });
    sources.delete('hubspot');
    const created = [
      { eventId: next(), occurredAt: Date.parse(AT), subscriptionType: 'contact.creation', objectId: contact },
    ];
    await send('hubspot', json(created), { accessToken: `pat-eu1-${'a'.repeat(20)}` });
    await told(email, 3 - contacts);
    expect((await read(id)).stats.touchpoints).toBe(contacts);
  });

  it('of an account of BigCommerce is no more than the account says; of an order it is', async () => {
    const credentials = { storeHash: 'vouched', accessToken: 'a'.repeat(20) };
    const { id, email } = await customer();
    const [account, order] = [next(), next()];
    const at = 'api.bigcommerce.com/stores/vouched';
    answers.set(`${at}/v3/customers`, { data: [{ id: account, email, first_name: 'Not', last_name: 'Them' }] });
    answers.set(`${at}/v2/orders/${order}`, {
      id: order,
      status_id: 11,
      customer_id: account,
      default_currency_code: 'EUR',
      total_inc_tax: '9.0000',
      billing_address: { email },
    });
    const notice = (scope: string, thing: number) =>
      json({ scope: `store/${scope}`, data: { id: thing }, hash: `bc${next()}`, created_at: 1_772_532_000 });
    await send('bigcommerce', notice('customer/created', account), credentials);
    await told(email, 2);
    expect((await read(id)).stats.touchpoints).toBe(1);
    await send('bigcommerce', notice('order/created', order), credentials);
    await told(email, 1);
    expect((await read(id)).stats.touchpoints).toBe(3);
  });
});

describe('a call under somebody’s number', () => {
  const call = (From: string, more: { readonly [field: string]: string }): Sent => ({
    body: String(
      new URLSearchParams({ CallSid: `CA${next()}`, CallStatus: 'completed', Direction: 'inbound', From, ...more }),
    ),
  });

  it('is a claim where the networks say that the number is forged', async () => {
    const number = '+447911123456';
    await send('twilio', call(number, {}));
    const [owner] = await holdersOf(worker, `phone:${number}`);
    await send('twilio', call(number, { StirVerstat: 'TN-Validation-Failed-A' }));
    expect((await read(owner?.id ?? '')).stats.touchpoints).toBe(1);
    await send('twilio', call(number, { StirVerstat: 'TN-Validation-Passed-A' }));
    expect((await read(owner?.id ?? '')).stats.touchpoints).toBe(2);
  });
});
