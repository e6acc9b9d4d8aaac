import type { Sender } from '../senders.ts';
import { hmac, signStripe } from '../sign.ts';

const sender: Sender = {
  recorded: ['stripe'],
  sign: signStripe,
  secretOf: (seed) => `whsec_${hmac('stripe', seed, 'hex').slice(0, 32)}`,
  isTimed: true,
};

export default sender;
