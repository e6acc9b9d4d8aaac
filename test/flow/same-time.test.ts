import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, orderBody, shopifyDelivery } from '../support/shop.ts';
import { startWorker } from '../support/worker.ts';

/** What a stranger could learn from how long an answer takes: whether somebody is known. */
const worker = startWorker();
afterAll(() => worker.dispose());

const shop = await addSource(worker, 'shopify', { secret: 'same-time' });
const site = await addSource(worker, 'site');
const form = await addSource(worker, 'html_form');

const PAIRS = 60;
const WARMING = 6;

const visit = (email: string) =>
  deliver(worker, site, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      visitor: crypto.randomUUID(),
      locale: 'en',
      page: { url: 'https://shop.example/', title: '', referrer: '' },
      identity: { email },
      events: [
        { id: crypto.randomUUID(), at: Date.now(), type: 'survey_answered', answers: [{ question: 'nps', value: 9 }] },
      ],
    }),
  });
const write = (email: string) =>
  deliver(worker, form, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ email, message: 'Hello' }).toString(),
  });

async function timed(send: (email: string) => ReturnType<typeof deliver>, email: string) {
  const start = performance.now();
  const { status, text } = await send(email);
  return { ms: performance.now() - start, answer: `${status} ${text.replaceAll(email, 'ADDRESS')}` };
}

describe.each(Object.entries({ 'the widget': visit, 'a form': write }))('an answer of the door of %s', (name, send) => {
  it('takes no longer and no shorter for an address that is known', async () => {
    const place = name.replaceAll(' ', '-');
    const [known, unknown] = [
      Array.from({ length: PAIRS }, (_, i) => `known${i}@${place}.example`),
      Array.from({ length: PAIRS }, (_, i) => `nobody${i}@${place}.example`),
    ];
    for (const [i, email] of known.entries()) {
      const body = orderBody({ id: 810_000 + i, customer: 810_000 + i, email, createdAt: '2026-03-01T10:00:00Z' });
      await deliver(worker, shop, shopifyDelivery(shop.secret, 'orders/create', `time-${place}-${i}`, body));
    }
    let slower = 0;
    for (let i = 0; i < PAIRS; i++) {
      const emails = [known[i] ?? '', unknown[i] ?? ''];
      // By turns the one and the other first, so that what else goes on weighs on both.
      const [first, second] = i % 2 === 0 ? emails : emails.toReversed();
      const [a, b] = [await timed(send, first ?? ''), await timed(send, second ?? '')];
      expect(a.answer).toBe(b.answer);
      const [ofKnown, ofUnknown] = i % 2 === 0 ? [a, b] : [b, a];
      if (i >= WARMING && ofKnown.ms > ofUnknown.ms) slower++;
    }
    // A coin thrown so often falls within four deviations of half but once in sixteen thousand times.
    const [half, four] = [(PAIRS - WARMING) / 2, 2 * Math.sqrt(PAIRS - WARMING)];
    expect(slower).toBeGreaterThan(half - four);
    expect(slower).toBeLessThan(half + four);
  });
});
