import type { Miniflare } from 'miniflare';

/** The worker with its queue: what a test needs beside Miniflare's own, which tells nobody when a queue has been worked off. */
export type QueueOptions = {
  /** Times a message is tried again before it is given up. */
  readonly maxRetries?: number;
  /** How long the queue waits for more, in seconds. */
  readonly batchTimeout?: number;
};

/** True in the runs of the tests in which all doors leave what comes in the queue. */
export const isQueueRun = process.env.DOORS === 'queue';

const NAME = 'rapport-ingest';
/** As wrangler.toml has it, but for the waiting. */
export const queueBindings = ({ maxRetries = 10, batchTimeout = 0.005 }: QueueOptions) => ({
  queueProducers: { INGEST: NAME },
  queueConsumers: {
    [NAME]: { maxBatchSize: 100, maxBatchTimeout: batchTimeout, maxRetries, deadLetterQueue: `${NAME}-dead` },
    [`${NAME}-dead`]: { maxBatchSize: 10, maxBatchTimeout: 0.005, maxRetries: 100 },
  },
});

/**
 * Stands before the bundle and counts: what was put in the queue and is neither stored nor in the delivery log as given up.
 * Whatever is asked for at `/underway` is answered when there is no such thing any more.
 */
export const COUNTING = `
import worker from './index.js';
let sent = 0;
let ended = 0;
const counted = (queue) => ({
  async send(...args) {
    await queue.send(...args);
    sent++;
  },
});
// Whether it comes again is between the worker and the queue.
const watched = (message) => {
  const ack = () => { ended++; message.ack(); };
  return { id: message.id, timestamp: message.timestamp, body: message.body, attempts: message.attempts, ack, retry: (options) => message.retry(options) };
};
export default {
  ...worker,
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== '/underway') return worker.fetch(request, { ...env, INGEST: counted(env.INGEST) }, context);
    while (ended < sent) await new Promise((resolve) => setTimeout(resolve, 2));
    return new Response('none');
  },
  queue: (batch, env, context) => worker.queue({ queue: batch.queue, messages: batch.messages.map(watched) }, env, context),
};
`;

const settling = new WeakMap<Miniflare, () => Promise<void>>();

/** Returns when everything that a door has answered is in the database. */
export const settled = async (worker: Miniflare): Promise<void> => settling.get(worker)?.();

/** The host tests ask our worker by. Small workers beside it are reached by others, and look at the database as it stands. */
const US = 'rapport.test';
const isDoor = (path: string): boolean => /^\/(in|f|w|v1)\//.test(path);

/** Lets a test read what it has just sent: whatever does not go to a door waits for what went there before. */
export function readSettled(worker: Miniflare): Miniflare {
  const dispatch = worker.dispatchFetch.bind(worker);
  settling.set(worker, async () => {
    await (await dispatch(`http://${US}/underway`)).text();
  });
  worker.dispatchFetch = async (input, init) => {
    const url = new URL(input instanceof Object && 'url' in input ? input.url : input);
    if (url.hostname === US && !isDoor(url.pathname)) await settled(worker);
    return dispatch(input, init);
  };
  return worker;
}
