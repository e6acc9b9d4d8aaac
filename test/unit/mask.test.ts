import { describe, expect, it } from 'vitest';
import { isCardNumber, MASK, maskForKeeping, maskForShowing } from '../../worker/sources/mask.ts';
import type { Delivery, Provider } from '../../worker/sources/provider.ts';
import { providers } from '../../worker/sources/providers.gen.ts';
import { ARRIVAL, defaultSettings, deliveryOf, hashOf, payloadOf, recordedDeliveries } from '../support/fixtures.ts';
import { SENDERS } from '../support/senders.ts';

/** Secrets in bodies: what must not be kept, what must not be shown, and what masking must leave as it is. */
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
const keep = (text: string, type = JSON_TYPE) =>
  new TextDecoder().decode(maskForKeeping(new TextEncoder().encode(text), type));

describe('a body is kept without', () => {
  it.each([
    ['{"password":"hunter2"}', `{"password":"${MASK}"}`],
    ['{"a":{"user_password" : "x\\"y"},"b":1}', `{"a":{"user_password" : "${MASK}"},"b":1}`],
    [
      '{"access_token":"t","refreshToken":"r","Authorization":"Bearer z"}',
      `{"access_token":"${MASK}","refreshToken":"${MASK}","Authorization":"${MASK}"}`,
    ],
    [
      '{"signature":{"timestamp":1,"token":"t","signature":"s"}}',
      `{"signature":{"timestamp":1,"token":"t","signature":"${MASK}"}}`,
    ],
    ['{"cvv":123,"card_number":"4242424242424242"}', `{"cvv":"${MASK}","card_number":"${MASK}"}`],
    ['{"note":"my card 4242-4242-4242-4242 ok"}', `{"note":"my card ${MASK} ok"}`],
    ['{"answer":"378282246310005"}', `{"answer":"${MASK}"}`],
  ])('%s', (body, wanted) => {
    expect(keep(body)).toBe(wanted);
    expect(() => JSON.parse(wanted)).not.toThrow();
  });

  it('passwords and cards in forms of both kinds', () => {
    expect(keep('name=Ann&customer%5Bpassword%5D=hunter2&msg=4242+4242+4242+4242', FORM)).toBe(
      'name=Ann&customer%5Bpassword%5D=%5Bmasked%5D&msg=%5Bmasked%5D',
    );
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part('email', 'a@b.example')}${part('password', 'hunter2')}--b--\r\n`;
    expect(keep(body, 'multipart/form-data; boundary=b')).toBe(body.replace('hunter2', MASK));
  });
});

describe('masking leaves alone', () => {
  it.each([
    '{"id":4242424242424242}',
    '{"id":"4242424242424242","order_number":"4111111111111111"}',
    '{"total":"4242.42","phone":"+4242424242424242"}',
    '{"note":"5678901234567890 is no card"}',
    '{"password_set":true,"token":"cart-1","text":"say \\"password\\": no"}',
    'not json at all "password"',
  ])('%s', (body) => expect(keep(body)).toBe(body));

  it('bytes that are no text, and a body without secrets is the same bytes', () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x70]);
    expect(maskForKeeping(bytes, JSON_TYPE)).toBe(bytes);
    const plain = new TextEncoder().encode('{"a":1}');
    expect(maskForKeeping(plain, JSON_TYPE)).toBe(plain);
  });

  it('a megabyte of digits, quotes and names within a moment', () => {
    for (const part of ['4242 4242 4242 ', '"password":', '\\"', '"a":"', 'name="password"\r\n', 'password=&']) {
      const body = part.repeat((1024 * 1024) / part.length);
      const started = performance.now();
      for (const type of [JSON_TYPE, FORM, 'multipart/form-data; boundary=b']) keep(body, type);
      expect(performance.now() - started, part).toBeLessThan(2000);
    }
  });
});

describe('a body is shown without what a replay may need', () => {
  it('tokens and keys', () => {
    expect(maskForShowing('{"checkout_token":"abc","order_key":"wc_1","id":"1"}', JSON_TYPE)).toBe(
      `{"checkout_token":"${MASK}","order_key":"${MASK}","id":"1"}`,
    );
  });
});

describe('card numbers', () => {
  it('are known by length, beginning and check digit', () => {
    expect(['4242424242424242', '5555555555554444', '378282246310005', '6011111111111117'].map(isCardNumber)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['4242424242424241', '1234567812345670', '424242424242', '42424242424242420'].map(isCardNumber)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

/** A masked body must say the same to its provider, with the hash it had before. */
function expectSameReading(provider: Provider, delivery: Delivery) {
  const masked = { ...delivery, body: maskForKeeping(delivery.body, delivery.headers.get('content-type') ?? '') };
  const read = (one: Delivery) =>
    provider.translate(payloadOf(one), one, {
      settings: defaultSettings(provider),
      bodyHash: hashOf(delivery.body),
      window: '0',
      receivedAt: ARRIVAL,
      assurance: null,
    });
  expect(read(masked)).toEqual(read(delivery));
}

describe('what is masked is needed by no translation', () => {
  it.each(providers.map((provider) => [provider.kind, provider] as const))('of a sample of %s', async (_, provider) => {
    const sample = await provider
      .sample({ secret: 'c2VjcmV0', now: ARRIVAL, seed: 'seed', url: 'https://rapport.example/in/key' })
      .catch(() => null);
    // What is made ready first is masked as it is made ready.
    if (!sample || provider.prepare) return;
    expectSameReading(provider, deliveryOf(sample.headers, sample.body));
  });

  for (const [kind, { recorded = [] }] of Object.entries(SENDERS)) {
    const provider = providers.find((candidate) => candidate.kind === kind);
    const fixtures = recordedDeliveries(recorded);
    if (!provider || !fixtures || fixtures.length === 0) {
      console.warn(`NOT TESTED: masking against the recorded deliveries of ${kind}, which are not on this machine.`);
      it.skip(`of what was recorded from ${kind}, which is not on this machine`, () => {});
      continue;
    }
    it(`of what was recorded from ${kind}`, () => {
      for (const { headers, body } of fixtures) {
        const delivery = deliveryOf(headers, body);
        try {
          payloadOf(delivery);
        } catch {
          continue;
        }
        expectSameReading(provider, delivery);
      }
    });
  }
});
