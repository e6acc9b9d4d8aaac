import { type StandIn, standIn } from '../apis.ts';

/** Contacts and tickets of the CRM API v3, by the reference of HubSpot: properties that are not named are not answered. */
const TOKEN = 'pat-eu1-0a1b2c3d-harbour-0001';
const CONTACT =
  '?properties=email,phone,mobilephone,firstname,lastname,company,city,country,hs_language,lastmodifieddate,hs_object_source,associatedcompanyid&propertiesWithHistory=email,phone,mobilephone,firstname,lastname,company,city,country,hs_language';
const TICKET = '?properties=subject,content,hs_ticket_priority&associations=contacts';

const event = (subscriptionType: string, objectId: number, more: object = {}) => [
  {
    eventId: objectId * 10,
    subscriptionId: 1,
    portalId: 62515,
    occurredAt: 1_777_629_600_000,
    subscriptionType,
    attemptNumber: 0,
    objectId,
    changeSource: 'CRM',
    appId: 54321,
    ...more,
  },
];

const contact = (id: string, email: string, firstname: string, lastname: string) => ({
  id,
  properties: {
    email,
    firstname,
    lastname,
    phone: null,
    mobilephone: '+49 30 5550 1234',
    company: 'Atelier Nord',
    city: 'Kiel',
    country: 'Deutschland',
    hs_language: 'de',
    lastmodifieddate: '2026-05-01T10:00:30.000Z',
    hs_object_id: id,
    hs_object_source: 'CRM_UI',
  },
  createdAt: '2026-05-01T10:00:00.000Z',
  updatedAt: '2026-05-01T10:00:30.000Z',
  archived: false,
});

const api: StandIn = {
  domains: ['hubapi.com'],
  needs: ['contact', 'ticket'],
  credentials: { accessToken: TOKEN },
  wrong: { accessToken: 'pat-eu1-0a1b2c3d-somebody-else' },
  answer: standIn({
    host: 'api.hubapi.com',
    secret: 'authorization',
    headers: { authorization: `Bearer ${TOKEN}` },
    paths: /^\/crm\/v3\/objects\/(contacts\/\d+\?properties=|tickets\/\d+\?properties=)/,
    routes: {
      [`/crm/v3/objects/contacts/123${CONTACT}`]: contact('123', 'greta.holm@example.com', 'Greta', 'Holm'),
      [`/crm/v3/objects/contacts/124${CONTACT}`]: contact('124', 'jonas.petersen@example.com', 'Jonas', 'Petersen'),
      [`/crm/v3/objects/tickets/900${TICKET}`]: {
        id: '900',
        properties: {
          subject: 'The lamp flickers',
          content: 'It has done so since Monday.',
          hs_ticket_priority: 'HIGH',
        },
        associations: { contacts: { results: [{ id: '124', type: 'ticket_to_contact' }] } },
        updatedAt: '2026-05-01T10:00:30.000Z',
      },
    },
  }),
  cases: [
    {
      name: 'a new contact',
      payload: event('contact.creation', 123, { changeFlag: 'NEW' }),
      email: 'greta.holm@example.com',
      displayName: 'Greta Holm',
    },
    {
      name: 'a ticket and who it is of',
      payload: event('ticket.creation', 900),
      email: 'jonas.petersen@example.com',
      displayName: 'Jonas Petersen',
      text: 'It has done so since Monday.',
    },
  ],
  gone: event('contact.propertyChange', 404, { propertyName: 'firstname', propertyValue: 'Nobody' }),
};

export default api;
