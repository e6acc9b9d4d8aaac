import { afterAll, describe, expect, it } from 'vitest';
import { jobHandlers } from '../../worker/jobs.ts';
import { systemClock } from '../../worker/platform/clock.ts';
import { runJobs } from '../../worker/platform/jobs.ts';
import { REPLAYABLE, startReplay } from '../../worker/sources/replay.ts';
import { sourceByKey } from '../../worker/sources/store.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { addSource, deliver, holdersOf, linesOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** What an owner does to a source that is in use: hold it, read things again, move to another secret, keep less. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const AT = '2026-03-01T10:00:00Z';
let orders = 700_000;
const order = (email: string) => {
  const id = ++orders;
  return orderBody({ id, customer: id, email, createdAt: AT });
};
const runtime = { db, clock: systemClock };
/** Runs jobs until none is left, as cron would. The worker does some itself, nudged by what it is asked. */
const work = async () => {
  const left = () =>
    db.prepare('SELECT count(*) AS n FROM job WHERE done_at IS NULL AND dead_at IS NULL').first<{ n: number }>();
  while (((await left())?.n ?? 0) > 0) {
    if ((await runJobs(runtime, jobHandlers, 50)) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const change = (source: Pick<Source, 'id'>, body: Record<string, unknown>) =>
  callApi<Record<string, unknown>>(worker, `/sources/${source.id}`, { method: 'PATCH', body });
const shopWith = async (secret = 'mending') => addSource(worker, 'shopify', { secret });
const knock = (source: Source, event: string, body: string, secret = source.secret) =>
  deliver(worker, source, shopifyDelivery(secret, 'orders/create', event, body));
const outcomes = async (source: Pick<Source, 'id'>) => (await linesOf(worker, source)).map(({ outcome }) => outcome);
const touchpoints = async (source: Pick<Source, 'id'>) =>
  (await callApi<{ items: { subject: string | null }[] }>(worker, `/touchpoints?source=${source.id}`)).items;

describe('a paused source', () => {
  it('answers as usual, keeps what comes and reads nothing, until it is resumed: then all of it, in order', async () => {
    const shop = await shopWith();
    await change(shop, { paused: true });
    const bodies = [1, 2, 3].map((n) => order(`held${n}@shop.example`));
    for (const [n, body] of bodies.entries()) expect((await knock(shop, `held-${n}`, body)).status).toBe(200);
    expect(await outcomes(shop)).toEqual(['held', 'held', 'held']);
    expect(await holdersOf(worker, 'email:held1@shop.example')).toEqual([]);
    expect((await callApi<{ pausedAt: string | null }>(worker, `/sources/${shop.id}`)).pausedAt).not.toBeNull();
    await change(shop, { paused: false });
    await work();
    expect(await outcomes(shop)).toEqual(['accepted', 'accepted', 'accepted']);
    const read = (await touchpoints(shop)).map(({ subject }) => subject);
    expect(read).toHaveLength(3);
    expect(read).toEqual([...read].sort().reverse());
    // Its sender repeats itself: nothing of it is new.
    expect((await knock(shop, 'held-0', bodies[0] ?? '')).status).toBe(200);
    expect(await touchpoints(shop)).toHaveLength(3);
  });

  it('refuses what is forged, and answers a greeting', async () => {
    const woo = await addSource(worker, 'woocommerce', { secret: 'woo' });
    await change(woo, { paused: true });
    expect((await deliver(worker, woo, { headers: {}, body: '{}' })).status).toBe(401);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await deliver(worker, woo, { headers: form, body: 'webhook_id=7' })).status).toBe(200);
    expect(await outcomes(woo)).toEqual(['handshake', 'refused']);
  });

  it('thanks for a form, takes an answer of the widget and of the hosted survey, and a batch of an SDK', async () => {
    const form = await addSource(worker, 'html_form');
    const site = await addSource(worker, 'site', {
      settings: { survey: { id: 's', questions: [{ id: 'why', kind: 'comment', label: { en: 'Why?' } }] } },
    });
    const sdk = await addSource(worker, 'segment');
    for (const source of [form, site, sdk]) await change(source, { paused: true });
    const json = { 'content-type': 'application/json' };
    const posted = await deliver(worker, form, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: 'email=held%40form.example&message=Hello',
    });
    expect([posted.status, posted.text]).toEqual([200, '{"ok":true}']);
    const message = {
      visitor: crypto.randomUUID(),
      locale: 'en',
      page: { url: 'https://shop.example/', title: '', referrer: '' },
      events: [{ id: crypto.randomUUID(), at: Date.now(), type: 'page_viewed' }],
    };
    expect((await deliver(worker, site, { headers: json, body: JSON.stringify(message) })).status).toBe(200);
    const answered = await worker.dispatchFetch(`http://rapport.test/s/${site.key}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'why=Because',
    });
    expect([answered.status, answered.headers.get('location')]).toEqual([303, expect.stringContaining('/thanks')]);
    const batch = {
      writeKey: sdk.key,
      batch: [{ type: 'track', event: 'Order Placed', messageId: 'm1', anonymousId: 'a1' }],
    };
    expect((await deliver(worker, sdk, { headers: json, body: JSON.stringify(batch) })).status).toBe(200);
    expect([await outcomes(form), await outcomes(site), await outcomes(sdk)]).toEqual([
      ['held'],
      ['held', 'held'],
      ['held'],
    ]);
    for (const source of [form, site, sdk]) await change(source, { paused: false });
    await work();
    const counts = await Promise.all([form, site, sdk].map(async (source) => (await touchpoints(source)).length));
    expect(counts).toEqual([1, 2, 1]);
  });

  it('holds a delivery that cannot be read like any other, and says so once it is resumed', async () => {
    const shop = await shopWith();
    await change(shop, { paused: true });
    expect((await knock(shop, 'odd', '[]')).status).toBe(200);
    await change(shop, { paused: false });
    await work();
    expect(await linesOf(worker, shop)).toMatchObject([{ outcome: 'malformed', canReplay: true }]);
  });

  it('reads on when a worker that has not heard of the resuming wants to hold something', async () => {
    const shop = await shopWith();
    await change(shop, { paused: true });
    await knock(shop, 'first', order('first@late.example'));
    // Resumed behind the back of the worker, which remembers the source as paused.
    await db.prepare('UPDATE source SET paused_at = NULL WHERE key = ?1').bind(shop.key).run();
    expect((await knock(shop, 'second', order('second@late.example'))).status).toBe(200);
    expect(await outcomes(shop)).toEqual(['accepted', 'held']);
  });

  it('paused again while it reads leaves the rest for the next time', async () => {
    const shop = await shopWith();
    await change(shop, { paused: true });
    for (let n = 0; n < 20; n++) await knock(shop, `part-${n}`, order(`part${n}@shop.example`));
    await db.prepare('DELETE FROM job').run();
    await change(shop, { paused: false });
    await db.prepare('UPDATE source SET paused_at = 1 WHERE key = ?1').bind(shop.key).run();
    await work();
    const before = (await outcomes(shop)).filter((outcome) => outcome === 'held').length;
    await change(shop, { paused: true });
    await change(shop, { paused: false });
    await work();
    expect(before).toBeGreaterThan(0);
    expect(new Set(await outcomes(shop))).toEqual(new Set(['accepted']));
  });
});

describe('a source paused and resumed again and again', () => {
  it('has one line for each delivery, however many readings of what was held overlap', async () => {
    const shop = await shopWith();
    await change(shop, { paused: true });
    const sent = Array.from({ length: 24 }, (_, n) => [`toggle-${n}`, order(`toggle${n}@shop.example`)] as const);
    for (const [event, body] of sent) await knock(shop, event, body);
    for (let n = 0; n < 4; n++) {
      await change(shop, { paused: true });
      await change(shop, { paused: false });
    }
    await work();
    // The worker may be at it as well: what it has begun is finished before its job is.
    expect((await outcomes(shop)).sort()).toEqual(sent.map(() => 'accepted'));
    expect(await touchpoints(shop)).toHaveLength(sent.length);
  });

  it('that held nothing has nothing to read', async () => {
    const shop = await shopWith();
    await change(shop, { paused: true });
    await change(shop, { paused: false });
    const { results } = await db
      .prepare('SELECT j.key FROM job j JOIN source s ON s.id = j.source_id WHERE s.key = ?1')
      .bind(shop.key)
      .all();
    expect(results).toEqual([]);
  });
});

describe('a replay of everything since a time', () => {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const replay = (source: Source, body: Record<string, unknown>) =>
    callApi<{ id: string }>(worker, `/sources/${source.id}/replay`, { method: 'POST', body });
  const latest = async (source: Source) =>
    (await callApi<{ replay: Record<string, unknown> }>(worker, `/sources/${source.id}/replay`)).replay;

  it('reads what did not fit by the settings of now, and lets it take the place of the failure', async () => {
    const site = await addSource(worker, 'site', {
      settings: { survey: { id: 'old', questions: [{ id: 'why', kind: 'comment', label: { en: 'Why?' } }] } },
    });
    const answer = (n: number) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        visitor: crypto.randomUUID(),
        locale: 'en',
        page: { url: 'https://shop.example/', title: '', referrer: '' },
        events: [
          {
            id: crypto.randomUUID(),
            at: Date.now(),
            type: 'survey_answered',
            survey: 'new',
            answers: [{ question: 'why', value: `${n}` }],
          },
        ],
      }),
    });
    for (let n = 0; n < 33; n++) expect((await deliver(worker, site, answer(n))).status).toBe(422);
    await replay(site, { since, outcomes: ['malformed'] });
    await work();
    expect(await latest(site)).toMatchObject({ done: 33, stored: 0, failed: 33, finishedAt: expect.any(String) });
    expect(new Set(await outcomes(site))).toEqual(new Set(['malformed']));
    await change(site, {
      settings: { survey: { id: 'new', questions: [{ id: 'why', kind: 'comment', label: { en: 'Why?' } }] } },
    });
    await replay(site, { since });
    await work();
    expect(await latest(site)).toMatchObject({ done: 33, stored: 33, failed: 0 });
    expect(await outcomes(site)).toEqual(Array.from({ length: 33 }, () => 'accepted'));
    expect((await touchpoints(site)).length).toBe(33);
    const [line] = await callApi<{ items: { firstReceivedAt: string; receivedAt: string }[] }>(
      worker,
      `/sources/${site.id}/deliveries`,
    ).then(({ items }) => items);
    expect(Date.parse(line?.firstReceivedAt ?? '')).toBeLessThan(Date.parse(line?.receivedAt ?? ''));
  });

  it('of what was stored already changes nothing, however often, and leaves no lines', async () => {
    const shop = await shopWith();
    for (const n of [1, 2]) await knock(shop, `again-${n}`, order(`again${n}@shop.example`));
    const before = await linesOf(worker, shop);
    for (let n = 0; n < 2; n++) {
      await replay(shop, { since });
      await work();
    }
    expect(await latest(shop)).toMatchObject({ done: 2, stored: 0, failed: 0 });
    expect(await linesOf(worker, shop)).toEqual(before);
    expect(await touchpoints(shop)).toHaveLength(2);
  });

  it('asked for twice while it is under way is one', async () => {
    const shop = await shopWith();
    const source = await sourceByKey(runtime, shop.key);
    if (!source) throw new Error('the source is not there');
    const twice = [1, 2].map(() => startReplay(runtime, source, Date.parse(since), REPLAYABLE));
    const [first, second] = await Promise.all(twice);
    expect(second?.id).toBe(first?.id);
    await work();
  });

  it('begins where it is told to, and asks for a time it can read', async () => {
    const shop = await shopWith();
    await knock(shop, 'early', order('early@shop.example'));
    await replay(shop, { since: new Date(Date.now() + 60_000).toISOString() });
    await work();
    expect(await latest(shop)).toMatchObject({ done: 0 });
    const post = (body: unknown) =>
      worker.dispatchFetch(`http://rapport.test/api/v1/sources/${shop.id}/replay`, {
        method: 'POST',
        headers: asAdmin,
        body: JSON.stringify(body),
      });
    expect([
      (await post({ since: 'yesterday' })).status,
      (await post({ since, outcomes: ['refused'] })).status,
    ]).toEqual([422, 422]);
  });

  it('of a test is known to be one', async () => {
    const shop = await shopWith();
    await callApi(worker, `/sources/${shop.id}/test`, { method: 'POST' });
    const [line] = await linesOf(worker, shop);
    const kept = await db
      .prepare('SELECT headers FROM delivery WHERE id = ?1')
      .bind(Number(line?.id))
      .first<{ headers: string }>();
    expect(JSON.parse(kept?.headers ?? '{}')).toMatchObject({ 'rapport-test': 'true' });
  });
});

