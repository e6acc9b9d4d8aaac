import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { anyPort } from '../../worker/cli/ports.mjs';

/** `npm start` and `npm run reset` as a person runs them, without a terminal. Each run keeps its data in a folder of its own. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const LIMIT = 90_000;
const folders: string[] = [];
const started: ChildProcess[] = [];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-start-'));
  folders.push(folder);
  return folder;
};

type Run = { readonly child: ChildProcess; readonly said: () => string; readonly ended: Promise<number | null> };

function start(command: string, env: Record<string, string>, args: readonly string[] = []): Run {
  const child = spawn(process.execPath, [`worker/cli/${command}.mjs`, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
  return { child, said: () => text, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

async function until(what: string, isSo: () => boolean, limit = 60_000): Promise<void> {
  for (const end = Date.now() + limit; Date.now() < end; await pause(100)) if (isSo()) return;
  throw new Error(`waited in vain until ${what}`);
}

/** The arguments of all processes; from the kernel where it tells, since `ps` is not everywhere. */
function commandLines(): string[] {
  if (!existsSync('/proc/self/cmdline')) return execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // It has ended in the meantime.
      }
    });
}

/** Processes of a run: all of them name its folder or its port in their arguments. */
const leftOf = (folder: string, port: number): string[] =>
  commandLines().filter((line) => line.includes(folder) || line.includes(`127.0.0.1:${port}`));

async function ready(folder: string, args: readonly string[] = []) {
  const port = await anyPort();
  const run = start('start', { RAPPORT_STATE: folder, PORT: String(port) }, args);
  const isOver = { now: false };
  run.ended.then(() => {
    isOver.now = true;
  });
  await until('it is ready', () => run.said().includes('Rapport is ready') || isOver.now);
  expect(run.said()).toContain('Rapport is ready');
  return { ...run, port, url: `http://127.0.0.1:${port}` };
}

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  }
  await pause(100);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  it(
    'brings up a shop with a history, tells the way to everything, and ends on SIGTERM without a trace',
    async () => {
      const folder = newFolder();
      const run = await ready(folder);
      const said = run.said();
      expect(said).not.toContain('\u001b[');
      for (const word of ['Demo shop', 'Dashboard', 'Survey', 'API', 'Data', 'npm run reset', 'Ctrl-C'])
        expect(said).toContain(word);
      expect((await fetch(`${run.url}/demo`)).status).toBe(200);
      const [survey = ''] = /http\S+\/s\/\S+/.exec(said) ?? [];
      expect((await fetch(survey)).status).toBe(200);
      const [link = ''] = /http\S+\/sign-in\?ticket=\S+/.exec(said) ?? [];
      const signIn = await fetch(link, { redirect: 'manual' });
      expect(signIn.status).toBeLessThan(400);

      const second = start('start', { RAPPORT_STATE: folder });
      expect(await second.ended).toBe(1);
      expect(second.said()).toContain(`Rapport already runs in this folder, at ${run.url}`);
      const reset = start('reset', { RAPPORT_STATE: folder });
      expect(await reset.ended).toBe(1);
      expect(reset.said()).toContain('stop it first');

      run.child.kill('SIGTERM');
      expect(await run.ended).toBe(0);
      await until('nothing is left', () => leftOf(folder, run.port).length === 0, 5000);
      expect(run.said()).not.toContain('by itself');
    },
    LIMIT,
  );

  it(
    'runs twice at once from two folders, and both end with a parent that is killed',
    async () => {
      const folders = [newFolder(), newFolder()];
      const runs = await Promise.all(folders.map((folder) => ready(folder, ['--empty'])));
      for (const { url } of runs) expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
      for (const { child } of runs) process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
      await until(
        'nothing is left',
        () => runs.every(({ port }, index) => leftOf(folders[index] ?? '', port).length === 0),
        10_000,
      );
      const after = start('reset', { RAPPORT_STATE: folders[0] ?? '' });
      expect(await after.ended).toBe(0);
      expect(after.said()).toContain('begins anew');
    },
    LIMIT,
  );

  it('says in one sentence that a port is taken', async () => {
    const run = start('start', { RAPPORT_STATE: newFolder(), PORT: '99999' });
    expect(await run.ended).toBe(1);
    expect(run.said()).toBe('PORT is "99999", which is no port.\n');
  });
});
