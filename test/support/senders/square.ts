import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['square'],
  sign: (body, { secret, url = '' }) => ({
    headers: { 'x-square-hmacsha256-signature': hmac(secret, url + body, 'base64') },
    body,
  }),
  secretOf: (seed) => hmac('square', seed, 'base64').slice(0, 22),
};

export default sender;
