import type { IdentifierInput } from '../../../schema/customer.ts';
import type { Json, Need, OrganisationInput, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { Channel } from '../../../schema/vocabulary.ts';
import { optOutMark, saying } from '../consents.ts';
import { email, identifiers, own, personKey, phone } from '../person.ts';
import type { Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  NAME_LIMIT,
  objectOf,
  plainText,
  TEXT_LIMIT,
  textOf,
  timeOf,
  unixTimeOf,
} from '../read.ts';

/** One notification of Intercom: `item` is the contact, ticket or conversation it is about. */
export type Notice = {
  readonly topic: string;
  readonly messageId: string;
  readonly item: JsonObject;
  /** When Intercom wrote the notification, which is a moment after the fact. */
  readonly notifiedAt: number | null;
};
export type Reader = (notice: Notice) => Translation;

/** Contacts have ISO times, tickets and conversations unix seconds. */
const timeFrom = (value: Json | undefined): number | null => firstOf(timeOf(value), unixTimeOf(value));

const one = (touchpoint: TouchpointInput): Translation => ({ ok: true, touchpoints: [touchpoint] });

/**
 * A contact of the business's own list is asserted. A lead is a visitor whose address came out of the chat window, so that
 * it stays a claim until Intercom makes a user of them. Telephones are asked for in the chat, also of users.
 */
export function personOf(contact: JsonObject, fallback: string): PersonInput {
  const isUser = contact.role === 'user' || contact.type === 'user';
  const assurance = isUser ? 'asserted' : 'claimed';
  const list = identifiers(
    own('customer', contact.id, 'asserted'),
    own('user_id', isUser ? contact.external_id : undefined, 'asserted'),
    email(contact.email, assurance),
    phone(contact.phone, null, 'claimed'),
  );
  return {
    key: keyOf(list, fallback),
    identifiers: list,
    profile: knownTexts({
      name: textOf(contact.name, NAME_LIMIT),
      language: textOf(firstOf(contact.language_override, contact.browser_language) ?? undefined, 35),
    }),
    ...(isUser && { organisations: organisationsOf(contact) }),
  };
}

/** The companies of a user; most of Intercom's answers give their ids alone. Of a lead none: they may have said so themselves. */
const organisationsOf = (contact: JsonObject): OrganisationInput[] => {
  const { data, companies } = objectOf(contact.companies);
  return listOf(data ?? companies).flatMap((one): OrganisationInput[] => {
    const { id, name, website } = objectOf(one);
    const key = idOf(id);
    return key === null ? [] : [{ key: `company:${key}`, name: textOf(name, NAME_LIMIT), domain: textOf(website) }];
  });
};

/** Without an id of Intercom nobody is told by an address alone: it may be a claim. */
const keyOf = (list: readonly IdentifierInput[], fallback: string): string =>
  list.some(({ kind }) => kind === 'customer') ? personKey(list, fallback) : fallback;

export const contact =
  (kind: 'customer_created' | 'customer_updated' | 'customer_redacted' | 'email_unsubscribed'): Reader =>
  ({ messageId, item, notifiedAt }) => {
    const id = idOf(item.id);
    const isDeleted = kind === 'customer_redacted';
    return one({
      messageId,
      kind,
      channel: kind === 'email_unsubscribed' ? 'email' : 'web',
      direction: 'in',
      initiator: 'customer',
      occurredAt: isDeleted
        ? notifiedAt
        : firstOf(timeFrom(kind === 'customer_created' ? item.created_at : item.updated_at), notifiedAt),
      ...(id !== null && { subject: `customer:${id}` }),
      person: personOf(item, `message:${messageId}`),
      ...(!isDeleted && saying(kind === 'email_unsubscribed' ? [] : optOutMark(item.unsubscribed_from_emails))),
      data: known({
        externalId: id,
        userExternalId: idOf(item.external_id),
        role: textOf(item.role),
        reason: isDeleted ? 'deleted_at_source' : null,
      }),
    });
  };

/** Asked for where a contact comes by its id alone; with an address or a number they are known well enough. */
function needsOf(contact: JsonObject, { identifiers: list }: PersonInput): { readonly needs?: Need } {
  const id = idOf(contact.id);
  const isKnown = list.some(({ kind }) => kind === 'email' || kind === 'phone');
  return id === null || isKnown ? {} : { needs: { resource: 'contact', id } };
}

/** The contact of a ticket or a conversation, of whom there is the id alone. An author beside it may be an agent. */
const contactIn = (item: JsonObject): JsonObject => objectOf(listOf(objectOf(item.contacts).contacts)[0]);

export const ticket =
  (kind: 'ticket_created' | 'ticket_solved'): Reader =>
  ({ messageId, item, notifiedAt }) => {
    const id = idOf(item.id);
    const attributes = objectOf(item.ticket_attributes);
    const requester = contactIn(item);
    const isSolved = kind === 'ticket_solved';
    const person = personOf(requester, id === null ? `message:${messageId}` : `ticket:${id}`);
    return one({
      messageId,
      kind,
      channel: channelOf(item.channel),
      direction: isSolved ? 'out' : 'in',
      initiator: isSolved ? 'company' : 'customer',
      phase: 'service',
      occurredAt: firstOf(timeFrom(isSolved ? item.updated_at : item.created_at), notifiedAt),
      ...(id !== null && { subject: `ticket:${id}` }),
      text: isSolved ? null : plainText(attributes._default_description_),
      person,
      ...needsOf(requester, person),
      data: known({
        externalId: id,
        number: idOf(item.ticket_id),
        title: textOf(attributes._default_title_, 300),
        status: textOf(objectOf(item.ticket_state).category),
        contactId: idOf(requester.id),
      }),
    });
  };

const CHANNELS: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  ['email', 'email'],
  ['sms', 'sms'],
  ['phone_call', 'phone'],
  ['facebook', 'social'],
  ['instagram', 'social'],
  ['twitter', 'social'],
]);
const channelOf = (value: Json | undefined): Channel => CHANNELS.get(textOf(value) ?? '') ?? 'messenger';

