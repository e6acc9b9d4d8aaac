import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['square'],
  sign: (body, { secret, url = '' }) => ({
    headers: { 'x-square-hmacsha256-signature': hmac(secret, url + body, 'base64') },
    body,
  }),
  secretOf: (seed) => hmac('square', seed, 'base64').slice(0, 22),
  variants: [
    ...['customer.created', 'customer.deleted', 'order.created', 'order.updated', 'order.fulfillment.updated'],
    ...['payment.created', 'booking.created', 'booking.updated', 'subscription.created', 'subscription.updated'],
  ].map((type) => ({ type })),
};

export default sender;
