import type { Sender } from '../senders.ts';
import { hmac, signWooCommerce } from '../sign.ts';

const sender: Sender = {
  recorded: ['woocommerce', '_shapes/woocommerce.'],
  sign: signWooCommerce,
  secretOf: (seed) => hmac('woo', seed, 'hex').slice(0, 50),
  topics: [
    'order.created',
    'order.updated',
    'order.deleted',
    'customer.created',
    'customer.deleted',
    'custom.review',
  ].map((topic) => ({ 'X-WC-Webhook-Topic': topic })),
};

export default sender;
