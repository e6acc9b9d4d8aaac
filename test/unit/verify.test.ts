import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import type { Provider } from '../../worker/sources/provider.ts';
import standardWebhooks from '../../worker/sources/providers/standard_webhooks.ts';
import stripe from '../../worker/sources/providers/stripe.ts';
import woocommerce from '../../worker/sources/providers/woocommerce.ts';
import { signedUrl } from '../../worker/sources/public-url.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../../worker/sources/verify.ts';
import { deliveryOf } from '../support/fixtures.ts';
import { contextOf } from '../support/senders.ts';
import { hmac, signStandardWebhooks, signStripe, signWooCommerce } from '../support/sign.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const SECONDS = String(NOW / 1000);
const BODY = '{"name":"Żaneta","n":1}';
const URL_SIGNED = 'https://rapport.example/in/key?a=1';

async function outcome(
  verify: Provider['verify'],
  headers: Record<string, string>,
  options: { secret?: string; now?: number; body?: string } = {},
) {
  const { secret = 'shh', now = NOW, body = BODY } = options;
  const verdict = await verify(deliveryOf(headers, body, URL_SIGNED), contextOf({ secrets: [secret], now }));
  return verdict.ok ? 'accepted' : verdict.refusal.reason;
}

const seconds300 = { unit: 'seconds', toleranceSeconds: 300 } as const;
const base = { algorithm: 'SHA-256', layout: { as: 'plain' }, encoding: 'base64', signed: '{body}' } as const;

/** Senders of the same family, each with the bytes it signs and how it writes the result. */
const SCHEMES: readonly { name: string; scheme: SignatureScheme; headers: Record<string, string> }[] = [
  {
    name: 'URL and body (Square)',
    scheme: { ...base, header: 'x-square-hmacsha256-signature', signed: '{url}{body}' },
    headers: { 'x-square-hmacsha256-signature': hmac('shh', URL_SIGNED + BODY, 'base64') },
  },
  {
    name: 'pairs by semicolon, colon before the body (Paddle)',
    scheme: {
      ...base,
      header: 'Paddle-Signature',
      encoding: 'hex',
      signed: '{timestamp}:{body}',
      layout: { as: 'pairs', separator: ';', signature: 'h1', timestamp: 'ts' },
      timestamp: seconds300,
    },
    headers: { 'Paddle-Signature': `ts=${SECONDS};h1=${hmac('shh', `${SECONDS}:${BODY}`, 'hex')}` },
  },
  {
    name: 'a prefix before base64 (Typeform)',
    scheme: { ...base, header: 'Typeform-Signature', layout: { as: 'plain', prefix: 'sha256=' } },
    headers: { 'Typeform-Signature': `sha256=${hmac('shh', BODY, 'base64')}` },
  },
  {
    name: 'an ISO time of its own header, no separator (Zendesk)',
    scheme: {
      ...base,
      header: 'X-Zendesk-Webhook-Signature',
      signed: '{timestamp}{body}',
      timestamp: { header: 'X-Zendesk-Webhook-Signature-Timestamp', unit: 'iso', toleranceSeconds: 300 },
    },
    headers: {
      'X-Zendesk-Webhook-Signature': hmac('shh', `2026-01-15T12:00:01Z${BODY}`, 'base64'),
      'X-Zendesk-Webhook-Signature-Timestamp': '2026-01-15T12:00:01Z',
    },
  },
  {
    name: 'method, URL, body and milliseconds (HubSpot v3)',
    scheme: {
      ...base,
      header: 'X-HubSpot-Signature-v3',
      signed: '{method}{url}{body}{timestamp}',
      timestamp: { header: 'X-HubSpot-Request-Timestamp', unit: 'milliseconds', toleranceSeconds: 300 },
    },
    headers: {
      'X-HubSpot-Signature-v3': hmac('shh', `POST${URL_SIGNED}${BODY}${NOW}`, 'base64'),
      'X-HubSpot-Request-Timestamp': String(NOW),
    },
  },
  {
    name: 'milliseconds, a colon and the body in hex (Webflow)',
    scheme: {
      ...base,
      header: 'x-webflow-signature',
      encoding: 'hex',
      signed: '{timestamp}:{body}',
      timestamp: { header: 'x-webflow-timestamp', unit: 'milliseconds', toleranceSeconds: 300 },
    },
    headers: { 'x-webflow-signature': hmac('shh', `${NOW}:${BODY}`, 'hex'), 'x-webflow-timestamp': String(NOW) },
  },
  {
    name: 'SHA-1 behind a prefix (Intercom)',
    scheme: {
      ...base,
      algorithm: 'SHA-1',
      header: 'X-Hub-Signature',
      encoding: 'hex',
      layout: { as: 'plain', prefix: 'sha1=' },
    },
    headers: { 'X-Hub-Signature': `sha1=${hmac('shh', BODY, 'hex', 'sha1')}` },
  },
];

