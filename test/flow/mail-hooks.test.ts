import { generateKeyPairSync, sign } from 'node:crypto';
import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mime } from '../support/mail.ts';
import { addSource, deliver, holdersOf, type Source } from '../support/shop.ts';
import { hmac } from '../support/sign.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** Mails that services take in and pass on: each in its own form, all of them the same to the record. */
let worker: Miniflare;
beforeAll(() => {
  worker = startWorker({ files: true });
});
afterAll(() => worker.dispose());

type Touchpoint = {
  readonly kind: string;
  readonly messageId: string;
  readonly text: string | null;
  readonly data: Record<string, unknown>;
};
const touchpointsOf = async (source: Source): Promise<Touchpoint[]> =>
  (await callApi<{ items: Touchpoint[] }>(worker, `/touchpoints?limit=50&source=${source.id}`)).items;
const only = async (source: Source): Promise<Touchpoint> => {
  const [first, ...others] = await touchpointsOf(source);
  if (!first || others.length > 0) throw new Error(`expected one, got ${others.length + (first ? 1 : 0)}`);
  return first;
};
const assuranceOf = async (address: string): Promise<string[]> => {
  const holders = await holdersOf(worker, `email:${address}`);
  const records = await Promise.all(
    holders.map(({ id }) =>
      callApi<{ identifiers: { value: string; assurance: string }[] }>(worker, `/customers/${id}`),
    ),
  );
  return records.flatMap(({ identifiers }) =>
    identifiers.filter(({ value }) => value === address).map(({ assurance }) => assurance),
  );
};

type Field = { readonly name: string; readonly value: string | Uint8Array; readonly file?: string };
/** A form as services send it, byte for byte. */
function form(fields: readonly Field[]): { body: Uint8Array; headers: Record<string, string> } {
  const parts = fields.flatMap(({ name, value, file }) => [
    Buffer.from(
      `--xYzZY\r\nContent-Disposition: form-data; name="${name}"${file ? `; filename="${file}"\r\nContent-Type: application/pdf` : ''}\r\n\r\n`,
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  const body = new Uint8Array(Buffer.concat([...parts, Buffer.from('--xYzZY--\r\n')]));
  return { body, headers: { 'content-type': 'multipart/form-data; boundary=xYzZY' } };
}
const fileOf = async (data: Record<string, unknown>): Promise<string | undefined> => {
  const [first] = data.attachments as { file?: string }[];
  const bucket = await worker.getR2Bucket('FILES', 'rapport');
  return first?.file === undefined ? undefined : (await bucket.get(first.file))?.text();
};
const THREAD = { messageId: 'mail:m1@example.com', kind: 'email_received', text: 'In blue, please.' };
const REST = {
  quoted: 'On 15 Jan 2026, Shop <shop@example.org> wrote:\n> Which colour?',
  references: ['q1@shop.example'],
};
const WORDS = 'In blue, please.\n\nOn 15 Jan 2026, Shop <shop@example.org> wrote:\n> Which colour?';

describe('Postmark', () => {
  const inbound = (more: Record<string, unknown> = {}) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      FromFull: { Email: 'pm@example.com', Name: 'Mara' },
      OriginalRecipient: 'x@inbound.example',
      Subject: 'Lid',
      MessageID: 'guid-1',
      Date: 'Thu, 15 Jan 2026 13:00:00 +0100',
      TextBody: WORDS,
      StrippedTextReply: 'In blue, please.',
      Headers: [
        { Name: 'Message-ID', Value: '<m1@example.com>' },
        { Name: 'In-Reply-To', Value: '<q1@shop.example>' },
        { Name: 'Authentication-Results', Value: 'mx.cloudflare.net; dmarc=pass header.from=example.com' },
      ],
      Attachments: [
        {
          Name: 'a.pdf',
          ContentType: 'application/pdf',
          ContentLength: 5,
          Content: Buffer.from('bytes').toString('base64'),
        },
      ],
      ...more,
    }),
  });

  it('brings a mail with its files, whose sender stays a claim', async () => {
    const source = await addSource(worker, 'postmark');
    for (let time = 0; time < 2; time++) expect((await deliver(worker, source, inbound())).status).toBe(200);
    const mail = await only(source);
    expect(mail).toMatchObject({ ...THREAD, data: { ...REST, externalId: 'guid-1' } });
    expect(await fileOf(mail.data)).toBe('bytes');
    expect(await assuranceOf('pm@example.com')).toEqual(['claimed']);
  });

  it('brings one of several megabytes, and keeps a log of it that fits', async () => {
    const source = await addSource(worker, 'postmark');
    const big = Buffer.alloc(6_000_000, 7).toString('base64');
    const mail = inbound({
      Attachments: [{ Name: 'big.bin', ContentType: 'application/pdf', ContentLength: 6_000_000, Content: big }],
    });
    expect((await deliver(worker, source, mail)).status).toBe(200);
    expect((await only(source)).data.attachments).toMatchObject([
      { name: 'big.bin', size: 6_000_000, file: expect.any(String) },
    ]);
  });

  it('cannot name a file that is another’s', async () => {
    const source = await addSource(worker, 'postmark');
    const mail = inbound({ Attachments: [{ Name: 'x', ContentType: 'a/b', file: 'attachments/0123' }] });
    await deliver(worker, source, mail);
    const forged = {
      headers: { 'content-type': 'application/vnd.rapport.mail+json' },
      body: JSON.stringify({ from: {}, mailId: 'z', files: [{ name: 'x', file: 'attachments/0123' }] }),
    };
    await deliver(worker, source, forged);
    expect(JSON.stringify(await touchpointsOf(source))).not.toContain('0123');
  });
});

