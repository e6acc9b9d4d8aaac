import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { MAILERS, postOffice } from '../support/mailers.ts';
import { linksIn, visitor } from '../support/person.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/**
 * A stranger can have a sender say two addresses of their one account: their own and a customer's. The link that is mailed to their own
 * shows and erases nothing of the customer, nor does it once staff have joined the two.
 */
const office = postOffice();
const { worker, db } = await startWithSql({ outside: office.answer });
afterAll(() => worker.dispose());

const SECRET = 'a-shopify-signing-secret';
const AT = '2026-03-03T10:00:00Z';
let shop: Source;
let turn = 5000;

const minute = async () => void (await (await worker.getWorker()).scheduled({}));
const isSomewhere = async (text: string) => (await dump(db)).some((line) => line.includes(text));

/** A customer of the shop with a name that stands nowhere else. */
async function customer(email = `kept${++turn}@example.com`) {
  const number = ++turn;
  const name = `Wwq${number} Ottoline${number}`;
  const order = { id: 70_000 + number, customer: 300 + number, email, name, createdAt: '2026-01-05T10:00:00Z' };
  const delivery = shopifyDelivery(SECRET, 'orders/create', `second-${number}`, orderBody(order));
  expect((await deliver(worker, shop, delivery)).status).toBe(200);
  const id = (await holdersOf(worker, `email:${email}`)).find(({ displayName }) => displayName === name)?.id ?? '';
  const body = { kind: 'note_added', text: `Noted of ${name}` };
  await callApi(worker, `/customers/${id}/touchpoints`, { method: 'POST', body });
  return { email, name, id };
}
type Somebody = Awaited<ReturnType<typeof customer>>;

const sources = new Map<string, Source>();
async function sourceOf(kind: string): Promise<Source> {
  const secret = SENDERS[kind]?.secretOf?.('second') ?? '';
  const source = sources.get(kind) ?? {
    ...(await addSource(worker, kind, { secret, name: `second ${kind}` })),
    secret,
  };
  sources.set(kind, source);
  return source;
}
async function send(kind: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const source = await sourceOf(kind);
  const text = JSON.stringify(body);
  const now = Math.floor(Date.now() / 1000) * 1000;
  const signed = SENDERS[kind]?.sign?.(text, { secret: source.secret, now, id: `m${++turn}`, url: source.url });
  const sent = await deliver(worker, source, {
    headers: { 'content-type': 'application/json', ...headers, ...Object.fromEntries(new Headers(signed?.headers)) },
    body: signed?.body ?? text,
  });
  expect(sent.status, sent.text).toBe(200);
}
/** A moment after all that were before it. */
const later = () => new Date(Date.parse(AT) + ++turn * 1000).toISOString();
const woo = (topic: string, value: object, at = later()) =>
  send(
    'woocommerce',
    { id: ++turn, date_created_gmt: at, date_modified_gmt: at, currency: 'EUR', ...value },
    { 'x-wc-webhook-topic': topic, 'x-wc-webhook-delivery-id': `d${turn}` },
  );
const wooOrder = (email: string, more: object) =>
  woo('order.updated', {
    total: '1.00',
    status: 'processing',
    date_paid_gmt: AT,
    billing: { email },
    refunds: [],
    ...more,
  });
const UNPAID = { status: 'on-hold', date_paid_gmt: null, payment_method: 'bacs' };
const stripeAt = (created: number, type: string, object: object) =>
  send('stripe', { id: `evt_${++turn}`, type, created, livemode: true, data: { object } });
const stripe = (type: string, object: object) => stripeAt(1_772_532_000 + turn, type, object);
/** A payment of a customer of Stripe, under an address; `created` in Unix seconds. */
const paid = (customer: string, email: string, created = 1_772_532_000 + turn) =>
  stripeAt(created, 'checkout.session.completed', {
    id: `cs_${++turn}`,
    mode: 'payment',
    payment_status: 'paid',
    payment_intent: `pi_${turn}`,
    amount_total: 2000,
    currency: 'eur',
    created,
    customer,
    customer_details: { email },
  });
const shopifyOrder = async (email: string, holder: object, more: object = {}) => {
  const source = await sourceOf('shopify');
  const body = {
    id: ++turn,
    email,
    created_at: AT,
    updated_at: AT,
    currency: 'EUR',
    total_price: '10.00',
    financial_status: 'paid',
    source_name: 'web',
  };
  const text = JSON.stringify({ ...body, ...more, customer: holder });
  const delivery = shopifyDelivery(source.secret, 'orders/create', `sx${++turn}`, text);
  expect((await deliver(worker, source, delivery)).status).toBe(200);
};

