import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['whatsapp'],
  sign: (body, { secret }) => ({ headers: { 'X-Hub-Signature-256': `sha256=${hmac(secret, body, 'hex')}` }, body }),
  secretOf: (seed) => hmac('whatsapp', seed, 'hex').slice(0, 32),
};

export default sender;
