import type { Sender } from '../senders.ts';
import { hmac, signStandardWebhooks } from '../sign.ts';

const sender: Sender = {
  recorded: ['bigcommerce'],
  // Its key is the text of the client secret, which the standard's libraries take in base64.
  sign: (body, options) =>
    signStandardWebhooks(body, { ...options, secret: Buffer.from(options.secret).toString('base64') }),
  secretOf: (seed) => hmac('bigcommerce', seed, 'hex'),
  isTimed: true,
  signedId: 'webhook-id',
  variants: [
    ...['order/created', 'order/updated', 'order/statusUpdated', 'order/refund/created', 'customer/created'],
    ...['customer/deleted', 'cart/abandoned', 'subscriber/created', 'subscriber/deleted'],
  ].map((what) => ({ scope: `store/${what}` })),
};

export default sender;
