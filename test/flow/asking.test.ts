import { Response } from 'miniflare';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { STAND_INS } from '../support/apis.ts';
import { outsideWorld } from '../support/outside.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, type Source } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** How the worker bears an API that misbehaves: by its real way out, with somebody else's answers. */
const KIND = 'intercom';
const api = STAND_INS[KIND];
if (!api) throw new Error('the stand-in is missing');
const outside = outsideWorld();
const { worker, db } = await startWithSql({ build: 'development', outside: outside.answer });
afterAll(() => worker.dispose());
beforeEach(async () => {
  outside.trick = null;
  await db.batch([db.prepare('DELETE FROM job')]);
});

type JobRow = {
  readonly error: string | null;
  readonly done_at: number | null;
  readonly dead_at: number | null;
  readonly run_at: number;
  readonly attempts: number;
};
const runMinute = async () => (await worker.dispatchFetch('http://rapport.test/demo/cron', { method: 'POST' })).text();

/** A source with a token, and one contact of it that lacks details; how its job stands after one attempt. */
async function ask(trick: typeof outside.trick): Promise<{ readonly source: Source; readonly job: JobRow }> {
  const secret = SENDERS[KIND]?.secretOf?.('asking') ?? '';
  const source = { ...(await addSource(worker, KIND, { secret })), secret };
  await callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { credentials: api?.credentials } });
  await runMinute();
  outside.trick = trick;
  const body = JSON.stringify(api?.cases[0]?.payload);
  const signed = SENDERS[KIND]?.sign?.(body, { secret, now: Date.now(), url: source.url });
  const headers = { 'content-type': 'application/json', ...signed?.headers };
  expect((await deliver(worker, source, { headers, body })).status).toBe(200);
  // The answer's own nudge may be at it already.
  await runMinute();
  await expect.poll(async () => (await jobOf(source))?.error ?? null, { timeout: 30_000 }).not.toBeNull();
  const job = await jobOf(source);
  if (!job) throw new Error('there is no job');
  return { source, job };
}

const jobOf = (source: Source) =>
  db
    .prepare(
      `SELECT j.error, j.done_at, j.dead_at, j.run_at, j.attempts FROM job j JOIN source s ON s.id = j.source_id
       WHERE s.public_id = ?1 AND j.kind = 'details'`,
    )
    .bind(source.id)
    .first<JobRow>();

const waits = { done_at: null, dead_at: null, attempts: 1 };
const json = (body: string, init: { status?: number; headers?: Record<string, string> } = {}) =>
  new Response(body, init);

/** Blanks that never end: so many bytes every so many ms, until whoever reads has had enough. */
function endless(bytes: number, everyMs: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(bytes).fill(32);
  // Should nobody call it off, it falls silent after a hundred parts, still open.
  let left = 100;
  return new ReadableStream({
    pull: (controller) =>
      new Promise((resolve) => {
        if (left-- > 0) setTimeout(() => resolve(controller.enqueue(chunk)), everyMs);
      }),
  });
}