async function inside(email: string) {
  await db.prepare('DELETE FROM mail_request').run();
  await visitor(worker).ask('/p', { form: { email } });
  await minute();
  const path = linksIn(office.posted.filter(({ to }) => to === email).at(-1)?.text ?? '')[0];
  const person = visitor(worker);
  if (path) expect((await person.ask(path, { form: { act: 'open' } })).location).toBe('/p/me');
  return path ? person : null;
}
type Person = NonNullable<Awaited<ReturnType<typeof inside>>>;
/** All that somebody is shown and handed. */
async function everything(person: Person): Promise<string> {
  const seen = await Promise.all(['/p/me', '/p/me/data.json', '/p/me/data.html'].map((path) => person.ask(path)));
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200]);
  return seen.map(({ text }) => text).join('\n');
}
const erase = async (person: Person) => {
  expect((await person.ask('/p/me/erase', { form: { confirm: 'erase' } })).location).toMatch(/^\/p\/erased\//);
  await minute();
};
const joinAll = async (into: string, email: string) => {
  for (const { id } of await holdersOf(worker, `email:${email}`))
    if (id !== into)
      await callApi(worker, `/customers/${into}/merge`, {
        method: 'POST',
        body: { from: id, reason: 'they look alike' },
      });
};

beforeAll(async () => {
  shop = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  const resend = await addSource(worker, 'resend', { secret: SENDERS.resend?.secretOf?.('second') ?? '' });
  const { credentials } = MAILERS.resend ?? {};
  await callApi(worker, `/sources/${resend.id}`, { method: 'PATCH', body: { credentials } });
  const body = { way: resend.id, address: 'hello@shop.example', businessName: 'The Harbour' };
  await callApi(worker, '/mail-settings', { method: 'PATCH', body });
});

/** Ways to have a sender say both addresses: `theirs` is the stranger's own, `named` the customer's. */
type Way = (addresses: { readonly theirs: string; readonly named: string }, id: number) => Promise<void>;
const WAYS: readonly (readonly [string, Way])[] = [
  [
    'WooCommerce: two unpaid orders of one account',
    async ({ theirs, named }, id) => {
      for (const email of [theirs, named]) await wooOrder(email, { customer_id: id, ...UNPAID });
    },
  ],
  [
    'WooCommerce: the same, the customer’s address first',
    async ({ theirs, named }, id) => {
      for (const email of [named, theirs]) await wooOrder(email, { customer_id: id, ...UNPAID });
    },
  ],
  [
    'WooCommerce: the billing address of an account that bought once',
    async ({ theirs, named }, id) => {
      await wooOrder(theirs, { customer_id: id });
      await woo('customer.updated', { id, email: theirs, is_paying_customer: true, billing: { email: named } });
    },
  ],
  [
    'Stripe: an address that was changed',
    async ({ theirs, named }, id) => {
      await stripe('customer.created', { id: `cus_${id}`, email: theirs });
      await stripe('customer.updated', { id: `cus_${id}`, email: named });
    },
  ],
  [
    'Stripe: an address that was changed to their own',
    async ({ theirs, named }, id) => {
      await stripe('customer.created', { id: `cus_${id}`, email: named });
      await stripe('customer.updated', { id: `cus_${id}`, email: theirs });
    },
  ],
  [
    'Shopify: an unpaid order with another address than the account has',
    async ({ theirs, named }, id) =>
      shopifyOrder(named, { id, email: theirs, verified_email: true }, { financial_status: 'pending' }),
  ],
];

describe.each(WAYS)('%s', (_, say) => {
  async function two() {
    const known = await customer();
    const id = ++turn;
    const stranger = `stranger${id}@attacker.example`;
    await say({ theirs: stranger, named: known.email }, id);
    return { known, stranger };
  }
  const isKept = async ({ email, name }: Somebody) => {
    expect((await holdersOf(worker, `email:${email}`)).map(({ displayName }) => displayName)).toContain(name);
    expect(await isSomewhere(`Noted of ${name}`)).toBe(true);
  };

  it.each(['as evidence has it', 'when staff have joined them'])(
    'shows and erases nothing of the customer: %s',
    async (how) => {
      const { known, stranger } = await two();
      if (how !== 'as evidence has it') await joinAll(known.id, stranger);
      const person = await inside(stranger);
      if (!person) return;
      const text = await everything(person);
      expect(text).toContain(stranger);
      for (const word of [known.name, `Noted of ${known.name}`, 'Enamel teapot']) expect(text).not.toContain(word);
      await erase(person);
      await isKept(known);
    },
  );

  it('the customer’s own link shows what is theirs', async () => {
    const { known } = await two();
    const person = await inside(known.email);
    expect(person && (await everything(person))).toContain(known.name);
  });
});

describe('a mail with links to two records', () => {
  it('opens no more by the one when the other record is erased', async () => {
    const known = await customer();
    const own = await customer('twofold@attacker.example');
    const other = await customer('twofold@attacker.example');
    await callApi(worker, `/customers/${other.id}/merge`, {
      method: 'POST',
      body: { from: known.id, reason: 'alike' },
    });
    await db.prepare('DELETE FROM mail_request').run();
    await visitor(worker).ask('/p', { form: { email: own.email } });
    await minute();
    const paths = linksIn(office.posted.filter(({ to }) => to === own.email).at(-1)?.text ?? '');
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const person = visitor(worker);
      expect((await person.ask(path, { form: { act: 'open' } })).location).toBe('/p/me');
      const text = await everything(person);
      expect(text).toContain(own.email);
      expect(text).not.toContain(known.name);
      await erase(person);
    }
    for (const { name } of [own, other]) expect(await isSomewhere(name)).toBe(false);
    expect(await isSomewhere(known.name)).toBe(true);
  });
});