describe('two secrets', () => {
  it('are both valid for a day: then the older is refused, also where the source is remembered', async () => {
    const shop = await shopWith('one');
    await knock(shop, 'r1', order('r1@shop.example'), 'one');
    const changed = await change(shop, { secret: 'two' });
    const until = Date.parse(String(changed.oldSecretUntil));
    expect(Math.abs(until - Date.now() - 24 * 3_600_000)).toBeLessThan(60_000);
    expect((await knock(shop, 'r2', order('r2@shop.example'), 'one')).status).toBe(200);
    const { oldSecretUsedAt } = await callApi<{ oldSecretUsedAt: string }>(worker, `/sources/${shop.id}`);
    expect(Date.now() - Date.parse(oldSecretUsedAt)).toBeLessThan(60_000);
    // The end comes while the worker remembers the source with both.
    await db
      .prepare('UPDATE source SET old_secret_until = ?2 WHERE key = ?1')
      .bind(shop.key, Date.now() + 500)
      .run();
    await change(shop, { name: 'Renamed' });
    expect((await knock(shop, 'r3', order('r3@shop.example'), 'one')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await knock(shop, 'r4', order('r4@shop.example'), 'one')).status).toBe(401);
    expect((await knock(shop, 'r5', order('r5@shop.example'), 'two')).status).toBe(200);
  });

  it('become one at once when the old one has leaked', async () => {
    const shop = await shopWith('leaked');
    await change(shop, { secret: 'fresh' });
    expect(await change(shop, { endOldSecret: true })).toMatchObject({ oldSecretUntil: null, hasSecret: true });
    expect((await knock(shop, 'l1', order('l1@shop.example'), 'leaked')).status).toBe(401);
    expect((await knock(shop, 'l2', order('l2@shop.example'), 'fresh')).status).toBe(200);
    // The same again, in one step.
    await change(shop, { secret: 'fresher', endOldSecret: true });
    expect((await knock(shop, 'l3', order('l3@shop.example'), 'fresh')).status).toBe(401);
  });

  it('given the present one again, nothing changes', async () => {
    const shop = await shopWith('same');
    expect(await change(shop, { secret: 'same' })).toMatchObject({ oldSecretUntil: null });
  });
});

