/** `npm run check`: everything that can be said without running the product. All checks run, so that one run shows all. */
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { build } from './build.mjs';
import { root } from './folders.mjs';

const bin = (name) => `${root}node_modules/.bin/${name}`;
const checks = [
  ['types of the worker', bin('tsc'), '-p', 'tsconfig.json'],
  ['types of the widget', bin('tsc'), '-p', 'widgets/tsconfig.json'],
  ['types of the tests', bin('tsc'), '-p', 'test/tsconfig.json'],
  ['lint and format', bin('biome'), 'ci', '--error-on-warnings', '--colors=off', '.'],
  ['registries in step', process.execPath, 'worker/cli/registries.mjs', '--check'],
];

/** Runs one command; gives its exit code and all it said. */
const outcomeOf = ([title, command, ...args]) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.once('error', (error) => resolve({ title, code: 1, text: error.message }));
    child.once('exit', (code) => resolve({ title, code: code ?? 1, text }));
  });

// The worker imports what the build writes.
if (!existsSync(`${root}.build/manifest.json`)) await build();
let failed = 0;
for (const check of checks) {
  const { title, code, text } = await outcomeOf(check);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${title}`);
  if (code !== 0) console.error(text.trim());
  failed += code === 0 ? 0 : 1;
}
process.exitCode = failed > 0 ? 1 : 0;
