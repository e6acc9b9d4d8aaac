import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['webflow'],
  sign: (body, { secret, now }) => ({
    headers: { 'x-webflow-timestamp': String(now), 'x-webflow-signature': hmac(secret, `${now}:${body}`, 'hex') },
    body,
  }),
  secretOf: (seed) => hmac('webflow', seed, 'hex'),
  isTimed: true,
};

export default sender;
