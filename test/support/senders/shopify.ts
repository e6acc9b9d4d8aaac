import type { Sender } from '../senders.ts';
import { hmac, signShopify } from '../sign.ts';

const sender: Sender = {
  recorded: ['shopify'],
  sign: signShopify,
  secretOf: (seed) => hmac('shopify', seed, 'hex'),
  topics: [
    ...['create', 'paid', 'fulfilled', 'partially_fulfilled', 'updated', 'cancelled', 'delete'].map(
      (topic) => `orders/${topic}`,
    ),
    'fulfillments/create',
    'refunds/create',
    'checkouts/create',
    'customers/create',
    'customers/delete',
    'customers/redact',
    'customers/data_request',
  ].map((topic) => ({ 'X-Shopify-Topic': topic })),
};

export default sender;
