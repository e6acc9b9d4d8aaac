import { describe, expect, it } from 'vitest';
import type { Json, Need, OrderFact } from '../../schema/touchpoint.ts';
import type { ApiContext, ProviderApi } from '../../worker/sources/provider-api.ts';
import { providers } from '../../worker/sources/providers.gen.ts';
import { STAND_INS, type StandIn } from '../support/apis.ts';
import { fc, runs } from '../support/chance.ts';
import { deliveryOf, translateWith } from '../support/fixtures.ts';

/** What holds of every provider's API, whatever an owner types and whatever id a webhook brings. */
const withDetails = providers.flatMap(({ kind, api, title }) => (api?.details ? [{ kind, api, title }] : []));
const standInOf = (kind: string): StandIn => {
  const found = STAND_INS[kind];
  if (!found) throw new Error(`test/support/apis/${kind}.ts is missing`);
  return found;
};

const NASTY = [
  'evil.example',
  'evil.example/',
  'evil.example#',
  'evil.example?',
  'x@evil.example',
  'x:y@evil.example',
  'evil.example:443',
  'evil.example\\',
  'evil.example%2f',
  'evil。example',
  'x\n.evil.example',
  '..',
  '.',
  '/',
  '',
  ' ',
  'localhost',
  '127.0.0.1',
  '[::1]',
  '-x',
  'ＡＢＣ',
  '__proto__',
];
const hostile = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.webAuthority());

const isBelow = (host: string, { domains }: StandIn) =>
  /^[a-z0-9.-]+$/.test(host) && domains.some((domain) => host === domain || host.endsWith(`.${domain}`));

describe.each(withDetails.map((one) => [one.kind, one] as const))('the API of %s', (kind, { api, title }) => {
  const standIn = standInOf(kind);

  it('says what it is good for, what it needs and where that comes from', () => {
    expect(api.summary).toMatch(/^[A-Z].{20,}\.$/);
    expect(api.setup.length).toBeGreaterThanOrEqual(2);
    for (const { text } of api.setup) expect(text).toMatch(/^[A-Z].{8,}\.$/s);
    expect(JSON.stringify(api.setup)).toContain(title);
    expect(api.fields.filter(({ isSecret }) => isSecret)).toHaveLength(1);
    for (const { pattern, misfit } of api.fields)
      expect([pattern instanceof RegExp, misfit]).toEqual([true, expect.any(String)]);
    const wanted = api.fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
    expect(Object.keys(standIn.credentials)).toEqual(expect.arrayContaining(wanted));
  });

  it('takes what is right, and nothing that could lead elsewhere', () => {
    for (const { name, pattern } of api.fields) {
      const right = standIn.credentials[name];
      if (right !== undefined) expect([name, pattern?.test(right)]).toEqual([name, true]);
      // Some words are nasty alone and harmless as a part; an e-mail address is sent and leads nowhere.
      for (const nasty of NASTY.filter((text) => !text.includes('@') && text !== 'localhost'))
        expect([name, nasty, pattern?.test(nasty)]).toEqual([name, nasty, false]);
    }
  });

  it('names no host outside its own domain, whatever the credentials say', () => {
    const fields = fc.record(Object.fromEntries(api.fields.map(({ name }) => [name, hostile])), { requiredKeys: [] });
    fc.assert(
      fc.property(fields, (typed) => {
        const credentials: Record<string, string> = {};
        for (const [name, value] of Object.entries(typed)) if (typeof value === 'string') credentials[name] = value;
        for (const given of [credentials, { ...standIn.credentials, ...credentials }])
          for (const host of api.hosts(given)) expect([host, isBelow(host, standIn)]).toEqual([host, true]);
      }),
      { numRuns: runs(500) },
    );
  });

  it('asks there and only by the address of the thing, whatever id it is asked for', async () => {
    expect(standIn.needs.length).toBeGreaterThan(0);
    for (const resource of standIn.needs) {
      const plain = await Promise.all(['17', '17:3'].map((id) => askedFor(api, standIn, resource, id)));
      const shapes = plain.flat().map(shapeOf);
      expect(shapes.length).toBeGreaterThan(0);
      for (const id of ODD_IDS)
        for (const url of await askedFor(api, standIn, resource, id)) {
          expect(isBelow(url.host, standIn)).toBe(true);
          expect([id, shapes.includes(shapeOf(url)), shapeOf(url)]).toEqual([id, true, expect.anything()]);
        }
    }
  });
});

/** What the webhooks of a stand-in need, by the provider's own reading. */
function needsOf(kind: string, { cases }: StandIn): Need[] {
  const provider = providers.find((one) => one.kind === kind);
  if (!provider) throw new Error(`there is no provider ${kind}`);
  return cases.flatMap(({ payload }) => {
    const translation = translateWith(provider, deliveryOf({}, JSON.stringify(payload)));
    const touchpoints = translation.ok && 'touchpoints' in translation ? translation.touchpoints : [];
    return touchpoints.flatMap(({ needs }) => needs ?? []);
  });
}

