import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['intercom'],
  sign: (body, { secret }) => ({ headers: { 'X-Hub-Signature': `sha1=${hmac(secret, body, 'hex', 'sha1')}` }, body }),
  secretOf: (seed) => hmac('intercom', seed, 'hex').slice(0, 36),
};

export default sender;