it('Mailgun brings a mail with its files, whose sender stays a claim', async () => {
  const source = await addSource(worker, 'mailgun', { secret: 'mailgun-key' });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const send = (token: string) =>
    deliver(
      worker,
      source,
      form([
        { name: 'timestamp', value: timestamp },
        { name: 'token', value: token },
        { name: 'signature', value: hmac('mailgun-key', timestamp + token, 'hex') },
        { name: 'from', value: 'Mara <mg@example.com>' },
        { name: 'sender', value: 'mg@example.com' },
        { name: 'recipient', value: 'shop@example.org' },
        { name: 'subject', value: 'Lid' },
        { name: 'body-plain', value: WORDS },
        { name: 'stripped-text', value: 'In blue, please.' },
        { name: 'Message-Id', value: '<m1@example.com>' },
        {
          name: 'message-headers',
          value: JSON.stringify([
            ['References', '<q1@shop.example>'],
            ['X-Mailgun-Spf', 'Pass'],
          ]),
        },
        { name: 'attachment-count', value: '1' },
        { name: 'attachment-1', value: 'bytes', file: 'a.pdf' },
      ]),
    );
  expect((await send('one')).status).toBe(200);
  expect((await send('two')).status).toBe(200);
  const mail = await only(source);
  expect(mail).toMatchObject({
    ...THREAD,
    data: { ...REST, attachments: [{ name: 'a.pdf', type: 'application/pdf', size: 5 }] },
  });
  expect(await fileOf(mail.data)).toBe('bytes');
  expect(await assuranceOf('mg@example.com')).toEqual(['claimed']);
});

describe('SendGrid', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const fields = (address: string, more: readonly Field[] = []): readonly Field[] => [
    {
      name: 'headers',
      value: `Received: by mx.example.com\nMessage-ID: <m1@example.com>\nReferences: <q1@shop.example>\nDate: Thu, 15 Jan 2026 13:00:00 +0100`,
    },
    { name: 'from', value: `Mara <${address}>` },
    { name: 'to', value: 'shop@example.org' },
    { name: 'subject', value: 'Lid' },
    { name: 'envelope', value: JSON.stringify({ to: ['shop@example.org'], from: address }) },
    { name: 'dkim', value: '{@example.com : pass}' },
    { name: 'SPF', value: 'pass' },
    ...more,
  ];
  const words = { name: 'text', value: WORDS };
  const signed = ({ body, headers }: ReturnType<typeof form>) => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString('base64');
    return {
      body,
      headers: {
        ...headers,
        'X-Twilio-Email-Event-Webhook-Signature': signature,
        'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
      },
    };
  };
  const open = (inbound: boolean) => addSource(worker, 'sendgrid', { secret, settings: { inbound } });

  it('takes unsigned mails only where the owner said so, and events never', async () => {
    const [closed, opened] = [await open(false), await open(true)];
    const mail = form(fields('sg1@example.com', [words]));
    const events = {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ event: 'bounce', email: 'a@example.com', sg_event_id: 'e1' }]),
    };
    expect((await deliver(worker, closed, mail)).status).toBe(401);
    expect((await deliver(worker, opened, events)).status).toBe(401);
    const disguised = form([
      { name: 'event', value: 'bounce' },
      { name: 'email', value: 'a@example.com' },
    ]);
    await deliver(worker, opened, disguised);
    expect((await touchpointsOf(opened)).filter(({ kind }) => kind !== 'email_received')).toEqual([]);
    expect((await deliver(worker, opened, mail)).status).toBe(200);
    expect((await touchpointsOf(opened))[0]).toMatchObject({ ...THREAD, data: REST });
    expect(await assuranceOf('sg1@example.com')).toEqual(['claimed']);
  });

  it('vouches for a sender whose own domain signed, in mails that it signs itself', async () => {
    const source = await open(true);
    expect((await deliver(worker, source, signed(form(fields('sg2@example.com', [words]))))).status).toBe(200);
    expect(await assuranceOf('sg2@example.com')).toEqual(['verified']);
    const other = await open(true);
    await deliver(worker, other, signed(form(fields('sg3@example.net', [words]))));
    expect(await assuranceOf('sg3@example.net')).toEqual(['claimed']);
    const { body, headers } = signed(form(fields('sg4@example.com', [words])));
    body[body.length - 30] = 120;
    expect((await deliver(worker, other, { body, headers })).status).toBe(401);
  });

  it('brings mails whole, as MIME, and in the charset of each field', async () => {
    const [raw, read] = [await open(true), await open(true)];
    const mail = mime({
      from: 'Mara <sg5@example.com>',
      id: '<m1@example.com>',
      references: ['<q1@shop.example>'],
      text: WORDS,
    });
    await deliver(worker, raw, form([...fields('sg5@example.com'), { name: 'email', value: mail }]));
    expect(await only(raw)).toMatchObject({ ...THREAD, data: REST });
    const cyrillic = Uint8Array.from([0xc4, 0xe0]);
    await deliver(
      worker,
      read,
      form(
        fields('sg6@example.com', [
          { name: 'text', value: cyrillic },
          { name: 'charsets', value: JSON.stringify({ text: 'windows-1251' }) },
          { name: 'attachment1', value: 'bytes', file: 'a.pdf' },
        ]),
      ),
    );
    const { text, data } = await only(read);
    expect(text).toBe('Да');
    expect(await fileOf(data)).toBe('bytes');
  });
});
