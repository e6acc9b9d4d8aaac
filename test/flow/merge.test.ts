import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** What people decide of who is who, through the API: joined, kept apart, and taken back. */
const { worker } = await startWithSql();
afterAll(() => worker.dispose());

const shop = await addSource(worker, 'shopify', { secret: 'merge-secret' });
const other = await addSource(worker, 'shopify', { secret: 'merge-secret', name: 'other shop' });

let turn = 700_000;
const buy = async (who: { customer: number; email?: string; name?: string; total?: string }, source = shop) => {
  const id = ++turn;
  const body = orderBody({ id, createdAt: `2026-04-01T10:00:${String(id % 60).padStart(2, '0')}Z`, ...who });
  const sent = await deliver(worker, source, shopifyDelivery(source.secret, 'orders/create', `merge${id}`, body));
  expect(sent.status).toBe(200);
};

type Customer = {
  id: string;
  formerIds: string[];
  suggestions: { customerId: string }[];
  stats: { touchpoints: number; orders: number; revenue: { amountMinor: number }[] };
};
const read = (id: string) => callApi<Customer>(worker, `/customers/${id}`);
type Log = { items: { field: string; to: string | null; between: { customerId: string }[] }[] };
const idOf = async (email: string) => (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
const post = <T = { decisionId: string }>(path: string, body: unknown) =>
  callApi<T>(worker, path, { method: 'POST', body });
const merge = (id: string, from: string, reason = 'Told us on the phone') =>
  post(`/customers/${id}/merge`, { from, reason });
const revoke = (decisionId: string, reason = 'A mistake') => post(`/decisions/${decisionId}/revoke`, { reason });
type Decisions = {
  items: {
    id: string;
    action: string;
    actor: string;
    revokedAt: string | null;
    reason: { rule: string; reason?: string };
  }[];
};
const decisions = async (id: string) => (await callApi<Decisions>(worker, `/customers/${id}/decisions`)).items;
const raw = (path: string, body: unknown) =>
  worker.dispatchFetch(`http://rapport.test/api/v1${path}`, {
    method: 'POST',
    headers: { ...asAdmin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Two customers of one shop whom nothing connects. */
async function two(name: string): Promise<[string, string]> {
  await buy({ customer: ++turn, email: `${name}1@merge.example`, name: 'Vera Holt', total: '10.00' });
  await buy({ customer: ++turn, email: `${name}2@merge.example`, name: 'V. Holt', total: '32.50' });
  return [await idOf(`${name}1@merge.example`), await idOf(`${name}2@merge.example`)];
}

describe('two records that staff join', () => {
  it('are one, with the numbers of both; both ids answer, and what comes later joins too', async () => {
    const [a, b] = await two('join');
    await merge(b, a);
    const one = await read(a);
    expect([one.id, (await read(b)).id, one.formerIds]).toEqual([a, a, [b]]);
    expect(one.stats).toMatchObject({ touchpoints: 2, orders: 2, revenue: [{ amountMinor: 4250 }] });
    await buy({ customer: turn - 1, email: 'join2@merge.example', total: '1.00' });
    expect((await read(b)).stats).toMatchObject({ touchpoints: 3, orders: 3, revenue: [{ amountMinor: 4350 }] });
  });

  it('part again when it is taken back, as they were, and the account tells of it', async () => {
    const [a, b] = await two('part');
    const before = [await read(a), await read(b)];
    const { decisionId } = await merge(a, b);
    await revoke(decisionId, 'Two sisters');
    expect([await read(a), await read(b)]).toEqual(before);
    expect(await decisions(b)).toMatchObject([
      { id: decisionId, action: 'link', actor: 'staff', reason: { rule: 'by_hand', reason: 'Told us on the phone' } },
    ]);
    expect((await decisions(a))[0]?.revokedAt).not.toBeNull();
    const log = await callApi<Log>(worker, `/customers/${a}/changes`);
    expect(log.items).toMatchObject([
      { field: 'joined', to: null, actor: 'api', reason: 'Two sisters' },
      { field: 'joined', to: '1', actor: 'api', reason: 'Told us on the phone' },
    ]);
    expect(log.items[0]?.between.map(({ customerId }) => customerId).sort()).toEqual([a, b].sort());
    expect((await raw(`/decisions/${decisionId}/revoke`, { reason: 'again' })).status).toBe(409);
    // Joined once more: a decision of its own.
    expect((await merge(a, b)).decisionId).not.toBe(decisionId);
    expect(await decisions(a)).toHaveLength(2);
  });

  it('part whatever order the decisions are taken back in', async () => {
    const [a, b] = await two('chain');
    const [c, d] = await two('chains');
    const before = await Promise.all([a, b, c, d].map(read));
    const made = [await merge(a, b), await merge(c, d), await merge(b, d)];
    expect(new Set((await Promise.all([a, b, c, d].map(read))).map(({ id }) => id)).size).toBe(1);
    for (const index of [0, 2, 1]) await revoke(made[index]?.decisionId ?? '');
    expect(await Promise.all([a, b, c, d].map(read))).toEqual(before);
  });

  it('must be two, and be there', async () => {
    const [a] = await two('odd');
    expect((await raw(`/customers/${a}/merge`, { from: a, reason: 'x' })).status).toBe(409);
    expect((await raw(`/customers/${a}/merge`, { from: 'nobody', reason: 'x' })).status).toBe(404);
    expect((await raw(`/customers/${a}/merge`, { from: a })).status).toBe(422);
    expect((await raw('/decisions/999999/revoke', { reason: 'x' })).status).toBe(404);
  });
});

describe('what evidence has joined', () => {
  it('is parted by staff, stays parted whatever comes, and is joined again when they take that back', async () => {
    const email = 'shared@merge.example';
    await buy({ customer: ++turn, email, name: 'Ada' });
    const bea = ++turn;
    await buy({ customer: bea, email, name: 'Bea' }, other);
    const id = await idOf(email);
    const [link] = await decisions(id);
    expect(link).toMatchObject({ action: 'link', actor: 'rule', reason: { rule: 'same_identifier' } });
    const { decisionId } = await revoke(link?.id ?? '', 'A couple with one address');
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(2);
    await buy({ customer: bea, email, name: 'Bea' }, other);
    const apart = await holdersOf(worker, `email:${email}`);
    expect(apart.map(({ stats }) => stats.touchpoints).sort()).toEqual([1, 2]);
    expect((await read(apart[0]?.id ?? '')).suggestions).toEqual([]);
    await revoke(decisionId);
    expect((await holdersOf(worker, `email:${email}`)).map(({ stats }) => stats.touchpoints)).toEqual([3]);
  });
});

describe('two that are kept apart', () => {
  it('are not suggested again, until that is taken back', async () => {
    const site = await addSource(worker, 'html_form');
    await buy({ customer: ++turn, email: 'claimed@merge.example', name: 'Cleo' });
    const fields = new URLSearchParams({ email: 'claimed@merge.example', message: 'Hello' });
    await deliver(worker, site, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: fields.toString(),
    });
    const [owner, claimant] = await holdersOf(worker, 'email:claimed@merge.example');
    const suggested = async () => (await read(owner?.id ?? '')).suggestions.map(({ customerId }) => customerId);
    expect(await suggested()).toEqual([claimant?.id]);
    const reason = 'She says it was not her';
    const { decisionId } = await post(`/customers/${claimant?.id}/keep-apart`, { from: owner?.id, reason });
    expect(await suggested()).toEqual([]);
    await revoke(decisionId);
    expect(await suggested()).toEqual([claimant?.id]);
    // Joining says more than keeping apart: the later decision stands.
    await post(`/customers/${claimant?.id}/keep-apart`, { from: owner?.id, reason });
    await merge(owner?.id ?? '', claimant?.id ?? '');
    expect((await read(claimant?.id ?? '')).id).toBe(owner?.id);
  });
});
