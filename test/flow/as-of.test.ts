import { afterAll, describe, expect, it } from 'vitest';
import { fc, patience, runs } from '../support/chance.ts';
import { addSource, deliver, holdersOf, type Source } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { signIn } from '../support/staff.ts';
import { asAdmin, callApi, startWorker } from '../support/worker.ts';

/**
 * The record as of a past day is the record of a world that had heard only what had happened by then.
 *
 * Not compared, since it stands as known today and the page says so: who belongs together, when an identifier was last seen and how
 * surely, what sources call a person where they said it later, the number of an order, and of one that changed later its lines and whether it
 * was void.
 */
const worker = startWorker();
afterAll(() => worker.dispose());
const ORIGIN = 'http://rapport.test';
const { ask: page } = await signIn(worker);

const DAY_MS = 24 * 3600 * 1000;
const FIRST = Date.UTC(2026, 0, 1);
const dayOf = (day: number): string => new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10);

type Happening = {
  readonly day: number;
  readonly hour: number;
  readonly what: string;
  readonly order: number;
  readonly amount: number;
  readonly name: string | null;
  readonly score: number;
};
const ORDER_STEPS = [
  'order.placed',
  'order.paid',
  'order.fulfilled',
  'order.updated',
  'order.cancelled',
  'order.refunded',
];
const happening = fc.record<Happening>({
  day: fc.nat(6),
  hour: fc.nat(23),
  what: fc.constantFrom(
    ...ORDER_STEPS,
    ...ORDER_STEPS,
    'order.deleted',
    'ticket.created',
    'review.posted',
    'customer.updated',
  ),
  order: fc.nat(1),
  amount: fc.constantFrom(1000, 2500, 4000),
  name: fc.constantFrom(null, 'Ada', 'Борис', '王小明'),
  score: fc.nat(10),
});

let worlds = 0;
let messages = 0;

/** Sends what happened to one customer of a source of its own; gives the customer's id, null if nobody was heard of. */
async function send(happenings: readonly Happening[], salt: string): Promise<string | null> {
  const signer = SIGNERS.standard_webhooks;
  const secret = signer?.secretOf(salt) ?? '';
  const source: Source = await addSource(worker, 'standard_webhooks', { secret, name: 'shop' });
  const customer = `${salt}-${source.id}`;
  for (const { day, hour, what, order, amount, name, score } of happenings) {
    const isOrder = what.startsWith('order.');
    const body = JSON.stringify({
      type: what,
      timestamp: new Date(FIRST + day * DAY_MS + hour * 3_600_000).toISOString(),
      data: {
        customer_id: customer,
        email: `${salt}${source.id}@example.com`,
        ...(name !== null && { name }),
        ...(isOrder ? { order_id: `o${order}`, order_number: `N${order}`, currency: 'EUR' } : {}),
        ...(isOrder && { amount_minor: what === 'order.refunded' ? amount / 10 : amount }),
        ...(what === 'review.posted' && { rating: score }),
      },
    });
    const signed = signer?.sign(body, { secret, now: Date.now(), id: `msg_${messages++}` });
    const answer = await deliver(worker, source, {
      headers: { ...signed?.headers, 'content-type': 'application/json' },
      body,
    });
    if (answer.status >= 300) throw new Error(answer.text);
  }
  return (await holdersOf(worker, `customer:${customer}`))[0]?.id ?? null;
}

type Shown = {
  readonly id: string;
  readonly displayName: string | null;
  readonly party: string;
  readonly stats: { readonly touchpoints: number; readonly orders: number };
  readonly scores: Record<string, number | null>;
  readonly profile: Record<string, { readonly value: string; readonly at: string }>;
  readonly identifiers: readonly { readonly kind: string; readonly firstSeenAt: string }[];
};

