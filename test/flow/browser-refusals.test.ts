import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, type Source } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** Who refuses that is noted what they look at refuses it for their browser: whether they have signed in there or not. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

type Public = Source & { readonly writeKey: string };
const sdk = await callApi<Public>(worker, '/sources', {
  method: 'POST',
  body: { kind: 'segment', name: 'SDKs', settings: { profilingCategories: ['ads'] } },
});
const site = await addSource(worker, 'site');

const says = (ads: boolean) => ({ context: { consent: { categoryPreferences: { ads } } } });
async function call(path: string, body: object): Promise<void> {
  const sent = await deliver(
    worker,
    { url: `http://rapport.test/v1/${path}` },
    { headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ writeKey: sdk.writeKey, ...body }) },
  );
  expect(sent.status, sent.text).toBe(200);
}
type Visitor = { readonly anonymousId: string; readonly userId?: string };
const changes = (who: Visitor, ads: boolean) =>
  call('track', { ...who, event: 'Segment Consent Preference Updated', ...says(ads) });
const views = (who: Visitor, name: string, more: object = {}) => call('page', { ...who, name, ...more });

const fragmentsOf = (browser: string) =>
  `SELECT i.fragment_id FROM identifier i WHERE i.kind = 'anonymous_id' AND i.value = '${browser}'`;
/** Names of the pages that are kept of a browser. */
const kept = async (browser: string): Promise<unknown[]> =>
  (
    await db
      .prepare(
        `SELECT t.data ->> 'name' AS name FROM touchpoint t WHERE t.kind = 'page_viewed' AND t.fragment_id IN (${fragmentsOf(browser)}) ORDER BY t.seq`,
      )
      .all<{ name: string }>()
  ).results.map(({ name }) => name);
const another = () => {
  const anonymousId = crypto.randomUUID();
  return { visitor: { anonymousId }, signedIn: { anonymousId, userId: `u-${anonymousId}` }, anonymousId };
};

describe('by an event SDK', () => {
  it('a refusal outlasts signing in', async () => {
    const { visitor, signedIn, anonymousId } = another();
    await views(visitor, 'before');
    await changes(visitor, false);
    await views(visitor, 'refused');
    await views(signedIn, 'refused, signed in');
    expect(await kept(anonymousId)).toEqual(['before']);
  });

  it('and signing out', async () => {
    const { visitor, signedIn, anonymousId } = another();
    await changes(signedIn, false);
    await views(signedIn, 'refused, signed in');
    await views(visitor, 'refused');
    await views({ anonymousId, userId: 'somebody else' }, 'refused, as another');
    expect(await kept(anonymousId)).toEqual([]);
  });

  it('is taken back by who made it, and holds for no other browser', async () => {
    const { visitor, signedIn, anonymousId } = another();
    const other = another();
    await changes(visitor, false);
    await changes(visitor, true);
    await views(signedIn, 'agreed');
    await views(visitor, 'agreed');
    await changes(visitor, false);
    await views(other.visitor, 'elsewhere');
    expect([await kept(anonymousId), await kept(other.anonymousId)]).toEqual([['agreed', 'agreed'], ['elsewhere']]);
  });

  it('a view that says itself that it is refused is not kept, nor its body, and writes no ledger', async () => {
    const { visitor, signedIn, anonymousId } = another();
    await views(visitor, 'said with it', says(false));
    await views(signedIn, 'said with it', says(false));
    await call('track', { ...visitor, event: 'Product Viewed', properties: { name: 'Wish' }, ...says(false) });
    await views(visitor, 'agreed', says(true));
    expect(await kept(anonymousId)).toEqual(['agreed']);
    const left = await db
      .prepare(
        `SELECT (SELECT count(*) FROM touchpoint t WHERE t.fragment_id IN (${fragmentsOf(anonymousId)})) AS touchpoints,
           (SELECT count(*) FROM consent c WHERE c.fragment_id IN (${fragmentsOf(anonymousId)})) AS consents,
           (SELECT count(*) FROM delivery d WHERE instr(CAST(d.body AS TEXT), '${anonymousId}') > 0) AS bodies`,
      )
      .first();
    expect(left).toEqual({ touchpoints: 1, consents: 0, bodies: 1 });
  });
});

describe('by the widget', () => {
  const look = async (browser: string, identity?: object) => {
    const sent = await deliver(worker, site, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        visitor: browser,
        locale: 'en',
        page: { url: 'https://shop.example/', title: '', referrer: '' },
        ...(identity && { identity }),
        events: [{ id: crypto.randomUUID(), at: Date.now(), type: 'page_viewed' }],
      }),
    });
    expect(sent.status, sent.text).toBeLessThan(300);
  };
  /** What a browser's parts of records refuse, put down by staff as it was told. */
  const refuses = async (key: string) => {
    const { id = '' } =
      (await db
        .prepare('SELECT c.public_id AS id FROM fragment f JOIN customer c ON c.id = f.customer_id WHERE f.key = ?1')
        .bind(key)
        .first<{ id: string }>()) ?? {};
    await callApi(worker, `/customers/${id}/consents`, {
      method: 'POST',
      body: { consents: [{ purpose: 'profiling', channel: 'web', state: 'denied' }], note: 'asked for it' },
    });
  };

  it.each([
    ['signed out', undefined, { userId: 'w-1' }],
    ['signed in', { userId: 'w-2' }, undefined],
  ])('what was refused %s holds for the browser', async (_how, refusing, then) => {
    const browser = crypto.randomUUID();
    await look(browser, refusing);
    await refuses(refusing ? `claimant:${browser}:${refusing.userId}` : `visitor:${browser}`);
    await look(browser, then);
    expect(await kept(browser)).toHaveLength(1);
  });
});
