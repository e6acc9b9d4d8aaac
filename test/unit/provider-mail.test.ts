import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import { mailboxOf, mailIdOf, mailTimeOf } from '../../worker/sources/mail-event.ts';
import mailgun from '../../worker/sources/providers/mailgun.ts';
import postmark from '../../worker/sources/providers/postmark.ts';
import resend from '../../worker/sources/providers/resend.ts';
import sendgrid from '../../worker/sources/providers/sendgrid.ts';
import { deliveryOf, onlyTouchpoint, preparedWith, recordedDeliveries, translateWith } from '../support/fixtures.ts';
import { verifyWith } from '../support/senders.ts';
import { hmac } from '../support/sign.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const translate = (provider: Parameters<typeof translateWith>[0], payload: Json) =>
  translateWith(provider, deliveryOf({}, JSON.stringify(payload)), payload);

it.each([
  ['Mara Lindqvist <mara@example.com>', 'mara@example.com', 'Mara Lindqvist'],
  ['"Lindqvist, Mara" <mara@example.com>', 'mara@example.com', 'Lindqvist, Mara'],
  ['<mara@example.com>', 'mara@example.com', null],
  ['mara@example.com, owen@example.com', 'mara@example.com', null],
  ['', null, null],
])('%j is a mailbox', (text, address, name) => {
  expect(mailboxOf(text)).toEqual({ address, name });
});

it.each([
  ['Fri, 5 May 2023 17:44:33 -0400', '2023-05-05T21:44:33Z'],
  ['05 May 2023 17:44 +0000 (UTC)', '2023-05-05T17:44:00Z'],
  ['Fri,  5 May 2023 17:44:33 GMT', '2023-05-05T17:44:33Z'],
])('%j is a date of a mail', (text, iso) => {
  expect(mailTimeOf(text)).toBe(Date.parse(iso));
});

it.each(['', 'yesterday', 'Fri, 31 Feb 2023 17:44:33 -0400', 'Fri, 5 Mai 2023 17:44:33 -0400', 5])(
  '%j is none',
  (text) => {
    expect(mailTimeOf(text)).toBeNull();
  },
);

it('the id of a mail has one spelling', () => {
  expect([mailIdOf('<a@b.example>'), mailIdOf('a@b.example'), mailIdOf('<>'), mailIdOf(7)]).toEqual([
    'a@b.example',
    'a@b.example',
    null,
    null,
  ]);
});

describe('Mailgun', () => {
  const signed = (token: string) => {
    const timestamp = String(NOW / 1000);
    return { timestamp, token, signature: hmac('key', timestamp + token, 'hex') };
  };
  const event = (facts: Json, token = 'abc') => ({ signature: signed(token), 'event-data': facts });
  const verdict = (body: string, headers: Record<string, string> = {}, now = NOW) =>
    verifyWith(mailgun, deliveryOf(headers, body), { secrets: ['key'], now });

  it('another body under a token is the same message, whatever its event says it is', () => {
    const one = onlyTouchpoint(translate(mailgun, event({ event: 'opened', id: 'a', recipient: 'nadia@example.com' })));
    const other = onlyTouchpoint(
      translate(mailgun, event({ event: 'clicked', id: 'b', recipient: 'eve@example.com' })),
    );
    expect(other.messageId).toBe(one.messageId);
  });

  it('its signature is looked for in the body alone, and lasts as long as deliveries are tried again', async () => {
    const body = JSON.stringify(event({ event: 'opened' }));
    expect(await verdict(body)).toEqual({ ok: true });
    expect(await verdict(body, {}, NOW + 9 * 3_600_000)).toEqual({ ok: true });
    expect(await verdict(body, {}, NOW + 25 * 3_600_000)).toMatchObject({ refusal: { reason: 'timestamp_stale' } });
    const { timestamp, token, signature } = signed('abc');
    const headers = { 'x-mailgun-timestamp': timestamp, 'x-mailgun-token': token, 'x-mailgun-signature': signature };
    expect(await verdict('{}', headers)).toMatchObject({ refusal: { reason: 'signature_missing' } });
  });

  it('a mail that a route forwards is received, from somebody who claims to be', async () => {
    const form = new URLSearchParams({
      ...signed('mail-1'),
      from: 'Nadia Ferrante <nadia@example.com>',
      sender: 'bounce@example.com',
      recipient: 'shop@example.org',
      subject: 'Lid',
      'stripped-text': 'Does it fit?',
      'body-plain': 'Does it fit?\n> quoted',
      'Message-Id': '<m1@example.com>',
      Date: 'Thu, 15 Jan 2026 13:00:00 +0100',
    });
    const delivery = deliveryOf({ 'Content-Type': 'application/x-www-form-urlencoded' }, form.toString());
    expect(await verifyWith(mailgun, delivery, { secrets: ['key'], now: NOW })).toEqual({ ok: true });
    expect(onlyTouchpoint(translateWith(mailgun, await preparedWith(mailgun, delivery)))).toMatchObject({
      messageId: 'mail:m1@example.com',
      kind: 'email_received',
      direction: 'in',
      occurredAt: NOW,
      subject: 'email:m1@example.com',
      text: 'Does it fit?',
      person: {
        key: 'claimed:nadia@example.com',
        identifiers: [{ value: 'nadia@example.com', assurance: 'claimed' }],
        profile: { name: 'Nadia Ferrante' },
      },
    });
  });

  it('fails for good or for now', () => {
    const hardness = (severity: string) =>
      onlyTouchpoint(translate(mailgun, event({ event: 'failed', severity }))).data?.hard;
    expect([hardness('permanent'), hardness('temporary')]).toEqual([true, false]);
  });

  const recorded = recordedDeliveries(['mailgun']);
  it.skipIf(recorded === null)('the signatures computed with its published test key are right', async () => {
    for (const { body, signature } of recorded ?? []) {
      const secrets = [String(signature?.secret)];
      const now = Number(signature?.timestamp) * 1000;
      expect(await verifyWith(mailgun, deliveryOf({}, body), { secrets, now })).toEqual({ ok: true });
    }
  });
});

