import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const HEADER = 'X-Twilio-Email-Event-Webhook';

/** A P-256 key that follows from the seed: any number below the order of the curve is one (SEC 1 section 3.2). */
function keyOf(seed: string) {
  const number = Buffer.from(hmac('sendgrid', seed, 'hex'), 'hex');
  number[0] = 1;
  const sec1 = Buffer.concat([
    Buffer.from('30310201010420', 'hex'),
    number,
    Buffer.from('a00a06082a8648ce3d030107', 'hex'),
  ]);
  return createPrivateKey({ key: sec1, format: 'der', type: 'sec1' });
}

const publicOf = (seed: string): string =>
  createPublicKey(keyOf(seed)).export({ format: 'der', type: 'spki' }).toString('base64');

/** The secret of a source is a public key; the private one it belongs to is remembered by it. */
const seeds = new Map<string, string>();

const sender: Sender = {
  recorded: ['sendgrid'],
  sign: (body, { secret, now }) => {
    const seconds = String(Math.floor(now / 1000));
    const key = keyOf(seeds.get(secret) ?? secret);
    return {
      headers: {
        [`${HEADER}-Timestamp`]: seconds,
        [`${HEADER}-Signature`]: sign('sha256', Buffer.from(seconds + body), key).toString('base64'),
      },
      body,
    };
  },
  secretOf: (seed) => {
    const secret = publicOf(seed);
    seeds.set(secret, seed);
    return secret;
  },
  signedAt: ({ headers }) => {
    const seconds = Number(headers[`${HEADER}-Timestamp`]);
    return Number.isNaN(seconds) ? null : seconds * 1000;
  },
};

export default sender;
