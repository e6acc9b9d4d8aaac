import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['typeform'],
  sign: (body, { secret }) => ({ headers: { 'Typeform-Signature': `sha256=${hmac(secret, body, 'base64')}` }, body }),
  secretOf: (seed) => `whsec_${hmac('typeform', seed, 'base64')}`,
};

export default sender;
