import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['tally'],
  sign: (body, { secret }) => ({ headers: { 'Tally-Signature': hmac(secret, body, 'base64') }, body }),
  secretOf: (seed) => `whsec_${hmac('tally', seed, 'base64')}`,
};

export default sender;
