import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['calendly'],
  sign: (body, { secret, now }) => {
    const seconds = Math.floor(now / 1000);
    return {
      headers: { 'Calendly-Webhook-Signature': `t=${seconds},v1=${hmac(secret, `${seconds}.${body}`, 'hex')}` },
      body,
    };
  },
  secretOf: (seed) => `whsec_${hmac('calendly', seed, 'base64')}`,
  isTimed: true,
  variants: [{ event: 'invitee.canceled' }],
};

export default sender;
