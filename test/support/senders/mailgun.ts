import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

type Body = { signature?: { timestamp?: string; token?: string; signature?: string } };

/** Time and token are signed, and all three stand in the body. */
const sender: Sender = {
  recorded: ['mailgun'],
  sign: (body, { secret, now }) => {
    const parsed: Body = JSON.parse(body);
    const timestamp = String(Math.floor(now / 1000));
    const token = parsed.signature?.token ?? 'token';
    const signature = hmac(secret, timestamp + token, 'hex');
    return { headers: {}, body: JSON.stringify({ ...parsed, signature: { timestamp, token, signature } }) };
  },
  secretOf: (seed) => hmac('mailgun', seed, 'hex').slice(0, 32),
  covers: 'fields',
  bodyOf: (text) =>
    JSON.stringify({ 'event-data': { event: 'opened' }, signature: { token: hmac('token', text, 'hex') } }),
  inBody: {
    read: (body) => JSON.parse(body).signature?.signature ?? '',
    write: (body, signature) => {
      const parsed: Body = JSON.parse(body);
      return JSON.stringify({ ...parsed, signature: { ...parsed.signature, signature } });
    },
  },
  variants: [
    {
      signature: 'ab',
      token: 'route',
      timestamp: '1768478400',
      from: 'Nadia <nadia@example.com>',
      'body-plain': 'Hi',
      'Message-Id': '<m1@example.com>',
      Date: 'Thu, 15 Jan 2026 13:00:00 +0100',
      'event-data': null,
    },
  ],
};

export default sender;
