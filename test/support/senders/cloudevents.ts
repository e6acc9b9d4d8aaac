import type { Sender } from '../senders.ts';

const sender: Sender = { recorded: ['_shapes/cloudevents.', 'adobecommerce'] };

export default sender;
