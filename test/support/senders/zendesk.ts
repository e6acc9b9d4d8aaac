import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['zendesk'],
  sign: (body, { secret, now }) => {
    const at = new Date(now).toISOString().replace('.000Z', 'Z');
    return {
      headers: {
        'X-Zendesk-Webhook-Signature-Timestamp': at,
        'X-Zendesk-Webhook-Signature': hmac(secret, at + body, 'base64'),
      },
      body,
    };
  },
  secretOf: (seed) => hmac('zendesk', seed, 'base64'),
  isTimed: true,
};

export default sender;
