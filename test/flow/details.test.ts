import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lackOf } from '../../worker/sources/details.ts';
import { sourceById } from '../../worker/sources/store.ts';
import { STAND_INS, type StandIn } from '../support/apis.ts';
import { outsideWorld } from '../support/outside.ts';
import { stillClock } from '../support/record.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, type Source } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/**
 * What a webhook leaves out is asked of its sender's API after the answer: the whole way, from a signed delivery at the door to the
 * completed record, over every provider that has an API to ask.
 */
const outside = outsideWorld();
const { worker, db } = await startWithSql({ build: 'development', outside: outside.answer });
afterAll(() => worker.dispose());

type Touchpoint = {
  readonly id: string;
  readonly text: string | null;
  readonly value: unknown;
  readonly data: Record<string, unknown>;
};
type JobRow = { readonly error: string | null; readonly done_at: number | null; readonly dead_at: number | null };

/** Does the minute's work, as cron would. */
const runMinute = async () => {
  const response = await worker.dispatchFetch('http://rapport.test/demo/cron', { method: 'POST' });
  expect(response.status).toBe(200);
};
const touchpointsOf = async (source: Source) =>
  (await callApi<{ items: Touchpoint[] }>(worker, `/touchpoints?source=${source.id}&limit=100`)).items;
const lacking = async (source: Source) =>
  (await touchpointsOf(source)).filter(({ data }) => data.incomplete !== undefined).length;
const jobsOf = async (source: Source) =>
  (
    await db
      .prepare(
        `SELECT j.error, j.done_at, j.dead_at FROM job j JOIN source s ON s.id = j.source_id WHERE s.public_id = ?1 AND j.kind = 'details'`,
      )
      .bind(source.id)
      .all<JobRow>()
  ).results;
/** What the page of the source says is missing. */
async function lackShown(source: Source) {
  const runtime = { db, clock: stillClock() };
  const stored = await sourceById(runtime, source.id);
  return stored && lackOf(runtime, stored);
}
const setCredentials = (source: Source, credentials: Record<string, string>) =>
  callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { credentials } });

async function send(kind: string, source: Source, payload: unknown) {
  const body = JSON.stringify(payload);
  const signed = SENDERS[kind]?.sign?.(body, {
    secret: source.secret,
    now: Date.now(),
    id: `msg_${body.length}`,
    url: source.url,
  });
  const headers = { 'content-type': 'application/json', ...signed?.headers };
  return deliver(worker, source, { headers, body: signed?.body ?? body });
}

async function connected(kind: string, credentials?: StandIn['credentials']): Promise<Source> {
  const secret = SENDERS[kind]?.secretOf?.('details') ?? '';
  const source = { ...(await addSource(worker, kind, { secret })), secret };
  if (credentials) await setCredentials(source, credentials);
  return source;
}

