import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rsaPair, signRsa, spkiPem } from '../support/certificate.ts';
import { callApi, startWorker } from '../support/worker.ts';

const worker = startWorker();
beforeAll(() => worker.ready);
afterAll(() => worker.dispose());

type Source = { readonly id: string; readonly url: string };
const addSource = (kind: string, more: object = {}) =>
  callApi<Source>(worker, '/sources', { method: 'POST', body: { kind, name: kind, ...more } });
const outcomesOf = async ({ id }: Source) => {
  const { items } = await callApi<{ items: { outcome: string }[] }>(worker, `/sources/${id}/deliveries`);
  return items.map(({ outcome }) => outcome).reverse();
};
const kindsOf = async ({ id }: Source) => {
  const { items } = await callApi<{ items: { kind: string }[] }>(worker, `/touchpoints?source=${id}`);
  return items.map(({ kind }) => kind);
};

describe('the door for webhooks', () => {
  it('answers a sender that asks by OPTIONS, and lets none ask that has no reason to', async () => {
    const open = await addSource('cloudevents');
    const asked = await worker.dispatchFetch(open.url, {
      method: 'OPTIONS',
      headers: { 'WebHook-Request-Origin': 'eventgrid.example' },
    });
    expect(asked.status).toBe(200);
    expect(asked.headers.get('webhook-allowed-origin')).toBe('eventgrid.example');
    const shop = await addSource('shopify', { secret: 'shh' });
    expect((await worker.dispatchFetch(shop.url, { method: 'OPTIONS' })).status).toBe(401);
    expect(await outcomesOf(open)).toEqual(['handshake']);
    expect(await outcomesOf(shop)).toEqual(['refused']);
  });

  it('takes an event that is all headers', async () => {
    const source = await addSource('cloudevents');
    const headers = { 'ce-id': '1', 'ce-source': '/a', 'ce-type': 'customer.created', 'ce-subject': 'c-1' };
    expect((await worker.dispatchFetch(source.url, { method: 'POST', headers })).status).toBe(200);
    expect(await kindsOf(source)).toEqual(['customer_created']);
  });

  it('stores nothing for a signature that is used again with another event', async () => {
    const source = await addSource('ecwid', { secret: 'shh' });
    const eventCreated = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', 'shh').update(`${eventCreated}.e-1`).digest('base64');
    const send = (event: object) =>
      worker.dispatchFetch(source.url, {
        method: 'POST',
        headers: { 'X-Ecwid-Webhook-Signature': signature },
        body: JSON.stringify({ eventId: 'e-1', eventCreated, ...event }),
      });
    await send({ entityId: 7, eventType: 'customer.created', data: { customerEmail: 'ana@example.com' } });
    await send({ entityId: 8, eventType: 'order.updated', data: { oldPaymentStatus: 'x', newPaymentStatus: 'PAID' } });
    expect(await kindsOf(source)).toEqual(['customer_created']);
    expect(await outcomesOf(source)).toEqual(['accepted', 'duplicate']);
  });

  it("verifies with a sender's public key", async () => {
    const pair = rsaPair();
    const source = await addSource('adobe_commerce', { secret: spkiPem(pair) });
    const value = { entity_id: '7', email: 'ana@example.com' };
    const body = JSON.stringify({ id: 'e-1', type: 'observer.customer_save_commit_after', data: { value } });
    const send = (signed: string) =>
      worker.dispatchFetch(source.url, {
        method: 'POST',
        headers: { 'x-adobe-commerce-webhook-signature': signRsa(pair, Buffer.from(signed).toString('base64')) },
        body,
      });
    expect((await send(body)).status).toBe(200);
    expect((await send(`${body} `)).status).toBe(401);
    expect(await kindsOf(source)).toEqual(['customer_updated']);
  });

  it('tries a source by the address its owner has given it, and one that only the sender can sign without a signature', async () => {
    for (const [kind, secret, settings] of [
      ['square', 'shh', { publicUrl: 'https://hooks.shop.example/square' }],
      ['paypal', 'shh', {}],
      ['standard_webhooks', 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=', {}],
    ] as const) {
      const source = await addSource(kind, { secret, settings });
      const tried = await callApi(worker, `/sources/${source.id}/test`, { method: 'POST' });
      expect(tried).toMatchObject({ outcome: 'accepted', stored: 1 });
    }
  });
});
