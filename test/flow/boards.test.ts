import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionKinds } from '../../schema/questions.gen.ts';
import { insights } from '../../worker/insights/answers.gen.ts';
import { lastMonths } from '../../worker/insights/spans.ts';
import { actions } from '../../worker/reactions/actions.gen.ts';
import { rules } from '../../worker/reactions/rules.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** One contract a plug board: whatever stands on it keeps these rules. */
const worker = startWorker();
const database = async () => (await worker.getD1Database('DB')) as unknown as D1Database;
const MONTHS = lastMonths(Date.UTC(2026, 5, 15), 6);

beforeAll(async () => {
  await worker.ready;
  // A touchpoint to stand on.
  const source = await callApi<{ id: string }>(worker, '/sources', {
    method: 'POST',
    body: { kind: 'site', name: 'Site' },
  });
  await callApi(worker, `/sources/${source.id}/test`, { method: 'POST' });
});
afterAll(() => worker.dispose());

describe.each(insights.map((insight) => [insight.id, insight] as const))('the insight %s', (_id, insight) => {
  it('says which question it answers', () => {
    expect(insight.id).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(insight.title.length).toBeGreaterThan(2);
    expect(insight.question).toMatch(/\?$/);
  });

  it('answers in one point a span and one for the whole, each with its n', async () => {
    const answered = await insight.answer(await database(), MONTHS);
    for (const { points, total } of answered.series) {
      expect(points.map(({ from, to }) => ({ from, to }))).toEqual(MONTHS);
      expect(total).toMatchObject({ from: MONTHS[0]?.from, to: MONTHS.at(-1)?.to });
      for (const point of [...points, total]) {
        expect(Number.isInteger(point.n)).toBe(true);
        if (point.low !== null && point.high !== null && point.estimate !== null) {
          expect(point.low).toBeLessThanOrEqual(point.estimate);
          expect(point.high).toBeGreaterThanOrEqual(point.estimate);
        }
      }
    }
  });

  it('is answered by the API under its id', async () => {
    const answered = await callApi<{ id: string; unit: string }>(worker, `/insights/${insight.id}`);
    expect(answered.id).toBe(insight.id);
  });
});

describe.each(actions.map((action) => [action.id, action] as const))('the action %s', (_id, action) => {
  it('happens once, however often the log is read', async () => {
    const db = await database();
    const touchpoint = await db
      .prepare('SELECT seq, fragment_id FROM touchpoint LIMIT 1')
      .first<{ seq: number; fragment_id: number }>();
    // Somebody looks after the customer, so that whoever is told of them is told.
    await db.batch([
      db.prepare(
        "INSERT INTO staff_member (public_id, name, is_active) VALUES ('member-of-boards', 'Board', 1) ON CONFLICT DO NOTHING",
      ),
      db.prepare("UPDATE customer SET owner = 'member-of-boards'"),
    ]);
    const cause = { seq: touchpoint?.seq ?? 0, fragmentId: touchpoint?.fragment_id ?? 0, rule: 'unhappy_answer' };
    const countAll = async () => {
      const { results } = await db
        .prepare(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%' AND name NOT LIKE '\\_%' ESCAPE '\\'",
        )
        .all<{ name: string }>();
      const counts = await db.batch<{ n: number }>(
        results.map(({ name }) => db.prepare(`SELECT count(*) AS n FROM "${name}"`)),
      );
      return counts.map((count) => count.results[0]?.n ?? 0).reduce((sum, n) => sum + n, 0);
    };
    const before = await countAll();
    await db.batch([...action.write(db, [cause], 1000)]);
    const once = await countAll();
    expect(once).toBeGreaterThan(before);
    await db.batch([...action.write(db, [cause], 2000)]);
    expect(await countAll()).toBe(once);
  });
});

const ANSWERED = {
  kind: 'survey_answered',
  reason: null,
  purpose: null,
  isInward: true,
  isHistory: false,
  amount: null,
  usual: null,
  silence: null,
};

describe('the rules', () => {
  it('name actions that are on the board', () => {
    expect(rules.filter((rule) => !rule.actions.every((id) => actions.some((action) => action.id === id)))).toEqual([]);
  });

  it('ask for attention at the unhappiest score of every scored question', () => {
    const unhappy = rules.find((rule) => rule.id === 'unhappy_answer');
    for (const { kind, scale } of questionKinds) {
      if (!scale) continue;
      expect(
        unhappy?.matches({
          ...ANSWERED,
          answers: [{ kind, score: scale.min }],
        }),
        kind,
      ).toBe(true);
      expect(
        unhappy?.matches({
          ...ANSWERED,
          answers: [{ kind, score: scale.max }],
        }),
        kind,
      ).toBe(false);
    }
  });
});
