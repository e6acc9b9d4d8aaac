import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import type { Miniflare } from 'miniflare';
import { countPopulation, countStatement } from '../../worker/record/segments/count.ts';
import { segmentWords } from '../../worker/record/segments/fields.ts';
import { parseRule } from '../../worker/record/segments/language.ts';
import type { Population } from '../../worker/record/segments/population.ts';
import { addSource } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { bundle } from '../support/worker.ts';
import { fill } from './fill.ts';
import { cpuOf, median, workerds } from './load.ts';

/**
 * What counting a segment costs a matched customer, where little is stored and where much is: flat, if each is found by itself. The
 * processor time of workerd over batches of the same statement, as many as make the work of both sides alike.
 */
const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rows: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
  strict: false,
});
const SMALL = 10_000;
const large = Number(values.rows ?? (values.full ? 1_000_000 : 100_000));
const rounds = Number(values.rounds);
const GOAL = 1.5;

const RULES = [
  'orders > 2 and nps <= 6 and last touchpoint before 90 days',
  'orders > 2 and last touchpoint before 90 days',
  'revenue > 100 EUR and has email',
  'used "shop" and last order before 90 days',
  'overdue > 1 or open attention',
  'name contains "mara" and country unknown',
] as const;

type Side = { readonly worker: Miniflare; readonly db: D1Database; readonly rows: number; readonly pid: number };

/** Every second filled customer has answered the recommendation question, one as often with each score. */
const ANSWERS = `INSERT INTO answer (kind, occurred_at, seq, question, fragment_id, score)
  SELECT 'nps', t.occurred_at, t.seq, 'nps', t.fragment_id, t.fragment_id % 11 FROM touchpoint t
  WHERE t.seq IN (SELECT min(x.seq) FROM touchpoint x GROUP BY x.fragment_id) AND t.fragment_id % 2 = 0`;

async function open(folder: string, name: string, rows: number): Promise<Side> {
  const before = workerds();
  const { worker, run, db } = await startWithSql({ persist: `${folder}/${name}`, queue: false });
  const pid = workerds().find((one) => !before.includes(one)) ?? 0;
  const shop = await addSource(worker, 'shopify', { secret: SIGNERS.shopify?.secretOf('bench') ?? '' });
  const row = await db.prepare('SELECT id FROM source WHERE key = ?1').bind(shop.key).first<{ id: number }>();
  await fill(run, row?.id ?? 0, 0, rows);
  await run([{ sql: ANSWERS, values: [] }]);
  return { worker, db, rows, pid };
}

function populationOf(text: string): Population {
  const parsed = parseRule(text, segmentWords);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.errors[0].message}`);
  return { rule: parsed.rule, now: Date.UTC(2026, 5, 1) };
}

/** The processor's clock ticks every 10 ms: a batch takes many of them. */
const BATCH_MS = 400;

/** How many counts make up a batch at the small side. */
async function batchOf({ db }: Side, population: Population): Promise<number> {
  const from = performance.now();
  await db.batch(Array.from({ length: 10 }, () => countStatement(db, population, true)));
  return Math.round(Math.min(1500, Math.max(20, BATCH_MS / ((performance.now() - from) / 10))));
}

/** Processor time and time on the clock of one count, µs; the sides take turns. */
async function measure(sides: readonly Side[], population: Population) {
  const costs = sides.map(() => ({ cpu: [] as number[], clock: [] as number[] }));
  const batch = sides[0] ? await batchOf(sides[0], population) : 0;
  for (let round = 0; round < rounds; round++)
    for (const [index, { db, pid, rows }] of sides.entries()) {
      const times = Math.max(2, Math.round((batch * SMALL) / rows));
      const [cpu, from] = [cpuOf(pid), performance.now()];
      await db.batch(Array.from({ length: times }, () => countStatement(db, population, true)));
      costs[index]?.cpu.push((cpuOf(pid) - cpu) / times);
      costs[index]?.clock.push(((performance.now() - from) * 1000) / times);
    }
  return Promise.all(
    sides.map(async ({ db }, index) => {
      const { count } = await countPopulation(db, population);
      const { cpu = [], clock = [] } = costs[index] ?? {};
      return { count, clock: median(clock), micros: median(cpu) / Math.max(count, 1) };
    }),
  );
}

bundle('production');
const folder = mkdtempSync(`${tmpdir()}/rapport-segments-`);
const sides: Side[] = [];
try {
  sides.push(await open(folder, 'small', SMALL), await open(folder, 'large', large));
  console.log(`\ncounting a segment at ${SMALL} and at ${large} touchpoints, medians of ${rounds} by turns`);
  for (const text of RULES) {
    const [few, many] = await measure(sides, populationOf(text));
    if (!few || !many) continue;
    const ratio = many.micros / few.micros;
    const figures = [few, many].map(
      ({ count, clock, micros }) => `${count} in ${(clock / 1000).toFixed(1)} ms, ${micros.toFixed(2)} µs CPU each`,
    );
    console.log(
      `${ratio <= GOAL ? '✓' : '✗'} ${text}\n    ${figures.join(' | ')} | ${ratio.toFixed(2)}, goal ≤ ${GOAL}`,
    );
  }
} finally {
  await Promise.all(sides.map(({ worker }) => worker.dispose()));
  rmSync(folder, { recursive: true, force: true });
}