describe('an API that', () => {
  it('asks us to slow down is left alone for as long as it says', async () => {
    const before = Date.now();
    const { job } = await ask(() => json('{}', { status: 429, headers: { 'retry-after': '3600' } }));
    expect(job).toMatchObject({ ...waits, error: 'api.eu.intercom.io asked us to slow down.' });
    expect(job.run_at).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(job.run_at).toBeLessThan(Date.now() + 3_700_000);
  });

  it('is in trouble is asked again soon', async () => {
    const { job } = await ask(() => json('<h1>Bad gateway</h1>', { status: 502 }));
    expect(job).toMatchObject({ ...waits, error: 'api.eu.intercom.io is in trouble (502).' });
    expect(job.run_at).toBeLessThan(Date.now() + 20_000);
  });

  it.each([301, 302, 307, 308])('redirects (%i) is not followed, wherever it leads', async (status) => {
    outside.asked.length = 0;
    const { job } = await ask(() =>
      json('', { status, headers: { location: 'https://evil.example/contacts/c0ffee01' } }),
    );
    expect(job).toMatchObject({
      ...waits,
      error: 'api.eu.intercom.io sent us on to another address, which we do not follow.',
    });
    expect(outside.asked.filter((asked) => !asked.startsWith(KIND))).toEqual([]);
  });

  it.each([
    ['more than 5 MB', () => json(`"${'x'.repeat(6 * 1024 * 1024)}"`)],
    ['no end of bytes', () => new Response(endless(256 * 1024, 2))],
  ])('answers with %s is cut off', async (_what, trick) => {
    const { job } = await ask(trick);
    expect(job).toMatchObject({
      ...waits,
      error: expect.stringMatching(/broke off, took too long or is larger than 5 MB/),
    });
  });

  it('answers with something else than JSON is asked again', async () => {
    const { job } = await ask(() => json('<!doctype html><title>Log in</title>'));
    expect(job).toMatchObject({ ...waits, error: 'api.eu.intercom.io answered with something that is no JSON.' });
  });

  it('does not understand the question is not asked again', async () => {
    const { job } = await ask(() => json('{}', { status: 422 }));
    expect(job).toMatchObject({ error: 'api.eu.intercom.io did not understand the question (422).' });
    expect(job.dead_at).not.toBeNull();
  });

  it('sends its answer in drops holds nobody up for longer than its ten seconds', async () => {
    const started = Date.now();
    const { job } = await ask(() => new Response(endless(1, 500)));
    expect(Date.now() - started).toBeLessThan(25_000);
    expect(job).toMatchObject({ ...waits, error: expect.stringMatching(/broke off, took too long/) });
  });

  it('never answers holds nobody up either', async () => {
    const started = Date.now();
    const waiting: (() => void)[] = [];
    outside.hold = new Promise((resolve) => waiting.push(resolve));
    const { job } = await ask(null);
    for (const resolve of waiting) resolve();
    outside.hold = null;
    expect(Date.now() - started).toBeLessThan(25_000);
    expect(job).toMatchObject({ ...waits, error: 'api.eu.intercom.io could not be reached in time.' });
  });

  it('comes back completes the contact at the next attempt, and nothing is left of the trouble', async () => {
    const { source } = await ask(() => json('', { status: 500 }));
    outside.trick = null;
    await db.batch([db.prepare('UPDATE job SET run_at = 0')]);
    await runMinute();
    expect(await jobOf(source)).toMatchObject({ error: null, dead_at: null, attempts: 2 });
    expect((await jobOf(source))?.done_at).not.toBeNull();
  });
});

describe('credentials', () => {
  const patch = async (source: Source, credentials: Record<string, string>) => {
    const response = await worker.dispatchFetch(`http://rapport.test/api/v1/sources/${source.id}`, {
      method: 'PATCH',
      headers: { ...asAdmin, 'content-type': 'application/json' },
      body: JSON.stringify({ credentials }),
    });
    return { status: response.status, text: await response.text() };
  };

  it('that would lead elsewhere are refused by name, and never shown again', async () => {
    const source = await addSource(worker, 'zendesk', { secret: 'a-signing-secret' });
    for (const subdomain of ['evil.example/', 'x.evil', 'a@b', 'A B', '-x', 'ü']) {
      const { status, text } = await patch(source, { subdomain });
      expect([subdomain, status]).toEqual([subdomain, 422]);
      expect(text).toContain('credentials.subdomain');
    }
    const right = STAND_INS.zendesk?.credentials ?? {};
    expect((await patch(source, { ...right })).status).toBe(200);
    for (const path of [`/sources/${source.id}`, '/sources'])
      expect(JSON.stringify(await callApi(worker, path))).not.toContain(right.apiToken);
  });

  it('given again bring back what had been given up', async () => {
    const { source } = await ask(() => json('', { status: 404 }));
    expect((await jobOf(source))?.dead_at).not.toBeNull();
    outside.trick = null;
    expect((await patch(source, { ...api.credentials })).status).toBe(200);
    await runMinute();
    expect(await jobOf(source)).toMatchObject({ error: null, dead_at: null });
    expect((await jobOf(source))?.done_at).not.toBeNull();
  });
});
