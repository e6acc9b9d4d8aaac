import { type StandIn, standIn } from '../apis.ts';

/** Show user, and show ticket with its people beside it, by the API reference of Zendesk. */
const basic = (token: string) => `Basic ${Buffer.from(`quiet.agent@example.com/token:${token}`).toString('base64')}`;
const TOKEN = 'tokenOfTheHarbourHelpDesk0000000000000001';

const event = (type: string, id: string, more: { readonly detail?: object; readonly event?: object }) => ({
  type: `zen:event-type:${type}`,
  account_id: 88888888,
  id: `event-${type}-${id}`,
  time: '2026-05-01T10:00:00Z',
  zendesk_event_version: '2022-11-06',
  subject: `zen:ticket:${id}`,
  detail: { id, status: 'OPEN', via: { channel: 'email' }, ...more.detail },
  event: more.event ?? {},
});

const user = (id: number, name: string, email: string, role = 'end-user') => ({
  id,
  name,
  email,
  role,
  phone: null,
  shared_phone_number: null,
  external_id: null,
  locale: 'pt-BR',
  updated_at: '2026-05-01T09:59:00Z',
});

const api: StandIn = {
  domains: ['zendesk.com'],
  needs: ['user', 'ticket'],
  credentials: { subdomain: 'harbour-help', email: 'quiet.agent@example.com', apiToken: TOKEN },
  wrong: { apiToken: 'tokenOfSomebodyElse000000000000000000001' },
  answer: standIn({
    host: 'harbour-help.zendesk.com',
    secret: 'authorization',
    headers: { authorization: basic(TOKEN) },
    paths: /^\/api\/v2\/(users\/\d+\.json\?include=organizations|tickets\/\d+\.json\?include=users,organizations)$/,
    routes: {
      '/api/v2/users/7001.json?include=organizations': { user: user(7001, 'Inês Duarte', 'ines.duarte@example.com') },
      '/api/v2/users/7002.json?include=organizations': { user: user(7002, 'Rui Duarte', 'rui.duarte@example.com') },
      '/api/v2/tickets/35437.json?include=users,organizations': {
        ticket: {
          id: 35437,
          subject: 'Where is my parcel',
          description: 'It should have come on Friday.',
          priority: 'high',
          requester_id: 7003,
        },
        users: [
          user(9001, 'Quiet Agent', 'quiet.agent@example.com', 'agent'),
          user(7003, 'Otávio Lima', 'otavio.lima@example.com'),
        ],
      },
    },
  }),
  cases: [
    {
      name: 'a ticket with its requester’s number',
      payload: event('ticket.created', '35436', { detail: { requester_id: '7001', description: 'Olá' } }),
      email: 'ines.duarte@example.com',
      displayName: 'Inês Duarte',
      text: 'Olá',
    },
    {
      name: 'a comment by somebody else than the requester',
      payload: event('ticket.comment_added', '35436', {
        detail: { requester_id: '7001' },
        event: { comment: { id: '1', is_public: true, body: 'Também eu', author: { id: '7002', is_staff: false } } },
      }),
      email: 'rui.duarte@example.com',
      displayName: 'Rui Duarte',
      text: 'Também eu',
    },
    {
      name: 'a ticket that names nobody',
      payload: event('ticket.created', '35437', {}),
      email: 'otavio.lima@example.com',
      displayName: 'Otávio Lima',
      text: 'It should have come on Friday.',
    },
  ],
  gone: event('ticket.status_changed', '404', { detail: { requester_id: '404' }, event: { current: 'SOLVED' } }),
};

export default api;
