import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** Who becomes one record and who does not, through the doors and the API. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const shop = await addSource(worker, 'shopify', { secret: 'identity-secret' });
const other = await addSource(worker, 'shopify', { secret: 'identity-secret', name: 'other shop' });
const desk = await addSource(worker, 'standard_webhooks');
const site = await addSource(worker, 'site');
const form = await addSource(worker, 'html_form');

let turn = 0;
type Who = { readonly customer?: number; readonly email?: string; readonly name?: string; readonly at?: string };
const buy = async (who: Who, source = shop) => {
  const id = ++turn + 500_000;
  const body = orderBody({ id, createdAt: who.at ?? '2026-03-01T10:00:00Z', ...who });
  const sent = await deliver(worker, source, shopifyDelivery(source.secret, 'orders/create', `buy${id}`, body));
  expect(sent.status).toBe(200);
};
const event = async (type: string, data: Record<string, unknown>, timestamp = '2026-03-02T10:00:00Z') => {
  const body = JSON.stringify({ type, timestamp, data });
  const signed = signStandardWebhooks(body, { secret: desk.secret, now: Date.now(), id: `event${++turn}` });
  const sent = await deliver(worker, desk, {
    ...signed,
    headers: { ...signed.headers, 'content-type': 'application/json' },
  });
  expect(sent.status).toBe(200);
};
const answer = async (identity: Record<string, string>, visitor = crypto.randomUUID()) => {
  const body = JSON.stringify({
    visitor,
    locale: 'en',
    page: { url: 'https://shop.example/', title: '', referrer: '' },
    identity,
    events: [
      { id: crypto.randomUUID(), at: Date.now(), type: 'survey_answered', answers: [{ question: 'nps', value: 2 }] },
    ],
  });
  const sent = await deliver(worker, site, { headers: { 'content-type': 'application/json' }, body });
  expect(sent.status, sent.text).toBe(200);
};

type Customer = {
  readonly id: string;
  readonly displayName: string | null;
  readonly identifiers: readonly { kind: string; value: string; assurance: string }[];
  readonly profile: Record<string, { value: string }>;
  readonly stats: { touchpoints: number };
  readonly scores: { nps: number | null };
  readonly suggestions: readonly { customerId: string; reason: Record<string, unknown> }[];
  readonly formerIds: readonly string[];
};
const read = (id: string) => callApi<Customer>(worker, `/customers/${id}`);
const only = async (identifier: string): Promise<Customer> => {
  const [holder, ...others] = await holdersOf(worker, identifier);
  expect(others, identifier).toEqual([]);
  return read(holder?.id ?? '');
};

