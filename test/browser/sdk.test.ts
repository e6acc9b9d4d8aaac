import { build } from 'esbuild';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import segment from '../../worker/sources/providers/segment.ts';
import { type Faults, openPage } from '../support/browser.ts';
import { startRelay } from '../support/relay.ts';
import { holdersOf, linesOf } from '../support/shop.ts';
import { callApi } from '../support/worker.ts';
import { addSource, type NewSource, openStage, recorded, type Stage } from './stage.ts';

/** The real SDK of Segment for browsers, in the page of a site on another origin than the worker's. */
type Sdk = typeof import('@segment/analytics-next').AnalyticsBrowser;
type Settings = Parameters<Sdk['load']>[0];
type Options = NonNullable<Parameters<Sdk['load']>[1]>;
declare global {
  interface Window {
    AnalyticsBrowser: Sdk;
    shop: ReturnType<Sdk['load']>;
  }
}

let stage: Stage;
let source: NewSource;
let sdkUrl: string;
beforeAll(async () => {
  const bundled = build({
    stdin: {
      contents: `import { AnalyticsBrowser } from '@segment/analytics-next'; Object.assign(window, { AnalyticsBrowser })`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    logLevel: 'error',
  });
  stage = await openStage();
  sdkUrl = stage.site.serveScript((await bundled).outputFiles[0]?.text ?? '');
});
afterAll(() => stage?.close());
beforeEach(async () => {
  stage.site.reports.length = 0;
  source = await addSource(stage, { kind: 'segment', name: 'Pages' });
});

type Visit = { readonly page: Page; readonly faults: Faults; readonly asked: Request[] };

/**
 * A visitor of a shop that loads the SDK from its own address. The policy of the page keeps the SDK from everybody but the
 * worker, and each try would show among the faults.
 */
async function visit(host = stage.host): Promise<Visit> {
  const { page, faults } = await openPage(stage.browser);
  await page.clock.install();
  const asked: Request[] = [];
  page.context().on('request', (request) => void asked.push(request));
  const csp = `default-src 'none'; script-src ${stage.site.origin}; style-src 'self'; connect-src ${host}`;
  await page.goto(stage.site.serve({ csp, head: `<script src="${sdkUrl}"></script>` }));
  return { page, faults, asked };
}

type Ways = Partial<Pick<Settings, 'cdnURL' | 'cdnSettings'>>;
/** The two ways of the set-up steps; the second spelt out for a host without TLS. */
const asking = (): Ways => ({ cdnURL: stage.host });
const told = (host = stage.host): Ways => ({
  cdnSettings: {
    integrations: { 'Segment.io': { apiKey: source.key, apiHost: `${new URL(host).host}/v1`, protocol: 'http' } },
    metrics: { sampleRate: 0 },
  },
});
const inBatches = (timeout: number): Options => ({
  integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 6, timeout } } } },
});

function load(page: Page, ways: Ways, options: Options = {}): Promise<void> {
  return page.evaluate(
    (given) => {
      const [settings, more]: [Settings, Options] = JSON.parse(given);
      window.shop = window.AnalyticsBrowser.load(settings, more);
    },
    JSON.stringify([{ writeKey: source.key, ...ways }, options]),
  );
}

/** A visit told with every call there is. */
const tell = (page: Page, email: string): Promise<unknown> =>
  page.evaluate(
    (address) =>
      Promise.all([
        window.shop.page('Home'),
        window.shop.identify('u-1', { email: address, name: 'Mara Lindqvist' }),
        window.shop.track('Product Viewed', { product_id: 'T-1', price: 24.95 }),
        window.shop.track('Order Completed', { order_id: '1001', total: 49.9, currency: 'EUR' }),
        window.shop.group('g-1', { name: 'Lindqvist AB' }),
        window.shop.screen('Start'),
      ]),
    email,
  );
const TOLD = ['customer_updated', 'customer_updated', 'order_paid', 'page_viewed', 'product_viewed', 'screen_viewed'];
const kinds = async () => (await recorded(stage, source.id)).map(({ kind }) => kind).sort();

const isOf = (origin: string) => (request: Request) => new URL(request.url()).origin === origin;
const postsOf = ({ asked }: Visit): Request[] =>
  asked.filter((request) => isOf(stage.host)(request) && request.method() === 'POST');
const pathsOf = (visited: Visit): string[] => [
  ...new Set(postsOf(visited).map((request) => new URL(request.url()).pathname)),
];

/** Sends what a browser has sent again, byte for byte. */
async function replay(requests: readonly Request[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const request of requests) {
    const headers = await request.allHeaders();
    const sent = { 'content-type': headers['content-type'] ?? '', authorization: headers.authorization ?? '' };
    const body = request.postData() ?? '';
    const response = await fetch(request.url(), {
      method: 'POST',
      headers: { ...sent, origin: stage.site.origin },
      body,
    });
    await response.text();
    statuses.push(response.status);
  }
  return statuses;
}

const emailOf = (value: string, assurance: string) => expect.objectContaining({ kind: 'email', value, assurance });

/** Nobody was asked but the site itself and the worker, and nothing went wrong; ends the visit. */
async function expectAtHome({ page, asked, faults }: Visit): Promise<void> {
  const strangers = asked.filter((request) => !isOf(stage.host)(request) && !isOf(stage.site.origin)(request));
  expect(strangers.map((request) => request.url())).toEqual([]);
  expect(faults).toEqual([]);
  expect(stage.site.reports).toEqual([]);
  await page.context().close();
}