describe('an address after another that nobody has proven', () => {
  type Read = { readonly suggestions: readonly { readonly customerId: string; readonly reason: object }[] };
  const T = 1_772_000_000;
  const account = async () => {
    const known = await customer();
    const [id, theirs] = [`cus_${++turn}`, `own${turn}@attacker.example`];
    const say = (at: number, email: string) => paid(id, email, T + at);
    return { known, theirs, say };
  };

  it('joins nobody, is told with its reason, and is joined by staff', async () => {
    const { known, theirs, say } = await account();
    await say(1, theirs);
    await say(2, known.email);
    const [stranger, ...others] = await holdersOf(worker, `email:${theirs}`);
    expect(others).toEqual([]);
    expect(stranger?.id).not.toBe(known.id);
    const reason = { rule: 'second_address', kind: 'email', value: known.email };
    const { suggestions } = await callApi<Read>(worker, `/customers/${known.id}`);
    expect(suggestions).toEqual([expect.objectContaining({ customerId: stranger?.id, reason })]);
    const told = await callApi<{ items: readonly object[] }>(worker, `/customers/${known.id}/decisions`);
    expect(JSON.stringify(told)).toContain('second_address');
    await joinAll(known.id, theirs);
    expect(await holdersOf(worker, `email:${theirs}`)).toHaveLength(1);
  });

  it('is the one that was later, whichever came to us first', async () => {
    const { known, theirs, say } = await account();
    const records = async () => new Set((await holdersOf(worker, `email:${known.email}`)).map(({ id }) => id)).size;
    await say(2, known.email);
    expect(await records()).toBe(1);
    await say(3, theirs);
    expect(await records()).toBe(1);
    await say(1, theirs);
    expect(await records()).toBe(2);
  });

  it('takes nobody apart who is joined by it', async () => {
    const known = await customer();
    await paid(`cus_${++turn}`, known.email);
    await wooOrder(known.email, { customer_id: ++turn });
    expect(await holdersOf(worker, `email:${known.email}`)).toHaveLength(1);
    const other = ++turn;
    for (const email of [`own${other}@attacker.example`, known.email]) await wooOrder(email, { customer_id: other });
    expect(await holdersOf(worker, `email:${known.email}`)).toHaveLength(2);
  });
});

describe('another account of one source under somebody’s address', () => {
  it('leaves together what the other sources know of them', async () => {
    const known = await customer();
    await paid(`cus_${++turn}`, known.email);
    const first = ++turn;
    await wooOrder(known.email, { customer_id: first });
    expect(await holdersOf(worker, `email:${known.email}`)).toHaveLength(1);
    await wooOrder(known.email, { customer_id: ++turn });
    const holders = await holdersOf(worker, `email:${known.email}`);
    expect(holders).toHaveLength(3);
    const record = await callApi<{ identifiers: readonly { readonly kind: string; readonly value: string }[] }>(
      worker,
      `/customers/${known.id}`,
    );
    const ids = record.identifiers.filter(({ kind }) => kind === 'customer').map(({ value }) => value);
    expect(ids).toHaveLength(2);
    expect(ids).not.toContain(String(first));
  });
});
