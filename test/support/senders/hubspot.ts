import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['hubspot'],
  sign: (body, { secret, now, url = '' }) => ({
    headers: {
      'X-HubSpot-Request-Timestamp': String(now),
      'X-HubSpot-Signature-v3': hmac(secret, `POST${url}${body}${now}`, 'base64'),
    },
    body,
  }),
  secretOf: (seed) => hmac('hubspot', seed, 'hex').slice(0, 36),
  isTimed: true,
};

export default sender;