describe('the SDK of Segment in a page', () => {
  it.each([
    ['with the settings of the worker, call by call', asking, {}, ['/v1/g', '/v1/i', '/v1/p', '/v1/s', '/v1/t']],
    ['with settings of its own, in batches', told, inBatches(200), ['/v1/b']],
  ])('tells a visit %s, which told again changes nothing', async (_how, ways, options, paths) => {
    const visited = await visit();
    const { page } = visited;
    await load(page, ways(), options);
    await tell(page, 'mara@example.com');
    await expect.poll(kinds).toEqual(TOLD);
    expect(pathsOf(visited).sort()).toEqual(paths);
    expect(new Set(await replay(postsOf(visited)))).toEqual(new Set([200]));
    expect(await kinds()).toEqual(TOLD);
    // By then it would have reported its own use.
    await page.clock.fastForward(60_000);
    await page.evaluate(() => window.shop.track('Song Played'));
    await expect.poll(kinds).toContain('song_played');
    await expectAtHome(visited);
  });

  it.each([
    ['asks for its settings', 'cdnURL'],
    ['has them in the page', 'cdnSettings'],
  ])('works by the code of the set-up step where it %s', async (_how, word) => {
    const { code = '' } = segment.setup.find((step) => step.code?.includes(word)) ?? {};
    const { host } = new URL(stage.host);
    const filled = code
      .replace(/^import .*/, '')
      .replaceAll('{key}', source.key)
      .replace('{origin}', stage.host)
      // The one thing that is otherwise here: a host without TLS.
      .replace("'{host}/v1'", `'${host}/v1', protocol: 'http'`);
    const visited = await visit();
    await visited.page.evaluate(filled);
    await expect.poll(kinds).toEqual(['page_viewed']);
    await expectAtHome(visited);
  });

  it('sends what waits in a batch when the visitor leaves', async () => {
    const visited = await visit();
    await load(visited.page, told(), inBatches(600_000));
    await visited.page.evaluate(() => window.shop.track('Product Viewed', { product_id: 'T-1' }));
    expect(postsOf(visited)).toEqual([]);
    await visited.page.goto(stage.site.serve({}));
    await expect.poll(kinds).toEqual(['product_viewed']);
    await expectAtHome(visited);
  });

  it('may be replaced by a beacon, which asks nothing beforehand', async () => {
    const visited = await visit();
    const event = { type: 'track', anonymousId: 'a-1', event: 'Product Viewed', messageId: 'beacon' };
    const body = JSON.stringify({ writeKey: source.key, batch: [event] });
    const isQueued = await visited.page.evaluate(([url, text]) => navigator.sendBeacon(url, text), [
      `${stage.host}/v1/b`,
      body,
    ] as const);
    expect(isQueued).toBe(true);
    await expect.poll(kinds).toEqual(['product_viewed']);
    await expectAtHome(visited);
  });

  it('tries again when the answer is lost, and the call is stored once', async () => {
    const relay = await startRelay(new URL(stage.host));
    relay.happen('lost');
    const visited = await visit(relay.origin);
    await load(visited.page, told(relay.origin));
    await visited.page.evaluate(() => void window.shop.track('Song Played'));
    await expect.poll(() => relay.sent.map(({ status }) => status), { timeout: 10_000 }).toEqual([null, 200]);
    expect(await kinds()).toEqual(['song_played']);
    const outcomes = (await linesOf(stage.worker, source)).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['accepted', 'duplicate']);
    await visited.page.context().close();
    await relay.close();
  });

  it('only claims to be somebody: no order, and no join with the customer of that address', async () => {
    const email = 'nadia@example.com';
    const known = { type: 'identify', userId: 'u-1', messageId: 'known', traits: { email, name: 'Nadia Haddad' } };
    const authorization = `Basic ${btoa(`${source.secret}:`)}`;
    const asserted = await fetch(`${stage.host}/v1/identify`, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify(known),
    });
    expect(asserted.status).toBe(200);
    const [nadia] = await holdersOf(stage.worker, `email:${email}`);
    const before = await callApi(stage.worker, `/customers/${nadia?.id}`);
    expect(before).toMatchObject({ identifiers: expect.arrayContaining([emailOf(email, 'asserted')]) });

    const visited = await visit();
    await load(visited.page, asking());
    await tell(visited.page, email);
    await expect.poll(kinds).toHaveLength(TOLD.length + 1);
    const strangers = (await recorded(stage, source.id)).map(({ customerId }) => customerId);
    const visitor = strangers.find((id) => id !== nadia?.id);
    expect(new Set(strangers)).toEqual(new Set([nadia?.id, visitor]));
    expect(await callApi(stage.worker, `/customers/${visitor}`)).toMatchObject({
      stats: { touchpoints: TOLD.length, orders: 0, revenue: [] },
      identifiers: expect.arrayContaining([emailOf(email, 'claimed')]),
    });
    expect(await callApi(stage.worker, `/customers/${nadia?.id}`)).toMatchObject({
      displayName: 'Nadia Haddad',
      stats: { touchpoints: 1, orders: 0 },
    });
    await expectAtHome(visited);
  });
});
