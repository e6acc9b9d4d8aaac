import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import type { Miniflare } from 'miniflare';
import { systemClock } from '../../worker/platform/clock.ts';
import { readCustomer } from '../../worker/record/customer.ts';
import { clientOf } from '../support/http.ts';
import { type QueueOptions, settled } from '../support/queue.ts';
import { addSource, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { SIGNERS, signStandardWebhooks } from '../support/sign.ts';
import { databaseOver, type Run, startWithSql } from '../support/sql.ts';
import { asAdmin, bundle, startScript } from '../support/worker.ts';
import { BARE } from './bare.ts';
import { fill, nameOf } from './fill.ts';
import { importRate } from './imports.ts';
import { alternate, CONNECTIONS, type Cost, median, type Side, workerds } from './load.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rows: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '1500' },
    port: { type: 'string', default: '8834' },
  },
});
const SMALL = 10_000;
const large = Number(values.rows ?? (values.full ? 1_000_000 : 100_000));
const rounds = Number(values.rounds);
const ms = Number(values.ms);
const port = Number(values.port);
const BATCH = 100;
/** As many touchpoints as one batch takes. */
const MOST = 500;

bundle('production');
const folder = mkdtempSync(`${tmpdir()}/rapport-bench-`);

/** Ours, filled so far, with a shop and a desk that send to it. */
type Ours = {
  readonly worker: Miniflare;
  readonly run: Run;
  readonly port: number;
  readonly pid: number;
  readonly shop: Source;
  readonly desk: Source;
};

/** The workerd that a start has brought. */
async function started<T>(start: () => Promise<T>): Promise<{ made: T; pid: number }> {
  const before = workerds();
  const made = await start();
  return { made, pid: workerds().find((pid) => !before.includes(pid)) ?? 0 };
}

async function open(name: string, at: number, rows: number, queue: QueueOptions | false = false): Promise<Ours> {
  const { made, pid } = await started(() => startWithSql({ persist: `${folder}/${name}`, port: at, queue }));
  const { worker, run, db } = made;
  const shop = await addSource(worker, 'shopify', { secret: SIGNERS.shopify?.secretOf('bench') ?? '' });
  const desk = await addSource(worker, 'standard_webhooks', {
    secret: SIGNERS.standard_webhooks?.secretOf('bench') ?? '',
  });
  const row = await db.prepare('SELECT id FROM source WHERE key = ?1').bind(shop.key).first<{ id: number }>();
  const from = performance.now();
  await fill(run, row?.id ?? 0, 0, rows);
  const counted = await db
    .prepare('SELECT count(*) AS n, count(DISTINCT fragment_id) AS people FROM touchpoint')
    .first();
  console.log(`filled in ${((performance.now() - from) / 1000).toFixed(0)} s: ${JSON.stringify(counted)}`);
  await introduce({ port: at, pid, desk });
  return { worker, run, port: at, pid, shop, desk };
}

let turn = 0;
const at = (step: number): string => new Date(Date.UTC(2026, 0, 1) + step * 1000).toISOString();

/** One verified webhook of a customer that is known: an order of one of the filled customers. */
const oneOrder = (ours: Ours, customers: number, name: string): Side => ({
  name,
  port: ours.port,
  pid: ours.pid,
  rows: 1,
  next: () => {
    const step = ++turn;
    const customer = (step * 7919) % customers;
    const body = orderBody({
      id: 50_000_000 + step,
      customer,
      email: `filled${customer}@bench.example`,
      name: nameOf(customer),
      createdAt: at(step),
    });
    const { headers } = shopifyDelivery(ours.shop.secret, 'orders/create', `bench-${step}`, body);
    return { path: `/in/${ours.shop.key}`, headers, body };
  },
});

/** People the desk knows: a hundred events in one request are of a hundred of them. */
const KNOWN = 1000;

/** One event, or many in one request, of people that are known. */
const events = (ours: Pick<Ours, 'port' | 'pid' | 'desk'>, count: number, name: string): Side => ({
  name,
  port: ours.port,
  pid: ours.pid,
  rows: count,
  next: () => {
    const step = ++turn;
    const one = (index: number) => ({
      type: 'ticket.created',
      timestamp: at(step),
      data: {
        id: `t${step}-${index}`,
        customer_id: `desk${(step * BATCH + index) % KNOWN}`,
        text: 'Where is my parcel? It should have been here on Monday.',
      },
    });
    const list = Array.from({ length: count }, (_, index) => one(index));
    const body = JSON.stringify(count === 1 ? list[0] : { events: list });
    const { headers } = signStandardWebhooks(body, {
      secret: ours.desk.secret,
      now: systemClock.now(),
      id: `b${step}`,
    });
    return { path: `/in/${ours.desk.key}`, headers: { ...headers, 'content-type': 'application/json' }, body };
  },
});

