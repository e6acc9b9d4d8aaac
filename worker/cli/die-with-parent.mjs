/**
 * Loaded into wrangler by `--import`: should the process that started it be gone, even by SIGKILL, the channel between them
 * breaks, and the whole group (wrangler, its bundler, workerd) ends.
 */
import { isMainThread } from 'node:worker_threads';

/** How long the group gets to end by itself, in ms. */
const PATIENCE = 2000;

function killGroup(signal) {
  // The group's leader is the process that `dev-server.mjs` started, whose number all of them carry in their environment.
  const leader = Number(process.env.RAPPORT_GROUP ?? process.pid);
  try {
    process.kill(process.platform === 'win32' ? process.pid : -leader, signal);
  } catch {
    // The group is gone already.
  }
}

if (isMainThread && process.channel) {
  process.env.RAPPORT_GROUP ??= String(process.pid);
  process.once('disconnect', () => {
    killGroup('SIGTERM');
    setTimeout(() => killGroup('SIGKILL'), PATIENCE);
  });
  process.channel.unref();
}
