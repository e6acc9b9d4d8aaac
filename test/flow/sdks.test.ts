import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { afterAll, describe, expect, it } from 'vitest';
import segment from '../../worker/sources/providers/segment.ts';
import { type Relay, startRelay, watchHosts } from '../support/relay.ts';
import { addSource, holdersOf, linesOf, type Source } from '../support/shop.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** The real SDKs of Segment and RudderStack for Node.js against the real worker on a port of this machine. */
const folder = mkdtempSync(join(tmpdir(), 'rapport-sdks-'));
const hosts = watchHosts();
let worker = startWorker({ persist: folder });
const relays: Relay[] = [];
afterAll(async () => {
  await Promise.all([...relays.map((relay) => relay.close()), worker.dispose()]);
  rmSync(folder, { recursive: true });
});

type Person = { readonly userId: string };
/** What both SDKs say in the same words. */
type Client = {
  identify(call: Person & { traits: Record<string, string> }): unknown;
  track(call: Person & { event: string; properties?: Record<string, string | number | { name: string }[]> }): unknown;
  page(call: Person & { name: string }): unknown;
  screen(call: Person & { name: string }): unknown;
  group(call: Person & { groupId: string; traits: Record<string, string> }): unknown;
  alias(call: Person & { previousId: string }): unknown;
};
type Sdk = {
  readonly name: string;
  readonly isPressed: boolean;
  /** `faults` are what the SDK says it could not deliver. */
  readonly open: (
    writeKey: string,
    origin: string,
    faults: unknown[],
  ) => { readonly client: Client; readonly flush: () => Promise<unknown> };
};

const SDKS = [
  {
    name: '@segment/analytics-node',
    isPressed: false,
    open(writeKey: string, origin: string, faults: unknown[]) {
      const client = new Analytics({ writeKey, host: origin });
      client.on('error', (fault) => void faults.push(fault));
      return { client, flush: () => client.flush() };
    },
  },
  {
    name: '@rudderstack/rudder-sdk-node',
    isPressed: true,
    open(writeKey: string, origin: string, faults: unknown[]) {
      const client = new RudderAnalytics(writeKey, {
        dataPlaneUrl: origin,
        // Whatever proxy this machine uses, it does not lead to itself.
        axiosConfig: { proxy: false },
        errorHandler: (fault) => void faults.push(fault),
        logLevel: 'none',
      });
      return { client, flush: () => client.flush() };
    },
  },
] as const satisfies readonly Sdk[];

/** A source of its own, and an SDK on its own way to it. */
async function connect({ open }: Sdk, keyOf = ({ secret }: Source) => secret) {
  const source = await addSource(worker, 'segment');
  const relay = await startRelay(await worker.ready);
  relays.push(relay);
  const faults: unknown[] = [];
  return { source, relay, faults, ...open(keyOf(source), relay.origin, faults) };
}

type Touchpoint = {
  readonly kind: string;
  readonly customerId: string;
  readonly data: Readonly<Record<string, unknown>>;
};
const touchpointsOf = async ({ id }: Source) =>
  (await callApi<{ items: Touchpoint[] }>(worker, `/touchpoints?source=${id}&limit=100`)).items;
const kindsOf = async (source: Source) => (await touchpointsOf(source)).map(({ kind }) => kind).sort();
const outcomesOf = async (source: Source) => (await linesOf(worker, source)).map(({ outcome }) => outcome).sort();

/** One of each SDK: namesakes at one company would be suggested as one, sooner or later. */
const fullName = (name: string): string => `Mara ${name}`;

/** A customer's way, told with every call there is. */
function tell(client: Client, name: string): void {
  const userId = `${name}-1`;
  const order = { order_id: `${name}-1001`, currency: 'EUR' };
  client.identify({ userId, traits: { email: `${name}@example.com`, name: fullName(name) } });
  client.page({ userId, name: 'Home' });
  client.screen({ userId, name: 'Start' });
  client.track({ userId, event: 'Product Viewed', properties: { product_id: 'T-1', price: 24.95 } });
  client.track({ userId, event: 'Checkout Started', properties: { ...order, value: 49.9 } });
  const products = [{ name: 'Teapot', sku: 'T-1', price: 24.95, quantity: 2 }];
  client.track({ userId, event: 'Order Completed', properties: { ...order, total: 49.9, products } });
  client.track({ userId, event: 'Order Refunded', properties: { ...order, total: 10 } });
  client.track({ userId, event: 'Plan 7 Chosen' });
  client.group({ userId, groupId: 'g-1', traits: { name: 'Lindqvist AB' } });
  client.alias({ userId, previousId: `${name}-visitor` });
}
const TOLD = [
  ...['checkout_started', 'customer_updated', 'customer_updated', 'customer_updated', 'event_tracked'],
  ...['order_paid', 'order_refunded', 'page_viewed', 'product_viewed', 'screen_viewed'],
];