describe.each(Object.entries(STAND_INS))('details that %s leaves out', (kind, api) => {
  let source: Source;
  beforeAll(async () => {
    source = await connected(kind);
  });

  it('are not asked for without a token: the contacts stand with what they have', async () => {
    const before = outside.asked.length;
    for (const { payload } of api.cases) expect((await send(kind, source, payload)).status).toBe(200);
    await runMinute();
    expect([await lacking(source), (await touchpointsOf(source)).length]).toEqual([api.cases.length, api.cases.length]);
    expect([await jobsOf(source), outside.asked.length]).toEqual([[], before]);
    const shown = { canAsk: false, lacking: api.cases.length, waiting: 0, givenUp: 0, error: null };
    expect(await lackShown(source)).toEqual(shown);
  });

  it('are tried again with a wrong token, and it is said in plain words', async () => {
    await setCredentials(source, { ...api.credentials, ...api.wrong });
    await runMinute();
    const jobs = await jobsOf(source);
    expect(jobs).toHaveLength(api.cases.length);
    for (const job of jobs) {
      expect(job).toMatchObject({ done_at: null, dead_at: null });
      expect(job.error).toMatch(/^\S+ refused the access token \(401\)\. Check it/);
      for (const secret of Object.values(api.wrong)) expect(job.error).not.toContain(secret);
    }
    expect(await lacking(source)).toBe(api.cases.length);
    const shown = { canAsk: true, lacking: api.cases.length, waiting: api.cases.length, givenUp: 0 };
    expect(await lackShown(source)).toEqual({ ...shown, error: jobs[0]?.error });
  });

  it('come once the token is right, and the contacts complete themselves', async () => {
    await setCredentials(source, { ...api.credentials });
    await runMinute();
    expect((await jobsOf(source)).map(({ error, done_at }) => [error, done_at !== null])).toEqual(
      api.cases.map(() => [null, true]),
    );
    expect(await lacking(source)).toBe(0);
    expect((await touchpointsOf(source)).filter(({ data }) => data.needs !== undefined)).toEqual([]);
    expect(await touchpointsOf(source)).toHaveLength(api.cases.length);
  });

  it.each(api.cases)('$name: the person is found by the address, with what they spent', async (one) => {
    const holders = await holdersOf(worker, `email:${one.email}`);
    expect(holders).toHaveLength(1);
    const [holder] = holders;
    if (one.displayName) expect(holder?.displayName).toBe(one.displayName);
    if (one.revenue) expect([holder?.stats.revenue, holder?.stats.orders]).toEqual([[one.revenue], 1]);
    const values = (await touchpointsOf(source)).map(({ value }) => value);
    if (one.value) expect(values).toContainEqual(one.value);
    const texts = (await touchpointsOf(source)).map(({ text }) => text);
    if (one.text) expect(texts).toContain(one.text);
  });

  it('are not asked for again when the webhook comes twice', async () => {
    const before = [await touchpointsOf(source), outside.asked.length];
    for (const { payload } of api.cases) expect((await send(kind, source, payload)).status).toBe(200);
    await runMinute();
    expect([await touchpointsOf(source), outside.asked.length]).toEqual(before);
  });

  it('that are gone leave the contact as it stands, and say so', async () => {
    expect((await send(kind, source, api.gone)).status).toBe(200);
    await runMinute();
    const given = (await jobsOf(source)).filter(({ dead_at }) => dead_at !== null);
    expect(given.map(({ error }) => error)).toEqual([expect.stringMatching(/does not exist/)]);
    expect([await lacking(source), (await touchpointsOf(source)).length]).toEqual([1, api.cases.length + 1]);
    expect(await lackShown(source)).toMatchObject({ canAsk: true, lacking: 1, waiting: 0, givenUp: 1 });
  });

  it('do not hold up the answer, and come by themselves after it', async () => {
    const other = await connected(kind, api.credentials);
    let release = () => {};
    outside.hold = new Promise((resolve) => {
      release = resolve;
    });
    const first = api.cases[0];
    expect((await send(kind, other, first?.payload)).status).toBe(200);
    expect(await lacking(other)).toBe(1);
    release();
    outside.hold = null;
    await runMinute();
    await expect.poll(() => lacking(other), { timeout: 20_000 }).toBe(0);
  });

  it('are not asked for a test event', async () => {
    const other = await connected(kind, api.credentials);
    const before = outside.asked.length;
    await callApi(worker, `/sources/${other.id}/test`, { method: 'POST' });
    await runMinute();
    expect([(await touchpointsOf(other)).length > 0, await lacking(other), await jobsOf(other)]).toEqual([true, 0, []]);
    expect(outside.asked.length).toBe(before);
  });
});

describe('a contact that came while an isolate had not heard of the token', () => {
  it('is found by the second look', async () => {
    const [kind, api] = Object.entries(STAND_INS)[0] ?? [];
    if (!kind || !api) throw new Error('there is no stand-in');
    const source = await connected(kind);
    await setCredentials(source, { ...api.credentials });
    await runMinute();
    // As if it had been stored without a job.
    await send(kind, source, api.cases[0]?.payload);
    await runMinute();
    await expect.poll(() => lacking(source), { timeout: 20_000 }).toBe(0);
    const { id } = (await sourceById({ db, clock: stillClock() }, source.id)) ?? {};
    await db.batch([
      db.prepare("DELETE FROM job WHERE source_id = ?1 AND kind = 'details'").bind(id ?? 0),
      db
        .prepare(
          `UPDATE touchpoint SET data = json_set(data, '$.incomplete', 'needs details', '$.needs', json('{"resource":"order","id":"250"}')) WHERE source_id = ?1`,
        )
        .bind(id ?? 0),
    ]);
    await runMinute();
    expect(await lacking(source)).toBe(1);
    await db.batch([db.prepare("UPDATE job SET run_at = 0 WHERE kind = 'details_backfill' AND done_at IS NULL")]);
    await runMinute();
    expect(await lacking(source)).toBe(0);
  });
});

describe('what is asked', () => {
  it('is understood by every API, and goes to nobody else', () => {
    expect(outside.complaints).toEqual([]);
    expect(new Set(outside.asked.map((asked) => asked.split(' ')[0]))).toEqual(new Set(Object.keys(STAND_INS)));
  });
});
