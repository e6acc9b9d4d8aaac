import { parseArgs } from 'node:util';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { systemClock } from '../../worker/platform/clock.ts';
import { append } from '../../worker/record/append.ts';
import { listEntries } from '../../worker/record/suggestions/entries.ts';
import { followLikeness } from '../../worker/record/suggestions/follow.ts';
import { listSuggestions } from '../../worker/record/suggestions/list.ts';
import { addSource } from '../support/shop.ts';
import { databaseOver, type Run, startWithSql } from '../support/sql.ts';
import { bundle } from '../support/worker.ts';
import { median } from './load.ts';

/**
 * Working out who somebody is among 10,000 customers and among many more: time and rows read, as ratios within one run. Each
 * customer has an address, a number, a name, a town and a house; of the town and the name a hundred others have the like.
 */
const { values } = parseArgs({
  options: { customers: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '100' } },
});
const FEW = 10_000;
const many = Number(values.customers);
const rounds = Number(values.rounds);
/** How much more the same work may cost among many. */
const MOST = 1.5;
const STEP = 10_000;

bundle('production');

const people = (source: number, low: number, high: number): string[] => {
  const numbers = `WITH RECURSIVE n (i) AS (SELECT ${low} UNION ALL SELECT i + 1 FROM n WHERE i < ${high - 1})`;
  const held = `${numbers} SELECT f.id, i FROM n CROSS JOIN fragment f ON f.source_id = ${source} AND f.key = 'customer:' || i`;
  return [
    `${numbers} INSERT INTO new_person (source_id, key, public_id, created_at) SELECT ${source}, 'customer:' || i, 'many-' || i, 0 FROM n`,
    `INSERT INTO identifier (kind, value, scope, fragment_id, assurance, may_link, first_at, last_at)
       SELECT k.column1, CASE k.column1 WHEN 'email' THEN 'many' || h.i || '@bench.example' ELSE h.i END, CASE k.column1 WHEN 'email' THEN 0 ELSE ${source} END,
         h.id, 2, 1, 0, 0 FROM (${held}) h, (VALUES ('customer'), ('email')) k`,
    `INSERT INTO match_key (kind, key, fragment_id, is_proven, value)
       SELECT k.column1, CASE k.column1 WHEN 'name_city' THEN 'anna lind' || (h.i / 100) || '|town' || (h.i % 100 / 10) ELSE 'many' || h.i || '@bench.example' END,
         h.id, 1, iif(k.column1 = 'name_city', NULL, 'many' || h.i || '@bench.example') FROM (${held}) h, (VALUES ('address'), ('email'), ('name_city')) k`,
    // Two of a house each, told by its likeness, of one name.
    `INSERT INTO postal_address (fragment_id, likeness, place, assurance, first_at, last_at)
       SELECT h.id, printf('%032x', h.i / 2), 'Town', 2, 0, 0 FROM (${held}) h`,
    `INSERT INTO match_key (kind, key, fragment_id, is_proven, value)
       SELECT k.column1, printf('%032x', h.i / 2) || iif(k.column1 = 'postal', '', '|an lnd'), h.id, 1, NULL
       FROM (${held}) h, (VALUES ('postal'), ('name_postal')) k`,
    'DELETE FROM person_work',
  ];
};

type Side = {
  readonly db: D1Database;
  readonly source: number;
  readonly second: number;
  readonly count: number;
  readonly read: () => number;
};

async function open(count: number): Promise<Side & { dispose: () => Promise<void> }> {
  const { worker, raw } = await startWithSql();
  let rows = 0;
  const run: Run = async (statements) => {
    const results = await raw(statements);
    rows += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
    return results;
  };
  const db = databaseOver(run);
  const idOf = async (name: string) => {
    const { key } = await addSource(worker, 'standard_webhooks', { name });
    return (await db.prepare('SELECT id FROM source WHERE key = ?1').bind(key).first<{ id: number }>())?.id ?? 0;
  };
  const [source, second] = [await idOf('first'), await idOf('second')];
  for (let low = 0; low < count; low += STEP)
    await raw(people(source, low, Math.min(low + STEP, count)).map((sql) => ({ sql, values: [] })));
  return { db, source, second, count, read: () => rows, dispose: () => worker.dispose() };
}

let turn = 0;
/** Somebody whom the second source knows by the address of a customer of the first: read, placed, joined, counted, named. */
const join = ({ db, second, count }: Side) => {
  const i = (++turn * 7919) % count;
  const asserted = (kind: string, value: string) => ({ kind, value, assurance: 'asserted' }) as const;
  const touchpoint: TouchpointInput = {
    messageId: `join-${turn}`,
    kind: 'ticket_created',
    channel: 'web',
    direction: 'in',
    initiator: 'customer',
    occurredAt: Date.UTC(2026, 0, 1) + turn,
    person: {
      key: `customer:desk-${turn}`,
      identifiers: [asserted('customer', `desk-${turn}`), asserted('email', `many${i}@bench.example`)],
      profile: { name: `Anna Lind${turn}`, city: `Town${turn % 10}` },
      addresses: [{ lines: [`Oak Road ${turn % 40}`], postalCode: 'N1 9GU', city: 'London', country: 'GB' }],
    },
  };
  return append(db, systemClock, { sourceId: second, touchpoints: [touchpoint] });
};

const deeds: Readonly<Record<string, (side: Side) => Promise<unknown>>> = {
  'resolve: a new fragment joins a customer': join,
  'likeness: keys and pairs of what came': ({ db }) => followLikeness(db),
  'the list of suggestions': ({ db }) => listSuggestions(db, { limit: 20 }),
  'the page of suggestions, in groups': ({ db }) => listEntries(db, { limit: 20 }),
};

const [few, lot] = [await open(FEW), await open(many)];
let isSlow = false;
for (const [name, deed] of Object.entries(deeds)) {
  const times: [number[], number[]] = [[], []];
  const rows = [0, 0];
  for (let round = 0; round < rounds; round++) {
    if (deed !== join) await Promise.all([few, lot].map(join));
    for (const [index, side] of [few, lot].entries()) {
      const [start, before] = [performance.now(), side.read()];
      await deed(side);
      times[index]?.push(performance.now() - start);
      rows[index] = (rows[index] ?? 0) + side.read() - before;
    }
  }
  const [a, b] = [median(times[0]), median(times[1])];
  const [ra = 0, rb = 0] = rows.map((read) => read / rounds);
  isSlow ||= rb / Math.max(1, ra) > MOST;
  console.log(
    `${name}: ${a.toFixed(1)} ms among ${FEW}, ${b.toFixed(1)} ms among ${many} (${(b / a).toFixed(2)} ×); rows read ${ra.toFixed(0)} and ${rb.toFixed(0)} (${(rb / Math.max(1, ra)).toFixed(2)} ×)`,
  );
}
await Promise.all([few.dispose(), lot.dispose()]);
if (isSlow) {
  console.error(`More than ${MOST} × the rows among many: a statement takes the wrong way.`);
  process.exitCode = 1;
}