const junk = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    '',
    'x',
    '1e999',
    'null',
    -1,
    1.5,
    2 ** 60,
    [],
    {},
    [[]],
    { id: 1 },
    '2026-02-30T00:00:00Z',
  ),
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.array(fc.constantFrom<Json>(null, 'x', {}, []), { maxLength: 3 }),
);

/** The value with what stands at some place replaced. */
function replaceAt(value: Json, steps: readonly number[], replacement: Json): Json {
  const [step = 0, ...rest] = steps;
  if (typeof value !== 'object' || value === null || steps.length === 0) return replacement;
  const entries = Object.entries<Json>(value);
  const chosen = entries[step % Math.max(1, entries.length)]?.[0];
  const replaced = entries.map(([key, inner]): [string, Json] => [
    key,
    key === chosen ? replaceAt(inner, rest, replacement) : inner,
  ]);
  return Array.isArray(value) ? replaced.map(([, inner]) => inner) : Object.fromEntries(replaced);
}

function expectSoundOrder(order: OrderFact) {
  expect(order.id).toMatch(/^\S.{0,300}$/s);
  const times = [order.asOf, order.placedAt, order.paidAt, order.fulfilledAt, order.cancelledAt];
  for (const time of times) if (time !== null && time !== undefined) expect(Number.isSafeInteger(time)).toBe(true);
  const amounts = [order.total, ...(order.refunds ?? []).map(({ amount }) => amount)];
  for (const money of amounts)
    if (money)
      expect([Number.isSafeInteger(money.amountMinor), /^[A-Z]{3}$/.test(money.currency)]).toEqual([true, true]);
  for (const { amountMinor, quantity } of order.lines ?? [])
    expect([amountMinor === null || Number.isSafeInteger(amountMinor), Number.isFinite(quantity)]).toEqual([
      true,
      true,
    ]);
}

describe.each(withDetails.map((one) => [one.kind, one] as const))('an odd answer of %s', (kind, { api }) => {
  it('costs what is odd about it and nothing else', async () => {
    const standIn = standInOf(kind);
    const needs = needsOf(kind, standIn);
    expect(needs.length).toBeGreaterThan(0);
    const property = fc.asyncProperty(
      fc.constantFrom(...needs),
      fc.array(fc.nat(12), { maxLength: 5 }),
      junk,
      async (need, steps, replacement) => {
        const context: ApiContext = {
          credentials: standIn.credentials,
          settings: {},
          now: Date.UTC(2026, 4, 1),
          fetch: async (address, init) => {
            const answer = standIn.answer({
              method: 'GET',
              url: new URL(address),
              headers: new Headers(init?.headers),
            });
            if (answer.status !== 200) return new Response(null, { status: answer.status });
            const body: Json = JSON.parse(JSON.stringify(answer.body));
            return new Response(JSON.stringify(replaceAt(body, steps, replacement)));
          },
        };
        const asked = await api.details?.({ ...need, kind: 'order_placed', occurredAt: Date.UTC(2026, 4, 1) }, context);
        if (!asked?.ok) return;
        if (asked.value.order) expectSoundOrder(asked.value.order);
        for (const { kind: what, value } of asked.value.person?.identifiers ?? [])
          expect([what, value]).toEqual([expect.stringMatching(/^[a-z_]+$/), expect.stringMatching(/\S/)]);
        const stored = JSON.stringify(asked.value);
        expect(stored.isWellFormed() && !/\\u0000|\\ud[89a-f]/i.test(stored)).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: runs(400) });
  });
});

const ODD_IDS = [
  ...NASTY.filter((text) => text !== ''),
  '../../v3/hooks',
  'a/b',
  '1?x=1',
  '1#x',
  '1&include=all',
  '..:..',
];

/** An address without what differs from thing to thing: two ways to ask for the same have the same shape. */
const shapeOf = ({ host, pathname, searchParams, hash }: URL): string => {
  const parts = pathname.split('/');
  return JSON.stringify([
    host,
    parts.slice(0, Math.min(3, parts.length - 1)),
    parts.length,
    [...searchParams.keys()],
    hash,
  ]);
};

/** The addresses asked for a thing, by answers that say next to nothing. */
async function askedFor(api: ProviderApi, { credentials }: StandIn, resource: string, id: string): Promise<URL[]> {
  const asked: URL[] = [];
  const context: ApiContext = {
    credentials,
    settings: {},
    now: Date.UTC(2026, 4, 1),
    fetch: async (address) => {
      const url = new URL(address);
      expect(api.hosts(credentials)).toContain(url.host);
      asked.push(url);
      return Response.json({ id: 1, order: { id: 1 } });
    },
  };
  await api.details?.({ resource, id, kind: 'order_placed', occurredAt: Date.UTC(2026, 4, 1) }, context);
  return asked;
}
