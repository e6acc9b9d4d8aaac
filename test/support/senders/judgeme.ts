import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['judgeme'],
  sign: (body, { secret }) => ({ headers: { 'JUDGEME-V2-HMAC-SHA256': hmac(secret, body, 'hex') }, body }),
  isSpelledEitherWay: true,
  secretOf: (seed) => hmac('judgeme', seed, 'hex'),
};

export default sender;