describe.each(SCHEMES)('a scheme that signs $name', ({ scheme, headers }) => {
  const verify = signatureVerifier(scheme);

  it('accepts what is signed so, and nothing that is changed', async () => {
    expect(await outcome(verify, headers)).toBe('accepted');
    expect(await outcome(verify, headers, { body: BODY.replace('1', '2') })).toBe('signature_mismatch');
    expect(await outcome(verify, headers, { secret: 'shhh' })).toBe('signature_mismatch');
    expect(await outcome(verify, {})).toBe('signature_missing');
  });

  it('refuses the header when it comes twice', async () => {
    const delivery = deliveryOf(headers, BODY, URL_SIGNED);
    delivery.headers.append(scheme.header, headers[scheme.header] ?? '');
    const verdict = await verify(delivery, contextOf({ secrets: ['shh'], now: NOW }));
    expect(verdict).toEqual({ ok: false, refusal: { reason: 'signature_malformed' } });
  });

  it.runIf(scheme.timestamp)('refuses what is too old or too far ahead', async () => {
    expect(await outcome(verify, headers, { now: NOW + 302_000 })).toBe('timestamp_stale');
    expect(await outcome(verify, headers, { now: NOW - 302_000 })).toBe('timestamp_stale');
    expect(await outcome(verify, headers, { now: NOW + 299_000 })).toBe('accepted');
  });

  it('signs its samples the same way', async () => {
    const signed = await signedHeaders(scheme, { secret: 'shh', body: BODY, now: NOW, url: URL_SIGNED });
    expect(await outcome(verify, signed)).toBe('accepted');
  });
});

it('signs the URL the settings name, where the worker stands behind another', async () => {
  const url = 'https://hooks.shop.example/rapport';
  const scheme: SignatureScheme = {
    ...base,
    header: 'sig',
    signed: '{url}{body}',
    url: signedUrl,
  };
  const delivery = deliveryOf({ sig: hmac('shh', url + BODY, 'base64') }, BODY);
  const verify = signatureVerifier(scheme);
  const settings = { publicUrl: url };
  expect(await verify(delivery, contextOf({ secrets: ['shh'], settings, now: NOW }))).toEqual({ ok: true });
  expect(await verify(delivery, contextOf({ secrets: ['shh'], now: NOW }))).toMatchObject({ ok: false });
});

it('takes a template apart before it fills it: what is sent cannot pose as a place', async () => {
  const scheme: SignatureScheme = {
    ...base,
    header: 'sig',
    signed: '{timestamp}.{body}',
    timestamp: { header: 'at', ...seconds300 },
  };
  const body = '{timestamp}{id}{body}';
  const headers = { sig: hmac('shh', `${SECONDS}.${body}`, 'base64'), at: SECONDS };
  expect(await outcome(signatureVerifier(scheme), headers, { body })).toBe('accepted');
});

describe('Stripe', () => {
  const secret = 'whsec_made_up_for_this_test';
  const payload = JSON.stringify({ id: 'evt_1', type: 'invoice.paid', note: 'Łódź' });
  const sdk = new Stripe('sk_test_made_up');
  const check = (header: string, now = NOW, given = secret) =>
    outcome(stripe.verify, { 'Stripe-Signature': header }, { secret: given, now, body: payload });

  it('accepts what its own SDK signs', async () => {
    const header = sdk.webhooks.generateTestHeaderString({ payload, secret, timestamp: NOW / 1000 });
    expect(await check(header)).toBe('accepted');
    expect(await check(header, NOW, 'whsec_another')).toBe('signature_mismatch');
  });

  it('allows five minutes both ways, like the SDK', async () => {
    const { 'Stripe-Signature': header = '' } = signStripe(payload, { secret, now: NOW }).headers;
    expect(await Promise.all([-301, -300, 0, 300, 301].map((age) => check(header, NOW + age * 1000)))).toEqual([
      'timestamp_stale',
      'accepted',
      'accepted',
      'accepted',
      'timestamp_stale',
    ]);
  });

  it('finds the one good signature among several, and passes over v0', async () => {
    const good = hmac(secret, `${SECONDS}.${payload}`, 'hex');
    const other = hmac('whsec_old', `${SECONDS}.${payload}`, 'hex');
    expect(await check(`t=${SECONDS},v1=${other},v1=${good},v0=${other}`)).toBe('accepted');
    expect(await check(`t=${SECONDS},v0=${good}`)).toBe('signature_malformed');
    expect(await check(`t=${SECONDS},v1=${other},v0=${good}`)).toBe('signature_mismatch');
  });

  it.each([
    'v1=00',
    `t=${SECONDS}`,
    't=,v1=00',
    't=now,v1=00',
    't=1e9,v1=00',
    `t=${SECONDS},v1=`,
    `t=${SECONDS},v1=XYZ`,
    `t=${SECONDS},t=1,v1=00`,
    ',,,',
    '=',
    `t=${SECONDS}${',v1=00'.repeat(1000)}`,
  ])('finds %.40s malformed', async (header) => {
    expect(await check(header)).toBe('signature_malformed');
  });
});

