import type { Sender } from '../senders.ts';
import { hmac, signStandardWebhooks } from '../sign.ts';

/** Standard Webhooks under their older names. */
const sender: Sender = {
  recorded: ['resend'],
  sign: (body, options) => {
    const { headers } = signStandardWebhooks(body, options);
    const renamed = Object.entries(headers).map(([name, value]) => [name.replace('webhook-', 'svix-'), value]);
    return { headers: Object.fromEntries(renamed), body };
  },
  secretOf: (seed) => `whsec_${hmac('resend', seed, 'base64')}`,
  isTimed: true,
  signedId: 'svix-id',
};

export default sender;
