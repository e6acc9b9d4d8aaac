import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Ask, Ended } from '../../widgets/dashboard/import/send.ts';
import { importFile, planOf } from '../support/imports.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { seeded } from '../support/random.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin } from '../support/worker.ts';
import { Victim } from './victim.ts';

/**
 * A file of many rows comes in by the page's own code while node and workerd are killed, the tab is closed and the file chosen
 * again: every good row is there once, every bad one is listed once. Wants the production bundle.
 */
const KILLS = 4;
/** One row in so many cannot be read. */
const BAD = 100;

type Check = readonly [what: string, found: unknown, isGood: boolean];

function fileOf(rows: number) {
  const lines: string[] = [];
  const bad: number[] = [];
  const people = new Set<number>();
  let cents = 0;
  for (let index = 0; index < rows; index++) {
    const isBad = index % BAD === 17;
    const price = 100 + ((index * 7919) % 9000);
    if (isBad) bad.push(index + 2);
    else {
      cents += price;
      people.add(index % 5000);
    }
    const amount = isBad ? 'free' : (price / 100).toFixed(2);
    lines.push(`c${index % 5000},p${index % 5000}@files.example,2025-${1 + (index % 9)}-${1 + (index % 28)},${amount}`);
  }
  return {
    text: `customer,e-mail,date,amount\n${lines.join('\n')}\n`,
    bad,
    cents,
    good: rows - bad.length,
    people: people.size,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Asks a server that may be gone at any moment. */
const askAt =
  (port: number): Ask =>
  async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method,
      headers: { ...asAdmin, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, retryAfter: null, body: await response.json() };
  };

/** Runs it; true when nothing was lost, doubled or off. */
export async function importWhileKilled(rows: number, seed: number, port: number): Promise<boolean> {
  const started = performance.now();
  const persist = mkdtempSync(`${tmpdir()}/rapport-import-`);
  const random = seeded(seed);
  const file = fileOf(rows);
  const plan = planOf({ columns: { customerId: 0, email: 1, date: 2, amount: 3 } });
  const victim = new Victim([process.env.CRASH_SERVER ?? '', persist, String(port)]);
  const killAt = Array.from({ length: KILLS }, () => random.below(rows)).sort((a, b) => a - b);
  const closeAt = random.below(rows);
  let restart: Promise<void> | null = null;
  let done = 0;
  let isClosed = false;
  const tell = ({ rowsDone }: { readonly rowsDone: number }) => {
    done = rowsDone;
    if (restart || killAt[0] === undefined || rowsDone <= killAt[0]) return;
    killAt.shift();
    // While the next rows are on their way.
    restart = pause(random.below(150))
      .then(() => victim.kill())
      .then(() => victim.start())
      .finally(() => {
        restart = null;
      });
  };
  const bring = (isStopped: () => boolean): Promise<Ended> =>
    importFile(askAt(port), { name: 'sales.csv', text: file.text }, plan, { tell, isStopped, pause: () => pause(50) });
  /** The tab is closed, or the server is away when the file is chosen again. */
  const patiently = async (isStopped: () => boolean): Promise<Ended> => {
    for (;;) {
      try {
        return await bring(isStopped);
      } catch {
        await pause(100);
      }
    }
  };
  try {
    await victim.start();
    const closed = await patiently(() => {
      isClosed ||= done > closeAt;
      return isClosed;
    });
    const ended = closed.end === 'finished' ? closed : await patiently(() => false);
    await restart;
    const seconds = (performance.now() - started) / 1000;
    done = 0;
    // A part of it says as much as all of it.
    const again = await patiently(() => done >= rows / 10);
    const { kills } = victim;
    await victim.kill();
    const checks = await examine(persist, file, { ended, again, kills, seconds, rows });
    for (const [what, found, isGood] of checks)
      console.log(`${isGood ? '✓' : '✗'} ${what.padEnd(42)} ${String(found)}`);
    return checks.every(([, , isGood]) => isGood);
  } finally {
    await victim.kill();
    rmSync(persist, { recursive: true, force: true });
  }
}

type Story = {
  readonly ended: Ended;
  readonly again: Ended;
  readonly kills: number;
  readonly seconds: number;
  readonly rows: number;
};

async function examine(persist: string, file: ReturnType<typeof fileOf>, story: Story): Promise<readonly Check[]> {
  const { worker, db } = await startWithSql({ persist });
  try {
    const query = queryOf(db);
    await (await worker.getWorker()).scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
    const [facts] = await query<{ n: number; cents: number; people: number }>(
      'SELECT count(*) AS n, sum(o.total_minor) AS cents, count(DISTINCT f.customer_id) AS people FROM orders o JOIN fragment f ON f.id = o.fragment_id',
    );
    const touchpoints = (await query<{ n: number }>('SELECT count(*) AS n FROM touchpoint'))[0]?.n;
    const lines = (
      await query<{ line: number }>('SELECT line FROM import_refusal WHERE import_id = 1 ORDER BY line')
    ).map((row) => row.line);
    const drifted = await drift(query);
    const words = ({ end, progress }: Ended) =>
      `${end}: ${progress.rowsNew} new, ${progress.rowsKnown} there, ${progress.rowsRefused} refused`;
    const bad = file.bad.length;
    return [
      [
        `${story.rows} rows imported, the tab closed once`,
        words(story.ended),
        words(story.ended) === `finished: ${file.good} new, 0 there, ${bad} refused`,
      ],
      ['kills meanwhile', story.kills, story.kills > 1],
      ['seconds', story.seconds.toFixed(0), true],
      [
        'new when a part of it is imported once more',
        story.again.progress.rowsNew,
        story.again.progress.rowsNew === 0 && story.again.progress.rowsKnown > 0,
      ],
      ['orders', facts?.n, facts?.n === file.good],
      ['touchpoints', touchpoints, touchpoints === file.good],
      ['cents', facts?.cents, facts?.cents === file.cents],
      ['customers', facts?.people, facts?.people === file.people],
      ['refused lines listed', lines.length, JSON.stringify(lines) === JSON.stringify(file.bad)],
      ['kept numbers that drifted', drifted.length, drifted.length === 0],
    ];
  } finally {
    await worker.dispose();
  }
}
