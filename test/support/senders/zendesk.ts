import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['zendesk'],
  sign: (body, { secret, now }) => {
    const at = new Date(now).toISOString().replace('.000Z', 'Z');
    return {
      headers: {
        'X-Zendesk-Webhook-Signature-Timestamp': at,
        'X-Zendesk-Webhook-Signature': hmac(secret, at + body, 'base64'),
      },
      body,
    };
  },
  secretOf: (seed) => hmac('zendesk', seed, 'base64'),
  isTimed: true,
  variants: [
    'ticket.created',
    'ticket.comment_added',
    'messaging_ticket.message_added',
    'user.created',
    'user.name_changed',
    'user.deleted',
  ].map((type) => ({
    type: `zen:event-type:${type}`,
    detail: { id: '5', requester_id: '9', via: { channel: 'email' }, email: 'a@b.example', role: 'end-user' },
    event: { current: 'Nadia', comment: { is_public: true, body: 'x', author: { is_staff: false } } },
  })),
};

export default sender;
