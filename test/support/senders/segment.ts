import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const at = { timestamp: '2026-01-15T11:59:58.000Z', userId: 'u-1', anonymousId: 'a-1' };

const sender: Sender = {
  recorded: ['segment'],
  isKeyed: true,
  covers: 'fields',
  secretOf: (seed) => `write-key.${hmac('segment', seed, 'hex')}`,
  variants: [
    { batch: [{ ...at, type: 'track', event: 'Order Refunded', properties: { order_id: '1', total: '5.00' } }] },
    { batch: [{ ...at, type: 'page', name: 'Home', properties: { url: 'https://shop.example/?token=1' } }] },
    { batch: [{ ...at, type: 'group', groupId: 'g-1', traits: { name: 'Lindqvist AB' } }] },
    { batch: [{ ...at, type: 'alias', previousId: 'a-0' }] },
  ],
};

export default sender;