describe('what became of a mail', () => {
  it('is asserted of its recipient, since the business wrote there', () => {
    const bounce = { RecordType: 'Bounce', ID: 7, Type: 'SoftBounce', MessageID: 'm', Email: 'owen@example.com' };
    expect(onlyTouchpoint(translate(postmark, bounce))).toMatchObject({
      messageId: 'Bounce:7',
      kind: 'email_bounced',
      direction: 'out',
      subject: 'email:m',
      data: { hard: false },
      person: { key: 'email:owen@example.com', identifiers: [{ assurance: 'asserted' }] },
    });
  });

  it('Postmark: two clicks in one mail are two, one sent again is one', () => {
    const click = (ReceivedAt: string) =>
      onlyTouchpoint(
        translate(postmark, { RecordType: 'Click', MessageID: 'm', Recipient: 'a@example.com', ReceivedAt }),
      ).messageId;
    expect(click('2026-01-15T12:00:00.1234567Z')).toBe(click('2026-01-15T12:00:00.1234567Z'));
    expect(click('2026-01-15T12:00:00.1234567Z')).not.toBe(click('2026-01-15T12:00:00.1234568Z'));
  });

  it('Postmark: an address put back, or silenced by a bounce, has not unsubscribed', () => {
    const change = (facts: Json) =>
      translate(postmark, { RecordType: 'SubscriptionChange', MessageID: 'm', ...Object(facts) });
    expect(change({ SuppressSending: false })).toEqual({ ok: true, ignored: 'SubscriptionChange' });
    expect(change({ SuppressSending: true, SuppressionReason: 'HardBounce' })).toMatchObject({
      ignored: expect.any(String),
    });
  });

  it('Resend: a bounce says whether it will pass', () => {
    const bounced = (bounce: Json) =>
      onlyTouchpoint(
        translate(resend, {
          type: 'email.bounced',
          created_at: '2026-01-15T12:00:00Z',
          data: { email_id: 'e1', to: ['Nadia <nadia@example.com>'], bounce },
        }),
      );
    expect(bounced({ type: 'Transient', message: 'Full' })).toMatchObject({
      messageId: 'email.bounced:e1:2026-01-15T12:00:00Z',
      text: 'Full',
      data: { hard: false },
    });
    expect(bounced({ type: 'Permanent' }).data?.hard).toBe(true);
    expect(translate(resend, { type: 'contact.created' })).toEqual({ ok: true, ignored: 'contact.created' });
  });

  it('SendGrid: each event of a list has an id of its own, and one we have no use for is passed over', () => {
    const mail = { email: 'nadia@example.com', sg_message_id: 'abc.recvd-1', timestamp: 1768478400 };
    const batch = [
      { ...mail, event: 'delivered', sg_event_id: 'e1' },
      { ...mail, event: 'deferred', sg_event_id: 'e2' },
      { ...mail, event: 'open' },
      { ...mail, event: 'open', sg_event_id: 'e3', sg_machine_open: true },
    ];
    expect(translate(sendgrid, batch)).toMatchObject({
      touchpoints: [
        { messageId: 'e1', kind: 'email_delivered', subject: 'email:abc' },
        { messageId: 'open:abc.recvd-1:nadia@example.com:1768478400' },
        { messageId: 'e3', data: { machine: true } },
      ],
    });
    expect(translate(sendgrid, [{ event: 'deferred' }])).toEqual({ ok: true, ignored: 'deferred' });
  });
});
