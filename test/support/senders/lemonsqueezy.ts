import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['lemonsqueezy'],
  sign: (body, { secret }) => ({ headers: { 'X-Signature': hmac(secret, body, 'hex') }, body }),
  secretOf: (seed) => hmac('lemonsqueezy', seed, 'hex').slice(0, 40),
};

export default sender;
