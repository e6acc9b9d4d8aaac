import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import type { Provider } from '../../worker/sources/provider.ts';
import hubspot from '../../worker/sources/providers/hubspot.ts';
import intercom from '../../worker/sources/providers/intercom.ts';
import twilio from '../../worker/sources/providers/twilio.ts';
import whatsapp from '../../worker/sources/providers/whatsapp.ts';
import zendesk from '../../worker/sources/providers/zendesk.ts';
import { deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';
import { contextOf, verifyWith } from '../support/senders.ts';
import { hmac } from '../support/sign.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const ADDRESS = 'https://rapport.example/in/key';
const translate = (provider: Provider, payload: Json) =>
  translateWith(provider, deliveryOf({}, JSON.stringify(payload)), payload);
const read = (provider: Provider, payload: Json) => onlyTouchpoint(translate(provider, payload));

describe('Twilio', () => {
  const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const verdict = (signed: string, body: string, options: { url?: string; settings?: Record<string, Json> } = {}) =>
    verifyWith(
      twilio,
      deliveryOf(
        { ...FORM, 'X-Twilio-Signature': hmac('token', signed, 'base64', 'sha1') },
        body,
        options.url ?? ADDRESS,
      ),
      { secrets: ['token'], now: NOW, settings: options.settings ?? {} },
    );

  it('signs its fields in order, empty ones too, and each value of one that comes twice once', async () => {
    const body = 'To=%2B44&Body=&Tag=b&Tag=a&Tag=b&A=1';
    expect(await verdict(`${ADDRESS}A1BodyTagaTagbTo+44`, body)).toEqual({ ok: true });
    expect(await verdict(`${ADDRESS}A1TagaTagbTo+44`, body)).toMatchObject({ ok: false });
  });

  it('may sign the port as well, or the address its owner knows', async () => {
    expect(await verdict('https://rapport.example:443/in/keyA1', 'A=1')).toEqual({ ok: true });
    const settings = { publicUrl: 'https://hooks.shop.example/sms' };
    expect(await verdict('https://hooks.shop.example/smsA1', 'A=1', { settings })).toEqual({ ok: true });
    expect(await verdict(`${ADDRESS}A1`, 'A=1', { settings })).toMatchObject({ ok: false });
  });

  it('signs JSON by its digest in the address', async () => {
    const body = '{"MessageSid":"SM1"}';
    const url = `${ADDRESS}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    expect(await verdict(url, body, { url })).toEqual({ ok: true });
    expect(await verdict(url, `${body} `, { url })).toMatchObject({ refusal: { reason: 'signature_mismatch' } });
  });

  it('tells of WhatsApp, of calls, and of who wants no more messages', () => {
    expect(
      read(twilio, {
        MessageSid: 'SM1',
        SmsStatus: 'received',
        From: 'whatsapp:+447911123456',
        Body: 'Hi',
        ProfileName: 'Owen',
      }),
    ).toMatchObject({
      kind: 'message_received',
      channel: 'messenger',
      person: {
        key: 'phone:+447911123456',
        identifiers: [{ kind: 'phone', assurance: 'asserted' }],
        profile: { name: 'Owen' },
      },
    });
    expect(read(twilio, { MessageSid: 'SM1', MessageStatus: 'read', To: 'whatsapp:+447911123456' }).kind).toBe(
      'message_opened',
    );
    expect(read(twilio, { MessageSid: 'SM2', From: '+447911123456', Body: 'STOP', OptOutType: 'STOP' }).kind).toBe(
      'sms_unsubscribed',
    );
    const call = { CallSid: 'CA1', Direction: 'inbound', From: '+447911123456', CallDuration: '61' };
    expect(
      read(twilio, { ...call, CallStatus: 'completed', Timestamp: 'Thu, 15 Jan 2026 12:00:00 +0000' }),
    ).toMatchObject({
      kind: 'call_logged',
      direction: 'in',
      occurredAt: NOW,
      data: { durationSeconds: 61 },
      person: { key: 'phone:+447911123456' },
    });
    expect(translate(twilio, { ...call, CallStatus: 'ringing' })).toEqual({ ok: true, ignored: 'ringing' });
    expect(translate(twilio, { MessageSid: 'SM1', MessageStatus: 'queued' })).toEqual({ ok: true, ignored: 'queued' });
  });
});

describe('WhatsApp', () => {
  const greet = (query: Record<string, string>, settings: Record<string, Json> = {}, method = 'GET') =>
    whatsapp.handshake?.(
      { ...deliveryOf({}, '', `${ADDRESS}?${new URLSearchParams(query)}`), method },
      contextOf({ secrets: [], now: NOW, settings }),
    ) ?? null;
  const question = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444' };

  it('is answered with its challenge when it knows the word', () => {
    const answer = { note: 'address confirmed', body: '1158201444', contentType: 'text/plain' };
    expect(greet({ ...question, 'hub.verify_token': 'key' })).toEqual(answer);
    expect(greet({ ...question, 'hub.verify_token': 'our own word' }, { verifyToken: 'our own word' })).toEqual(answer);
    expect(greet({ ...question, 'hub.verify_token': 'key' }, { verifyToken: 'our own word' })).toBeNull();
    expect(greet(question)).toBeNull();
    expect(greet({ ...question, 'hub.verify_token': 'key', 'hub.challenge': '<b>' })).toBeNull();
    expect(greet({ ...question, 'hub.verify_token': 'key' }, {}, 'POST')).toBeNull();
  });

  it('signs as GitHub does, whose example is published', async () => {
    // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const delivery = deliveryOf({ 'X-Hub-Signature-256': signature }, 'Hello, World!');
    const secrets = ["It's a Secret to Everybody"];
    expect(await verifyWith(whatsapp, delivery, { secrets, now: NOW })).toEqual({ ok: true });
  });

  const change = (value: Json, field = 'messages') => ({ entry: [{ changes: [{ field, value }] }] });
  const message = (id: string, from: string, facts: Json) => ({
    id,
    from,
    timestamp: String(NOW / 1000),
    ...Object(facts),
  });

  it('brings several messages and states at once, each of its own person', () => {
    const value = {
      contacts: [
        { wa_id: '447911123456', profile: { name: 'Owen Pritchard' }, user_id: 'GB.1' },
        { wa_id: '48601234567', profile: { name: 'Tomasz Borowik' } },
      ],
      messages: [
        message('m1', '447911123456', { type: 'text', text: { body: 'Hello' } }),
        message('m2', '48601234567', { type: 'interactive', interactive: { button_reply: { title: 'Yes' } } }),
        message('m3', '48601234567', { type: 'system', system: { body: 'changed number' } }),
      ],
      statuses: [{ id: 'm0', status: 'read', timestamp: '1768478400', recipient_id: '447911123456' }],
    };
    expect(translate(whatsapp, change(value))).toMatchObject({
      touchpoints: [
        {
          messageId: 'm1',
          text: 'Hello',
          occurredAt: NOW,
          person: {
            key: 'whatsapp:447911123456',
            identifiers: [
              { kind: 'phone', value: '+447911123456', assurance: 'asserted' },
              { kind: 'whatsapp' },
              { kind: 'whatsapp_user', value: 'GB.1' },
            ],
            profile: { name: 'Owen Pritchard' },
          },
        },
        { messageId: 'm2', text: 'Yes', person: { profile: { name: 'Tomasz Borowik' } } },
        { messageId: 'm0:read', kind: 'message_opened', direction: 'in' },
      ],
    });
  });

  it('knows people without a number by the id they have for this business', () => {
    const value = {
      contacts: [{ profile: { name: 'Mara' }, user_id: 'SE.7' }],
      messages: [{ id: 'm1', timestamp: '1768478400', type: 'text', text: { body: 'Hej' } }],
    };
    expect(read(whatsapp, change(value)).person).toMatchObject({
      key: 'user:SE.7',
      identifiers: [{ kind: 'whatsapp_user', value: 'SE.7' }],
    });
  });

  it('a cart with a price nobody can read is an order without a value', () => {
    const product_items = [
      { product_retailer_id: 'A', quantity: 2, item_price: 1.5, currency: 'EUR' },
      { product_retailer_id: 'B', quantity: 1, item_price: 'free', currency: 'EUR' },
    ];
    const value = { messages: [message('m1', '447911123456', { type: 'order', order: { product_items } })] };
    expect(read(whatsapp, change(value))).toMatchObject({
      kind: 'order_placed',
      value: null,
      order: {
        id: 'm1',
        lines: [
          { title: 'A', amountMinor: 300 },
          { title: 'B', amountMinor: null },
        ],
      },
    });
  });

  it('a cart beyond all sums is an order without a value', () => {
    const product_items = [{ product_retailer_id: 'A', quantity: 1e4, item_price: 1e9, currency: 'EUR' }];
    const value = { messages: [message('m1', '447911123456', { type: 'order', order: { product_items } })] };
    expect(read(whatsapp, change(value))).toMatchObject({ value: null, order: { lines: [{ amountMinor: null }] } });
  });

  it('has no use for other fields', () => {
    expect(translate(whatsapp, change({}, 'account_update'))).toEqual({ ok: true, ignored: 'account_update' });
  });
});

describe('HubSpot', () => {
  const body = '[]';
  const older = (version: string, text: string) => ({
    'X-HubSpot-Signature-Version': version,
    'X-HubSpot-Signature': createHash('sha256').update(text).digest('hex'),
  });
  const verdict = (headers: Record<string, string>, settings: Record<string, Json> = {}) =>
    verifyWith(hubspot, deliveryOf(headers, body, ADDRESS), { secrets: ['shh'], now: NOW, settings });
  const third = (url: string) => ({
    'X-HubSpot-Request-Timestamp': String(NOW),
    'X-HubSpot-Signature-v3': hmac('shh', `POST${url}${body}${NOW}`, 'base64'),
  });

  it('is believed in each of its three versions, by the newest it sends', async () => {
    expect(await verdict(older('v1', `shh${body}`))).toEqual({ ok: true });
    expect(await verdict(older('v2', `shhPOST${ADDRESS}${body}`))).toEqual({ ok: true });
    expect(await verdict({ ...older('v1', `shh${body}`), ...third(ADDRESS) })).toEqual({ ok: true });
    expect(await verdict({ ...older('v1', `shh${body}`), ...third('https://other.example/') })).toMatchObject({
      refusal: { reason: 'signature_mismatch' },
    });
    const publicUrl = 'https://hooks.shop.example/hubspot';
    expect(await verdict(third(publicUrl), { publicUrl })).toEqual({ ok: true });
    expect(await verdict(older('v1', `shhh${body}`))).toMatchObject({ refusal: { reason: 'signature_mismatch' } });
    expect(await verdict({ 'X-HubSpot-Signature': 'nonsense' })).toMatchObject({
      refusal: { reason: 'signature_malformed' },
    });
  });

  const event = (facts: Json) => ({ eventId: 1, objectId: 7, occurredAt: NOW, ...Object(facts) });

  it('a changed address is one the business keeps; a hidden one says nothing', () => {
    const change = (propertyValue: string) =>
      read(hubspot, [
        event({
          subscriptionType: 'contact.propertyChange',
          propertyName: 'email',
          changeSource: 'CRM_UI',
          propertyValue,
        }),
      ]);
    expect(change('nadia@example.com').person).toMatchObject({
      key: 'customer:7',
      identifiers: [
        { kind: 'customer', value: '7', assurance: 'asserted' },
        { kind: 'email', value: 'nadia@example.com', assurance: 'asserted' },
      ],
    });
    expect(change('REDACTED').person.identifiers).toHaveLength(1);
  });

  it('erasing under the law is told from tidying up', () => {
    const reasons = ['contact.privacyDeletion', 'contact.deletion'].map(
      (subscriptionType) => read(hubspot, event({ subscriptionType })).data?.reason,
    );
    expect(reasons).toEqual(['privacy_request', 'deleted_at_source']);
  });

  it('several events are as many, with ids that a repetition has again', () => {
    const events = [
      event({ subscriptionType: 'object.creation', objectTypeId: '0-1' }),
      event({ subscriptionType: 'ticket.creation', attemptNumber: 2 }),
      event({ subscriptionType: 'deal.creation' }),
    ];
    expect(translate(hubspot, events)).toMatchObject({
      touchpoints: [
        { messageId: `contact.creation:7:1:${NOW}:`, kind: 'customer_created' },
        { messageId: `ticket.creation:7:1:${NOW}:`, kind: 'ticket_created', person: { key: 'ticket:7' } },
      ],
    });
    expect(translate(hubspot, [event({ subscriptionType: 'deal.creation' })])).toMatchObject({
      ignored: 'deal.creation',
    });
    expect(translate(hubspot, [])).toMatchObject({ ok: true, ignored: 'no event' });
  });
});

describe('Intercom', () => {
  const notice = (topic: string, item: Json) => ({ topic, id: 'notif_1', created_at: NOW / 1000, data: { item } });
  const assuranceOf = (role: string) =>
    read(
      intercom,
      notice('contact.user.created', { id: 'c1', role, email: 'nadia@example.com' }),
    ).person.identifiers.find(({ kind }) => kind === 'email')?.assurance;

  it('keeps the address of a user, and doubts that of a lead', () => {
    expect([assuranceOf('user'), assuranceOf('lead')]).toEqual(['asserted', 'claimed']);
  });

  it('a reply is of the contact, whoever wrote it, and a note is of nobody', () => {
    const conversation = (part: Json) => ({
      id: 'k1',
      source: { type: 'email', subject: '<p>Lid</p>' },
      contacts: { contacts: [{ id: 'c1' }] },
      conversation_parts: { conversation_parts: [part] },
    });
    const author = { type: 'admin', id: 'a1', email: 'staff@example.org' };
    const reply = { part_type: 'comment', body: '<p>It does.</p>', created_at: NOW / 1000, author };
    expect(read(intercom, notice('conversation.admin.replied', conversation(reply)))).toMatchObject({
      kind: 'email_sent',
      direction: 'out',
      text: 'It does.',
      person: { key: 'customer:c1', identifiers: [{ kind: 'customer', value: 'c1' }] },
      data: { title: 'Lid' },
    });
    expect(
      translate(intercom, notice('conversation.admin.replied', conversation({ ...reply, part_type: 'note' }))),
    ).toMatchObject({ ok: true, ignored: 'conversation.admin.replied: a note' });
  });

  it('answers a look at the address, and has no use for a ping', () => {
    const look = { ...deliveryOf({}, ''), method: 'HEAD' };
    expect(intercom.handshake?.(look, contextOf({ secrets: [], now: NOW }))).toEqual({ note: 'address checked' });
    expect(translate(intercom, { topic: 'ping', data: {} })).toEqual({ ok: true, ignored: 'ping' });
  });
});

describe('Zendesk', () => {
  const event = (type: string, detail: Json, facts: Json = {}) => ({
    type: `zen:event-type:${type}`,
    id: 'e1',
    time: '2026-01-15T12:00:00.123456789Z',
    detail,
    event: facts,
  });

  it('knows a requester by id alone', () => {
    const solved = event('ticket.status_changed', { id: 5, requester_id: 9 }, { previous: 'OPEN', current: 'SOLVED' });
    expect(read(zendesk, solved)).toMatchObject({
      messageId: 'e1',
      kind: 'ticket_solved',
      occurredAt: NOW + 123,
      subject: 'ticket:5',
      person: { key: 'customer:9', identifiers: [{ kind: 'customer', value: '9', assurance: 'asserted' }] },
    });
    expect(translate(zendesk, event('ticket.status_changed', { id: 5 }, { current: 'CLOSED' }))).toMatchObject({
      ok: true,
      ignored: 'ticket is closed',
    });
  });

  it('tells the words of a customer from those of an agent and of the bot', () => {
    const by = (type: string) => {
      const { kind, direction, handler } = read(
        zendesk,
        event('messaging_ticket.message_added', { id: '5' }, { actor: { type }, message: { body: 'Hi' } }),
      );
      return [kind, direction, handler];
    };
    expect([by('end_user'), by('agent'), by('system')]).toEqual([
      ['message_received', 'in', undefined],
      ['message_sent', 'out', undefined],
      ['message_received', 'out', 'automated'],
    ]);
  });

  it('learns a name from the event that is about it', () => {
    const named = { ...event('user.name_changed', { id: '9' }, { current: 'Nadia Ferrante' }) };
    expect(read(zendesk, named)).toMatchObject({
      kind: 'customer_updated',
      person: { key: 'customer:9', profile: { name: 'Nadia Ferrante' } },
    });
    expect(read(zendesk, { ...named, type: 'zen:event-type/user.identity_changed' }).person.profile).toEqual({});
  });

  it('has no use for notes, for staff, and for bodies an owner wrote', () => {
    for (const [payload, ignored] of [
      [event('ticket.comment_added', { id: '5' }, { comment: { is_public: false } }), 'comment that is not public'],
      [event('user.created', { id: '5', role: 'agent' }), 'user is agent'],
      [{ ticket: '5' }, 'no event type'],
    ] as const)
      expect(translate(zendesk, payload)).toEqual({ ok: true, ignored });
  });
});
