import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['googleforms'],
  sign: (body, { secret, now }) => {
    const seconds = Math.floor(now / 1000);
    return { headers: { 'X-Rapport-Signature': `t=${seconds},v1=${hmac(secret, `${seconds}.${body}`, 'hex')}` }, body };
  },
  secretOf: (seed) => `whsec_${hmac('google', seed, 'base64')}`,
  isTimed: true,
};

export default sender;
