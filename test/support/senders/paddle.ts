import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['paddle'],
  sign: (body, { secret, now }) => {
    const seconds = Math.floor(now / 1000);
    return { headers: { 'Paddle-Signature': `ts=${seconds};h1=${hmac(secret, `${seconds}:${body}`, 'hex')}` }, body };
  },
  secretOf: (seed) => `pdl_ntfset_${hmac('paddle', seed, 'hex').slice(0, 32)}`,
  isTimed: true,
  variants: [
    ...['transaction.completed', 'transaction.payment_failed', 'adjustment.created', 'adjustment.updated'],
    ...['subscription.created', 'subscription.canceled', 'customer.created', 'customer.updated'],
  ].map((event_type) => ({ event_type })),
};

export default sender;
