import type { Sender } from '../senders.ts';

const sender: Sender = {};

export default sender;
