/** `npm run reset`: forgets everything a local run has stored. The admin token in `.dev.vars` stays. */
import './node-version.mjs';
import { existsSync, rmSync } from 'node:fs';
import { stateFolder } from './folders.mjs';
import { Refusal, run } from './refusal.mjs';
import { whatRuns } from './running.mjs';

await run(() => {
  const running = whatRuns();
  if (running) throw new Refusal(`Rapport is running at ${running.url}: stop it first, then reset.`);
  if (!existsSync(stateFolder)) return console.log('There is nothing to reset: no data is stored yet.');
  console.log(`Removing ${stateFolder}: all customers, touchpoints and sources of this machine.`);
  rmSync(stateFolder, { recursive: true, force: true });
  console.log('Done. "npm start" begins anew.');
});
