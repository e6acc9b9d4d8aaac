import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInTicket } from '../../worker/staff/session.ts';
import { type Mail, mime, multipart, routeMail, stamped } from '../support/mail.ts';
import { addSource, deliver, type Source } from '../support/shop.ts';
import { hmac } from '../support/sign.ts';
import { ADMIN_TOKEN, callApi, startWorker } from '../support/worker.ts';

/** Conversations as staff see them, on the record and on a page of their own. */
let worker: Miniflare;
let source: Source;
let cookie: string;
beforeAll(async () => {
  worker = startWorker({ files: true });
  source = await addSource(worker, 'mailbox', { settings: { address: 'support@shop.example' } });
  const ticket = await signInTicket(ADMIN_TOKEN, Date.now() + 3_600_000);
  const signedIn = await worker.dispatchFetch(`http://rapport.test/sign-in?ticket=${ticket}`, { redirect: 'manual' });
  cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});
afterAll(() => worker.dispose());

type Touchpoint = {
  readonly id: string;
  readonly customerId: string;
  readonly messageId: string;
  readonly kind: string;
};
const touchpoint = async (messageId: string, kind?: string): Promise<Touchpoint> => {
  const { items } = await callApi<{ items: Touchpoint[] }>(worker, '/touchpoints?limit=100');
  const found = items.find((one) => one.messageId === messageId && (kind === undefined || one.kind === kind));
  if (!found) throw new Error(`no ${messageId} among ${items.map((one) => one.messageId)}`);
  return found;
};
const get = (path: string, headers: Record<string, string> = { cookie }) =>
  worker.dispatchFetch(`http://rapport.test${path}`, { headers, redirect: 'manual' });
const text = async (path: string): Promise<string> =>
  (await (await get(path)).text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const customer = (address: string) => ({ from: `Mara Lindqvist <${address}>`, above: stamped('example.com') });
const ours = (to: string) => ({ from: 'Support <support@shop.example>', to, above: stamped('shop.example') });
const send = (mail: Mail) => routeMail(worker, mime(mail), { to: `${source.key}@in.shop.example` });
const at = (hour: number) => `Thu, 15 Jan 2026 ${String(hour).padStart(2, '0')}:00:00 +0000`;

describe('mails to and fro', () => {
  const mara = 'mara@example.com';
  const thread = (prefix: string): Mail[] => [
    { ...customer(mara), id: `<${prefix}1@x>`, date: at(8), subject: `Lid ${prefix}`, text: 'Is it blue?' },
    {
      ...customer(mara),
      id: `<${prefix}2@x>`,
      date: at(9),
      references: [`<${prefix}1@x>`],
      subject: 'Away',
      text: 'I am away.',
      headers: ['Auto-Submitted: auto-replied'],
    },
    {
      ...ours(mara),
      id: `<${prefix}3@x>`,
      date: at(11),
      inReplyTo: `<${prefix}1@x>`,
      subject: `Re: Lid ${prefix}`,
      text: 'Yes, blue.',
    },
    {
      ...customer(mara),
      id: `<${prefix}4@x>`,
      date: at(12),
      references: [`<${prefix}1@x>`, `<${prefix}3@x>`],
      subject: `Re: Lid ${prefix}`,
      text: 'Thank you!',
    },
  ];

  it('stand on the record as one, and on a page in their order, however they arrived', async () => {
    const shown: string[] = [];
    for (const [prefix, order] of [
      ['a', [0, 1, 2, 3]],
      ['b', [3, 1, 0, 2]],
    ] as const) {
      const mails = thread(prefix);
      for (const index of order) expect((await send(mails[index] ?? {})).status).toBe(200);
      const { id } = await touchpoint(`mail:${prefix}2@x`, 'email_autoreplied');
      const page = await text(`/conversations/${id}`);
      const words = ['Is it blue?', 'I am away.', 'Yes, blue.', 'Thank you!'].map((one) => page.indexOf(one));
      expect(words).toEqual([...words].sort((x, y) => x - y));
      expect(words.every((place) => place > 0)).toBe(true);
      expect(page).toContain('Time to first answer 3 hours');
      shown.push(page.replaceAll(`Lid ${prefix}`, 'Lid'));
    }
    expect(shown[1]).toBe(shown[0]);
    const record = await text(`/customers/${(await touchpoint('mail:a1@x')).customerId}`);
    expect(record.match(/Conversation: Lid [ab]/g)).toHaveLength(2);
    expect(record).toContain('4 messages , first answered in 3 hours, waits for an answer');
    expect(record).not.toContain('Yes, blue.');
  });

  it('of others are not mixed in, whatever a mail says it answers', async () => {
    await send({
      ...customer('eve@example.com'),
      id: '<e1@x>',
      references: ['<a1@x>', '<a4@x>'],
      text: 'I was there too',
    });
    const { id } = await touchpoint('mail:a1@x');
    expect(await text(`/conversations/${id}`)).not.toContain('I was there too');
  });

  it('stay a customer’s words when they only say that they come from us', async () => {
    await send({ from: 'support@shop.example', to: 'victim@example.com', id: '<forged@x>', text: 'Pay here' });
    expect(await touchpoint('mail:forged@x')).toMatchObject({ kind: 'email_received' });
  });

  it('are for staff only, and an id that names none is no page', async () => {
    const { id } = await touchpoint('mail:a1@x');
    expect((await get(`/conversations/${id}`, { accept: 'text/html' })).status).not.toBe(200);
    for (const wrong of ['tp_999999', 'tp_x', '1']) expect((await get(`/conversations/${wrong}`)).status).toBe(404);
  });
});

it('text messages are one conversation, and STOP asks for attention', async () => {
  const twilio = await addSource(worker, 'twilio', { secret: 'twilio-token' });
  const message = (fields: Record<string, string>) => {
    const body = new URLSearchParams({ From: '+447700900123', To: '+447700900000', SmsStatus: 'received', ...fields });
    const signed =
      twilio.url +
      [...body]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => name + value)
        .join('');
    const signature = hmac('twilio-token', signed, 'base64', 'sha1');
    return deliver(worker, twilio, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body: body.toString(),
    });
  };
  expect(
    (
      await message({
        MessageSid: 'SM1',
        Body: 'Is it ready?',
        NumMedia: '1',
        MediaContentType0: 'image/jpeg',
        MediaUrl0: 'https://api.twilio.example/x',
      })
    ).status,
  ).toBe(200);
  await message({ MessageSid: 'SM2', Body: ' Стоп! ' });
  const stop = await touchpoint('SM2:received');
  expect(stop.kind).toBe('sms_unsubscribed');
  const page = await text(`/conversations/${stop.id}`);
  expect(page).toMatch(/Is it ready\?.*image\/jpeg.*Стоп!/);
  await (await worker.getWorker()).scheduled({});
  const { items } = await callApi<{ items: { title: string }[] }>(worker, '/attention');
  expect(items.map(({ title }) => title)).toContain('Asked to get no more messages');
});

