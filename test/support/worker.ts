import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Log, LogLevel, Miniflare, type Request as OutsideRequest, type Response } from 'miniflare';
import { COUNTING, isQueueRun, type QueueOptions, queueBindings, readSettled } from './queue.ts';

/**
 * The real bundle in workerd with D1 and assets, as `wrangler deploy` would send it. The one file that makes a Miniflare.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
export const ADMIN_TOKEN = 'an-admin-token-for-tests';

export type Build = 'production' | 'development';
const folderOf = (build: Build): string => `${root}.build/worker-${build}`;

/** Bundles the worker as wrangler would deploy it. Wants `npm run build` to have run. */
export function bundle(build: Build): void {
  const define = build === 'development' ? ['--define', '__DEV__:true'] : [];
  execFileSync(
    process.execPath,
    [`${root}node_modules/wrangler/bin/wrangler.js`, 'deploy', '--dry-run', '--outdir', folderOf(build), ...define],
    {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'error' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

export type WorkerOptions = {
  readonly build?: Build;
  /** Folder the database is kept in; without it it lives in memory. */
  readonly persist?: string;
  readonly port?: number;
  /** Bindings beside or instead of the usual ones. */
  readonly bindings?: Record<string, string>;
  /** Takes what Miniflare's own `send_email` is asked to send, one text a mail; bound as EMAIL. */
  readonly mails?: string[];
  /** True for a bucket that keeps files, bound as FILES. */
  readonly files?: boolean;
  /** Answers everything that the worker fetches: the stand-in of somebody's API. Without it the worker reaches out for real. */
  readonly outside?: (request: OutsideRequest) => Response | Promise<Response>;
  /** The queue between the doors and the database; false for none. Without it as the run of the tests says. */
  readonly queue?: QueueOptions | false;
  /** Small workers on the same database, as scripts by name; reached with `getWorker(name)`. */
  readonly beside?: Readonly<Record<string, string>>;
};

const database = { DB: 'rapport' };
const assets = { directory: `${root}.build/public`, binding: 'ASSETS', routerConfig: { has_user_worker: true } };
const platform = { compatibilityDate: '2026-04-20', compatibilityFlags: ['global_fetch_strictly_public'] };

/** Miniflare's `send_email` tells of a mail in its log: headers in the line, the words in files whose paths stand there. */
class MailLog extends Log {
  readonly #mails: string[];
  constructor(mails: string[]) {
    super(LogLevel.ERROR);
    this.#mails = mails;
  }
  override logWithLevel(level: LogLevel, message: string): void {
    if (!message.includes('send_email binding called')) {
      super.logWithLevel(level, message);
      return;
    }
    const words = [...message.matchAll(/(?:Text|HTML): (\S+)/g)].map(([, path = '']) => readFileSync(path, 'utf8'));
    this.#mails.push([message, ...words].join('\n'));
  }
}

function server({ persist, port, mails }: Pick<WorkerOptions, 'persist' | 'port' | 'mails'>) {
  return {
    d1Persist: persist ?? false,
    log: mails ? new MailLog(mails) : new Log(LogLevel.ERROR),
    // What the worker logs is shown only to who asks for it: refused requests by the thousand are part of the tests.
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      if (process.env.SHOW_LOGS) stdout.pipe(process.stdout);
      else stdout.resume();
      stderr.pipe(process.stderr);
    },
    logRequests: false,
    // Mails are handed over by a request to /cdn-cgi/handler/email.
    unsafeTriggerHandlers: true,
    ...(port !== undefined && { port }),
  };
}

/** Starts the bundle of `bundle(build)`. Ask `worker.dispatchFetch` or the address of `worker.ready`. */
export function startWorker({
  build = 'production',
  bindings,
  files = false,
  beside = {},
  outside,
  queue = isQueueRun ? {} : false,
  ...where
}: WorkerOptions = {}): Miniflare {
  const folder = folderOf(build);
  const texts = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  const rapport = {
    name: 'rapport',
    modules: [
      ...(queue ? [{ type: 'ESModule' as const, path: `${folder}/counting.js`, contents: COUNTING }] : []),
      { type: 'ESModule' as const, path: `${folder}/index.js` },
      ...texts.map((name) => ({ type: 'Text' as const, path: `${folder}/${name}` })),
    ],
    modulesRoot: folder,
    ...platform,
    bindings: { ADMIN_TOKEN, ...bindings },
    d1Databases: database,
    assets,
    ...(files && { r2Buckets: { FILES: 'rapport-files' } }),
    ...(where.mails && { email: { send_email: [{ name: 'EMAIL' }] } }),
    ...(outside && { outboundService: outside }),
    ...(queue && queueBindings(queue)),
  };
  const others = Object.entries(beside).map(([name, script]) => ({
    name,
    modules: true,
    script,
    ...platform,
    d1Databases: database,
  }));
  const worker = new Miniflare({ ...server(where), workers: [rapport, ...others] });
  return queue ? readSettled(worker) : worker;
}

/** Starts a bare worker with a database of its own on the same server, assets and all: what ours is measured against. */
export const startScript = (script: string, where: Pick<WorkerOptions, 'persist' | 'port'> = {}): Miniflare =>
  new Miniflare({ ...server(where), modules: true, script, ...platform, d1Databases: database, assets });

/** Headers of an integrator with the admin token. */
export const asAdmin = { authorization: `Bearer ${ADMIN_TOKEN}` };

/** Asks the API and gives its JSON; throws with the whole answer when it is not a success. */
export async function callApi<T>(
  worker: Miniflare,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<T> {
  const response = await worker.dispatchFetch(`http://rapport.test/api/v1${path}`, {
    method: init.method ?? 'GET',
    headers: { ...asAdmin, ...(init.body !== undefined && { 'content-type': 'application/json' }) },
    ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