const nounOf = (channel: Channel): string => (channel === 'email' || channel === 'sms' ? channel : 'message');

/** What was written: by the newest part of the conversation, and by its source when that is all there is. */
export const message =
  (by: 'customer' | 'company'): Reader =>
  ({ topic, messageId, item, notifiedAt }) => {
    const source = objectOf(item.source);
    const parts = listOf(objectOf(item.conversation_parts).conversation_parts).map(objectOf);
    const part = parts.at(-1) ?? source;
    // A note is for colleagues, and other parts are moves (assigned, snoozed) that say nothing to anybody.
    if (part.part_type === 'note') return { ok: true, ignored: `${topic}: a note` };
    const channel = channelOf(source.type);
    const id = idOf(item.id);
    const author = objectOf(part.author);
    const isAuthor = by === 'customer' && ['user', 'lead', 'contact'].includes(textOf(author.type) ?? '');
    const writer = isAuthor ? author : contactIn(item);
    const person = personOf(writer, id === null ? `message:${messageId}` : `conversation:${id}`);
    return one({
      messageId,
      kind: `${nounOf(channel)}_${by === 'customer' ? 'received' : 'sent'}`,
      channel,
      direction: by === 'customer' ? 'in' : 'out',
      initiator: by,
      occurredAt: firstOf(timeFrom(part.created_at), notifiedAt),
      ...(id !== null && { subject: `conversation:${id}` }),
      text: plainText(part.body, TEXT_LIMIT),
      person,
      ...needsOf(writer, person),
      data: known({
        externalId: id,
        title: plainText(source.subject, 300),
        contactId: idOf(writer.id),
      }),
    });
  };
