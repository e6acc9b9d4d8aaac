import { describe, expect, it } from 'vitest';
import type { Assurance } from '../../schema/customer.ts';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import type { Translation } from '../../worker/sources/provider.ts';
import segment from '../../worker/sources/providers/segment.ts';
import { keyOf, secretKey, writeKeyOf } from '../../worker/sources/segment/credential.ts';
import { kindOf } from '../../worker/sources/segment/kinds.ts';
import { defaultSettings, deliveryOf } from '../support/fixtures.ts';
import { verifyWith } from '../support/senders.ts';

const RECEIVED = Date.parse('2026-01-15T12:00:06.000Z');

function translate(
  payload: Json,
  assurance: Assurance = 'asserted',
  call?: string,
  receivedAt = RECEIVED,
): Translation {
  const delivery = deliveryOf(call === undefined ? {} : { 'x-tracking-call': call }, '');
  const settings = defaultSettings(segment);
  return segment.translate(payload, delivery, { settings, bodyHash: 'hash', window: '7', receivedAt, assurance });
}
function readAll(payload: Json, assurance?: Assurance, call?: string): readonly TouchpointInput[] {
  const translation = translate(payload, assurance, call);
  if (!translation.ok || !('touchpoints' in translation)) throw new TypeError(JSON.stringify(translation));
  return translation.touchpoints;
}
function read(payload: Json, assurance?: Assurance, call?: string): TouchpointInput {
  const [first] = readAll(payload, assurance, call);
  if (!first) throw new TypeError('no touchpoint');
  return first;
}
const timeOf = (event: { readonly [key: string]: Json }) => {
  const { occurredAt } = read({ type: 'track', userId: 'u', event: 'Song Played', ...event });
  return occurredAt === null ? null : new Date(occurredAt).toISOString();
};

describe('the time of an event', () => {
  it('is counted back from its arrival by what passed at the sender', () => {
    const event = { originalTimestamp: '2026-01-15T10:00:00.000Z', sentAt: '2026-01-15T10:00:05.000Z' };
    expect(timeOf(event)).toBe('2026-01-15T12:00:01.000Z');
  });

  it('of long ago stays there, but for the way it took', () => {
    const event = { timestamp: '2012-12-02T00:30:08.000Z', sentAt: '2026-01-15T12:00:05.800Z' };
    expect(timeOf(event)).toBe('2012-12-02T00:30:08.200Z');
  });

  it('is never after its arrival, whatever the clocks say', () => {
    expect(timeOf({ timestamp: '2026-01-15T11:00:00Z', sentAt: '2026-01-15T10:00:00Z' })).toBe(
      '2026-01-15T12:00:06.000Z',
    );
    expect(timeOf({ timestamp: '2031-01-01T00:00:00Z' })).toBe('2026-01-15T12:00:06.000Z');
  });

  it('is that of its receipt when nobody says, or nobody can read it', () => {
    expect(timeOf({})).toBeNull();
    expect(timeOf({ timestamp: 'yesterday' })).toBeNull();
    expect(timeOf({ timestamp: '2015-2-02T00:30:08.276Z' })).toBe('2015-02-02T00:30:08.276Z');
  });
});

describe('the name of an event', () => {
  it.each([
    ['Order Completed', 'order_paid'],
    ['Completed Order', 'order_paid'],
    ['Order Refunded', 'order_refunded'],
    ['Order Updated', 'order_updated'],
    ['Order Cancelled', 'order_cancelled'],
    ['Checkout Started', 'checkout_started'],
    ['Product Viewed', 'product_viewed'],
    ['productAdded', 'product_added'],
    ['Email Link Clicked', 'email_clicked'],
    ['signup', 'event_tracked'],
    ['Plan 7 Chosen', 'event_tracked'],
    ['Buy now', 'event_tracked'],
    ['constructor', 'event_tracked'],
    ['Заказ оформлен', 'event_tracked'],
    ['Survey Answered', 'event_tracked'],
    ['customer_redacted', 'event_tracked'],
  ])('%s is %s', (name, kind) => {
    expect(kindOf(name, true).kind).toBe(kind);
  });

  it('of a public key does not speak for the business', () => {
    for (const name of ['Call Logged', 'Email Opened', 'Payment Succeeded', 'Ticket Solved', 'Order Deleted'])
      expect(kindOf(name, false).kind, name).toBe('event_tracked');
    expect(kindOf('Form Submitted', false).kind).toBe('form_submitted');
  });
});

const ORDER = {
  type: 'track',
  messageId: 'm-1',
  userId: 'u-1',
  anonymousId: 'a-1',
  event: 'Order Completed',
  timestamp: '2026-01-15T12:00:00.000Z',
  context: { traits: { email: 'Mara@Example.com', phone: '+46 70 174 06 05' } },
  properties: {
    order_id: '1001',
    total: 49.9,
    revenue: 40,
    currency: 'EUR',
    products: [{ sku: 'T-1', name: 'Teapot', price: 24.95, quantity: 2 }, 'junk', {}],
  },
};

