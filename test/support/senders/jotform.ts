import type { Sender } from '../senders.ts';

/** Nothing recorded: the readings have a test of their own. */
const sender: Sender = {
  variants: [
    {
      rawRequest: '{"q3_name":{"first":"A","last":"B"},"q4_email":"a@b.example","q5_phone":{"full":"+359 32 123 456"}}',
    },
  ],
};

export default sender;
