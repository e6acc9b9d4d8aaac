import { randomUUID } from 'node:crypto';
import type { Miniflare } from 'miniflare';

/** Mails as they travel: MIME put together by hand, so that what is tested is what senders write. */
export type Mail = {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string | undefined;
  readonly id?: string | null;
  readonly date?: string;
  readonly references?: readonly string[];
  readonly inReplyTo?: string;
  /** Headers of the servers on the way, above all others. */
  readonly above?: readonly string[];
  /** Headers of the sender's, below. */
  readonly headers?: readonly string[];
  readonly text?: string;
  /** Header of the content and what follows it, instead of `text`. */
  readonly content?: { readonly type: string; readonly body: string | Uint8Array; readonly encoding?: string };
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The bytes of a mail. */
export function mime(mail: Mail): Uint8Array<ArrayBuffer> {
  const { id = `<${randomUUID()}@mail.example.com>`, references = [], content } = mail;
  const head = [
    ...(mail.above ?? []),
    `From: ${mail.from ?? 'Mara Lindqvist <mara@example.com>'}`,
    `To: ${mail.to ?? 'Shop <shop@example.org>'}`,
    ...(mail.subject === undefined ? ['Subject: A lid'] : [`Subject: ${mail.subject}`]),
    ...(id === null ? [] : [`Message-ID: ${id}`]),
    `Date: ${mail.date ?? 'Thu, 15 Jan 2026 13:00:00 +0100'}`,
    ...(references.length > 0 ? [`References: ${references.join('\r\n ')}`] : []),
    ...(mail.inReplyTo === undefined ? [] : [`In-Reply-To: ${mail.inReplyTo}`]),
    ...(mail.headers ?? []),
    'MIME-Version: 1.0',
    `Content-Type: ${content?.type ?? 'text/plain; charset=utf-8'}`,
    `Content-Transfer-Encoding: ${content?.encoding ?? '8bit'}`,
  ];
  const body = content?.body ?? mail.text ?? 'Does the lid come in blue?';
  const parts = [bytes(`${head.join('\r\n')}\r\n\r\n`), typeof body === 'string' ? bytes(body) : body, bytes('\r\n')];
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A body of several parts, each with its own header lines. */
export const multipart = (
  boundary: string,
  parts: readonly { readonly head: string; readonly body: string }[],
): string =>
  `${parts.map(({ head, body }) => `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`).join('')}--${boundary}--\r\n`;

/** What Email Routing writes above a mail; `dmarc` is its result for the domain of the sender. */
export const stamped = (domain: string, dmarc: 'pass' | 'fail' | 'none' = 'pass'): readonly string[] => [
  'Received: from mail.example.com (203.0.113.9)\r\n        by cloudflare-email.net (cloudflare) id abc123\r\n        for <shop@example.org>; Thu, 15 Jan 2026 12:00:01 +0000',
  'Received-SPF: pass (mx.cloudflare.net: domain of mara@example.com designates 203.0.113.9 as permitted sender)',
  `Authentication-Results: mx.cloudflare.net;\r\n\tdkim=pass header.d=${domain} header.s=s1 header.b=abcdefgh;\r\n\tdmarc=${dmarc} header.from=${domain} policy.dmarc=none;\r\n\tspf=pass (mx.cloudflare.net: fine) smtp.mailfrom=mara@${domain}`,
];

/** Hands a mail to the worker as Email Routing does. 200 when taken; 400 with the words it was refused with. */
export async function routeMail(
  worker: Miniflare,
  mail: Uint8Array,
  { to, from = 'mara@example.com' }: { readonly to: string; readonly from?: string },
): Promise<{ status: number; text: string }> {
  const address = `http://rapport.test/cdn-cgi/handler/email?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`;
  const response = await worker.dispatchFetch(address, { method: 'POST', body: mail });
  return { status: response.status, text: await response.text() };
}
