import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  backoffMs,
  insertJobs,
  type JobHandlers,
  LEASE_MS,
  MAX_ATTEMPTS,
  renewJobs,
  runJobs,
} from '../../worker/platform/jobs.ts';
import { startWithSql } from '../support/sql.ts';

/** Durable jobs against the real database, with a clock that the test moves. */
const { worker, db } = await startWithSql();
let now = Date.UTC(2026, 4, 1);
const clock = { now: () => now, uuid: () => crypto.randomUUID(), deliveryId: () => now * 2048 };
const runtime = () => ({ db, clock });

afterAll(() => worker.dispose());
beforeEach(() => db.batch([db.prepare('DELETE FROM job')]));

type Row = { done_at: number | null; dead_at: number | null; attempts: number; error: string | null; run_at: number };
const put = (...keys: string[]) =>
  insertJobs(
    db,
    keys.map((key) => ({ key, kind: 'work', payload: { key } })),
    now,
  ).run();
const row = (key: string) => db.prepare('SELECT * FROM job WHERE key = ?1').bind(key).first<Row>();

/** Handlers that note what they did, and end as told. */
function recorder(end: () => Awaited<ReturnType<JobHandlers[string]>> = () => ({ outcome: 'done' })) {
  const seen: string[] = [];
  const handlers: JobHandlers = {
    work: async (_runtime, job) => {
      seen.push(job.key);
      return end();
    },
  };
  return { seen, handlers };
}