/** Lets the desk meet everybody once, so that from then on all are known. */
async function introduce(ours: Pick<Ours, 'port' | 'pid' | 'desk'>): Promise<void> {
  const { post, close } = clientOf(ours.port, 1);
  const everybody = events(ours, BATCH, 'introduction');
  for (let met = 0; met < KNOWN; met += BATCH) {
    const { path, headers, body } = everybody.next();
    await post(path, headers, body);
  }
  close();
}

const bareSide = (path: string, name: string): Side => ({
  name,
  port,
  pid: barePid,
  rows: 1,
  next: () => ({ path, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(600) }),
});

/** Median time of something asked one after the other, ms. */
async function timed(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    await work(index);
    times.push(performance.now() - started);
  }
  return median(times);
}

type Line = readonly [what: string, figure: string, goal: string, isMet: boolean | null];
const lines: Line[] = [];
/** One-row inserts a second of the bare worker. */
let insertRate = Number.NaN;
const ratio = (what: string, value: number, goal: string, isMet: boolean | null) =>
  lines.push([what, value.toFixed(2), goal, isMet]);

const { made: bareWorker, pid: barePid } = await started(async () => {
  const worker = startScript(BARE, { persist: `${folder}/bare`, port });
  await worker.ready;
  await worker.dispatchFetch('http://bare.test/prepare');
  return worker;
});

const NOTHING: Cost = { perSecond: Number.NaN, cpuMicros: Number.NaN };

function show(costs: ReadonlyMap<string, Cost>): (name: string) => Cost {
  console.log(`\n${CONNECTIONS} connections, medians of ${rounds} alternating rounds of ${ms} ms`);
  for (const [name, { perSecond, cpuMicros }] of costs)
    console.log(
      `  ${name.padEnd(14)} ${perSecond.toFixed(0).padStart(6)} requests/s ${cpuMicros.toFixed(0).padStart(7)} µs CPU each`,
    );
  return (name) => costs.get(name) ?? NOTHING;
}

/** The same webhook by the queue: measured until the last of them is stored. */
async function compareQueue(direct: Ours, customers: number): Promise<void> {
  // A tenth of the second that it waits for more in production, since a round is short.
  const queued = await open('queued', port + 3, SMALL, { batchTimeout: 0.1 });
  try {
    const cost = show(
      await alternate(
        [
          oneOrder(direct, customers, 'direct'),
          { ...oneOrder(queued, customers, 'by the queue'), settle: () => settled(queued.worker) },
        ],
        rounds,
        ms,
      ),
    );
    const [own, other] = [cost('by the queue'), cost('direct')];
    ratio('one webhook by the queue, until it is stored ÷ direct, rate', own.perSecond / other.perSecond, '', null);
    ratio('the same, CPU time', own.cpuMicros / other.cpuMicros, '', null);
  } finally {
    await queued.worker.dispose();
  }
}

