import type { Sender } from '../senders.ts';

/** Nothing recorded: the readings have a test of their own. */
const sender: Sender = {};

export default sender;
