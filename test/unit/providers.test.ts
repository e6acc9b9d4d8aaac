import { describe, expect, it } from 'vitest';
import { ASSURANCES } from '../../schema/customer.ts';
import { isBlockedValue, normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { CHANNELS, DIRECTIONS, INITIATORS } from '../../schema/vocabulary.ts';
import type { Delivery, Provider, Translation } from '../../worker/sources/provider.ts';
import { providers } from '../../worker/sources/providers.gen.ts';
import { fc, runs } from '../support/chance.ts';
import {
  defaultSettings,
  deliveryOf,
  payloadOf,
  preparedWith,
  recordedDeliveries,
  translateWith,
} from '../support/fixtures.ts';
import { contextOf, SENDERS, signedSample, verifyWith } from '../support/senders.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const URL_OF_SOURCE = 'https://rapport.example/in/key';
const secretFor = (provider: Provider, seed = 'contract') => SENDERS[provider.kind]?.secretOf?.(seed) ?? '';

async function sampleOf(provider: Provider, seed = 'one') {
  const secret = secretFor(provider);
  const { headers, body } = await signedSample(provider, { secret, now: NOW, seed, url: URL_OF_SOURCE });
  const context = { secrets: [secret], settings: defaultSettings(provider), now: NOW };
  const delivery = deliveryOf(headers, body);
  return { delivery, ready: await preparedWith(provider, delivery), headers, body, context };
}

const touchpointsOf = (translation: Translation): readonly TouchpointInput[] =>
  translation.ok && 'touchpoints' in translation ? translation.touchpoints : [];

/** What every touchpoint must be, whatever it was made of. */
function expectSound(touchpoint: TouchpointInput) {
  expect(touchpoint.kind).toMatch(/^[a-z]+(?:_[a-z]+)+$/);
  expect(CHANNELS).toContain(touchpoint.channel);
  expect(DIRECTIONS).toContain(touchpoint.direction);
  expect(INITIATORS).toContain(touchpoint.initiator);
  expect(touchpoint.messageId).toMatch(/^\S.{0,500}$/s);
  expect(touchpoint.person.key).toMatch(/^[a-z]+:.{1,300}$/s);
  expect(touchpoint.text?.length ?? 0).toBeLessThanOrEqual(5000);
  expect(touchpoint.text).not.toBe('');
  for (const money of [touchpoint.value, touchpoint.order?.total].filter((one) => one !== null && one !== undefined)) {
    expect(Number.isSafeInteger(money.amountMinor)).toBe(true);
    expect(money.currency).toMatch(/^[A-Z]{3}$/);
  }
  if (touchpoint.occurredAt !== null) expect(Number.isSafeInteger(touchpoint.occurredAt)).toBe(true);
  if (touchpoint.score !== null && touchpoint.score !== undefined) expect(Number.isFinite(touchpoint.score)).toBe(true);
  for (const { kind, value, assurance } of touchpoint.person.identifiers) {
    expect(ASSURANCES).toContain(assurance);
    expect(isBlockedValue(value)).toBe(false);
    if (kind === 'email') expect(normaliseEmail(value)).toBe(value);
    if (kind === 'phone') expect(normalisePhone(value)).toBe(value);
  }
  const stored = JSON.stringify(touchpoint);
  expect(stored).not.toContain('\\u0000');
  expect(stored.isWellFormed() && !/\\ud[89a-f]/i.test(stored)).toBe(true);
}

/** The payload with the value at some place replaced. */
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

const laidOver = (payload: Json, variant: { readonly [key: string]: Json }): Json =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? { ...payload, ...variant } : variant;

/** Names that payloads have, so that random objects get past the first look. */
const FIELDS = [
  ...[
    'id',
    'email',
    'phone',
    'customer',
    'billing',
    'billing_address',
    'order_id',
    'token',
    'type',
    'data',
    'object',
    'events',
  ],
  ...[
    'created',
    'created_at',
    'total_price',
    'currency',
    'line_items',
    'refunds',
    'transactions',
    'status',
    'customer_details',
  ],
  ...['reviewer_email', 'review', 'rating', 'amount', 'message', 'name', '__proto__', 'constructor', 'toString'],
];

const anyJson = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(
      null,
      true,
      '',
      'a@b.example',
      '1',
      'order.placed',
      'charge.refunded',
      'null',
      '2026-02-30T00:00:00Z',
      'EUR',
    ),
    fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
    fc.array(tie('json'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...FIELDS), fc.string()), tie('json')), { maxLength: 8 })
      .map(Object.fromEntries),
  ),
})).json;

