import { describe, expect, it } from 'vitest';
import { normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { providers } from '../../worker/sources/providers.gen.ts';
import {
  defaultSettings,
  deliveryOf,
  describedTouchpoint,
  type Expectation,
  type Fixture,
  preparedWith,
  recordedDeliveries,
  translateWith,
} from '../support/fixtures.ts';
import { contextOf, SENDERS, verifyWith } from '../support/senders.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const URL_OF_SOURCE = 'https://rapport.example/in/key';
const withoutPrefix = (id: string | undefined) => id?.replace(/^gid:\/\/.*\//, '');
const firstValue = (touchpoint: TouchpointInput, kind: string) =>
  touchpoint.person.identifiers.find((identifier) => identifier.kind === kind)?.value ?? null;

/** The facts of a touchpoint in the words of the fixtures. */
function expectFacts(touchpoint: TouchpointInput, wanted: Expectation) {
  const { data = {}, value, person } = touchpoint;
  expect(touchpoint.kind).toBe(wanted.kind);
  expect(touchpoint.occurredAt).toBe(wanted.occurred_at === null ? null : new Date(wanted.occurred_at).getTime());
  expect(firstValue(touchpoint, 'email')).toBe(normaliseEmail(wanted.email));
  expect(firstValue(touchpoint, 'phone')).toBe(normalisePhone(wanted.phone, person.profile?.country));
  if (wanted.external_id !== null) expect(data.externalId).toBe(withoutPrefix(wanted.external_id));
  expect(value?.amountMinor ?? null).toBe(wanted.amount_minor);
  // An amount without a currency is read in the one the source is set to.
  if (wanted.amount_minor !== null && wanted.currency !== null)
    expect(value?.currency).toBe(wanted.currency?.toUpperCase());
  if (wanted.customer_id) expect(firstValue(touchpoint, 'customer')).toBe(withoutPrefix(wanted.customer_id));
  if (wanted.order_id) expect([data.orderId, touchpoint.order?.id]).toEqual([wanted.order_id, wanted.order_id]);
  if (wanted.name) expect(person.profile?.name).toBe(wanted.name);
  if (wanted.rating !== undefined) expect(touchpoint.score).toBe(wanted.rating);
  if (wanted.canceled_at) expect(data.canceledAt).toBe(new Date(wanted.canceled_at * 1000).toISOString());
  for (const [name, value] of Object.entries(wanted.others)) {
    const kept = data[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    expect([name, comparable(kept)]).toEqual([name, comparable(value)]);
  }
  if (wanted.text) expect(touchpoint.text).toBe(wanted.text);
}

/** Numbers and texts of the same id are the same; so are two spellings of one moment. */
function comparable(value: Json | undefined): unknown {
  if (typeof value === 'object') return value;
  const text = String(value);
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : text;
}

function sign(kind: string, fixture: Fixture) {
  const sender = SENDERS[kind];
  const secret = sender?.secretOf?.('fixtures') ?? '';
  const now = sender?.signedAt?.(fixture) ?? NOW;
  const signed = sender?.sign?.(fixture.body, { secret, now, id: 'msg_fixture', url: URL_OF_SOURCE });
  return {
    secrets: [secret],
    now,
    delivery: deliveryOf({ ...fixture.headers, ...signed?.headers }, signed?.body ?? fixture.body),
  };
}

describe.each(Object.entries(SENDERS))('deliveries recorded from %s', (kind, { recorded = [] }) => {
  const provider = providers.find((candidate) => candidate.kind === kind);
  const fixtures = recordedDeliveries(recorded);
  if (!provider || !fixtures || fixtures.length === 0) {
    console.warn(`NOT TESTED: the recorded deliveries of ${kind} are not on this machine (shared/fixtures/webhooks).`);
    it.skip('needs the recorded deliveries, which are not on this machine', () => {});
    return;
  }

  it.each(fixtures)('$name is read right', async (fixture) => {
    const { delivery, ...known } = sign(kind, fixture);
    const context = contextOf({ ...known, settings: defaultSettings(provider) });
    const isGreeting = fixture.expect.kind === 'ping';
    if (isGreeting && provider.handshake) {
      expect(provider.handshake(deliveryOf(fixture.headers, fixture.body), context)).toEqual({ note: 'ping' });
      return;
    }
    expect(await verifyWith(provider, delivery, known)).toMatchObject({ ok: true });
    const translation = translateWith(provider, await preparedWith(provider, delivery));
    if (isGreeting || fixture.expect.kind === 'ignored')
      expect(translation).toEqual({ ok: true, ignored: expect.any(String) });
    else expectFacts(describedTouchpoint(translation, fixture.expect), fixture.expect);
  });

  const published = fixtures.filter(({ signature }) => signature?.published === true && keyOf(signature) !== null);
  it.runIf(published.length > 0).each(published)('$name has the signature its sender published', async (fixture) => {
    const { url, timestamp, method } = fixture.signature ?? {};
    const now = typeof timestamp === 'number' ? timestamp * 1000 : (SENDERS[kind]?.signedAt?.(fixture) ?? NOW);
    const at = typeof url === 'string' ? url : URL_OF_SOURCE;
    const secrets = [keyOf(fixture.signature) ?? ''];
    const verdictOn = (body: string, to = at) =>
      verifyWith(
        provider,
        { ...deliveryOf(fixture.headers, body, to), method: typeof method === 'string' ? method : 'POST' },
        { secrets, now },
      );
    expect(await verdictOn(fixture.body)).toEqual({ ok: true });
    if (SENDERS[kind]?.covers !== 'fields') expect(await verdictOn(`${fixture.body} `)).toMatchObject({ ok: false });
  });
});

/** The key a published signature is checked with: a secret, or the sender's public key. */
function keyOf(signature: Fixture['signature']): string | null {
  const key = signature?.secret ?? signature?.public_key;
  return typeof key === 'string' ? key : null;
}
