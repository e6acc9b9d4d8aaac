/**
 * `npm run deploy`: builds, sends the worker to Cloudflare, then asks it for its health, which migrates its database.
 * What stands after `--` goes to wrangler: `npm run deploy -- --dry-run`.
 */
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { root, wranglerBin, wranglerEnv } from './folders.mjs';
import { Refusal, run } from './refusal.mjs';

const args = process.argv.slice(2);

/** Runs wrangler with its own words on the screen; gives what it wrote. */
const wrangler = (words, isShown = true) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [wranglerBin, ...words], {
      cwd: root,
      env: { ...process.env, ...wranglerEnv },
      stdio: ['inherit', 'pipe', isShown ? 'inherit' : 'ignore'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (isShown) process.stdout.write(chunk);
    });
    child.once('exit', (code) => resolve({ code: code ?? 1, text }));
  });

async function reportHealth(url) {
  const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(30_000) }).catch(() => null);
  const health = await answer?.json().catch(() => null);
  if (health?.status !== 'ok')
    throw new Refusal(`Deployed, but ${url}/health does not answer well yet: open it to migrate the database.`);
  console.log(`\nThe database is migrated (${health.migrations.length} migrations). Rapport is at ${url}`);
}

async function reportToken() {
  const { code, text } = await wrangler(['secret', 'list'], false);
  if (code === 0 && !text.includes('"ADMIN_TOKEN"'))
    console.log('Nobody can sign in yet. Set the admin token with: npx wrangler secret put ADMIN_TOKEN');
}

await run(async () => {
  const deployed = await wrangler(['deploy', ...args]);
  if (deployed.code !== 0) throw new Refusal('wrangler did not deploy; what it said stands above.');
  if (args.includes('--dry-run')) return;
  const url = /https:\/\/[\w.-]+\.workers\.dev/.exec(deployed.text)?.[0];
  if (url) await reportHealth(url);
  else console.log('\nNow open /health at the address of your worker: that migrates its database.');
  await reportToken();
});