/** A record by the API and by its page, without what differs from one world to the other. */
async function shown(id: string, day: string | null) {
  const query = day === null ? '' : `?at=${day}`;
  const record = await callApi<Shown>(worker, `/customers/${id}${query}`);
  const html = await (await page(`/customers/${id}${query}`)).text();
  const isLater = Object.values(record.profile).some(({ at }) => day !== null && at > `${day}T23:59:59.999Z`);
  const lines = (pattern: RegExp) =>
    (html.match(pattern) ?? []).map((line) =>
      line
        .replaceAll(/tp_\d+/g, 'tp')
        .replaceAll(/#o(?=\d)/g, 'N')
        .replaceAll('<span>has changed since</span>', ''),
    );
  return {
    isLater,
    record: {
      party: record.party,
      stats: record.stats,
      scores: record.scores,
      // They stand in order of their assurance, which is as known today.
      identifiers: record.identifiers.map(({ kind, firstSeenAt }) => `${kind} ${firstSeenAt}`).sort(),
    },
    names: {
      displayName: record.displayName,
      profile: Object.values(record.profile).map(({ value, at }) => ({ value, at })),
    },
    orders: lines(/<li class="order">.*?<\/li>/gs),
    timeline: lines(/<li class="event">.*?<\/li>/gs),
  };
}

describe('the record as of a past day', () => {
  it(
    'is the record of a world that had heard only what had happened by then',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 7 }), fc.nat(6), async (happenings, day) => {
          const salt = `w${worlds++}w`;
          const all = await send(happenings, `${salt}a`);
          const some = await send(
            happenings.filter((one) => one.day <= day),
            `${salt}b`,
          );
          if (all === null) throw new Error('nobody was heard of');
          const then = await shown(all, dayOf(day));
          if (some === null) {
            expect(then.record).toMatchObject({ stats: { touchpoints: 0, orders: 0, revenue: [] }, identifiers: [] });
            return;
          }
          const now = await shown(some, null);
          const wanted = { record: now.record, orders: now.orders, timeline: now.timeline };
          expect({ record: then.record, orders: then.orders, timeline: then.timeline }).toEqual({
            ...wanted,
          });
          // Addresses differ from world to world: a name is compared only where one was said.
          if (!then.isLater && then.names.profile.length > 0) expect(then.names).toEqual(now.names);
        }),
        { numRuns: runs(12), interruptAfterTimeLimit: patience(100_000) },
      );
    },
    patience(120_000),
  );

  const bought: Happening = { day: 2, hour: 9, what: 'order.placed', order: 0, amount: 4000, name: 'Ada', score: 0 };

  it('says on its page that it is the past, what is as known today, and how to come back', async () => {
    const id = await send([bought, { ...bought, day: 4, what: 'order.refunded' }], 'banner');
    const html = await (await page(`/customers/${id}?at=${dayOf(3)}`)).text();
    expect(html).toContain('As of');
    expect(html).toContain('4 January 2026');
    expect(html).toContain(`<a href="/customers/${id}">Back to now</a>`);
    expect(html).toContain('Who belongs together');
    expect(html).not.toContain('Refunded for');
    expect(html).not.toContain(`action="/customers/${id}/log"`);
    const now = await (await page(`/customers/${id}`)).text();
    expect(now).not.toContain('Back to now');
    const touchpoint = /\/touchpoints\/tp_\d+/.exec(now)?.[0] ?? '';
    expect(await (await page(touchpoint)).text()).toContain(`/customers/${id}?at=2026-01-05T09:00:00.000Z`);
  });

  it('is friendly about somebody who was not known yet', async () => {
    const id = await send([bought], 'stranger');
    const answer = await page(`/customers/${id}?at=${dayOf(0)}`);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain('Nothing was known of this person on 1 January 2026');
    expect(html).toContain(`/customers/${id}?at=${dayOf(2)}`);
  });

  it('sums it up in one sentence of the reader’s language, on the page and in the API', async () => {
    const id = await send([bought, { ...bought, day: 4, what: 'order.placed', order: 1 }], 'sentence');
    const asked = { headers: { ...asAdmin, 'accept-language': 'pl-PL,en;q=0.5' } };
    const answer = await worker.dispatchFetch(`${ORIGIN}/api/v1/customers/${id}?at=${dayOf(4)}`, asked);
    expect(await answer.json()).toMatchObject({
      summary: {
        language: 'pl',
        text: expect.stringMatching(/^Klient od stycznia 2026: 2 zamówienia o wartości 80,00\s€/),
      },
    });
    const html = await page(`/customers/${id}?at=${dayOf(3)}`, undefined, { 'accept-language': 'ar' });
    expect(await html.text()).toMatch(/<p class="summary" lang="ar" dir="rtl">عميل منذ يناير 2026: طلب واحد/);
  });

  it.each([
    ['2999-01-01', 'lies ahead'],
    ['2026-02-31', 'is no date: write 2026-03-01'],
    ['%3Cscript%3E', 'is no date'],
  ])('asked for %s says what to mend', async (day, words) => {
    const id = await send([bought], `mend${messages}`);
    const shownPage = await page(`/customers/${id}?at=${day}`);
    expect(shownPage.status).toBe(422);
    const html = await shownPage.text();
    expect(html).toContain(words);
    expect(html).not.toContain('<script>');
    const answer = await worker.dispatchFetch(`${ORIGIN}/api/v1/customers/${id}?at=${day}`, { headers: asAdmin });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'invalid',
      errors: [{ path: 'at', message: expect.stringContaining(words) }],
    });
  });
});
