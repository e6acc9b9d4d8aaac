import { type StandIn, standIn } from '../apis.ts';

/** Get a contact, by the API reference of Intercom, in its European region. */
const TOKEN = 'dG9rOmhhcmJvdXItd29ya3NwYWNlOjE6MA==';

const event = (topic: string, item: object, id: string) => ({
  type: 'notification_event',
  app_id: 'harbour1',
  id: `notif_${topic}_${id}`,
  topic,
  created_at: 1_777_629_601,
  data: { type: 'notification_event_data', item },
});

const ticket = (id: string, contact: string) => ({
  type: 'ticket',
  id,
  ticket_id: id,
  ticket_attributes: { _default_title_: 'A chipped cup', _default_description_: 'One of six.' },
  ticket_state: { type: 'ticket_state', category: 'submitted' },
  contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: contact }] },
  created_at: 1_777_629_600,
  updated_at: 1_777_629_600,
});

const contact = (id: string, role: 'user' | 'lead', name: string, email: string) => ({
  type: 'contact',
  id,
  role,
  name,
  email,
  phone: null,
  external_id: role === 'user' ? `u-${id}` : null,
  updated_at: 1_777_629_500,
});

const api: StandIn = {
  domains: ['intercom.io'],
  needs: ['contact'],
  credentials: { accessToken: TOKEN, region: 'eu' },
  wrong: { accessToken: 'dG9rOnNvbWVib2R5LWVsc2U6MTow=' },
  answer: standIn({
    host: 'api.eu.intercom.io',
    secret: 'authorization',
    headers: { authorization: `Bearer ${TOKEN}`, 'intercom-version': '2.15' },
    paths: /^\/contacts\/\w+$/,
    routes: {
      '/contacts/c0ffee01': contact('c0ffee01', 'user', 'Mireille Aubert', 'mireille.aubert@example.com'),
      '/contacts/c0ffee02': contact('c0ffee02', 'lead', 'Luc', 'luc.lead@example.com'),
    },
  }),
  cases: [
    {
      name: 'a ticket of a user',
      payload: event('ticket.created', ticket('5001', 'c0ffee01'), '5001'),
      email: 'mireille.aubert@example.com',
      displayName: 'Mireille Aubert',
      text: 'One of six.',
    },
    {
      name: 'a conversation with a lead',
      payload: event(
        'conversation.admin.replied',
        {
          type: 'conversation',
          id: '6001',
          source: { type: 'conversation' },
          contacts: { contacts: [{ id: 'c0ffee02' }] },
          conversation_parts: {
            conversation_parts: [{ part_type: 'comment', body: '<p>We will.</p>', author: { type: 'admin', id: '1' } }],
          },
        },
        '6001',
      ),
      email: 'luc.lead@example.com',
      text: 'We will.',
    },
  ],
  gone: event('ticket.closed', ticket('5404', 'c0ffee0404'), '5404'),
};

export default api;
