import type { Json, OrganisationInput } from '../../../schema/touchpoint.ts';
import { askFor, goneFrom, orNothing, segment } from '../ask.ts';
import { email, identifiers, own, phone } from '../person.ts';
import type { ApiContext, Asked, Completion, KnownPerson, Lacking, ProviderApi } from '../provider-api.ts';
import {
  firstOf,
  fullName,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  NAME_LIMIT,
  objectOf,
  plainText,
  textOf,
  timeOf,
} from '../read.ts';
import { assuranceBy } from './event.ts';

/**
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide: one host for accounts of every region. Only the
 * properties that are named are answered.
 */
const HOST = 'api.hubapi.com';
const CONTACT_PROPERTIES =
  'email,phone,mobilephone,firstname,lastname,company,city,country,hs_language,lastmodifieddate,hs_object_source,associatedcompanyid';
const WITH_HISTORY = 'email,phone,mobilephone,firstname,lastname,company,city,country,hs_language';
const TICKET_PROPERTIES = 'subject,content,hs_ticket_priority';

const get = (context: ApiContext, path: string): Promise<Asked<JsonObject>> =>
  askFor(context, `https://${HOST}/crm/v3/objects/${path}`, {
    authorization: `Bearer ${context.credentials.accessToken ?? ''}`,
  });

const getContact = (context: ApiContext, id: string): Promise<Asked<JsonObject>> =>
  get(context, `contacts/${segment(id)}?properties=${CONTACT_PROPERTIES}&propertiesWithHistory=${WITH_HISTORY}`);

/**
 * Who put a value there: the newest entry of its history (`propertiesWithHistory`) says by what it was set, else the contact says
 * by what it was made.
 */
function sourceOf(contact: JsonObject, property: string): Json | undefined {
  const [newest] = listOf(objectOf(contact.propertiesWithHistory)[property]);
  return (
    firstOf(textOf(objectOf(newest).sourceType), textOf(objectOf(contact.properties).hs_object_source)) ?? undefined
  );
}

/**
 * The company that HubSpot counts a contact to, which it does by the domain of their address as well: so by an address that was
 * typed it says nothing. What it is called is told by the contact, unless they typed that.
 */
function organisationsOf(contact: JsonObject): OrganisationInput[] {
  const { associatedcompanyid, company } = objectOf(contact.properties);
  const id = idOf(associatedcompanyid);
  const isTyped = (property: string) => assuranceBy(sourceOf(contact, property)) === 'claimed';
  if (id === null || isTyped('email')) return [];
  return [{ key: `company:${id}`, name: isTyped('company') ? null : textOf(company, NAME_LIMIT) }];
}

function personOf(contact: JsonObject, id: string): KnownPerson {
  const properties = objectOf(contact.properties);
  const by = (property: string) => assuranceBy(sourceOf(contact, property));
  // The country is whatever somebody wrote: a name, a code.
  const country = /^[A-Za-z]{2}$/.exec(textOf(properties.country) ?? '')?.[0].toUpperCase() ?? null;
  const addresses = identifiers(
    email(properties.email, by('email')),
    phone(properties.phone, country, by('phone')),
    phone(properties.mobilephone, country, by('mobilephone')),
  );
  // Beside an address that staff vouch for, a word that somebody typed says nothing; of who is all typed, it is what there is.
  const isVouched = addresses.some(({ assurance }) => assurance === 'asserted');
  const isTold = (...names: readonly string[]) => !isVouched || names.every((name) => by(name) === 'asserted');
  return {
    identifiers: identifiers(own('customer', id, 'asserted'), ...addresses),
    profile: knownTexts({
      name: isTold('firstname', 'lastname') ? fullName(properties.firstname, properties.lastname) : null,
      company: isTold('company') ? textOf(properties.company) : null,
      city: isTold('city') ? textOf(properties.city) : null,
      country: isTold('country') ? country : null,
      language: isTold('hs_language') ? textOf(properties.hs_language, 35) : null,
    }),
    organisations: organisationsOf(contact),
  };
}

async function contactDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await getContact(context, id);
  if (!asked.ok) return asked;
  const properties = objectOf(asked.value.properties);
  return {
    ok: true,
    value: {
      person: personOf(asked.value, id),
      profileAsOf: firstOf(timeOf(properties.lastmodifieddate), timeOf(asked.value.updatedAt)),
    },
  };
}

/** The contact a ticket is associated with; the first, when there are several. */
const contactIdOf = (ticket: JsonObject): string | null =>
  idOf(objectOf(listOf(objectOf(objectOf(ticket.associations).contacts).results)[0]).id);

async function ticketDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const path = `tickets/${segment(id)}?properties=${TICKET_PROPERTIES}&associations=contacts`;
  const asked = await get(context, path);
  if (!asked.ok) return asked;
  const { subject, content, hs_ticket_priority } = objectOf(asked.value.properties);
  const told = {
    text: plainText(content),
    data: known({ title: textOf(subject, 300), priority: textOf(hs_ticket_priority)?.toLowerCase() ?? null }),
  };
  const contactId = contactIdOf(asked.value);
  if (contactId === null) return { ok: true, value: told };
  const contact = orNothing(await getContact(context, contactId));
  if (!contact.ok) return contact;
  return { ok: true, value: { ...told, person: personOf(contact.value, contactId) } };
}

export const api: ProviderApi = {
  summary: 'Fills in the name, address and company of a contact, and what a ticket says: HubSpot sends ids alone.',
  fields: [
    {
      name: 'accessToken',
      label: 'Access token',
      isSecret: true,
      pattern: /^[A-Za-z0-9_-]{20,500}$/,
      misfit: 'is not an access token: it begins with pat- and has letters, digits and hyphens',
    },
  ],
  setup: [
    {
      text: 'In HubSpot open Development, then Legacy apps (or Settings, Integrations, Private apps), and open the app whose webhooks come here.',
    },
    {
      text: 'On its tab Scopes leave only crm.objects.contacts.read, and tickets if you want those. Save the app.',
    },
    { text: 'Open the tab Auth, choose "Show token", copy it and paste it here. It begins with pat-.' },
  ],
  hosts: () => [HOST],
  details: async (lacking, context) => {
    if (lacking.resource === 'contact') return contactDetails(lacking, context);
    return lacking.resource === 'ticket' ? ticketDetails(lacking, context) : goneFrom(HOST);
  },
};
