import type { Miniflare } from 'miniflare';
import { settled } from './queue.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

/**
 * The worker's database in the hands of a test. Miniflare's own proxy asks workerd synchronously for each `prepare` and
 * `bind`, which is slow and gives up under load; here statements are kept as text, and only running them costs a request, to a
 * small worker beside ours on the same database.
 */
const DOOR = `export default {
  async fetch(request, { DB }) {
    const statements = await request.json();
    try {
      const results = await DB.batch(statements.map(({ sql, values }) => DB.prepare(sql).bind(...values)));
      return Response.json(results);
    } catch (error) {
      return new Response(error.message, { status: 500 });
    }
  },
};`;

export type Value = string | number | null;
type Result = {
  readonly results: readonly unknown[];
  readonly meta: { readonly changes: number; readonly rows_read: number };
};
export type Bound = { readonly sql: string; readonly values: readonly Value[] };
/** Runs statements as one batch. Wrap it to count, or to fail. */
export type Run = (statements: readonly Bound[]) => Promise<readonly Result[]>;

/** Starts the worker, migrated, with a door to its database. */
export async function startWithSql(
  options: WorkerOptions = {},
): Promise<{ worker: Miniflare; run: Run; raw: Run; db: D1Database }> {
  const worker = startWorker({ ...options, beside: { sql: DOOR } });
  await (await worker.dispatchFetch('http://rapport.test/health')).text();
  const door = await worker.getWorker('sql');
  const raw: Run = async (statements) => {
    const response = await door.fetch('http://sql.test/', { method: 'POST', body: JSON.stringify(statements) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return JSON.parse(text);
  };
  // What a door has answered is there to be read, also where it waits in a queue first; `raw` looks before that.
  const run: Run = async (statements) => {
    await settled(worker);
    return raw(statements);
  };
  return { worker, run, raw, db: databaseOver(run) };
}

/** A D1 database as the worker's code sees one, over a function that runs batches. */
export function databaseOver(run: Run): D1Database {
  const one = async (bound: Bound): Promise<Result> => {
    const [result] = await run([bound]);
    if (!result) throw new Error('a statement gave no result');
    return result;
  };
  const prepare = (sql: string, values: readonly Value[] = []) => ({
    sql,
    values,
    bind: (...bound: Value[]) => prepare(sql, bound),
    all: () => one({ sql, values }),
    run: () => one({ sql, values }),
    first: async () => (await one({ sql, values })).results[0] ?? null,
  });
  const database = {
    prepare,
    batch: (statements: readonly Bound[]) => run(statements.map(({ sql, values }) => ({ sql, values }))),
  };
  // What our code never calls (exec, dump, sessions) is left out.
  return database as unknown as D1Database;
}