describe('what a stranger says of themselves', () => {
  it('never joins, changes or shows anything of the customer whose address it is', async () => {
    await buy({ customer: 11, email: 'known@identity.example', name: 'Known Person' });
    const before = await only('email:known@identity.example');
    await answer({ email: 'KNOWN@identity.example', name: 'Impostor', userId: '11' });
    const fields = new URLSearchParams({ email: 'known@identity.example', name: 'Impostor', message: 'It is me' });
    const sent = await deliver(worker, form, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: fields.toString(),
    });
    expect(sent.status).toBeLessThan(400);

    const { suggestions, ...after } = await read(before.id);
    const { suggestions: none, ...unchanged } = before;
    expect(after).toEqual(unchanged);
    expect(none).toEqual([]);
    expect(suggestions).toHaveLength(2);
    for (const { reason } of suggestions)
      expect(reason).toEqual({ rule: 'claimed_identifier', kind: 'email', value: 'known@identity.example' });

    const holders = await holdersOf(worker, 'email:known@identity.example');
    expect(holders[0]?.id).toBe(before.id);
    expect(holders).toHaveLength(3);
    for (const { id } of holders.slice(1)) {
      const claimant = await read(id);
      expect(claimant.identifiers.map(({ assurance }) => assurance)).not.toContain('asserted');
      expect(claimant.suggestions.map(({ customerId }) => customerId)).toContain(before.id);
      expect(claimant.stats.touchpoints).toBe(1);
    }
  });

  it('pushes nobody who has the address off the record, though a crowd says it', async () => {
    for (let i = 0; i < 25; i++) await answer({ email: 'crowded@identity.example' });
    await buy({ customer: 916, email: 'crowded@identity.example', name: 'Crowded Owner' });
    const holders = await holdersOf(worker, 'email:crowded@identity.example');
    const { suggestions } = await read(holders.at(-1)?.id ?? '');
    expect(suggestions.map(({ customerId }) => customerId)).toContain(holders[0]?.id);
    expect(suggestions).toHaveLength(3);
  });

  it('is shown with it, though the shop has a hundred orders of theirs', async () => {
    await buy({ customer: 917, email: 'many@identity.example', name: 'Many Orders' });
    const { id } = await only('email:many@identity.example');
    await db
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
         INSERT INTO identifier (kind, value, scope, fragment_id, assurance, may_link, first_at, last_at)
         SELECT 'order', 'o' || i, 1, c.id, 2, 1, 0, 0 FROM n, customer c WHERE c.public_id = ?1
         UNION ALL SELECT 'phone', '+48123999888', 0, c.id, 1, 0, 0, 0 FROM customer c WHERE c.public_id = ?1`,
      )
      .bind(id)
      .run();
    const { identifiers } = await read(id);
    expect(identifiers).toHaveLength(100);
    expect(identifiers.slice(0, 3).map(({ kind }) => kind)).toEqual(['email', 'customer', 'phone']);
  });

  it('joins nobody to another stranger who says the same', async () => {
    await answer({ email: 'claimed@identity.example' });
    await answer({ email: 'claimed@identity.example' });
    expect(await holdersOf(worker, 'email:claimed@identity.example')).toHaveLength(2);
  });

  it('is no proof either when it was said before the customer came', async () => {
    await answer({ email: 'early@identity.example', name: 'Early Bird' });
    await buy({ customer: 12, email: 'early@identity.example', name: 'Real Owner' });
    const [owner, claimant] = await holdersOf(worker, 'email:early@identity.example');
    expect(owner?.displayName).toBe('Real Owner');
    expect(claimant?.displayName).toBe('Early Bird');
    expect(owner?.stats.touchpoints).toBe(1);
  });
});

describe('what a signed source says of its own customer', () => {
  it('joins a guest order, a ticket and an account that share an address, in whatever order they come', async () => {
    await event('ticket.created', {
      id: 't1',
      email: 'joined@identity.example',
      email_verified: true,
      text: 'Hello',
    });
    await buy({ email: 'joined@identity.example' });
    await buy({ customer: 13, email: 'joined@identity.example', name: 'Joined Person' });
    const customer = await only('email:joined@identity.example');
    expect(customer.stats.touchpoints).toBe(3);
    expect(customer.displayName).toBe('Joined Person');
    expect(new Set(customer.formerIds).size).toBe(2);
    for (const former of customer.formerIds) expect((await read(former)).id).toBe(customer.id);
  });

  it('does not join two accounts of one shop, and says so on both records, with the reason', async () => {
    await buy({ customer: 14, email: 'family@identity.example', name: 'Parent' });
    await buy({ customer: 15, email: 'family@identity.example', name: 'Child' });
    const holders = await holdersOf(worker, 'email:family@identity.example');
    expect(holders.map(({ displayName }) => displayName).sort()).toEqual(
      ['Child Lindqvist', 'Parent Lindqvist'].sort(),
    );
    const [one, two] = await Promise.all(holders.map(({ id }) => read(id)));
    for (const [record, counterpart] of [
      [one, two],
      [two, one],
    ]) {
      expect(record?.suggestions).toHaveLength(1);
      expect(record?.suggestions[0]).toMatchObject({
        customerId: counterpart?.id,
        reason: { rule: 'differing_id', kind: 'email', value: 'family@identity.example', ids: ['14', '15'] },
      });
    }
  });

  it('takes the same number in two shops for two people', async () => {
    await buy({ customer: 16, name: 'First Shop' });
    await buy({ customer: 16, name: 'Second Shop' }, other);
    expect(await holdersOf(worker, 'customer:16')).toHaveLength(2);
  });

  it.each(['info', 'sales', 'no-reply', 'kontakt'])(
    'joins nobody over a mailbox that a team reads: %s@',
    async (box) => {
      const base = 1000 + turn * 10;
      await buy({ customer: base, email: `${box}@team.example` });
      await event('ticket.created', { id: `team${turn}`, email: `${box}@team.example`, customer_id: `d${base}` });
      await buy({ email: `${box}@team.example` });
      expect((await holdersOf(worker, `email:${box}@team.example`)).length).toBeGreaterThanOrEqual(3);
    },
  );

  it.each(['null', 'undefined', 'anonymous', '0000', 'N/A', '"null"', '00000000-0000-0000-0000-000000000000'])(
    'takes %s for nobody',
    async (value) => {
      await event('ticket.created', { id: `b${++turn}`, user_id: value, customer_id: value, email: value });
      await event('ticket.created', { id: `b${++turn}`, user_id: value, customer_id: value, email: value });
      expect(await holdersOf(worker, `user_id:${value}`)).toEqual([]);
      expect(await holdersOf(worker, `customer:${value}`)).toEqual([]);
    },
  );

  it('finds the person of a refund that names only the order', async () => {
    const refund = JSON.stringify({
      id: 9,
      order_id: 777_001,
      created_at: '2026-03-03T10:00:00Z',
      transactions: [{ kind: 'refund', status: 'success', amount: '8.50', currency: 'EUR' }],
    });
    await deliver(worker, shop, shopifyDelivery(shop.secret, 'refunds/create', 'refund-first', refund));
    const body = orderBody({
      id: 777_001,
      customer: 17,
      email: 'refunded@identity.example',
      createdAt: '2026-03-01T10:00:00Z',
    });
    await deliver(worker, shop, shopifyDelivery(shop.secret, 'orders/create', 'order-second', body));
    const [customer] = await holdersOf(worker, 'email:refunded@identity.example');
    expect(customer?.stats).toMatchObject({
      touchpoints: 2,
      orders: 1,
      revenue: [{ amountMinor: 4000, currency: 'EUR' }],
    });
  });
});
