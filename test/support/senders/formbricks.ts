import type { Sender } from '../senders.ts';
import { hmac, signStandardWebhooks } from '../sign.ts';

const sender: Sender = {
  recorded: ['formbricks'],
  sign: signStandardWebhooks,
  secretOf: (seed) => `whsec_${hmac('formbricks', seed, 'base64')}`,
  isTimed: true,
  signedId: 'webhook-id',
};

export default sender;
