import type { Assurance, IdentifierInput, ProfileInput } from '../../../schema/customer.ts';
import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import { email, identifiers, own, phone } from '../person.ts';
import { epochTimeOf, idOf, type JsonObject, known, knownTexts, textOf } from '../read.ts';

/** Newer apps name the object by its type (https://developers.hubspot.com/docs/api-reference/crm-understanding-the-crm). */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['0-1', 'contact'],
  ['0-5', 'ticket'],
]);

const KINDS: ReadonlyMap<string, string> = new Map([
  ['contact.creation', 'customer_created'],
  ['contact.restore', 'customer_updated'],
  ['contact.propertyChange', 'customer_updated'],
  ['contact.deletion', 'customer_redacted'],
  ['contact.privacyDeletion', 'customer_redacted'],
  ['ticket.creation', 'ticket_created'],
]);

/** `contact.creation`, or `object.creation` of the type that contacts have. */
export function subscriptionOf(event: JsonObject): string {
  const type = textOf(event.subscriptionType) ?? 'no subscription type';
  const object = OBJECTS.get(textOf(event.objectTypeId) ?? '');
  return type.startsWith('object.') && object ? type.replace('object', object) : type;
}

/** How HubSpot's own sources of a change are called that are the customer's doing. */
const BY_CUSTOMER = /^(?:FORM|CONVERSATIONS|CHAT|MEETINGS|EMAIL|API_FORM|ANALYTICS)/;

/** What it calls those that are staff's. An integration, a workflow and the API hand on what others typed. */
const BY_STAFF = /^(?:CRM|CONTACTS_WEB|MOBILE_|IMPORT)/;

/** What a value is worth by who put it there: what staff wrote is asserted, all else is a claim. */
export const assuranceBy = (source: Json | undefined): Assurance =>
  BY_STAFF.test(textOf(source) ?? '') ? 'asserted' : 'claimed';

/** What HubSpot writes in place of a value that is nobody's business; it must not overwrite one that is known. */
const HIDDEN = 'REDACTED';

type Change = { readonly identifiers: readonly (IdentifierInput | null)[]; readonly profile: ProfileInput };

/** A change brings one property. First and last names come apart, and half a name is none. */
function changeOf(event: JsonObject): Change {
  const value = textOf(event.propertyValue);
  if (value === null || value === HIDDEN) return { identifiers: [], profile: {} };
  const assurance = assuranceBy(event.changeSource);
  const isByStaff = assurance === 'asserted';
  switch (textOf(event.propertyName)) {
    case 'email':
      return { identifiers: [email(value, assurance)], profile: {} };
    case 'phone':
    case 'mobilephone':
      return { identifiers: [phone(value, null, assurance)], profile: {} };
    // Words about somebody are as good as what they are told of, so that those a visitor typed are left out.
    case 'company':
      return { identifiers: [], profile: isByStaff ? { company: value } : {} };
    case 'city':
      return { identifiers: [], profile: isByStaff ? { city: value } : {} };
    case 'hs_language':
      return { identifiers: [], profile: isByStaff ? knownTexts({ language: textOf(value, 35) }) : {} };
    default:
      return { identifiers: [], profile: {} };
  }
}

/** Properties whose value says where somebody stands, and nothing private. */
const SHOWN: readonly string[] = ['lifecyclestage', 'hs_lead_status'];

/**
 * One event, null for a subscription we have no use for. There is hardly more in it than ids; those of contacts are
 * asserted in the namespace of this source. `eventId` is not unique, so that what happened to which thing and when goes with it.
 */
export function readEvent(event: JsonObject): TouchpointInput | null {
  const subscription = subscriptionOf(event);
  const kind = KINDS.get(subscription);
  const id = idOf(event.objectId);
  if (!kind || id === null) return null;
  const [noun = 'contact'] = subscription.split('.');
  const isContact = noun === 'contact';
  const property = textOf(event.propertyName);
  const isByCustomer = BY_CUSTOMER.test(textOf(event.changeSource) ?? '') || !isContact;
  const change: Change = subscription === 'contact.propertyChange' ? changeOf(event) : { identifiers: [], profile: {} };
  const isGone = subscription === 'contact.deletion' || subscription === 'contact.privacyDeletion';
  const list = isContact ? identifiers(own('customer', id, 'asserted'), ...change.identifiers) : [];
  return {
    messageId: [subscription, id, idOf(event.eventId), idOf(event.occurredAt), property].join(':'),
    kind,
    channel: 'web',
    direction: 'in',
    initiator: isByCustomer ? 'customer' : 'company',
    ...(!isContact && { phase: 'service' as const }),
    occurredAt: epochTimeOf(event.occurredAt),
    subject: `${isContact ? 'customer' : noun}:${id}`,
    person: { key: `${isContact ? 'customer' : noun}:${id}`, identifiers: list, profile: change.profile },
    // One property of somebody is not who they are; of somebody deleted there is nothing left to ask.
    ...(!isGone && { needs: { resource: noun, id } }),
    data: known({
      externalId: id,
      property,
      value: SHOWN.includes(property ?? '') ? textOf(event.propertyValue) : null,
      changeSource: textOf(event.changeSource),
      reason: reasonOf(subscription),
    }),
  };
}

/** A request under privacy law is another thing than tidying up. */
const reasonOf = (subscription: string): string | null =>
  subscription === 'contact.privacyDeletion'
    ? 'privacy_request'
    : subscription === 'contact.deletion'
      ? 'deleted_at_source'
      : null;