// Together, since SDKs wait for seconds before they try again.
describe.concurrent.each(SDKS.map((sdk) => [sdk.name, sdk] as const))('%s', (_name, sdk) => {
  const name = sdk.name.replaceAll(/[^a-z]/g, '');

  it('tells a whole story, which told again changes nothing', async () => {
    const { source, relay, client, flush, faults } = await connect(sdk);
    tell(client, name);
    await flush();
    expect(faults).toEqual([]);
    expect(await kindsOf(source)).toEqual(TOLD);
    const [customer] = await holdersOf(worker, `email:${name}@example.com`);
    expect(customer).toMatchObject({
      displayName: fullName(name),
      stats: { touchpoints: 10, orders: 1, revenue: [{ amountMinor: 3990, currency: 'EUR' }] },
    });
    const record = await callApi(worker, `/customers/${customer?.id}`);
    expect(record).toMatchObject({ profile: { company: { value: 'Lindqvist AB', assurance: 'asserted' } } });
    expect((await holdersOf(worker, `anonymous_id:${name}-visitor`)).map(({ id }) => id)).toEqual([customer?.id]);

    for (const one of relay.sent) {
      expect(one).toMatchObject({ path: '/v1/batch', status: 200 });
      expect(one.headers['content-encoding']).toBe(sdk.isPressed ? 'gzip' : undefined);
      expect(await relay.replay(one)).toMatchObject({ status: 200, body: { success: true, rejected: [] } });
    }
    expect(await kindsOf(source)).toEqual(TOLD);
    expect(await callApi(worker, `/customers/${customer?.id}`)).toEqual(record);
    expect((await outcomesOf(source)).filter((outcome) => outcome === 'duplicate')).toHaveLength(relay.sent.length);
  });

  it('works by the code of the set-up steps as it stands', async () => {
    const { code = '' } = segment.setup.find((step) => step.code?.includes(sdk.name)) ?? {};
    const { source, relay } = await connect(sdk);
    const filled = code.replace('{secret}', source.secret).replace('{origin}', relay.origin);
    const client: Analytics | RudderAnalytics = runInNewContext(`${filled.replace(/^import .*/, '')}\nanalytics`, {
      Analytics,
      RudderAnalytics,
    });
    await client.flush();
    expect(await kindsOf(source)).toHaveLength(1);
  });

  it('tries again when the worker is busy, and when its answer is lost; all is stored once', async () => {
    const { source, relay, client, flush, faults } = await connect(sdk);
    relay.happen('busy', 'lost');
    for (const song of ['One', 'Two', 'Three'])
      client.track({ userId: 'listener', event: 'Song Played', properties: { song } });
    await flush();
    expect(faults).toEqual([]);
    expect(relay.sent.map(({ status }) => status).slice(0, 3)).toEqual([503, null, 200]);
    const songs = (await touchpointsOf(source)).map(({ data }) => data.properties);
    expect(songs).toHaveLength(3);
    expect(songs).toEqual(expect.arrayContaining([{ song: 'One' }, { song: 'Two' }, { song: 'Three' }]));
    expect(await outcomesOf(source)).toContain('duplicate');
  });

  it('gives up at once what will never be taken', async () => {
    const { source, relay, client, flush, faults } = await connect(sdk, ({ secret }) => `${secret}-wrong`);
    client.track({ userId: 'listener', event: 'Song Played' });
    await flush();
    expect(relay.sent.map(({ status }) => status)).toEqual([401]);
    expect(faults).toHaveLength(1);
    expect(await touchpointsOf(source)).toEqual([]);
  });
});

it('an SDK that finds the worker down delivers when it is up again', async () => {
  const { source, relay, client, flush, faults } = await connect(SDKS[0]);
  relay.lead(null);
  client.track({ userId: 'patient', event: 'Song Played' });
  const flushed = flush();
  await worker.dispose();
  worker = startWorker({ persist: folder });
  const isUp = worker.ready.then((url) => relay.lead(url));
  await Promise.all([flushed, isUp]);
  expect(faults).toEqual([]);
  const heard = relay.sent.map(({ status }) => status);
  expect(heard.length).toBeGreaterThan(1);
  expect([heard[0], heard.at(-1)]).toEqual([null, 200]);
  expect(await kindsOf(source)).toEqual(['song_played']);
});

it('no SDK has asked anybody else', () => {
  expect([...hosts]).toEqual(['127.0.0.1']);
});
