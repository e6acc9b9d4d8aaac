import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type Answer, clientOf, inParallel } from '../support/http.ts';

/** One side of a comparison: what is sent, over and over. */
export type Side = {
  readonly name: string;
  readonly port: number;
  /** Process of its workerd. */
  readonly pid: number;
  /** Rows that one request stores; 1 when it is no writer. */
  readonly rows: number;
  /** Waits until everything sent is stored, where an answer does not say so. Part of what is measured. */
  readonly settle?: () => Promise<void>;
  readonly next: () => { readonly path: string; readonly headers: Record<string, string>; readonly body: string };
};

export const CONNECTIONS = 16;

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The fields of /proc/<pid>/stat from the state on. The name before them may hold anything. */
const statOf = (pid: string | number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

/** Processor time a process has used, µs. */
export function cpuOf(pid: number): number {
  const [user = 0, system = 0] = statOf(pid).slice(11, 13).map(Number);
  return ((user + system) * 1_000_000) / TICKS_PER_SECOND;
}

/** The workerd processes of this program. */
export function workerds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return Number(statOf(pid)[1]) === process.pid && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'workerd';
      } catch {
        // It ended between the listing and the reading.
        return false;
      }
    })
    .map(Number);
}

/** What a side costs: requests a second, and processor time of its workerd a request. */
export type Cost = { readonly perSecond: number; readonly cpuMicros: number };

/** Asks a side for some time. Throws on any answer but 200: a refusal is quick and would look like speed. */
async function burst(side: Side, ms: number): Promise<Cost> {
  const { post, close } = clientOf(side.port, CONNECTIONS);
  const cpu = cpuOf(side.pid);
  const started = performance.now();
  const until = started + ms;
  let count = 0;
  function* turns() {
    while (performance.now() < until) yield count;
  }
  try {
    await inParallel(turns(), CONNECTIONS, async () => {
      const { path, headers, body } = side.next();
      const answer: Answer = await post(path, headers, body);
      if (answer.status !== 200) throw new Error(`${side.name}: ${answer.status} ${answer.body.slice(0, 300)}`);
      count++;
    });
    await side.settle?.();
  } finally {
    close();
  }
  const perSecond = (count * 1000) / (performance.now() - started);
  return { perSecond, cpuMicros: (cpuOf(side.pid) - cpu) / count };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
};

/** What each side costs: the median of rounds in which the sides take turns, since the machine is not alone. */
export async function alternate(sides: readonly Side[], rounds: number, ms: number): Promise<Map<string, Cost>> {
  const costs = new Map<string, Cost[]>();
  for (const side of sides) await burst(side, Math.min(ms, 500));
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 ? [...sides].reverse() : sides) {
      costs.set(side.name, [...(costs.get(side.name) ?? []), await burst(side, ms)]);
    }
  }
  return new Map(
    [...costs].map(([name, own]) => [
      name,
      { perSecond: median(own.map((c) => c.perSecond)), cpuMicros: median(own.map((c) => c.cpuMicros)) },
    ]),
  );
}
