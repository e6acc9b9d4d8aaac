import type { Sender } from '../senders.ts';
import { hmac, signStandardWebhooks } from '../sign.ts';

const sender: Sender = {
  recorded: ['standardwebhooks'],
  sign: signStandardWebhooks,
  secretOf: (seed) => `whsec_${hmac('standard', seed, 'base64')}`,
  isTimed: true,
  signedAt: ({ headers }) => {
    const seconds = headers['webhook-timestamp'];
    return seconds === undefined ? null : Number(seconds) * 1000;
  },
  signedId: 'webhook-id',
};

export default sender;
