import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, type Source } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/**
 * One browser that several people use, of whom nobody proves anything: by the widget, and by the write key of browsers. A second
 * person is a second person from their first word on.
 */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const site = await addSource(worker, 'site');
const sdk = (await callApi<Source & { writeKey: string }>(worker, '/sources', {
  method: 'POST',
  body: { kind: 'segment', name: 'SDKs' },
})) satisfies Source;

type Identity = { readonly [field: string]: string };
/** What one sends, whose browser it is told of, and who they say they are. */
type Said = { readonly browser: string; readonly who?: Identity; readonly id?: string };
type Way = { readonly name: string; readonly source: Source; readonly say: (said: Said) => ReturnType<typeof deliver> };

const widget: Way = {
  name: 'the widget',
  source: site,
  say: ({ browser, who, id = crypto.randomUUID() }) =>
    deliver(worker, site, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        visitor: browser,
        locale: 'en',
        page: { url: 'https://shop.example/', title: '', referrer: '' },
        ...(who && { identity: who }),
        events: [{ id, at: Date.UTC(2026, 2, 3), type: 'page_viewed' }],
      }),
    }),
};
const writeKey: Way = {
  name: 'the write key',
  source: sdk,
  say: ({ browser, who: { userId, ...traits } = {}, id = crypto.randomUUID() }) =>
    deliver(
      worker,
      { url: 'http://rapport.test/v1/identify' },
      {
        headers: { 'content-type': 'text/plain' },
        body: JSON.stringify({
          writeKey: sdk.writeKey,
          messageId: id,
          anonymousId: browser,
          timestamp: '2026-03-03T00:00:00Z',
          ...(userId !== undefined && { userId }),
          traits,
        }),
      },
    ),
};
const WAYS = [widget, writeKey].map((way) => [way.name, way] as const);

type Held = { readonly id: string; readonly touchpoints: number };
const holding = async (identifier: string): Promise<Held[]> =>
  (await holdersOf(worker, identifier)).map(({ id, stats }) => ({ id, touchpoints: stats.touchpoints }));
const contactsOf = async (identifier: string) => (await holding(identifier)).map(({ touchpoints }) => touchpoints);
/** All of a record but for what is suggested about it to staff: that two claim one address is told, and is no change. */
async function everythingOf(id: string): Promise<unknown> {
  const { suggestions: _told, ...record } = await callApi<{ suggestions: unknown }>(worker, `/customers/${id}`);
  return [record, await callApi(worker, `/touchpoints?customer=${id}&limit=100`)];
}
const taken = async (way: Way, said: Said) => {
  const { status, text } = await way.say(said);
  expect(status, text).toBe(200);
  return { status, text };
};

let turn = 0;
const somebody = (): string => `shared-${++turn}`;

