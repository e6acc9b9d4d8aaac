import type { Sender } from '../senders.ts';

const sender: Sender = {
  recorded: ['fillout'],
};

export default sender;
