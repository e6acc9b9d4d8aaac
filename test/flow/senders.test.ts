import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hmac } from '../support/sign.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** What senders ask of the door beside a 200: a challenge, an answer of their own, bodies that are no JSON, no replays. */
const worker = startWorker();
beforeAll(() => worker.ready);
afterAll(() => worker.dispose());

const ORIGIN = 'http://rapport.test';
type Source = { id: string; key: string };
type Touchpoints = { items: { kind: string; text: string | null; customerId: string }[] };

const addSource = (kind: string, secret?: string) =>
  callApi<Source>(worker, '/sources', { method: 'POST', body: { kind, name: kind, ...(secret && { secret }) } });
const touchpointsOf = async ({ id }: Source) =>
  (await callApi<Touchpoints>(worker, `/touchpoints?source=${id}&limit=50`)).items;
const post = ({ key }: Source, body: string, headers: Record<string, string> = {}) =>
  worker.dispatchFetch(`${ORIGIN}/in/${key}`, { method: 'POST', body, headers });

describe('a sender', () => {
  it('whose signature leaves the event out cannot be played back with another', async () => {
    const source = await addSource('mailgun', 'signing-key');
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = { timestamp, token: 'once', signature: hmac('signing-key', `${timestamp}once`, 'hex') };
    const send = (event: string, recipient: string) =>
      post(source, JSON.stringify({ signature, 'event-data': { event, recipient, id: event } }));
    expect((await send('opened', 'nadia@example.com')).status).toBe(200);
    expect((await send('complained', 'eve@example.com')).status).toBe(200);
    expect(await touchpointsOf(source)).toMatchObject([{ kind: 'email_opened' }]);
    const found = await callApi<{ items: unknown[] }>(worker, '/customers?identifier=email:eve@example.com');
    expect(found.items).toEqual([]);
  });

  it('of text messages is answered as a program, and its address counts', async () => {
    const source = await addSource('twilio', 'token');
    const body = 'Body=Ready%3F&From=%2B447911123456&MessageSid=SM1&SmsStatus=received';
    const fields = 'BodyReady?From+447911123456MessageSidSM1SmsStatusreceived';
    const send = (address: string) =>
      post(source, body, {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': hmac('token', address + fields, 'base64', 'sha1'),
      });
    expect((await send('https://elsewhere.example/')).status).toBe(401);
    const answer = await send(`${ORIGIN}/in/${source.key}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml']);
    expect(await answer.text()).toContain('<Response/>');
    expect(await touchpointsOf(source)).toMatchObject([{ kind: 'sms_received', text: 'Ready?' }]);
  });

  it('that asks whether the address is ours hears its challenge, and others do not', async () => {
    const source = await addSource('whatsapp', 'app-secret');
    const ask = (token: string) =>
      worker.dispatchFetch(
        `${ORIGIN}/in/${source.key}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`,
      );
    const answer = await ask(source.key);
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444']);
    expect((await ask('guess')).status).toBe(401);
  });

  it('that looks by HEAD before it is set up is shown that somebody is there', async () => {
    const source = await addSource('intercom', 'client-secret');
    expect((await worker.dispatchFetch(`${ORIGIN}/in/${source.key}`, { method: 'HEAD' })).status).toBe(200);
    expect((await worker.dispatchFetch(`${ORIGIN}/in/nobody`, { method: 'HEAD' })).status).toBe(404);
  });

  it('that sends a form with parts, and signs nothing, is known by its address', async () => {
    const source = await addSource('jotform');
    const form = new FormData();
    form.set('formID', '7');
    form.set('submissionID', '600');
    form.set('rawRequest', JSON.stringify({ q3_name: { first: 'Ivelina', last: 'Radeva' }, q5_message: 'Chipped' }));
    const encoded = new Response(form);
    const send = async () =>
      post(source, await encoded.clone().text(), { 'content-type': encoded.headers.get('content-type') ?? '' });
    expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
    expect(await touchpointsOf(source)).toMatchObject([{ kind: 'form_submitted', text: 'Chipped' }]);
  });

  it('of several events at once repeats them without a second row', async () => {
    const source = await addSource('hubspot', 'client-secret');
    const event = { objectId: 7, occurredAt: Date.now() };
    const body = JSON.stringify([
      { ...event, eventId: 1, subscriptionType: 'contact.creation' },
      {
        ...event,
        eventId: 2,
        subscriptionType: 'contact.propertyChange',
        propertyName: 'email',
        propertyValue: 'owen@example.com',
      },
    ]);
    const now = String(Date.now());
    const signature = hmac('client-secret', `POST${ORIGIN}/in/${source.key}${body}${now}`, 'base64');
    const headers = { 'x-hubspot-request-timestamp': now, 'x-hubspot-signature-v3': signature };
    for (let time = 0; time < 3; time++) expect((await post(source, body, headers)).status).toBe(200);
    const items = await touchpointsOf(source);
    expect(items.map(({ kind }) => kind).sort()).toEqual(['customer_created', 'customer_updated']);
    expect(new Set(items.map(({ customerId }) => customerId)).size).toBe(1);
  });
});
