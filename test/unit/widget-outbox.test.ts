import { expect, test } from 'vitest';
import { createOutbox, type Outcome, type Reply, retryDelayMs } from '../../widgets/survey/outbox.ts';

/** A browser whose storage is an object, whose network answers what the test says, and whose clock is a list. */
function browser(replies: (Reply | 'down')[], stored: Record<string, string> = {}) {
  const sent: string[] = [];
  const timers: { run: () => void; delayMs: number }[] = [];
  const outcomes: Outcome[] = [];
  const storage = Object.defineProperties(stored, {
    getItem: { value: (name: string) => stored[name] ?? null },
    setItem: { value: (name: string, body: string) => Object.assign(stored, { [name]: body }) },
    removeItem: { value: (name: string) => delete stored[name] },
  }) as unknown as Storage;
  const outbox = createOutbox({
    storage,
    prefix: 'out:',
    post: async (body) => {
      sent.push(body);
      const reply = replies.shift() ?? { status: 202, waitSeconds: 0 };
      if (reply === 'down') throw new TypeError('network');
      return reply;
    },
    schedule: (run, delayMs) => timers.push({ run, delayMs }),
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  return { outbox, sent, stored, timers, outcomes };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const reply = (status: number, waitSeconds = 0): Reply => ({ status, waitSeconds });

test('waits 1, 2, 4, 8 seconds, at least as long as the server wishes, at most five minutes', () => {
  expect([1, 2, 3, 4].map((failures) => retryDelayMs(failures, 0))).toEqual([1000, 2000, 4000, 8000]);
  expect(retryDelayMs(1, 30)).toBe(30_000);
  expect(retryDelayMs(20, 0)).toBe(300_000);
  expect(retryDelayMs(1, 86_400)).toBe(300_000);
});

test('a message that was taken leaves nothing behind', async () => {
  const { outbox, sent, stored, outcomes } = browser([]);
  outbox.add('a', 'A');
  expect(stored).toEqual({ 'out:a': 'A' });
  await settled();
  expect(sent).toEqual(['A']);
  expect(stored).toEqual({});
  expect(outcomes).toEqual(['sent']);
});

test.each<[string, Reply | 'down']>([
  ['the network is down', 'down'],
  ['the server is busy', reply(503)],
  ['there are too many requests', reply(429, 7)],
])('a message waits while %s and is sent again', async (_, failure) => {
  const { outbox, sent, stored, timers, outcomes } = browser([failure]);
  outbox.add('a', 'A');
  await settled();
  expect(stored).toEqual({ 'out:a': 'A' });
  expect(timers[0]?.delayMs).toBe(failure !== 'down' && failure.waitSeconds ? 7000 : 1000);
  timers[0]?.run();
  await settled();
  expect(sent).toEqual(['A', 'A']);
  expect(stored).toEqual({});
  expect(outcomes).toEqual(['waiting', 'sent']);
});

test('a message the server refuses is dropped and said to be refused', async () => {
  const { outbox, stored, timers, outcomes } = browser([reply(422)]);
  outbox.add('a', 'A');
  await settled();
  expect(stored).toEqual({});
  expect(timers).toEqual([]);
  expect(outcomes).toEqual(['refused']);
});

test('what an earlier page could not send goes with the first flush; what is not ours stays', async () => {
  const { outbox, sent, stored } = browser([], { 'out:old': 'OLD', cart: '3' });
  await outbox.flush();
  expect(sent).toEqual(['OLD']);
  expect(stored).toEqual({ cart: '3' });
});

test('two flushes at once send a message once', async () => {
  const { outbox, sent } = browser([], { 'out:a': 'A' });
  await Promise.all([outbox.flush(), outbox.flush()]);
  expect(sent).toEqual(['A']);
});

test('a message added while another is under way goes too', async () => {
  const { outbox, sent } = browser([]);
  outbox.add('a', 'A');
  outbox.add('b', 'B');
  await settled();
  expect(sent).toEqual(['A', 'B']);
});

test('without storage a message lives as long as the page', async () => {
  const sent: string[] = [];
  const { add } = createOutbox({
    storage: null,
    prefix: 'out:',
    post: async (body) => {
      sent.push(body);
      return reply(200);
    },
    schedule: () => {},
    onOutcome: () => {},
  });
  add('a', 'A');
  await settled();
  expect(sent).toEqual(['A']);
});
