import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { deliveryIdAt } from '../../worker/platform/clock.ts';
import { insertUnknownKey, OUTCOMES, UNKNOWN_PER_HOUR } from '../../worker/record/deliveries.ts';
import { PRUNE_STEP, pruneDeliveries } from '../../worker/record/retention.ts';
import { addSource } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';

/** What the log of deliveries keeps, and for how long. */
const { worker, run, db } = await startWithSql();
afterAll(() => worker.dispose());
await addSource(worker, 'site');

const DAY = 24 * 3600 * 1000;
const NOW = Date.UTC(2026, 5, 1);
const sql = (text: string) => run([{ sql: text, values: [] }]);
beforeEach(async () => {
  await sql('DELETE FROM delivery');
  await sql("DELETE FROM log_cursor WHERE name <> 'reactions'");
  await sql('UPDATE source SET body_days = NULL');
});

const ALL: readonly string[] = OUTCOMES;

/** Rows of every outcome, so many days old. */
const write = (days: number) =>
  sql(`INSERT INTO delivery (id, source_id, outcome, body)
    SELECT ${deliveryIdAt(NOW - days * DAY)} + key, 1, value, 'b' FROM json_each('${JSON.stringify(ALL)}')`);
const kept = async (days: number) =>
  (
    await db
      .prepare('SELECT outcome, body FROM delivery WHERE id BETWEEN ?1 AND ?2 ORDER BY id')
      .bind(deliveryIdAt(NOW - days * DAY), deliveryIdAt(NOW - days * DAY) + 10)
      .all<{ outcome: string; body: string | null }>()
  ).results.map(({ outcome, body }) => (body === null ? `${outcome}, no body` : outcome));

describe('the log of deliveries', () => {
  it('lets go of what is past its time, though nothing ran for months', async () => {
    for (const days of [1, 8, 31, 40, 300]) await write(days);
    await pruneDeliveries(db, NOW);
    expect(await kept(1)).toEqual(ALL);
    expect(await kept(8)).toEqual(ALL.filter((outcome) => outcome !== 'refused'));
    for (const days of [31, 40, 300]) expect(await kept(days), `${days} days`).toEqual(['accepted, no body', 'held']);
    await pruneDeliveries(db, NOW + 10 * DAY);
    expect(await kept(1)).toEqual(ALL.filter((outcome) => outcome !== 'refused'));
  });

  it.each([
    [0, 1, ALL.map((outcome) => (['malformed', 'held', 'dead'].includes(outcome) ? outcome : `${outcome}, no body`))],
    [0, 8, ['accepted, no body', 'held']],
    [3, 2, ALL],
    [3, 4, ALL.map((outcome) => (['malformed', 'held', 'dead'].includes(outcome) ? outcome : `${outcome}, no body`))],
    [90, 60, ALL.filter((outcome) => outcome !== 'refused')],
    [90, 91, ['accepted, no body', 'held']],
  ])('of a source that keeps bodies for %i days, after %i', async (bodyDays, days, wanted) => {
    await sql(`UPDATE source SET body_days = ${bodyDays}`);
    await write(days);
    await pruneDeliveries(db, NOW);
    expect(await kept(days)).toEqual(wanted);
  });

  it('goes on from where an older version had come, without reading it all again', async () => {
    await write(40);
    await sql(`INSERT INTO log_cursor (name, seq) VALUES ('bodies', ${deliveryIdAt(NOW - 35 * DAY)})`);
    await pruneDeliveries(db, NOW);
    expect(await kept(40)).toEqual(ALL.filter((outcome) => outcome !== 'refused'));
  });

  it('goes through no more rows at a time than one run can bear', async () => {
    const first = deliveryIdAt(NOW - 50 * DAY);
    await sql(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= ${PRUNE_STEP})
      INSERT INTO delivery (id, source_id, outcome, body) SELECT ${first} + i, 1, 'accepted', 'b' FROM n`);
    const left = () => db.prepare('SELECT count(*) AS n FROM delivery WHERE body IS NOT NULL').first();
    await pruneDeliveries(db, NOW);
    expect(await left()).toEqual({ n: 1 });
    await pruneDeliveries(db, NOW);
    expect(await left()).toEqual({ n: 0 });
  });

  it('reads nothing of what it has been through', async () => {
    for (const days of [1, 8, 31]) await write(days);
    await pruneDeliveries(db, NOW);
    await sql('UPDATE delivery SET body = 1');
    await pruneDeliveries(db, NOW);
    expect(await kept(31)).toEqual(['accepted', 'held']);
  });

  it('notes only so many knocks an hour at addresses that lead nowhere', async () => {
    const knock = (at: number, index: number) => insertUnknownKey(db, deliveryIdAt(at) + index);
    await db.batch(Array.from({ length: UNKNOWN_PER_HOUR + 20 }, (_, index) => knock(NOW, index)));
    const count = () => db.prepare('SELECT count(*) AS n FROM delivery WHERE source_id IS NULL').first();
    expect(await count()).toEqual({ n: UNKNOWN_PER_HOUR });
    await knock(NOW + DAY, 0).run();
    expect(await count()).toEqual({ n: UNKNOWN_PER_HOUR + 1 });
    const plan = await db
      .prepare('EXPLAIN QUERY PLAN SELECT 1 FROM delivery WHERE source_id IS NULL AND id > 5 LIMIT 100')
      .all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail).join()).toContain('delivery_by_source (source_id=? AND id>?)');
  });
});
