import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { clientOf, inParallel } from '../support/http.ts';
import { seeded } from '../support/random.ts';
import { addSource } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { bundle, startWorker } from '../support/worker.ts';
import { type Sending, tell } from './story.ts';
import { examine } from './verdict.ts';
import { Victim } from './victim.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    touchpoints: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '20' },
    port: { type: 'string', default: '8830' },
  },
});
const CONNECTIONS = 50;
const seed = Number(values.seed);
const count = Number(values.touchpoints);
const kills = Number(values.kills);
const port = Number(values.port);
const random = seeded(seed);
console.log(`crash: ${count} touchpoints, ${kills} kills, seed ${seed}`);

bundle('production');
const persist = mkdtempSync(`${tmpdir()}/rapport-crash-`);
const first = startWorker({ persist });
const secretOf = (kind: string): string => SIGNERS[kind]?.secretOf(`crash ${seed}`) ?? '';
const shop = await addSource(first, 'shopify', { secret: secretOf('shopify') });
const desk = await addSource(first, 'standard_webhooks', { secret: secretOf('standard_webhooks') });
await first.dispose();

const story = tell(count, random, { shop, desk });
const killAt = Array.from({ length: kills }, () => random.below(story.sendings.length)).sort((a, b) => a - b);

const victim = new Victim([process.env.CRASH_SERVER ?? '', persist, String(port)]);
const accepted = new Set<string>();
const refused = new Map<number, number>();
let retries = 0;
let restart: Promise<void> | null = null;

async function killAndRestart(): Promise<void> {
  await victim.kill();
  await victim.start();
}

const { post, close } = clientOf(port, CONNECTIONS);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends until it is told 200, as providers do; gives up on nothing but a refusal. */
async function send(sending: Sending): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { headers, body } = sending.make();
    const status = await post(sending.path, headers, body).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) break;
    if (status !== 0 && status < 500) {
      refused.set(status, (refused.get(status) ?? 0) + 1);
      return;
    }
    retries++;
    await pause(20 + 30 * Math.min(attempt, 10) * random.fraction());
  }
  accepted.add(sending.message);
  if (killAt[0] !== undefined && accepted.size > killAt[0] && !restart) {
    killAt.shift();
    // Somewhere within what the next requests are doing, not between two of them.
    restart = pause(random.below(40))
      .then(killAndRestart)
      .finally(() => {
        restart = null;
      });
  }
}

const started = performance.now();
try {
  await victim.start();
  await inParallel(story.sendings, CONNECTIONS, send);
  await restart;
  // Kills that fell together count too: the rest of them hit the repetitions.
  const again = story.sendings.filter((_, index) => index % 10 === 0);
  const rest = killAt.splice(0).map((_, index) => Math.floor((again.length * (index + 1)) / (kills + 1)));
  let resent = 0;
  await inParallel(again, CONNECTIONS, async (sending) => {
    await send(sending);
    if (++resent === rest[0] && !restart) {
      rest.shift();
      restart = killAndRestart().finally(() => {
        restart = null;
      });
    }
  });
  await restart;
  await victim.kill();
  const seconds = (performance.now() - started) / 1000;
  const isSound = await examine({
    persist,
    story,
    accepted,
    refused,
    resent: again.length,
    kills: victim.kills,
    retries,
    seconds,
  });
  process.exitCode = isSound ? 0 : 1;
} finally {
  close();
  await victim.kill();
  if (process.exitCode === 1) console.log(`the database is kept in ${persist}; repeat with --seed ${seed}`);
  else rmSync(persist, { recursive: true, force: true });
}
