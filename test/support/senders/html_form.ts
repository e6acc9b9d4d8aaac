import type { Sender } from '../senders.ts';

const sender: Sender = {
  recorded: ['htmlform'],
};

export default sender;
