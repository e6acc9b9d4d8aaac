import { describe, expect, it } from 'vitest';
import { normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { providers } from '../../worker/sources/providers.gen.ts';
import {
  deliveryOf,
  type Expectation,
  type Fixture,
  onlyTouchpoint,
  recordedDeliveries,
  translateWith,
} from '../support/fixtures.ts';
import { SIGNERS } from '../support/sign.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  shopify: ['shopify'],
  woocommerce: ['woocommerce', '_shapes/woocommerce.'],
  stripe: ['stripe'],
  standard_webhooks: ['standardwebhooks'],
  html_form: ['htmlform'],
};

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
  if (wanted.amount_minor !== null) expect(value?.currency).toBe(wanted.currency?.toUpperCase());
  if (wanted.customer_id) expect(firstValue(touchpoint, 'customer')).toBe(withoutPrefix(wanted.customer_id));
  if (wanted.order_id) expect([data.orderId, touchpoint.order?.id]).toEqual([wanted.order_id, wanted.order_id]);
  if (wanted.name) expect(person.profile?.name).toBe(wanted.name);
  if (wanted.status) expect(data.status).toBe(wanted.status);
  if (wanted.financial_status) expect(data.financialStatus).toBe(wanted.financial_status);
  if (wanted.partial !== undefined) expect(data.partial).toBe(wanted.partial);
  if (wanted.rating !== undefined) expect(touchpoint.score).toBe(wanted.rating);
  if (wanted.canceled_at) expect(data.canceledAt).toBe(new Date(wanted.canceled_at * 1000).toISOString());
  if (wanted.orders_to_redact) expect(data.ordersToRedact).toEqual(wanted.orders_to_redact);
}

function sign(kind: string, fixture: Fixture) {
  const signer = SIGNERS[kind];
  const secret = signer?.secretOf('fixtures') ?? '';
  const signed = signer?.sign(fixture.body, { secret, now: NOW, id: 'msg_fixture' });
  return { secret, delivery: deliveryOf({ ...fixture.headers, ...signed?.headers }, fixture.body) };
}

describe.each(Object.entries(FOLDERS))('deliveries recorded from %s', (kind, folders) => {
  const provider = providers.find((candidate) => candidate.kind === kind);
  const fixtures = recordedDeliveries(folders);
  if (!provider || !fixtures) {
    console.warn(`NOT TESTED: the recorded deliveries of ${kind} are not on this machine (shared/fixtures/webhooks).`);
    it.skip('needs the recorded deliveries, which are not on this machine', () => {});
    return;
  }

  it.each(fixtures)('$name is read right', async (fixture) => {
    if (fixture.expect.kind === 'ping') {
      expect(provider.handshake?.(deliveryOf(fixture.headers, fixture.body))).toEqual({ note: 'ping' });
      return;
    }
    const { delivery, secret } = sign(kind, fixture);
    expect(await provider.verify(delivery, { secrets: [secret], settings: {}, now: NOW })).toEqual({ ok: true });
    const translation = translateWith(provider, delivery);
    if (fixture.expect.kind === 'ignored') expect(translation).toEqual({ ok: true, ignored: expect.any(String) });
    else expectFacts(onlyTouchpoint(translation), fixture.expect);
  });
});
