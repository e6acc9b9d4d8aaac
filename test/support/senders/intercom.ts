import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['intercom'],
  sign: (body, { secret }) => ({ headers: { 'X-Hub-Signature': `sha1=${hmac(secret, body, 'hex', 'sha1')}` }, body }),
  secretOf: (seed) => hmac('intercom', seed, 'hex').slice(0, 36),
  variants: [
    'contact.user.created',
    'contact.lead.signed_up',
    'contact.unsubscribed',
    'contact.deleted',
    'ticket.created',
    'ticket.closed',
    'conversation.user.replied',
    'conversation.admin.replied',
  ].map((topic) => ({
    topic,
    data: {
      item: {
        id: '1',
        source: { type: 'email', body: '<p>Hi</p>', author: { type: 'lead', id: '2', email: 'a@b.example' } },
        contacts: { contacts: [{ id: '2' }] },
        ticket_attributes: { _default_title_: 'Lid', _default_description_: 'Broken' },
        conversation_parts: { conversation_parts: [{ part_type: 'comment', body: 'x', created_at: 1768478400 }] },
      },
    },
  })),
};

export default sender;
