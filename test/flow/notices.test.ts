import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdersOf } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { addMember, minute, setOwner } from '../support/team.ts';
import { addTracking, track } from '../support/tracking.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Whoever looks after a customer is told when something about them changes, once, and nobody else is. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const DAY = 24 * 3600 * 1000;
const server = await addTracking(worker);
const [mara, ivo] = [await addMember(db, 'Mara'), await addMember(db, 'Ivo')];

type Notice = {
  id: string;
  rule: string;
  title: string;
  member: { id: string; name: string };
  customer: { id: string; name: string } | null;
  touchpointId: string | null;
  certificate: string | null;
  readAt: string | null;
};
const noticesOf = async (member: string, more = '') =>
  (await callApi<{ items: Notice[] }>(worker, `/notices?member=${member}${more}`)).items;
const rulesOf = async (member: string, customer: string) =>
  (await noticesOf(member)).filter((notice) => notice.customer?.id === customer).map(({ rule }) => rule);

const at = (ms: number) => ({ timestamp: new Date(Date.now() - ms).toISOString() });
const say = async (user: string, event: string, properties: object = {}, ago = 60_000) =>
  expect(await track(worker, server.secretKey, 'track', { userId: user, event, properties, ...at(ago) })).toBe(200);
async function person(user: string, owner: string | null): Promise<string> {
  await track(worker, server.secretKey, 'identify', {
    userId: user,
    traits: { email: `${user}@told.example`, name: `${user} Holt` },
    ...at(200 * DAY),
  });
  const id = (await holdersOf(worker, `user_id:${user}`))[0]?.id ?? '';
  if (owner !== null) await setOwner(db, id, owner);
  return id;
}
/** So that the first stage and whatever else the beginning brings is past. */
beforeAll(() => minute(worker));

describe('an owner', () => {
  it.each([
    ['payment_failed', 'Payment Failed', {}],
    ['subscription_cancelled', 'Subscription Cancelled', {}],
    ['opted_out', 'Email Unsubscribed', {}],
    ['complaint', 'Ticket Created', {}],
  ])('is told: %s, once', async (rule, event, properties) => {
    const user = `one-${rule}`;
    const customer = await person(user, mara);
    await say(user, event, properties);
    await minute(worker);
    await minute(worker);
    expect((await rulesOf(mara, customer)).filter((told) => told === rule)).toEqual([rule]);
    expect((await noticesOf(ivo)).filter((notice) => notice.customer?.id === customer)).toEqual([]);
  });

  it('is told of an order of twice the usual, once for all that is said of it', async () => {
    const customer = await person('big', mara);
    const order = (id: string, total: number) => ({ order_id: id, total, currency: 'EUR' });
    for (const [index, total] of [10, 12, 15].entries())
      await say('big', 'Order Completed', order(`big-${index}`, total), (40 - index) * DAY);
    await say('big', 'Order Completed', order('big-usual', 20));
    await minute(worker);
    expect(await rulesOf(mara, customer)).not.toContain('big_order');
    await say('big', 'Order Placed', order('big-one', 60));
    await say('big', 'Order Completed', order('big-one', 60));
    await minute(worker);
    expect((await rulesOf(mara, customer)).filter((rule) => rule === 'big_order')).toEqual(['big_order']);
  });

  it('is told of the first word after 90 days, and not of the next', async () => {
    const customer = await person('quiet', mara);
    await say('quiet', 'Form Submitted', {}, 3 * 60_000);
    await say('quiet', 'Form Submitted', {}, 2 * 60_000);
    await minute(worker);
    expect((await rulesOf(mara, customer)).filter((rule) => rule === 'back_after_silence')).toHaveLength(1);
  });

  it('is told when the relationship comes to another stage', async () => {
    const customer = await person('staged', mara);
    await minute(worker);
    await say('staged', 'Order Completed', { order_id: 'st-1', total: 10, currency: 'EUR' });
    await minute(worker);
    expect(await rulesOf(mara, customer)).toContain('stage_exploration');
  });

  it('hears nothing of what is history, nor of whom nobody looks after', async () => {
    const [old, nobodys] = [await person('old', mara), await person('nobodys', null)];
    await say('old', 'Payment Failed', {}, 30 * DAY);
    await say('nobodys', 'Payment Failed');
    await minute(worker);
    const all = (await callApi<{ items: Notice[] }>(worker, '/notices?limit=200')).items;
    expect(all.filter(({ customer }) => customer?.id === old || customer?.id === nobodys)).toEqual([]);
  });

  it('who has left is told nothing', async () => {
    const gone = await addMember(db, 'Gone');
    await person('left', gone);
    await db.prepare('UPDATE staff_member SET is_active = 0 WHERE public_id = ?1').bind(gone).run();
    await say('left', 'Payment Failed');
    await minute(worker);
    expect(await noticesOf(gone)).toEqual([]);
  });
});

