import type { Sender } from '../senders.ts';

const sender: Sender = {
  recorded: ['_shapes/cloudevents.', 'adobecommerce'],
  variants: ['order.paid', 'order.refunded', 'customer.created', 'review.posted', 'email.opened', 'ticket.solved'].map(
    (what) => ({ type: `com.example.${what}` }),
  ),
};

export default sender;