describe('raw bodies', () => {
  it('of a source that keeps none cannot be replayed, but for those that could not be read', async () => {
    const shop = await shopWith();
    expect(await change(shop, { bodyDays: 0 })).toMatchObject({ bodyDays: 0 });
    await knock(shop, 'none', order('none@shop.example'));
    await knock(shop, 'odd', '[]');
    expect((await linesOf(worker, shop)).map(({ outcome, canReplay }) => [outcome, canReplay])).toEqual([
      ['malformed', true],
      ['accepted', false],
    ]);
    for (const bodyDays of [-1, 91, 1.5])
      expect(
        (
          await worker.dispatchFetch(`http://rapport.test/api/v1/sources/${shop.id}`, {
            method: 'PATCH',
            headers: asAdmin,
            body: JSON.stringify({ bodyDays }),
          })
        ).status,
      ).toBe(422);
  });

  it('are kept without passwords and card numbers, and read again to the same touchpoint', async () => {
    const events = await addSource(worker, 'standard_webhooks');
    const body = JSON.stringify({
      type: 'note.added',
      timestamp: AT,
      data: {
        text: 'card 4242 4242 4242 4242, thanks',
        password: 'hunter2',
        id: '4242424242424242',
        customer: { email: 'masked@shop.example' },
      },
    });
    const signed = SIGNERS.standard_webhooks?.sign(body, { secret: events.secret, now: Date.now(), id: 'msg_masked' });
    expect((await deliver(worker, events, { headers: { ...signed?.headers }, body })).status).toBe(200);
    const [row] = await queryOf(db)<{ id: number; body: string }>(
      `SELECT id, body FROM delivery WHERE source_id = (SELECT id FROM source WHERE key = '${events.key}')`,
    );
    expect(row?.body).not.toMatch(/hunter2|4242 4242/);
    expect(row?.body).toContain('4242424242424242');
    expect(await callApi(worker, `/deliveries/${row?.id}/replay`, { method: 'POST' })).toMatchObject({
      outcome: 'accepted',
      stored: 0,
    });
  });

  it('of a form without an id are read again to the same touchpoint, though its password was masked', async () => {
    const form = await addSource(worker, 'html_form');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    await deliver(worker, form, { headers, body: 'email=pw%40form.example&password=hunter2&message=Hi' });
    const [line] = await linesOf(worker, form);
    const row = await db
      .prepare('SELECT body FROM delivery WHERE id = ?1')
      .bind(Number(line?.id))
      .first<{ body: string }>();
    expect(row?.body).toBe('email=pw%40form.example&password=%5Bmasked%5D&message=Hi');
    expect(await callApi(worker, `/deliveries/${line?.id}/replay`, { method: 'POST' })).toMatchObject({ stored: 0 });
    expect(await touchpoints(form)).toHaveLength(1);
  });
});

describe('after all of it', () => {
  it('the kept numbers are those that the touchpoints add up to', async () => {
    expect(await drift(queryOf(db))).toEqual([]);
  });
});