describe('a file of a mail', () => {
  const name = 'in voice "1".html';
  const mail: Mail = {
    ...customer('files@example.com'),
    id: '<file@x>',
    content: {
      type: 'multipart/mixed; boundary=b',
      body: multipart('b', [
        { head: 'Content-Type: text/plain', body: 'See it.' },
        {
          head: `Content-Type: text/html\r\nContent-Disposition: attachment; filename="=?utf-8?B?${Buffer.from(name).toString('base64')}?="`,
          body: '<script>alert(1)</script>',
        },
      ]),
    },
  };

  it('is given to staff to be saved, and never to be opened as a page', async () => {
    await send(mail);
    const path = `/touchpoints/${(await touchpoint('mail:file@x')).id}/files/0`;
    const file = await get(path);
    expect(file.status).toBe(200);
    expect((await file.text()).trim()).toBe('<script>alert(1)</script>');
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="in voice _1_.html"; filename*=UTF-8''in%20voice%20%221%22.html`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect((await get(path, { accept: 'text/html' })).status).not.toBe(200);
    for (const wrong of ['1', '-1', 'x']) expect((await get(path.replace(/0$/, wrong))).status).toBe(404);
  });
});

it('a mail that cannot be stored now is left to its sender to try again', async () => {
  const db = await worker.getD1Database('DB', 'rapport');
  await db.exec("CREATE TRIGGER jam BEFORE INSERT ON touchpoint BEGIN SELECT RAISE(ABORT, 'D1 DB is overloaded'); END");
  const refused = await send({ ...customer('later@example.com'), id: '<later@x>' });
  expect(refused.status).toBe(500);
  await db.exec('DROP TRIGGER jam');
  expect((await send({ ...customer('later@example.com'), id: '<later@x>' })).status).toBe(200);
  expect(await touchpoint('mail:later@x')).toBeDefined();
});
