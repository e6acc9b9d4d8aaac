import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['lemonsqueezy'],
  sign: (body, { secret }) => ({ headers: { 'X-Signature': hmac(secret, body, 'hex') }, body }),
  secretOf: (seed) => hmac('lemonsqueezy', seed, 'hex').slice(0, 40),
  variants: [
    ...['order_refunded', 'subscription_created', 'subscription_cancelled', 'subscription_expired'],
    ...['subscription_payment_success', 'subscription_payment_failed', 'subscription_payment_refunded'],
    ...['customer_created', 'customer_updated'],
  ].map((event_name) => ({ meta: { event_name } })),
};

export default sender;
