import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { morningBy, putDigests } from '../../worker/digests/put.ts';
import { holdersOf } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { minute, setOwner } from '../support/team.ts';
import { addTracking, track } from '../support/tracking.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** A mail each morning to members of staff, of what is new about customers they look after. */
const mails: string[] = [];
const { worker, db } = await startWithSql({ mails });
afterAll(() => worker.dispose());
const ORIGIN = 'http://rapport.test';
const HOUR = 3600_000;
const server = await addTracking(worker);
const morning = morningBy(Date.now());

type Member = { id: string; digest: boolean; email: string | null };
const addMember = (name: string, digest: boolean) =>
  callApi<Member>(worker, '/staff-members', { method: 'POST', body: { name, email: `${name}@team.example`, digest } });
const statusOf = async (path: string, method: string, body: object) =>
  (
    await worker.dispatchFetch(`${ORIGIN}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  ).status;
/** As if they had wanted it for three days. */
const wantedLong = (id: string) =>
  db
    .prepare('UPDATE staff_member SET digest_since = ?2 WHERE public_id = ?1')
    .bind(id, morning - 72 * HOUR)
    .run();
let turn = 0;
async function customerOf(owner: string, name = 'Ann Alder'): Promise<string> {
  const userId = `d${++turn}`;
  const traits = { email: `${userId}@digest.example`, name };
  await track(worker, server.secretKey, 'identify', { userId, traits });
  const id = (await holdersOf(worker, `user_id:${userId}`))[0]?.id ?? '';
  await setOwner(db, id, owner);
  return userId;
}
/** Something happens that the owner is told of, at a moment. */
async function news(userId: string, toldAt: number): Promise<void> {
  const before = await db.prepare('SELECT coalesce(max(id), 0) AS id FROM notice').first<{ id: number }>();
  await track(worker, server.secretKey, 'track', { userId, event: 'Payment Failed' });
  await followed(before?.id ?? 0, toldAt);
}
async function followed(after: number, toldAt: number): Promise<void> {
  for (let n = 0; n < 20; n++) {
    await minute(worker);
    const moved = await db.prepare('UPDATE notice SET told_at = ?2 WHERE id > ?1').bind(after, toldAt).run();
    if (moved.meta.changes > 0) return;
  }
  throw new Error('nothing was told');
}
const sentTo = (address: string) => mails.filter((mail) => mail.includes(address));

beforeAll(() =>
  callApi(worker, '/mail-settings', { method: 'PATCH', body: { way: 'binding', address: 'hello@shop.example' } }),
);

describe('the mail of a morning', () => {
  it('is off until it is wanted, and wants an address', async () => {
    const { id, digest } = await callApi<Member>(worker, '/staff-members', { method: 'POST', body: { name: 'Noa' } });
    expect(digest).toBe(false);
    expect(await statusOf(`/staff-members/${id}`, 'PATCH', { digest: true })).toBe(422);
    expect(await statusOf('/staff-members', 'POST', { name: 'Omar', digest: true })).toBe(422);
    const both = { digest: true, email: 'noa@team.example' };
    expect(await callApi(worker, `/staff-members/${id}`, { method: 'PATCH', body: both })).toMatchObject(both);
  });

  it('tells what was told since the last and is not read, once, with links into the record', async () => {
    const { id } = await addMember('mara', true);
    await wantedLong(id);
    const user = await customerOf(id);
    await news(user, morning - 2 * HOUR);
    await minute(worker);
    await minute(worker);
    const [mail = '', ...more] = sentTo('mara@team.example');
    expect(more).toEqual([]);
    expect(mail).toContain('Ann Alder: A payment failed');
    expect(mail).toMatch(new RegExp(`${ORIGIN}/touchpoints/[\\w-]+`));
    expect(mail).toContain(`${ORIGIN}/team`);
    const listed = await callApi<{ items: { template: string; state: string }[] }>(worker, '/mails');
    expect(listed.items.filter(({ template }) => template === 'digest')).toEqual([
      expect.objectContaining({ state: 'sent' }),
    ]);
  });

  it('is none where nothing is new: told before it was wanted, read, or told after the morning', async () => {
    const { id } = await addMember('ivo', true);
    const user = await customerOf(id);
    await news(user, morning - 30 * HOUR);
    await db
      .prepare('UPDATE staff_member SET digest_since = ?2 WHERE public_id = ?1')
      .bind(id, morning - 10 * HOUR)
      .run();
    await news(user, morning + 1);
    await news(user, morning - 2 * HOUR);
    await db
      .prepare('UPDATE notice SET read_at = 1 WHERE told_at = ?1')
      .bind(morning - 2 * HOUR)
      .run();
    await minute(worker);
    expect(sentTo('ivo@team.example')).toEqual([]);
  });

  it('is none for who has taken the tick away before it goes, or has left', async () => {
    const [off, left] = [await addMember('off', true), await addMember('left', true)];
    for (const { id } of [off, left]) {
      await wantedLong(id);
      await news(await customerOf(id), morning - 2 * HOUR);
    }
    // They were sent one by the minutes above; what is new goes with the next only while it is wanted.
    await callApi(worker, `/staff-members/${off.id}`, { method: 'PATCH', body: { digest: false } });
    await callApi(worker, `/staff-members/${left.id}`, { method: 'PATCH', body: { isActive: false } });
    const before = mails.length;
    await db.prepare('UPDATE notice SET mailed_at = NULL').run();
    await db.prepare("DELETE FROM mail WHERE template = 'digest'").run();
    await db.prepare("DELETE FROM job WHERE kind = 'mail.digest'").run();
    await minute(worker);
    expect(mails.slice(before).filter((mail) => /(off|left)@team/.test(mail))).toEqual([]);
  });

  it('makes no links of what a customer is called', async () => {
    const { id } = await addMember('safe', true);
    await wantedLong(id);
    await news(await customerOf(id, 'Pay at https://evil.example/now'), morning - HOUR);
    for (const stop of ['.', '\u3002', '\uff0e', '\u2024', '\uff61'])
      await news(await customerOf(id, `evil${stop}example`), morning - HOUR);
    await news(await customerOf(id, '<b>Bo</b>‮ J. Lee'), morning - HOUR);
    await minute(worker);
    const mail = sentTo('safe@team.example').join('');
    expect(mail).toContain('somebody: A payment failed');
    expect(mail).not.toContain('evil');
    expect(mail).not.toContain('<b>Bo');
    expect(mail).not.toContain('‮');
  });
});

describe('putting it down', () => {
  const at = (now: number) => ({
    db,
    clock: { now: () => now, uuid: () => crypto.randomUUID(), deliveryId: () => 1 },
    tokenKey: 'a key that signs links',
    email: { send: () => Promise.reject(new Error('not asked')) },
  });
  const put = (now: number) => putDigests(at(now) as unknown as Parameters<typeof putDigests>[0]);
  const rows = async (id: string) =>
    (
      await db
        .prepare(
          "SELECT public_id AS id FROM mail WHERE template = 'digest' AND public_id LIKE 'digest:' || ?1 || ':%' ORDER BY 1",
        )
        .bind(id)
        .all<{ id: string }>()
    ).results.map((row) => Number(row.id.split(':')[2]));
  const notice = (id: string, told: number) =>
    db
      .prepare(
        `INSERT INTO notice (cause, rule, member_id, told_at) SELECT 'test:' || ?2 || random(), 'erased', id, ?2 FROM staff_member WHERE public_id = ?1`,
      )
      .bind(id, told)
      .run();

  it('happens once a morning, however often and by however many it is asked', async () => {
    const { id } = await addMember('once', true);
    await wantedLong(id);
    const day = morning + 240 * HOUR;
    await notice(id, day - HOUR);
    await Promise.all([put(day + 3 * 60_000), put(day + 3 * 60_000), put(day + 4 * 60_000)]);
    expect(await rows(id)).toEqual([day]);
    const jobs = await db
      .prepare("SELECT count(*) AS n FROM job WHERE kind = 'mail.digest' AND key LIKE '%' || ?1 || '%'")
      .bind(id)
      .first<{ n: number }>();
    expect(jobs?.n).toBe(1);
    // What was written late waits for the next morning; nothing is told twice.
    await notice(id, day - HOUR);
    await put(day + 10 * 60_000);
    expect(await rows(id)).toEqual([day]);
    await put(day + 24 * HOUR + 3 * 60_000);
    expect(await rows(id)).toEqual([day, day + 24 * HOUR]);
    await put(day + 48 * HOUR + 3 * 60_000);
    expect(await rows(id)).toEqual([day, day + 24 * HOUR]);
  });

  it('waits while no mail can go out, and then tells all of it', async () => {
    const { id } = await addMember('waits', true);
    await wantedLong(id);
    const day = morning + 480 * HOUR;
    await notice(id, day - HOUR);
    const without = { ...at(day + 3 * 60_000), tokenKey: null };
    expect(await putDigests(without as unknown as Parameters<typeof putDigests>[0])).toBe(false);
    expect(await rows(id)).toEqual([]);
    await put(day + 30 * HOUR);
    expect(await rows(id)).toEqual([day + 24 * HOUR]);
  });
});
