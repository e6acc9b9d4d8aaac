import { afterAll, describe, expect, it } from 'vitest';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, type Source } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { AT, json, next, type Sent, shopifyOrder, topic } from '../support/typed.ts';
import { callApi } from '../support/worker.ts';

/**
 * What comes with an address that a stranger typed is worth what the address is worth: the sender's own id of its checkout or order
 * vouches for the thing and for nobody's tick or name.
 */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const sources = new Map<string, Source>();
async function send(kind: string, { body, headers }: Sent): Promise<void> {
  const secret = SENDERS[kind]?.secretOf?.('weighed') ?? '';
  const source = sources.get(kind) ?? { ...(await addSource(worker, kind, { secret })), secret };
  sources.set(kind, source);
  const now = Math.floor(Date.now() / 1000) * 1000;
  const signed = SENDERS[kind]?.sign?.(body, { secret, now, id: `msg_${next()}`, url: source.url });
  const sent = await deliver(worker, source, {
    headers: { 'content-type': 'application/json', ...headers, ...Object.fromEntries(new Headers(signed?.headers)) },
    body: signed?.body ?? body,
  });
  expect(sent.status, sent.text).toBe(200);
}

const holder = async (email: string): Promise<string> => (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
type Answer = { readonly ok: boolean; readonly rule: string | null };
async function mayOffer(email: string): Promise<string> {
  const path = `/customers/${await holder(email)}/may-contact?purpose=marketing&channel=email`;
  const { ok, rule } = await callApi<Answer>(worker, path);
  return ok ? 'yes' : String(rule);
}

const NAMED = { billing_address: { first_name: 'Typed', last_name: 'Byastranger', country_code: 'DE' } };
const checkout = (email: string): Sent =>
  topic('checkouts/create', {
    id: next(),
    token: `weighed${next()}`,
    email,
    buyer_accepts_marketing: true,
    created_at: AT,
    updated_at: AT,
    currency: 'EUR',
    total_price: '30.00',
    ...NAMED,
  });
const order = (email: string, total_price: string): Sent =>
  shopifyOrder(email, {
    total_price,
    financial_status: 'paid',
    buyer_accepts_marketing: true,
    ...(total_price !== '0.00' && { customer: { id: 650_000 + next(), email } }),
    ...NAMED,
  });
const account = (email: string, verified_email: boolean): Sent =>
  topic('customers/create', {
    id: 640_000 + next(),
    email,
    verified_email,
    email_marketing_consent: { state: 'subscribed', opt_in_level: 'single_opt_in', consent_updated_at: AT },
    created_at: AT,
  });
const session = (email: string, payment_status: string): Sent =>
  json({
    id: `evt_${next()}`,
    type: 'checkout.session.completed',
    created: 1_772_532_000,
    livemode: true,
    data: {
      object: {
        id: `cs_${next()}`,
        mode: 'payment',
        payment_intent: `pi_${next()}`,
        amount_total: 2000,
        currency: 'eur',
        customer_details: { email },
        payment_status,
        consent: { promotions: 'opt_in' },
      },
    },
  });

const TYPED: readonly (readonly [string, string, (email: string) => Sent])[] = [
  ['a checkout that was left', 'shopify', checkout],
  ['an order that costs nothing', 'shopify', (email) => order(email, '0.00')],
  ['an account nobody has confirmed', 'shopify', (email) => account(email, false)],
  ['a payment that was not made', 'stripe', (email) => session(email, 'unpaid')],
];
const VOUCHED: typeof TYPED = [
  ['an order that was paid', 'shopify', (email) => order(email, '30.00')],
  ['an account whose address was confirmed', 'shopify', (email) => account(email, true)],
  ['a payment', 'stripe', (email) => session(email, 'paid')],
];

describe('a tick beside an address', () => {
  it.each(TYPED)('does not permit offers where it was only typed: %s', async (_what, kind, sent) => {
    const email = `tick${next()}@weighed.example`;
    await send(kind, sent(email));
    expect(await mayOffer(email)).toBe('not_confirmed');
  });

  it.each(VOUCHED)('permits them where it is vouched for: %s', async (_what, kind, sent) => {
    const email = `tick${next()}@weighed.example`;
    await send(kind, sent(email));
    expect(await mayOffer(email)).toBe('yes');
  });

  it('does not come to stand on the record of the customer who has the address', async () => {
    const email = `tick${next()}@weighed.example`;
    const quiet = shopifyOrder(email, { total_price: '12.00', customer: { id: 660_000 + next(), email } });
    await send('shopify', quiet);
    const before = await mayOffer(email);
    for (const [, kind, sent] of TYPED) await send(kind, sent(email));
    const records = await holdersOf(worker, `email:${email}`);
    const customer = records.find(({ stats }) => stats.orders === 1)?.id;
    const { ok } = await callApi<Answer>(worker, `/customers/${customer}/may-contact?purpose=marketing&channel=email`);
    expect([before, ok]).toEqual(['never_agreed', false]);
  });
});

it('a name typed at a checkout is a claim, and one of an order that was paid is not', async () => {
  const [typed, paid] = [`name${next()}@weighed.example`, `name${next()}@weighed.example`];
  await send('shopify', checkout(typed));
  await send('shopify', order(paid, '30.00'));
  const rankOf = async (email: string) =>
    (
      await db
        .prepare(
          `SELECT p.value, p.assurance FROM profile p JOIN identifier i ON i.fragment_id = p.fragment_id
           WHERE i.kind = 'email' AND i.value = ?1 AND p.field = 'name'`,
        )
        .bind(email)
        .all()
    ).results;
  expect(await rankOf(typed)).toEqual([{ value: 'Typed Byastranger', assurance: 1 }]);
  expect(await rankOf(paid)).toEqual([{ value: 'Typed Byastranger', assurance: 2 }]);
});
