import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type JobHandlers, runJobs } from '../../worker/platform/jobs.ts';
import { addSource } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { signIn } from '../support/staff.ts';
import { callApi } from '../support/worker.ts';

/** Looking after jobs: by the API and on their page. */
const { worker, run, db } = await startWithSql();
afterAll(() => worker.dispose());

const ORIGIN = 'http://rapport.test';
const HOSTILE = '<script>alert(1)</script>';
const shop = await addSource(worker, 'shopify', { name: 'Harbour' });
const desk = await addSource(worker, 'standard_webhooks', { name: 'Desk' });
const sources = await db.prepare('SELECT id, public_id FROM source').all<{ id: number; public_id: string }>();
const idOf = ({ id }: { id: string }) => sources.results.find((row) => row.public_id === id)?.id ?? 0;

type Job = {
  id: string;
  title: string | null;
  state: string;
  isRunning: boolean;
  sourceId: string | null;
  attempts: number;
  error: string | null;
  runAt: string | null;
  endedAt: string | null;
};
type Jobs = { items: Job[]; nextCursor: string | null };
const list = (query: string) => callApi<Jobs>(worker, `/jobs?${query}`);
const retry = (path: string, body?: object) =>
  callApi<{ retried: number }>(worker, `/jobs/${path}`, { method: 'POST', ...(body && { body }) });

/** A job as it stands in the database; `over` is SQL of columns. */
const put = (key: string, source: { id: string } | null, over: Record<string, string | number | null> = {}) => {
  const row = {
    key,
    kind: 'details',
    payload: '{}',
    source_id: source && idOf(source),
    run_at: 1,
    created_at: 1,
    ...over,
  };
  const names = Object.keys(row);
  const values = Object.values(row);
  return run([
    { sql: `INSERT INTO job (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, values: [...values] },
  ]);
};
const LATER = Date.now() + 3_600_000;
const dead = (at = 5) => ({ dead_at: at, attempts: 12, error: `The shop is away. ${HOSTILE}`, run_at: LATER });

beforeEach(() => run([{ sql: 'DELETE FROM job', values: [] }]));

describe('the list of jobs', () => {
  it('has what was given up first, then what waits and what is done each for itself', async () => {
    await put('a', shop, dead());
    await put('b', desk, { run_at: LATER, attempts: 2, error: 'Not yet.' });
    await put('c', null, { kind: 'of-old', done_at: 7, error: 'Nothing is missing.' });
    expect((await list('')).items).toMatchObject([
      {
        title: 'Ask the sender for what its webhook left out',
        state: 'dead',
        sourceId: shop.id,
        attempts: 12,
        runAt: null,
        endedAt: '1970-01-01T00:00:00.005Z',
      },
    ]);
    expect((await list('state=pending')).items).toMatchObject([
      { sourceId: desk.id, isRunning: false, runAt: new Date(LATER).toISOString(), error: 'Not yet.' },
    ]);
    expect((await list('state=done')).items).toMatchObject([{ sourceId: null, title: null, state: 'done' }]);
    expect((await list(`state=pending&source=${shop.id}`)).items).toEqual([]);
    await expect(list('source=nobody')).rejects.toThrow('404');
  });

  it.each(['dead', 'pending', 'done'])('is walked to its end without gaps or repetitions: %s', async (state) => {
    const column = { dead: 'dead_at', done: 'done_at', pending: 'run_at' }[state] ?? '';
    for (let n = 0; n < 7; n++) await put(`${n}`, shop, { [column]: 100 + Math.floor(n / 3) });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list(`state=${state}&limit=2${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor);
    expect([seen.length, new Set(seen).size]).toEqual([7, 7]);
    await expect(list(`state=${state}&cursor=guess`)).rejects.toThrow('422');
  });

  it('says which one is being done, and no longer when its time is over', async () => {
    const now = Date.now();
    const clock = { now: () => now, uuid: () => crypto.randomUUID(), deliveryId: () => now * 2048 };
    let release = () => {};
    const handlers: JobHandlers = {
      details: () =>
        new Promise((resolve) => {
          release = () => resolve({ outcome: 'retry', error: 'Away.' });
        }),
    };
    await put('a', shop);
    const running = runJobs({ db, clock }, handlers);
    await expect.poll(async () => (await list('state=pending')).items[0]?.isRunning).toBe(true);
    release();
    await running;
    expect((await list('state=pending')).items).toMatchObject([{ isRunning: false, error: 'Away.', attempts: 1 }]);
  });
});

describe('a job that was given up', () => {
  it('is tried again from the start when a person says so, once', async () => {
    await put('a', shop, dead());
    const [job] = (await list('')).items;
    expect(await retry(`${job?.id}/retry`)).toEqual({ retried: 1 });
    await expect(retry(`${job?.id}/retry`)).rejects.toThrow('404');
    const [again] = (await list('state=pending')).items;
    expect(again).toMatchObject({ attempts: 0, state: 'pending' });
    expect(Date.parse(again?.runAt ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('is tried again with all of its source, of its kind, or all there are', async () => {
    const fill = async () => {
      await run([{ sql: 'DELETE FROM job', values: [] }]);
      await put('a', shop, dead());
      await put('b', shop, { ...dead(), kind: 'details_backfill' });
      await put('c', desk, dead());
      await put('d', shop, { done_at: 5 });
    };
    const counts: number[] = [];
    for (const which of [
      { source: shop.id },
      { kind: 'details' },
      { source: shop.id, kind: 'details' },
      {},
      undefined,
    ]) {
      await fill();
      counts.push((await retry('retry', which)).retried);
    }
    expect(counts).toEqual([2, 2, 1, 3, 3]);
    expect((await list('state=done')).items).toHaveLength(1);
    await expect(retry('retry', { source: 'nobody' })).rejects.toThrow('404');
  });
});

describe('the page', async () => {
  const staff = await signIn(worker);
  const ask = async (path: string, form?: Record<string, string>) => {
    const response = await staff.ask(path, form);
    return { status: response.status, location: response.headers.get('location'), text: await response.text() };
  };

  it('shows what could not be done, why, and for whom; the overview says so', async () => {
    expect((await ask('/')).text).not.toContain('could not be done');
    for (const key of ['a', 'b', 'c']) await put(key, shop, dead(Date.now()));
    const { text, status } = await ask('/jobs');
    expect(status).toBe(200);
    expect(text).toContain('The shop is away. &lt;script>');
    expect(text).toContain('tried 12 times');
    expect(text).toContain(`/sources/${shop.id}`);
    expect(text).toContain('Try all 3 again');
    expect((await ask('/')).text).toMatch(/3 things could not be done/);
    expect((await ask(`/jobs?source=${desk.id}`)).text).toContain('Nothing has been given up.');
    expect((await ask('/jobs?state=odd')).status).toBe(404);
  });

  it('has buttons for one and for all of them', async () => {
    for (const key of ['a', 'b', 'c']) await put(key, shop, dead());
    const [job] = (await list('')).items;
    expect((await ask(`/jobs/${job?.id}/retry`, {})).location).toBe('/jobs?done=retried');
    expect((await ask(`/jobs/${job?.id}/retry`, {})).location).toBe('/jobs?done=retry_gone');
    expect((await ask('/jobs/retry', { kind: 'details', source: shop.id })).location).toBe('/jobs?done=retried');
    expect((await ask('/jobs/retry', { kind: 'details', source: 'nobody' })).location).toBe('/jobs?done=retry_gone');
  });

  it('is for staff', async () => {
    const stranger = await worker.dispatchFetch(`${ORIGIN}/jobs`, {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    });
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fjobs']);
  });
});