describe('an order', () => {
  it('of the secret key is one, in its own currency and with its lines', () => {
    const touchpoint = read(ORDER);
    expect(touchpoint).toMatchObject({
      messageId: 'm-1',
      kind: 'order_paid',
      channel: 'shop',
      subject: 'order:1001',
      value: { amountMinor: 4990, currency: 'EUR' },
      person: { key: 'user:u-1' },
      order: { id: '1001', total: { amountMinor: 4990 }, lines: [{ title: 'Teapot', quantity: 2, amountMinor: 4990 }] },
    });
    const at = Date.parse(ORDER.timestamp);
    expect(touchpoint.order).toMatchObject({ asOf: at, placedAt: at, paidAt: at });
    const given = touchpoint.person.identifiers.map(({ kind, value, assurance }) => `${kind} ${value} ${assurance}`);
    expect(given).toEqual([
      'user_id u-1 asserted',
      'anonymous_id a-1 asserted',
      'email mara@example.com asserted',
      'phone +46701740605 asserted',
    ]);
  });

  it('of the public key is a story a browser tells', () => {
    const touchpoint = read(ORDER, 'claimed');
    expect(touchpoint).toMatchObject({
      messageId: 'public:m-1',
      kind: 'order_paid',
      person: { key: 'claimant:a-1:u-1' },
    });
    expect([touchpoint.order, touchpoint.subject]).toEqual([undefined, undefined]);
    expect(new Set(touchpoint.person.identifiers.map(({ assurance }) => assurance))).toEqual(new Set(['claimed']));
    expect(touchpoint.person.identifiers.some(({ kind }) => kind === 'order')).toBe(false);
  });

  it('refunded says how much, under an id that a repetition keeps', () => {
    const refund = {
      ...ORDER,
      event: 'Order Refunded',
      properties: { order_id: 1001, total: '10.00', currency: 'EUR' },
    };
    expect(read(refund)).toMatchObject({
      direction: 'out',
      order: { id: '1001', refunds: [{ id: 'm-1', amount: { amountMinor: 1000, currency: 'EUR' } }] },
    });
  });

  it('without a number is an event with a value', () => {
    expect(read({ ...ORDER, properties: { revenue: 14.99 } })).toMatchObject({
      kind: 'order_paid',
      value: { amountMinor: 1499, currency: 'USD' },
    });
  });
});

describe('a person', () => {
  it('whom only a public key calls by name is not the customer of that name', () => {
    expect(read({ type: 'identify', userId: 'u-1' }, 'claimed').person.key).toBe('claimed:u-1');
    expect(read({ type: 'identify', userId: 'u-1' }, 'asserted').person.key).toBe('user:u-1');
  });

  it('is nobody under a word that programs write for nobody', () => {
    for (const ids of [{}, { userId: 'null', anonymousId: 'undefined' }, { userId: '' }, { userId: {} }])
      expect(translate({ type: 'track', event: 'Song Played', ...ids })).toMatchObject({ ok: false });
  });

  it('in a group is of its company, and keeps a name of their own', () => {
    const group = { type: 'group', userId: 'u-1', groupId: 'g', traits: { name: 'Lindqvist AB', seats: 4 } };
    const touchpoint = read({ ...group, context: { traits: { name: 'Mara' } } });
    expect(touchpoint).toMatchObject({ kind: 'customer_updated', data: { groupId: 'g', group: { seats: 4 } } });
    expect(touchpoint.person.profile).toMatchObject({ company: 'Lindqvist AB', name: 'Mara' });
  });

  it('is joined by an alias of the secret key alone', () => {
    const alias = { type: 'alias', userId: 'u-1', previousId: 'a-0' };
    expect(translate(alias, 'claimed')).toEqual({ ok: true, ignored: 'alias with the public key' });
    expect(read(alias).person.identifiers).toMatchObject([
      { kind: 'user_id', value: 'u-1' },
      { kind: 'anonymous_id', value: 'a-0' },
    ]);
  });
});

describe('what is kept of a call', () => {
  it('is flat, small, and without what opens doors', () => {
    const traits = {
      password: 'x',
      apiToken: 'x',
      nested: { a: 1 },
      plan: 'gold',
      ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`n${n}`, n])),
    };
    const kept = read({ type: 'identify', userId: 'u', traits }).data?.traits;
    expect(Object.keys(kept ?? {})).toHaveLength(30);
    expect(kept).toMatchObject({ plan: 'gold' });
    expect(kept).not.toHaveProperty('password');
    expect(kept).not.toHaveProperty('apiToken');
    expect(kept).not.toHaveProperty('nested');
  });

  it('of a page is its address without its query, but for the campaign', () => {
    const url = 'https://shop.example/a?session=secret&utm_source=mail';
    const page = read(
      { type: 'page', anonymousId: 'a-1', name: 'Home', properties: { url, title: 'Home' } },
      'claimed',
    );
    expect(page).toMatchObject({
      kind: 'page_viewed',
      data: { name: 'Home', page: { url: 'https://shop.example/a?utm_source=mail', title: 'Home' } },
    });
  });
});