describe('Standard Webhooks', () => {
  // The two published vectors: standard-webhooks' own for v1, Svix's for v1a.
  const vector = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
  const published = (signature: string) => ({
    'webhook-id': vector.id,
    'webhook-timestamp': String(vector.timestamp),
    'webhook-signature': signature,
  });
  const symmetric = {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const asymmetric = {
    secret: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
    signature: 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  };
  const check = (secret: string, signature: string, body = vector.body) =>
    outcome(standardWebhooks.verify, published(signature), { secret, now: vector.timestamp * 1000, body });

  it('agrees with the published vectors', async () => {
    for (const { secret, signature } of [symmetric, asymmetric]) {
      expect(await check(secret, signature)).toBe('accepted');
      expect(await check(secret, signature, '{"test": 2432232315}')).toBe('signature_mismatch');
    }
  });

  it('looks in each signature for the kind the secret is for', async () => {
    const both = `${asymmetric.signature} ${symmetric.signature}`;
    expect(await check(symmetric.secret, both)).toBe('accepted');
    expect(await check(asymmetric.secret, both)).toBe('accepted');
    expect(await check(symmetric.secret, asymmetric.signature)).toBe('signature_malformed');
    expect(await check('whpk_', both)).toBe('secret_missing');
    expect(await check('whsec_', both)).toBe('secret_missing');
  });

  it('accepts what the reference library signs, and signs what it accepts', async () => {
    const { secret } = symmetric;
    const library = new Webhook(secret);
    const sentAt = new Date();
    const headers = {
      'webhook-id': 'msg_7',
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': library.sign('msg_7', sentAt, BODY),
    };
    expect(await outcome(standardWebhooks.verify, headers, { secret, now: sentAt.getTime() })).toBe('accepted');
    const sample = await standardWebhooks.sample({ secret, now: sentAt.getTime(), seed: 'seven', url: URL_SIGNED });
    expect(library.verify(sample.body, sample.headers)).toMatchObject({ type: 'order.placed' });
  });

  it('needs every header', async () => {
    const { headers } = signStandardWebhooks(BODY, { secret: symmetric.secret, now: NOW });
    for (const name of Object.keys(headers)) {
      const rest = Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
      expect(await outcome(standardWebhooks.verify, rest, { secret: symmetric.secret })).toBe('signature_missing');
    }
  });
});

describe('WooCommerce', () => {
  it.each([
    ['plain-secret', 'plain-secret'],
    ['a&amp;b', 'a&b'],
    ['&quot;q&quot; &#039;s&#039; &#39;', "\"q\" 's' '"],
    ['&lt;&#060;&#x3c; &gt;&#062;', '<<< >>'],
    // Decoded once: what comes out is not read again.
    ['&amp;lt;', '&lt;'],
    ['&nbsp;&euro;', '&nbsp;&euro;'],
  ])('signs with the secret %j as WordPress decodes it', async (stored, used) => {
    for (const secret of [stored, used]) {
      const { headers } = signWooCommerce(BODY, { secret, now: NOW });
      expect(await outcome(woocommerce.verify, headers, { secret: stored })).toBe('accepted');
    }
  });

  it('greets only what WooCommerce sends when a webhook is saved', () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const greeting = (headers: Record<string, string>, body: string) =>
      woocommerce.handshake?.(deliveryOf(headers, body), contextOf({ secrets: [], now: NOW })) ?? null;
    expect(greeting(form, 'webhook_id=17')).toEqual({ note: 'ping' });
    expect(greeting({ ...form, 'X-WC-Webhook-Topic': 'order.created' }, 'webhook_id=17')).toBeNull();
    expect(greeting({ 'Content-Type': 'application/json' }, 'webhook_id=17')).toBeNull();
    expect(greeting(form, 'webhook_id=17&x=1')).toBeNull();
    expect(greeting(form, '')).toBeNull();
  });
});
