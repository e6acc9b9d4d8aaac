import { type Miniflare, Response } from 'miniflare';
import PostalMime from 'postal-mime';
import { callApi, type WorkerOptions } from './worker.ts';

/**
 * Stand-ins of the APIs by which providers send mail, written from their documentation: each understands its own requests and nothing
 * else, and keeps what it was given to send.
 */
export type Posted = {
  readonly from: string;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What tells two attempts from two mails, where the API knows such. */
  readonly key: string | null;
};

export type MailerStandIn = {
  readonly host: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** What the provider calls the nth mail it has taken, and how it says so. */
  readonly idOf: (n: number) => string;
  readonly taken: (n: number) => {
    readonly status: number;
    readonly body: unknown;
    readonly headers?: Record<string, string>;
  };
  /** The refusal of an address that will never work, in its own shape. */
  readonly refused: (words: string) => { readonly status: number; readonly body: unknown };
  /** Reads a request; a text says what the real one would not have understood. */
  readonly read: (request: { url: URL; headers: Headers; body: string }) => Posted | string;
};

type JsonObject = { readonly [key: string]: unknown };
const json = (body: string): JsonObject => JSON.parse(body) as JsonObject;
const word = (value: unknown): string => (typeof value === 'string' ? value : '');
const words = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((value ?? {}) as JsonObject).map(([name, text]) => [name.toLowerCase(), word(text)]),
  );

const POSTMARK_TOKEN = '5f0a1c52-1f2e-4a6b-9d1e-0b8f2a7c3d44';

export const MAILERS: Readonly<Record<string, MailerStandIn>> = {
  postmark: {
    host: 'api.postmarkapp.com',
    credentials: { serverToken: POSTMARK_TOKEN },
    idOf: (n) => `0a129aee-e1cd-480d-b08d-4f48548f${n}`,
    taken: (n) => ({
      status: 200,
      body: { ErrorCode: 0, Message: 'OK', MessageID: `0a129aee-e1cd-480d-b08d-4f48548f${n}` },
    }),
    refused: (Message) => ({ status: 422, body: { ErrorCode: 406, Message } }),
    read: ({ url, headers, body }) => {
      if (url.pathname !== '/email') return `no such address: ${url.pathname}`;
      if (headers.get('x-postmark-server-token') !== POSTMARK_TOKEN) return 'token';
      const mail = json(body);
      if (mail.MessageStream !== 'outbound') return 'stream';
      const list = mail.Headers as { Name: string; Value: string }[];
      return {
        from: word(mail.From),
        to: word(mail.To),
        replyTo: word(mail.ReplyTo) || null,
        subject: word(mail.Subject),
        text: word(mail.TextBody),
        html: word(mail.HtmlBody),
        headers: Object.fromEntries(list.map(({ Name, Value }) => [Name.toLowerCase(), Value])),
        key: null,
      };
    },
  },
  resend: {
    host: 'api.resend.com',
    credentials: { apiKey: 're_9a8b7c6d5e4f3a2b1c' },
    idOf: (n) => `49a3999c-0ce1-4ea6-ab68-afcd6dc2e${n}`,
    taken: (n) => ({ status: 200, body: { id: `49a3999c-0ce1-4ea6-ab68-afcd6dc2e${n}` } }),
    refused: (message) => ({ status: 422, body: { statusCode: 422, name: 'validation_error', message } }),
    read: ({ url, headers, body }) => {
      if (url.pathname !== '/emails') return `no such address: ${url.pathname}`;
      if (headers.get('authorization') !== 'Bearer re_9a8b7c6d5e4f3a2b1c') return 'token';
      const mail = json(body);
      return {
        from: word(mail.from),
        to: word((mail.to as unknown[])[0]),
        replyTo: word(mail.reply_to) || null,
        subject: word(mail.subject),
        text: word(mail.text),
        html: word(mail.html),
        headers: words(mail.headers),
        key: headers.get('idempotency-key'),
      };
    },
  },
  mailgun: {
    host: 'api.mailgun.net',
    credentials: { sendingKey: 'e1b2c3d4e5f6a7b8c9d0-1a2b3c4d', domain: 'mg.shop.example' },
    idOf: (n) => `2026011512000${n}.1.ABCDEF@mg.shop.example`,
    taken: (n) => ({
      status: 200,
      body: { id: `<2026011512000${n}.1.ABCDEF@mg.shop.example>`, message: 'Queued. Thank you.' },
    }),
    refused: (message) => ({ status: 400, body: { message } }),
    read: ({ url, headers, body }) => {
      if (url.pathname !== '/v3/mg.shop.example/messages') return `no such address: ${url.pathname}`;
      if (headers.get('authorization') !== `Basic ${btoa('api:e1b2c3d4e5f6a7b8c9d0-1a2b3c4d')}`) return 'key';
      if (headers.get('content-type') !== 'application/x-www-form-urlencoded') return 'no form';
      const form = new URLSearchParams(body);
      const field = (name: string) => form.get(name) ?? '';
      const custom = [...form].filter(([name]) => name.startsWith('h:') && name !== 'h:Reply-To');
      return {
        from: field('from'),
        to: field('to'),
        replyTo: form.get('h:Reply-To'),
        subject: field('subject'),
        text: field('text'),
        html: field('html'),
        headers: Object.fromEntries(custom.map(([name, value]) => [name.slice(2).toLowerCase(), value])),
        key: null,
      };
    },
  },
  sendgrid: {
    host: 'api.sendgrid.com',
    credentials: { apiKey: 'SG.abcdefghij1234567890.klmnopqrstuvwxyz0123456789' },
    idOf: (n) => `14c5d75ce93.dfd.64b46${n}`,
    taken: (n) => ({ status: 202, body: null, headers: { 'x-message-id': `14c5d75ce93.dfd.64b46${n}` } }),
    refused: (message) => ({
      status: 400,
      body: { errors: [{ message, field: 'personalizations.0.to', help: null }] },
    }),
    read: ({ url, headers, body }) => {
      if (url.pathname !== '/v3/mail/send') return `no such address: ${url.pathname}`;
      if (headers.get('authorization') !== 'Bearer SG.abcdefghij1234567890.klmnopqrstuvwxyz0123456789') return 'key';
      const mail = json(body);
      const [first] = mail.personalizations as { to: { email: string }[] }[];
      const from = mail.from as { email: string; name?: string };
      const [text, html] = mail.content as { type: string; value: string }[];
      if (text?.type !== 'text/plain' || html?.type !== 'text/html') return 'plain text comes first';
      return {
        from: from.name === undefined ? from.email : `"${from.name}" <${from.email}>`,
        to: first?.to[0]?.email ?? '',
        replyTo: (mail.reply_to as { email: string } | undefined)?.email ?? null,
        subject: word(mail.subject),
        text: text.value,
        html: html.value,
        headers: words(mail.headers),
        key: null,
      };
    },
  },
};