describe('the id of a call', () => {
  const song = { type: 'track', userId: 'u-1', event: 'Song Played', timestamp: '2026-01-15T12:00:00Z' };
  const idOf = (call: { readonly [key: string]: Json }) => read(call).messageId;

  it('is the one the SDK gave, hashed when it is too long', () => {
    expect(idOf({ ...song, messageId: 'x'.repeat(100) })).toBe('x'.repeat(100));
    const long = idOf({ ...song, messageId: 'x'.repeat(101) });
    expect(long).toMatch(/^[0-9a-f-]{36}$/);
    expect(idOf({ ...song, messageId: 'x'.repeat(102) })).not.toBe(long);
  });

  it('is made of what it says without one, and not of when it was sent or with which key', () => {
    expect(idOf({ ...song, sentAt: '2026-01-15T12:00:01Z', writeKey: 'k' })).toBe(idOf(song));
    expect(idOf({ ...song, userId: 'u-2' })).not.toBe(idOf(song));
  });
});

describe('a batch', () => {
  const good = { type: 'track', userId: 'u-1', event: 'Song Played', messageId: 'good' };

  it('keeps what is good and says what is not, by place', () => {
    const bad = [
      { type: 'dance', userId: 'u' },
      7,
      { type: 'track', event: 'x' },
      { ...good, properties: { x: 'y'.repeat(33_000) } },
    ];
    const translation = translate({ batch: [...bad, good] }, 'asserted', 'batch');
    expect(translation).toMatchObject({
      touchpoints: [{ messageId: 'good' }],
      refused: [
        { index: 0, code: 'unknown_type', path: '$.batch[0].type' },
        { index: 1, code: 'invalid' },
        { index: 2, code: 'no_identity' },
        { index: 3, code: 'too_large' },
      ],
    });
  });

  it('lends its context to all, and each event may know better', () => {
    const context = { locale: 'sv-SE', page: { url: 'https://shop.example/all' } };
    const own = { ...good, messageId: 'own', context: { locale: 'pl-PL' } };
    const [one, other] = readAll({ batch: [good, own], context }, 'asserted', 'batch');
    expect([one?.person.profile?.language, other?.person.profile?.language]).toEqual(['sv-SE', 'pl-PL']);
    expect(other?.data?.page).toEqual({ url: 'https://shop.example/all' });
  });

  it('that is empty, too long, or no batch is refused whole', () => {
    for (const batch of [[], {}, 'x', Array.from({ length: 2501 }, () => good)])
      expect(translate({ batch }, 'asserted', 'batch')).toMatchObject({ ok: false, misfits: [{ path: '$.batch' }] });
  });

  it('of two keys keeps to the first', () => {
    const batch = [
      { ...good, writeKey: 'one' },
      { ...good, messageId: 'b', writeKey: 'two' },
    ];
    expect(translate({ batch }, 'asserted', 'batch')).toMatchObject({ refused: [{ index: 1, code: 'other_key' }] });
  });
});

describe('the key of a request', () => {
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const found = (headers: Record<string, string>, body = '{}') => keyOf(new Headers(headers), Buffer.from(body));

  it('stands in the header, with or without its colon, or in the body', () => {
    expect(found(basic('key:'))).toBe('key');
    expect(found(basic('key'))).toBe('key');
    expect(found(basic(''), '{"writeKey":"key"}')).toBe('key');
    expect(found({ Authorization: 'Bearer x' }, '{"writeKey":"key"}')).toBe('key');
    expect(found({}, '{"batch":[{},{"writeKey":"key"}]}')).toBe('key');
    expect(found({ Authorization: 'Basic ###' }, 'no json')).toBeNull();
  });

  it('names its source whether it is secret or not', () => {
    const secret = secretKey('key', 'whsec_a+b/=');
    expect([writeKeyOf('key'), writeKeyOf(secret)]).toEqual(['key', 'key']);
    expect(secretKey('key', secret)).toBe(secret);
  });

  it('is public or secret, and a wrong secret is not taken for the public one', async () => {
    const verdictOn = (key: string) =>
      verifyWith(segment, deliveryOf(basic(`${key}:`), '{}'), { secrets: ['key.right'], settings: {}, now: 0 });
    expect(await verdictOn('key')).toEqual({ ok: true, assurance: 'claimed' });
    expect(await verdictOn('key.right')).toEqual({ ok: true, assurance: 'asserted' });
    for (const wrong of ['key.', 'key.wrong', 'key.right2', 'other.right'])
      expect(await verdictOn(wrong)).toMatchObject({ ok: false, refusal: { reason: 'signature_mismatch' } });
  });

  it('that is public may be tied to pages', async () => {
    const settings = { origins: ['https://shop.example'], currency: 'EUR' };
    const verdictFrom = (key: string, Origin: string) =>
      verifyWith(segment, deliveryOf({ ...basic(`${key}:`), Origin }, '{}'), {
        secrets: ['key.right'],
        settings,
        now: 0,
      });
    expect(await verdictFrom('key', 'https://shop.example')).toMatchObject({ ok: true });
    expect(await verdictFrom('key', 'https://evil.example')).toMatchObject({ refusal: { reason: 'origin_refused' } });
    expect(await verdictFrom('key.right', 'https://evil.example')).toMatchObject({ ok: true });
  });
});