describe.each(providers.map((provider) => [provider.kind, provider] as const))('the provider %s', (_kind, provider) => {
  const isSigned = provider.secret.startsWith('from_');
  const isOptional = provider.secret === 'optional';
  const isPublic = provider.secret === 'none';

  it('says what it is and how to set it up', () => {
    expect(provider.kind).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect([provider.title, provider.summary].every((text) => text.length > 3)).toBe(true);
    expect(provider.setup.length).toBeGreaterThanOrEqual(3);
    for (const { text } of [...provider.setup, ...(provider.vouching ?? [])]) expect(text).toMatch(/^[A-Z].{8,}[.]?$/s);
    const copied = provider.setup.map(({ copy }) => copy);
    if (provider.door !== 'site') expect(copied).toContain('url');
    if (!isOptional) expect(copied.includes('secret')).toBe(isSigned);
  });

  it('works without settings, and refuses those it does not know, by path', () => {
    expect(provider.parseSettings(undefined).ok).toBe(true);
    const again = provider.parseSettings(defaultSettings(provider));
    expect(again).toEqual({ ok: true, settings: defaultSettings(provider) });
    expect(provider.parseSettings({ nonsense: 1 })).toMatchObject({ ok: false, misfits: [{ path: '$.nonsense' }] });
    for (const raw of ['text', 7, []]) expect(provider.parseSettings(raw).ok).toBe(false);
  });

  it('reads its own sample', async () => {
    const { delivery, ready, context } = await sampleOf(provider);
    expect(provider.handshake?.(delivery, contextOf(context)) ?? null).toBeNull();
    expect(await verifyWith(provider, delivery, context)).toMatchObject({ ok: true });
    const touchpoints = touchpointsOf(translateWith(provider, ready));
    expect(touchpoints.length).toBeGreaterThan(0);
    touchpoints.forEach(expectSound);
  });

  it('gives the same message the same id, and another message another', async () => {
    const idsOf = async (seed: string) => {
      const { ready } = await sampleOf(provider, seed);
      return touchpointsOf(translateWith(provider, ready)).map(({ messageId }) => messageId);
    };
    expect(await idsOf('one')).toEqual(await idsOf('one'));
    expect(await idsOf('one')).not.toEqual(await idsOf('two'));
  });

  it.runIf(isSigned)('refuses a changed body, another secret, no secret and no signature', async () => {
    const { headers, body, delivery, context } = await sampleOf(provider);
    const reasonOf = async (sent: Delivery, known: typeof context) => {
      const verdict = await verifyWith(provider, sent, known);
      return verdict.ok ? 'accepted' : verdict.refusal.reason;
    };
    if (SENDERS[provider.kind]?.covers !== 'fields')
      expect(await reasonOf(deliveryOf(headers, `${body} `), context)).toBe('signature_mismatch');
    expect(await reasonOf(delivery, { ...context, secrets: [secretFor(provider, 'other')] })).toBe(
      'signature_mismatch',
    );
    for (const secrets of [[], [''], [' ']])
      expect(await reasonOf(delivery, { ...context, secrets })).toBe('secret_missing');
    const bare = { 'Content-Type': 'application/json' };
    const unsigned = SENDERS[provider.kind]?.inBody?.write(body, '') ?? body;
    expect(await reasonOf(deliveryOf(bare, unsigned), context)).toBe('signature_missing');
  });

  it.runIf(isSigned)('accepts both secrets while one is rotated out', async () => {
    const { delivery, context } = await sampleOf(provider);
    const [current = ''] = context.secrets;
    const other = secretFor(provider, 'other');
    expect(await verifyWith(provider, delivery, { ...context, secrets: [other, current] })).toMatchObject({ ok: true });
    expect(await verifyWith(provider, delivery, { ...context, secrets: [current, other] })).toMatchObject({ ok: true });
  });

  it.runIf(isOptional)('is known by its address alone, and by its secret besides once there is one', async () => {
    const verdictOn = async (secret: string, secrets: readonly string[]) => {
      const sample = await signedSample(provider, { secret, now: NOW, seed: 'one', url: URL_OF_SOURCE });
      const settings = defaultSettings(provider);
      return verifyWith(provider, deliveryOf(sample.headers, sample.body), { secrets, settings, now: NOW });
    };
    expect(await verdictOn('', [])).toEqual({ ok: true });
    expect(await verdictOn('ours:shh', ['ours:shh'])).toEqual({ ok: true });
    expect(await verdictOn('ours:shh', ['newer:shh', 'ours:shh'])).toEqual({ ok: true });
    expect(await verdictOn('', ['ours:shh'])).toMatchObject({ refusal: { reason: 'signature_missing' } });
    expect(await verdictOn('theirs:shh', ['ours:shh'])).toMatchObject({ refusal: { reason: 'signature_mismatch' } });
  });

  it.runIf(isPublic)('takes what it is told of a person for a claim', async () => {
    const { ready } = await sampleOf(provider);
    const given = touchpointsOf(translateWith(provider, ready)).flatMap(({ person }) => person.identifiers);
    expect(given.length).toBeGreaterThan(0);
    expect(new Set(given.map(({ assurance }) => assurance))).toEqual(new Set(['claimed']));
  });

  it.runIf(isPublic)('refuses pages that are not on its list', async () => {
    const { headers, body, context } = await sampleOf(provider);
    const settings = { ...context.settings, origins: ['https://shop.example/'] };
    const verdictFor = (origin: Record<string, string>) =>
      verifyWith(provider, deliveryOf({ 'Content-Type': headers['Content-Type'] ?? '', ...origin }, body), {
        ...context,
        settings,
      });
    expect(await verdictFor({ Origin: 'https://shop.example' })).toEqual({ ok: true });
    expect(await verdictFor({ Referer: 'https://shop.example/contact' })).toEqual({ ok: true });
    for (const Origin of ['https://evil.example', 'http://shop.example', 'null', 'https://shop.example.evil.example']) {
      expect(await verdictFor({ Origin })).toMatchObject({ ok: false, refusal: { reason: 'origin_refused' } });
    }
    expect(await verdictFor({})).toEqual({ ok: false, refusal: { reason: 'origin_refused', origin: '' } });
  });

  it('never throws on a translation, whatever the JSON, and makes nothing unsound', async () => {
    const { ready, body } = await sampleOf(provider);
    const headers = Object.fromEntries(ready.headers);
    const payload = payloadOf(ready);
    const settings = defaultSettings(provider);
    const { topics: known = [{}], variants = [], recorded = [] } = SENDERS[provider.kind] ?? {};
    const seen = (recordedDeliveries(recorded) ?? []).map((one) => payloadOf(deliveryOf(one.headers, one.body)));
    const bases = [payload, ...seen, ...variants.map((variant) => laidOver(payload, variant))];
    const mutated = fc
      .tuple(fc.constantFrom(...bases), fc.array(fc.nat(30), { maxLength: 6 }), anyJson)
      .map(([base, steps, replacement]) => replaceAt(base, steps, replacement));
    const topics = fc.constantFrom(...known);
    fc.assert(
      fc.property(fc.oneof(mutated, anyJson), topics, (json, topic) => {
        const translation = translateWith(provider, deliveryOf({ ...headers, ...topic }, body), json, settings);
        if (!translation.ok) expect(translation.misfits.length).toBeGreaterThan(0);
        touchpointsOf(translation).forEach(expectSound);
      }),
      { numRuns: runs(600) },
    );
  });
});