export type PostOffice = {
  readonly answer: NonNullable<WorkerOptions['outside']>;
  /** Mails taken, latest last. */
  readonly posted: Posted[];
  /** Requests that no API of the kind would have understood. */
  readonly complaints: string[];
  /** While it is set, it answers in the place of the API, and nothing is taken. */
  trick: (() => Response) | null;
  /** Requests that the trick has answered. */
  tricked: number;
};

/** All of the stand-ins, each at its host. */
export function postOffice(): PostOffice {
  const office: PostOffice = {
    posted: [],
    complaints: [],
    trick: null,
    tricked: 0,
    answer: async (request) => {
      const url = new URL(request.url);
      const found = Object.values(MAILERS).find(({ host }) => host === url.host);
      const body = await request.text();
      if (office.trick) {
        office.tricked++;
        return office.trick();
      }
      const read =
        found && request.method === 'POST' && url.protocol === 'https:'
          ? found.read({ url, headers: new Headers([...request.headers]), body })
          : `${request.method} ${url.origin}`;
      if (typeof read === 'string' || !found) {
        office.complaints.push(String(read));
        return new Response(null, { status: 400 });
      }
      const taken = found.taken(office.posted.length);
      office.posted.push(read);
      return new Response(taken.body === null ? null : JSON.stringify(taken.body), {
        status: taken.status,
        headers: { 'content-type': 'application/json', ...taken.headers },
      });
    },
  };
  return office;
}

/** A posted mail as a mail program reads it: its headers put into MIME and parsed. */
export const asReceived = ({ from, to, subject, headers, text }: Posted) =>
  PostalMime.parse(
    [
      `From: ${from}`,
      `To: ${to}`,
      `Subject: ${subject}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      'Content-Type: text/plain; charset=utf-8',
      '',
      text,
    ].join('\r\n'),
  );

/** Lets a business send its mails by a source of Resend. */
export async function letSend(worker: Miniflare, resend: string): Promise<void> {
  await callApi(worker, `/sources/${resend}`, {
    method: 'PATCH',
    body: { credentials: MAILERS.resend?.credentials },
  });
  await callApi(worker, '/mail-settings', {
    method: 'PATCH',
    body: { businessName: 'The Harbour', way: resend, address: 'hello@shop.example' },
  });
}
