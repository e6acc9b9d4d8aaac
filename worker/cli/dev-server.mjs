/** wrangler's development server as a child that can be asked, waited for and ended with all it started. */
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { root, stateFolder, wranglerBin, wranglerEnv } from './folders.mjs';
import { Refusal } from './refusal.mjs';

/** How long wrangler gets to end by itself, in ms. */
const PATIENCE = 3000;
/** How long a start may take before it is given up, in ms. */
const START_LIMIT = 30_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts wrangler in a process group of its own, which is what is ended with it. */
export function startServer({ port, inspectorPort }) {
  const options = [
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--inspector-port',
    String(inspectorPort),
    '--persist-to',
    stateFolder,
  ];
  const quiet = ['--log-level', 'error', '--show-interactive-dev-session=false', '--define', '__DEV__:true'];
  const guard = new URL('./die-with-parent.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', guard, wranglerBin, 'dev', ...options, ...quiet], {
    cwd: root,
    env: {
      ...process.env,
      ...wranglerEnv,
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  });
  let said = '';
  let isReady = false;
  const hear = (chunk) => {
    // wrangler colours what it says wherever it says it, and pads it with empty lines.
    const words = stripVTControlCharacters(String(chunk)).replace(/^\s*\n/gm, '');
    if (!isReady) said += words;
    else if (words.trim()) process.stderr.write(words);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const url = `http://127.0.0.1:${port}`;
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const signal = (name) => {
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
      return true;
    } catch {
      return false; // Nobody is left in the group.
    }
  };
  return {
    url,
    /** Resolves with the exit code when wrangler ends. */
    ended,
    /** What it has said while starting, for when it did not start. */
    said: () => said.trim(),
    /** From now on what it says is shown. */
    ready: () => {
      isReady = true;
    },
    /** Ends wrangler and all it started, by force if need be. */
    async stop() {
      signal('SIGTERM');
      await Promise.race([ended, pause(PATIENCE)]);
      // Whoever of the group is still there has been asked already.
      while (signal('SIGKILL')) await pause(50);
    },
  };
}

/** Waits until the worker answers and has its database migrated. @throws Refusal when it cannot be. */
export async function waitUntilHealthy(server) {
  let exitCode = null;
  server.ended.then((code) => {
    exitCode = code;
  });
  const until = Date.now() + START_LIMIT;
  let status = 'nothing answers';
  while (exitCode === null && Date.now() < until) {
    const answer = await fetch(`${server.url}/health`).catch(() => null);
    status = (await answer?.json().catch(() => null))?.status ?? status;
    if (status === 'ok') return;
    if (status === 'database_newer')
      throw new Refusal(
        'The data in .wrangler/ was written by a newer version of Rapport: update this clone, or start afresh with "npm run reset".',
      );
    await pause(100);
  }
  throw new Refusal(`Rapport did not start (${status}). ${server.said() || 'wrangler said nothing.'}`);
}
