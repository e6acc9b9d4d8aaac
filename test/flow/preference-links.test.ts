import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LINK_PURPOSES, type LinkPurpose, makeLinkToken } from '../../worker/platform/link-token.ts';
import { makeReplyToken } from '../../worker/platform/reply-token.ts';
import { openCentre } from '../support/centre.ts';
import { visitor } from '../support/person.ts';
import { ADMIN_TOKEN } from '../support/worker.ts';

/** The links by which people see and decide what is kept of them: whose they are, and what they are worth. */
const { worker, db, office, send, all, count, customer, fragmentOf, linkFor, inside } = await openCentre();
afterAll(() => worker.dispose());

beforeAll(send);
beforeEach(() => {
  office.trick = null;
});

describe('a link', () => {
  it('changes nothing by being looked at, however often and by whom', async () => {
    const { email, id } = await customer();
    const path = await linkFor(email);
    const state = async () =>
      JSON.stringify([
        await all('SELECT * FROM preference_link ORDER BY id'),
        await all('SELECT * FROM consent ORDER BY id'),
        await count('touchpoint'),
      ]);
    const before = await state();
    for (const method of ['GET', 'HEAD', 'GET'])
      expect((await visitor(worker).ask(path, { method, headers: { purpose: 'prefetch' } })).status).toBe(200);
    const page = await visitor(worker).ask(path);
    expect(page.text).not.toContain(email);
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(await state()).toBe(before);
    expect(id).not.toBe('');
  });

  it('opens once, also when twenty come at the same time', async () => {
    const { email } = await customer();
    const path = await linkFor(email);
    const tries = await Promise.all(
      Array.from({ length: 20 }, () => visitor(worker).ask(path, { form: { act: 'open' } })),
    );
    expect(tries.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(tries.filter(({ status }) => status === 404)).toHaveLength(19);
    expect((await visitor(worker).ask(path)).status).toBe(404);
  });

  it('is good for a day when asked for, and the centre for half an hour', async () => {
    const { email } = await customer();
    const path = await linkFor(email);
    await db.prepare('UPDATE preference_link SET expires_at = 1 WHERE used_at IS NULL').run();
    expect((await visitor(worker).ask(path, { form: { act: 'open' } })).status).toBe(404);
    const [kept] = await all<{ expires_at: number; created_at: number }>(
      'SELECT * FROM preference_link WHERE expires_at > 1 ORDER BY id DESC LIMIT 1',
    );
    expect((kept?.expires_at ?? 0) - (kept?.created_at ?? 0)).toBeLessThanOrEqual(14 * 24 * 3600 * 1000);
  });

  it('is worth nothing when it is forged, changed, too old or made for something else', async () => {
    const { email, id } = await customer();
    const person = await inside(email);
    const fragmentId = await fragmentOf(id);
    const [link] = await all<{ id: number }>('SELECT id FROM preference_link ORDER BY id DESC LIMIT 1');
    const [mail] = await all<{ id: number }>('SELECT id FROM mail WHERE fragment_id = ?1', fragmentId);
    const rowOf: Record<LinkPurpose, number> = {
      preferences: link?.id ?? 0,
      access: link?.id ?? 0,
      unsubscribe: mail?.id ?? 0,
    };
    await db.prepare('UPDATE preference_link SET used_at = NULL WHERE id = ?1').bind(rowOf.preferences).run();
    const make = (purpose: LinkPurpose, expiresAt = Date.now() + 3_600_000, key = ADMIN_TOKEN) =>
      makeLinkToken(key, purpose, { rowId: rowOf[purpose], fragmentId, expiresAt }, purpose === 'access' ? '' : email);
    const opens = async (token: string) => (await visitor(worker).ask(`/p/${token}`)).text.includes('value="open"');
    const leaves = async (token: string) =>
      (await visitor(worker).ask(`/p/${token}`)).text.includes('value="everything"');
    const enters = async (token: string) => {
      const other = visitor(worker);
      other.cookie = `__Host-rapport-person=${token}`;
      return (await other.ask('/p/me')).status === 200;
    };
    // Each purpose at each consumer: only the diagonal passes. The link itself must not be used up for the others.
    const asked: Record<string, boolean[]> = {};
    for (const purpose of LINK_PURPOSES) {
      const token = await make(purpose);
      asked[purpose] = [await opens(token), await enters(token), await leaves(token)];
    }
    expect(asked).toEqual({
      preferences: [true, false, false],
      // What a link has opened is open only once the link is used.
      access: [false, false, false],
      unsubscribe: [false, false, true],
    });
    await db.prepare('UPDATE preference_link SET used_at = 1 WHERE id = ?1').bind(rowOf.preferences).run();
    expect(await enters(await make('access'))).toBe(true);
    expect(await opens(await make('preferences'))).toBe(false);
    const reply = await makeReplyToken(ADMIN_TOKEN, {
      fragmentId,
      sourceId: 1,
      address: email,
      expiresAt: Date.now() + 1e9,
    });
    const good = await make('access');
    const wrong = [
      reply,
      await make('access', Date.now() - 60_000),
      await make('access', undefined, 'another-admin-token-here'),
      `${good.slice(0, -1)}${good.endsWith('a') ? 'b' : 'a'}`,
      good.replace(/^[^-]+/, (row) => (Number.parseInt(row, 36) + 1).toString(36)),
      good.toUpperCase(),
      `${good}a`,
      good.slice(0, -1),
      '',
    ];
    for (const token of wrong) expect([token, await enters(token)]).toEqual([token, false]);
    for (const token of wrong.filter(Boolean)) expect((await visitor(worker).ask(`/p/${token}`)).status).toBe(404);
    expect((await person.ask('/p/me')).status).toBe(200);
  });

  it('goes to nobody: no page of the centre gives its address away, is kept, listed or framed', async () => {
    const { email } = await customer();
    const path = await linkFor(email);
    const person = await inside((await customer()).email);
    for (const page of ['/p', '/p/asked', path, '/p/me', '/p/me/erase', '/p/left', '/p/nonsense']) {
      const { headers } = await person.ask(page);
      expect([page, headers.get('referrer-policy'), headers.get('x-robots-tag')]).toEqual([
        page,
        'no-referrer',
        'noindex',
      ]);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
    expect((await person.ask('/p/me')).text).not.toContain('<script');
  });
});