describe('a job', () => {
  it('happens once for its key, however often it is put down', async () => {
    const { seen, handlers } = recorder();
    await put('a', 'a', 'b');
    await put('a');
    await Promise.all([runJobs(runtime(), handlers), runJobs(runtime(), handlers)]);
    await put('a');
    await runJobs(runtime(), handlers);
    expect(seen.sort()).toEqual(['a', 'b']);
  });

  it('is tried again with growing pauses, then waits among the dead letters', async () => {
    const { seen, handlers } = recorder(() => ({ outcome: 'retry', error: 'away' }));
    await put('a');
    const pauses: number[] = [];
    while ((await row('a'))?.dead_at === null) {
      await runJobs(runtime(), handlers);
      const next = (await row('a'))?.run_at ?? 0;
      pauses.push(next - now);
      now = Math.max(now, next);
    }
    expect(seen).toHaveLength(MAX_ATTEMPTS);
    expect(pauses[0]).toBeLessThan(20_000);
    expect(pauses.slice(1, 8).every((pause, i) => pause > (pauses[i] ?? 0))).toBe(true);
    expect(await row('a')).toMatchObject({ error: 'away', attempts: MAX_ATTEMPTS });
    expect(await runJobs(runtime(), handlers)).toBe(0);
  });

  it('waits as long as the other side asks', async () => {
    const { handlers } = recorder(() => ({ outcome: 'retry', error: 'slow down', afterMs: 3_600_000 }));
    await put('a');
    await runJobs(runtime(), handlers);
    expect((await row('a'))?.run_at).toBe(now + 3_600_000);
  });

  it('whose attempt never ended is taken up after its lease', async () => {
    const { seen, handlers } = recorder();
    const never: JobHandlers = { work: () => new Promise(() => {}) };
    await put('a');
    void runJobs(runtime(), never);
    await expect.poll(async () => (await row('a'))?.attempts).toBe(1);
    expect(await runJobs(runtime(), handlers)).toBe(0);
    now += LEASE_MS;
    expect(await runJobs(runtime(), handlers)).toBe(1);
    expect([seen, (await row('a'))?.done_at]).toEqual([['a'], now]);
  });

  it.each([
    ['is under way', false],
    ['is done', true],
  ])('whose attempt comes back when a later one %s leaves nothing of the earlier one', async (_title, isDone) => {
    const ends: (() => void)[] = [];
    const handlers: JobHandlers = {
      work: async ({ clock }, { attempts }) => {
        if (!isDone || attempts === 1) await new Promise<void>((resolve) => ends.push(resolve));
        const effects = [db.prepare('INSERT INTO log_cursor (name, seq) VALUES (?1, 1)').bind(`attempt-${attempts}`)];
        const next = [{ key: `after-${attempts}`, kind: 'rest', payload: {}, runAt: clock.now() + LEASE_MS }];
        return { outcome: 'done', effects, next, note: `${attempts}` };
      },
    };
    await put('a');
    const first = runJobs(runtime(), handlers, 1);
    await expect.poll(() => ends.length).toBe(1);
    now += LEASE_MS;
    const second = runJobs(runtime(), handlers, 1);
    if (isDone) await second;
    else await expect.poll(() => ends.length).toBe(2);
    ends[0]?.();
    await first;
    expect((await row('a'))?.done_at).toBe(isDone ? now : null);
    ends[1]?.();
    await second;
    const left = await db
      .prepare("SELECT name FROM log_cursor WHERE name LIKE 'attempt-%' UNION SELECT key FROM job ORDER BY 1")
      .all<{ name: string }>();
    expect(left.results.map(({ name }) => name)).toEqual(['a', 'after-2', 'attempt-2']);
    expect(await row('a')).toMatchObject({ done_at: now, error: '2', attempts: 2 });
    await db.prepare("DELETE FROM log_cursor WHERE name LIKE 'attempt-%'").run();
  });

  it('leaves its effects and its mark together, or neither', async () => {
    const effect = db.prepare("INSERT INTO log_cursor (name, seq) VALUES ('jobs-test', 1)");
    const handlers: JobHandlers = { work: async () => ({ outcome: 'done', effects: [effect] }) };
    await put('a');
    await runJobs(runtime(), handlers);
    // A second one with the same effect breaks a unique key: it must not be marked as done.
    await put('b');
    await runJobs(runtime(), handlers);
    expect([(await row('a'))?.done_at, (await row('b'))?.done_at]).toEqual([now, null]);
    await db.prepare("DELETE FROM log_cursor WHERE name = 'jobs-test'").run();
  });

  it('that is put down anew is due again, whether it waits, was given up or was done', async () => {
    const ends: Record<string, Awaited<ReturnType<JobHandlers[string]>>> = {
      waiting: { outcome: 'retry', error: 'later' },
      dead: { outcome: 'dead', error: 'never' },
      done: { outcome: 'done' },
    };
    const handlers: JobHandlers = { work: async (_runtime, job) => ends[job.key] ?? { outcome: 'done' } };
    await put('waiting', 'dead', 'done');
    await runJobs(runtime(), handlers);
    const { seen, handlers: recorded } = recorder();
    const jobs = ['waiting', 'dead', 'done', 'new'].map((key) => ({ key, kind: 'work', payload: {} }));
    await renewJobs(db, jobs, now).run();
    expect(await row('dead')).toMatchObject({ dead_at: null, error: null, attempts: 0 });
    await runJobs(runtime(), recorded);
    expect(seen.sort()).toEqual(['dead', 'done', 'new', 'waiting']);
    expect([(await row('waiting'))?.attempts, (await row('dead'))?.attempts]).toEqual([2, 1]);
  });

  it('that surprises us is tried again, and says which log line to quote', async () => {
    const handlers: JobHandlers = { work: () => Promise.reject(new Error('a secret detail')) };
    await put('a');
    await runJobs(runtime(), handlers);
    const { error, dead_at } = (await row('a')) ?? {};
    expect([dead_at, error]).toEqual([null, expect.stringMatching(/logged as [0-9a-f-]{36}/)]);
  });

  it('of a kind nobody does is a dead letter at once', async () => {
    await put('a');
    await runJobs(runtime(), {});
    expect((await row('a'))?.dead_at).toBe(now);
  });
});

describe('the pause after an attempt', () => {
  it('starts at a quarter of a minute, doubles, and never passes six hours and a tenth', () => {
    expect([1, 2, 3, 11, 12].map((attempts) => backoffMs(attempts, 0.5))).toEqual([
      15_000, 30_000, 60_000, 15_360_000, 21_600_000,
    ]);
    expect(backoffMs(40, 1)).toBe(23_760_000);
  });

  it('adds up to about a day before a job is given up, as the page of the jobs says', () => {
    const pauses = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => backoffMs(index + 1, 0.5));
    const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(28);
  });
});
