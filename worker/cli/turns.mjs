/**
 * Builds of one folder, one after another. A server that watches the sources starts a build for each file that changes: after
 * a `git pull` a hundred at once. Of those that wait for their turn only the next one builds; the rest find that a build
 * began after they were asked for, and are done.
 */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 40;
/** No build takes so long: whoever holds the turn has died. */
const STALE_MS = 30_000;

const takes = (lock) =>
  mkdir(lock).then(
    () => true,
    (error) => {
      if (error.code !== 'EEXIST') throw error;
      return false;
    },
  );

async function takeTurn(lock) {
  while (!(await takes(lock))) {
    const made = await stat(lock).catch(() => null);
    if (made && Date.now() - made.mtimeMs > STALE_MS) await rm(lock, { recursive: true, force: true });
    await sleep(POLL_MS);
  }
}

/**
 * Runs `work` when no other process does so in `folder`; not at all when another began it after `askedAt` (epoch ms).
 * @returns what `work` answers, or null when it was not needed.
 */
export async function inTurn(folder, askedAt, work) {
  const [lock, mark] = [`${folder}turn`, `${folder}began`];
  await mkdir(folder, { recursive: true });
  await takeTurn(lock);
  try {
    const began = Number(await readFile(mark, 'utf8').catch(() => '0'));
    if (began >= askedAt) return null;
    const now = Date.now();
    const answer = await work();
    // Only now: a build that failed is none.
    await writeFile(mark, String(now));
    return answer;
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
