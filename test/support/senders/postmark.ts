import type { Sender } from '../senders.ts';

const sender: Sender = {
  recorded: ['postmark'],
};

export default sender;