describe('records that are joined by hand', () => {
  it('tell the owners of both, and what each had brought tells nobody anew', async () => {
    const [a, b] = [await person('join-a', mara), await person('join-b', ivo)];
    await say('join-b', 'Payment Failed');
    await minute(worker);
    const before = (await noticesOf(mara)).length;
    await callApi(worker, `/customers/${a}/merge`, { method: 'POST', body: { from: b, reason: 'One person' } });
    await minute(worker);
    await minute(worker);
    expect((await noticesOf(mara)).length).toBe(before + 1);
    expect((await noticesOf(mara))[0]).toMatchObject({ rule: 'joined', customer: { id: a } });
    expect((await noticesOf(ivo)).map(({ rule, customer }) => [rule, customer?.id])).toEqual([
      ['joined', a],
      ['payment_failed', a],
    ]);
  });
});

describe('somebody who is erased', () => {
  it('leaves no notice of theirs; their owner is told by the certificate', async () => {
    const customer = await person('erased', mara);
    await say('erased', 'Payment Failed');
    await minute(worker);
    expect(await rulesOf(mara, customer)).toContain('payment_failed');
    const { id } = await callApi<{ id: string }>(worker, `/customers/${customer}`, { method: 'DELETE' });
    const told = await noticesOf(mara);
    expect(told.filter((notice) => notice.customer?.id === customer)).toEqual([]);
    expect(told[0]).toMatchObject({ rule: 'erased', customer: null, touchpointId: null, certificate: id });
  });
});

describe('what was read', () => {
  const post = (path: string, body?: object) =>
    worker.dispatchFetch(`http://rapport.test/api/v1${path}`, {
      method: 'POST',
      headers: { ...asAdmin, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });

  it('is unread no longer, one by one and all at once, for that member alone', async () => {
    const [first] = await noticesOf(mara, '&unread=true');
    expect((await post(`/notices/${first?.id}/read`)).status).toBe(200);
    const unread = await noticesOf(mara, '&unread=true');
    expect(unread.map(({ id }) => id)).not.toContain(first?.id);
    expect((await noticesOf(mara, '&unread=false')).map(({ id }) => id)).toEqual([first?.id]);
    expect(await (await post('/notices/read', { member: mara })).json()).toEqual({ read: unread.length });
    expect(await noticesOf(mara, '&unread=true')).toEqual([]);
    expect((await noticesOf(ivo, '&unread=true')).length).toBeGreaterThan(0);
    expect((await post('/notices/999999/read')).status).toBe(404);
  });

  it('is listed page by page', async () => {
    const all = await noticesOf(mara, '&limit=200');
    const { items, nextCursor } = await callApi<{ items: Notice[]; nextCursor: string }>(
      worker,
      `/notices?member=${mara}&limit=3`,
    );
    const rest = await noticesOf(mara, `&limit=200&cursor=${nextCursor}`);
    expect([...items, ...rest].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  });
});