const small = await open('small', port + 1, SMALL);
try {
  const customers = SMALL / 10;
  const cost = show(
    await alternate(
      [
        bareSide('/constant', 'constant'),
        bareSide('/insert', 'insert'),
        oneOrder(small, customers, 'webhook'),
        events(small, 1, 'event'),
        events(small, BATCH, 'events'),
        events(small, MOST, 'most events'),
      ],
      rounds,
      ms,
    ),
  );
  const [constant, insert, webhook] = ['constant', 'insert', 'webhook'].map(cost) as [Cost, Cost, Cost];
  ratio(
    'one verified webhook ÷ bare worker that answers a constant, rate',
    webhook.perSecond / constant.perSecond,
    '',
    null,
  );
  insertRate = insert.perSecond;
  const toInsert = webhook.perSecond / insert.perSecond;
  ratio('one verified webhook ÷ bare one-row insert, rate', toInsert, '≥ 0.6', toInsert >= 0.6);
  ratio('the same by CPU time', insert.cpuMicros / webhook.cpuMicros, '', null);
  const bulk = (cost('events').perSecond * BATCH) / cost('event').perSecond;
  ratio(`rows a second, ${BATCH} in one request ÷ one at a time`, bulk, '≥ 12', bulk >= 12);

  const most = (cost('most events').perSecond * MOST) / cost('event').perSecond;
  ratio(`rows a second, ${MOST} in one request ÷ one at a time`, most, '', null);
  await compareQueue(small, customers);

  const big = await open('large', port + 2, large);
  try {
    const many = large / 10;
    const grown = show(
      await alternate(
        [
          oneOrder(small, customers, 'webhook small'),
          oneOrder(big, many, 'webhook large'),
          events(small, BATCH, 'events small'),
          events(big, BATCH, 'events large'),
          events(small, MOST, 'most small'),
          events(big, MOST, 'most large'),
        ],
        rounds,
        ms,
      ),
    );
    const growth = (name: string) => grown(`${name} large`).cpuMicros / grown(`${name} small`).cpuMicros;
    ratio(
      `CPU of one webhook at ${large} touchpoints ÷ at ${SMALL}`,
      growth('webhook'),
      '≤ 1.5',
      growth('webhook') <= 1.5,
    );
    ratio(
      `CPU of ${BATCH} at once at ${large} touchpoints ÷ at ${SMALL}`,
      growth('events'),
      '≤ 2',
      growth('events') <= 2,
    );
    ratio(`CPU of ${MOST} at once at ${large} touchpoints ÷ at ${SMALL}`, growth('most'), '≤ 2', growth('most') <= 2);
    await imports(big);
    await reads(big, many);
  } finally {
    await big.worker.dispose();
  }
} finally {
  await Promise.all([bareWorker.dispose(), small.worker.dispose()]);
  rmSync(folder, { recursive: true, force: true });
}

/** A file, 500 rows a request: against one-row inserts, and against itself where little is stored. Rounds take turns. */
async function imports(big: Ours): Promise<void> {
  const rates = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round < 3; round++) {
    rates.small.push(await importRate(small.port, 8));
    rates.large.push(await importRate(big.port, 8));
  }
  const [few, many] = [median(rates.small), median(rates.large)];
  console.log(`\nimport, rows a second: ${few.toFixed(0)} at ${SMALL} touchpoints, ${many.toFixed(0)} at ${large}`);
  ratio('rows a second of an import ÷ bare one-row inserts a second', few / insertRate, '', null);
  ratio(`rows a second of an import at ${SMALL} touchpoints ÷ at ${large}`, few / many, '≤ 2', few / many <= 2);
}

/** A customer's page, the list and the search, asked through the API. */
async function reads(ours: Ours, customers: number): Promise<void> {
  let trips = 0;
  const counted = databaseOver(async (statements) => {
    trips++;
    return ours.run(statements);
  });
  await readCustomer(counted, 'filled-7', { limit: 50, offset: 0 });
  ratio('round trips to the database of a customer page (record + 50 touchpoints)', trips, '= 1', trips === 1);

  const get = async (address: string) => (await fetch(`http://127.0.0.1:${address}`, { headers: asAdmin })).text();
  const api = (path: string) => get(`${ours.port}/api/v1${path}`);
  const select = await timed(200, () => get(`${port}/select`));
  const page = await timed(200, (index) => api(`/customers/filled-${(index * 7919) % customers}`));
  ratio('a customer by the API ÷ SELECT 1, time', page / select, '', null);
  const asked: [what: string, path: (index: number) => string][] = [
    ['list of 50 customers', () => '/customers'],
    [
      'search, part of a name',
      (index) => `/customers?q=${encodeURIComponent(['Мар', 'Петя', 'ara', 'Omar'][index % 4] ?? '')}`,
    ],
    ['search, six digits of a name', (index) => `/customers?q=${String((index * 7919) % 999_983).padStart(6, '0')}`],
    ['search, two characters', () => '/customers?q=%D0%9D%D0%B8'],
    ['search, an e-mail address', (index) => `/customers?q=filled${index}@bench`],
    ['search, an order number', (index) => `/customers?q=%23F${index}`],
    ['search, nothing found', () => '/customers?q=zzzzzz'],
    ['50 touchpoints of a customer', (index) => `/touchpoints?customer=filled-${index}`],
  ];
  console.log(`\nmilliseconds, median, at ${customers} customers (SELECT 1 by a bare worker: ${select.toFixed(1)})`);
  for (const [what, path] of asked)
    console.log(`  ${what.padEnd(32)} ${(await timed(40, (index) => api(path(index)))).toFixed(1)}`);
}

console.log('');
for (const [what, figure, goal, isMet] of lines)
  console.log(`${isMet === null ? ' ' : isMet ? '✓' : '✗'} ${what.padEnd(76)} ${figure.padStart(7)}  ${goal}`);
console.log('');
