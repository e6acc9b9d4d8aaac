import { describe, expect, it } from 'vitest';
import cloudevents from '../../worker/sources/providers/cloudevents.ts';
import { deliveryOf, onlyTouchpoint, payloadOf, translateWith } from '../support/fixtures.ts';
import { contextOf } from '../support/senders.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const data = { order_id: 'A-1', email: 'ana@example.com', amount: '12.00', currency: 'EUR' };
const attributes = { id: 'e-1', source: '/shop/1', type: 'example.order.paid', time: '2026-01-15T11:00:00.123456789Z' };
const read = (headers: Record<string, string>, body: string) => {
  const delivery = deliveryOf(headers, body);
  return translateWith(cloudevents, delivery, payloadOf(delivery));
};
const wanted = {
  messageId: '/shop/1#e-1',
  kind: 'order_paid',
  occurredAt: Date.UTC(2026, 0, 15, 11, 0, 0, 123),
  order: { id: 'A-1', total: { amountMinor: 1200, currency: 'EUR' } },
};
const STRUCTURED = { 'Content-Type': 'application/cloudevents+json; charset=utf-8' };
const BATCH = { 'Content-Type': 'application/cloudevents-batch+json' };

describe('a CloudEvent', () => {
  it('is the same in headers, as a body and in a list', () => {
    const inHeaders = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
    const binary = read(
      { 'Content-Type': 'application/json', 'ce-specversion': '1.0', ...inHeaders },
      JSON.stringify(data),
    );
    const structured = read(STRUCTURED, JSON.stringify({ specversion: '1.0', ...attributes, data }));
    const batch = read(BATCH, JSON.stringify([{ specversion: '1.0', ...attributes, data }]));
    for (const reading of [binary, structured, batch]) expect(onlyTouchpoint(reading)).toMatchObject(wanted);
  });

  it('may carry its data in base64, and what it is about beside its data', () => {
    const data_base64 = Buffer.from(JSON.stringify(data)).toString('base64');
    expect(onlyTouchpoint(read(STRUCTURED, JSON.stringify({ ...attributes, data_base64 })))).toMatchObject(wanted);
    const about = { ...attributes, subject: 'A-2', data: { email: 'ana@example.com' } };
    expect(onlyTouchpoint(read(STRUCTURED, JSON.stringify(about))).order?.id).toBe('A-2');
    expect(read(STRUCTURED, JSON.stringify({ ...attributes, data_base64: '/////w==' }))).toMatchObject({ ok: false });
  });

  it('has its headers decoded', () => {
    const headers = { 'ce-id': 'caf%C3%A9 100%25', 'ce-source': '/a', 'ce-type': 'customer.created' };
    expect(onlyTouchpoint(read(headers, '{"id":"7"}')).messageId).toBe('/a#café 100%');
    expect(onlyTouchpoint(read({ ...headers, 'ce-id': '100%' }, '{"id":"7"}')).messageId).toBe('/a#100%');
  });

  it('is told from another by its source and its id', () => {
    const many = ['/a', '/b'].map((source) => ({ ...attributes, source, data }));
    const reading = read(BATCH, JSON.stringify(many));
    const ids = reading.ok && 'touchpoints' in reading ? reading.touchpoints.map(({ messageId }) => messageId) : [];
    expect(ids).toEqual(['/a#e-1', '/b#e-1']);
  });

  it('is refused by path without what every event must have, the whole batch with it', () => {
    for (const name of ['id', 'source', 'type']) {
      const event = { ...attributes, data, [name]: null };
      expect(read(STRUCTURED, JSON.stringify(event))).toMatchObject({ misfits: [{ path: `$.${name}` }] });
      expect(read(BATCH, JSON.stringify([{ ...attributes, data }, event]))).toMatchObject({
        misfits: [{ path: `$[1].${name}` }],
      });
    }
    expect(read(STRUCTURED, JSON.stringify({ ...attributes, data: {} }))).toMatchObject({
      misfits: [{ path: '$.data.order_id' }],
    });
    expect(read({ 'ce-id': '1', 'ce-type': 'order.paid' }, '{}')).toMatchObject({ misfits: [{ path: 'ce-source' }] });
  });

  it('may be all headers', () => {
    const headers = { 'ce-id': '1', 'ce-source': '/a', 'ce-type': 'customer.created', 'ce-subject': 'c-1' };
    expect(onlyTouchpoint(read(headers, '')).kind).toBe('customer_created');
  });
});

describe('a sender of CloudEvents', () => {
  const ask = (headers: Record<string, string>, method = 'OPTIONS') =>
    cloudevents.handshake?.({ ...deliveryOf(headers, ''), method }, contextOf({ secrets: [], now: NOW })) ?? null;

  it('asks first whether it may deliver', () => {
    const origin = { 'WebHook-Request-Origin': 'eventgrid.example' };
    expect(ask(origin)?.headers).toEqual({ Allow: 'POST', 'WebHook-Allowed-Origin': 'eventgrid.example' });
    expect(ask({ ...origin, 'WebHook-Request-Rate': '120' })?.headers).toMatchObject({ 'WebHook-Allowed-Rate': '*' });
    expect(ask({})).toBeNull();
    expect(ask(origin, 'POST')).toBeNull();
  });

  it('may bring its token in the query', async () => {
    const verdictAt = async (query: string, headers = {}) => {
      const delivery = deliveryOf(headers, '{}', `https://rapport.example/in/key${query}`);
      return (await cloudevents.verify(delivery, contextOf({ secrets: ['shh'], now: NOW }))).ok;
    };
    expect(await verdictAt('?access_token=shh')).toBe(true);
    expect(await verdictAt('?access_token=shhh')).toBe(false);
    expect(await verdictAt('?access_token=shh', { Authorization: 'Bearer wrong' })).toBe(false);
    expect(await verdictAt('', { Authorization: 'Bearer shh' })).toBe(true);
    expect(await verdictAt('')).toBe(false);
  });
});