describe.each(WAYS)('people who say by %s that they are users of the site', (_name, way) => {
  it('are as many as they say, and each comes back to their own', async () => {
    const [browser, ann, ben] = [crypto.randomUUID(), somebody(), somebody()];
    for (const userId of [ann, ann, ben, ann, ben, ann]) await taken(way, { browser, who: { userId } });
    expect([await contactsOf(`user_id:${ann}`), await contactsOf(`user_id:${ben}`)]).toEqual([[4], [2]]);
  });

  it('leave with the browser what was done before anybody said so, and in between', async () => {
    const [browser, ann, ben] = [crypto.randomUUID(), somebody(), somebody()];
    await taken(way, { browser });
    const [before] = await holding(`anonymous_id:${browser}`);
    for (const who of [{ userId: ann }, undefined, { userId: ben }]) await taken(way, { browser, ...(who && { who }) });
    expect(await contactsOf(`user_id:${ann}`)).toEqual([1]);
    expect(await contactsOf(`user_id:${ben}`)).toEqual([1]);
    expect((await holding(`anonymous_id:${browser}`)).find(({ id }) => id === before?.id)?.touchpoints).toBe(2);
  });

  it('change nothing of each other, and cannot tell that anybody was there', async () => {
    const [browser, ann, ben] = [crypto.randomUUID(), somebody(), somebody()];
    const first = await taken(way, {
      browser,
      who: { userId: ann, email: `${ann}@shared.example`, name: 'Ann Alder' },
    });
    const [owner] = await holding(`user_id:${ann}`);
    const before = await everythingOf(owner?.id ?? '');
    const second = await taken(way, {
      browser,
      who: { userId: ben, email: `${ann}@shared.example`, phone: '+48123456789', name: 'Ben Birch' },
    });
    expect(second).toEqual(first);
    expect(await everythingOf(owner?.id ?? '')).toEqual(before);
  });

  it('stay one visitor while they only mend their address', async () => {
    const browser = crypto.randomUUID();
    const [typo, right] = [`${somebody()}@shared.exmaple`, `${somebody()}@shared.example`];
    for (const email of [typo, right]) await taken(way, { browser, who: { email } });
    expect([await contactsOf(`email:${typo}`), await contactsOf(`email:${right}`)]).toEqual([[2], [2]]);
    const [ann, other] = [somebody(), `${somebody()}@shared.example`];
    for (const email of [right, other]) await taken(way, { browser, who: { userId: ann, email } });
    expect(await contactsOf(`user_id:${ann}`)).toEqual([2]);
  });

  it('are nobody where the id is one that programs write for nothing', async () => {
    const browser = crypto.randomUUID();
    for (const userId of ['null', 'undefined', 'anonymous', '0']) await taken(way, { browser, who: { userId } });
    expect(await contactsOf(`anonymous_id:${browser}`)).toEqual([4]);
  });

  it('are told apart the same in whatever order their words arrive', async () => {
    const words = fc.array(fc.constantFrom('', 'a', 'b', 'c'), { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(words, fc.array(fc.nat(), { maxLength: 8 }), async (told, swaps) => {
        const shuffled = swaps.reduce((list, swap, at) => {
          const [i, j] = [at % list.length, swap % list.length];
          return list.map((word, k) => (k === i ? (list[j] ?? '') : k === j ? (list[i] ?? '') : word));
        }, told);
        const tell = async (order: readonly string[]) => {
          const [browser, name] = [crypto.randomUUID(), somebody()];
          for (const user of order)
            await taken(way, { browser, ...(user !== '' && { who: { userId: `${name}-${user}` } }) });
          return Promise.all(['a', 'b', 'c'].map((user) => contactsOf(`user_id:${name}-${user}`)));
        };
        expect(await tell(shuffled)).toEqual(await tell(told));
      }),
      { numRuns: Number(process.env.RUNS ?? 4) },
    );
  });

  it('are erased each for themselves, and do not come back by what was sent before', async () => {
    const [browser, ann, ben] = [crypto.randomUUID(), somebody(), somebody()];
    const said = [ann, ben].map((userId) => ({ browser, who: { userId }, id: crypto.randomUUID() }));
    for (const one of said) await taken(way, one);
    const [gone] = await holding(`user_id:${ann}`);
    await callApi(worker, `/customers/${gone?.id}`, { method: 'DELETE', body: { reason: 'asked for it' } });
    for (const one of said) await taken(way, one);
    expect([await contactsOf(`user_id:${ann}`), await contactsOf(`user_id:${ben}`)]).toEqual([[], [1]]);
  });

  it('let what an earlier version put together stand, and answer', async () => {
    const [browser, ann] = [crypto.randomUUID(), somebody()];
    await taken(way, { browser });
    const [old] = await holding(`anonymous_id:${browser}`);
    // As one fragment had both: the browser, and a user claimed on it.
    await db
      .prepare(
        `INSERT INTO identifier (kind, value, scope, fragment_id, assurance, may_link, first_at, last_at)
         SELECT 'user_id', ?2, f.source_id, f.id, 1, 0, 0, 0 FROM customer c JOIN fragment f ON f.id = c.id WHERE c.public_id = ?1`,
      )
      .bind(old?.id ?? '', ann)
      .run();
    await taken(way, { browser, who: { userId: ann } });
    expect((await contactsOf(`user_id:${ann}`)).sort()).toEqual([1, 1]);
    expect(await callApi(worker, `/customers/${old?.id}`)).toMatchObject({ id: old?.id, stats: { touchpoints: 1 } });
  });
});

describe('ids that read alike when they are put together', () => {
  it('are of two people', async () => {
    const [a, b, c] = [somebody(), somebody(), somebody()];
    await taken(writeKey, { browser: `${a}:${b}`, who: { userId: c } });
    await taken(writeKey, { browser: a, who: { userId: `${b}:${c}` } });
    await taken(writeKey, { browser: `${a}%3A${b}`, who: { userId: c } });
    expect([await contactsOf(`user_id:${c}`), await contactsOf(`user_id:${b}:${c}`)]).toEqual([[1, 1], [1]]);
  });
});

describe('ids that are alike for long', () => {
  it('are of two people all the same', async () => {
    const [browser, userId] = ['b'.repeat(190), somebody()];
    for (const end of ['1', '2']) await taken(writeKey, { browser: browser + end, who: { userId } });
    expect(await contactsOf(`user_id:${userId}`)).toEqual([1, 1]);
  });

  it('are nobody’s where they are longer than an id may be, since their beginning is not all of them', async () => {
    const [browser, user] = [crypto.randomUUID(), 'u'.repeat(200)];
    for (const end of ['1', '2']) await taken(writeKey, { browser, who: { userId: user + end } });
    expect(await contactsOf(`anonymous_id:${browser}`)).toEqual([2]);
    expect(await contactsOf(`user_id:${user}`)).toEqual([]);
  });
});

describe('people on one browser who prove who they are by a telephone alone', () => {
  const tokenFor = (facts: object) => {
    const payload = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 600, ...facts })).toString(
      'base64url',
    );
    return `${payload}.${createHmac('sha256', site.secret).update(payload).digest('hex')}`;
  };

  it('are two, and neither is the browser', async () => {
    const browser = crypto.randomUUID();
    const phones = ['+48123456701', '+48123456702'];
    await taken(widget, { browser });
    for (const phone of phones) await taken(widget, { browser, who: { token: tokenFor({ phone }) } });
    expect(await Promise.all(phones.map((phone) => contactsOf(`phone:${phone}`)))).toEqual([[1], [1]]);
  });
});
