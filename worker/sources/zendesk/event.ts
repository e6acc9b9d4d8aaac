import type { Json, Need, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { Channel } from '../../../schema/vocabulary.ts';
import { email, identifiers, own, personKey } from '../person.ts';
import type { Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  NAME_LIMIT,
  objectOf,
  TEXT_LIMIT,
  textOf,
  timeOf,
} from '../read.ts';

/** One event of Zendesk: `detail` is the ticket or user as it stands, `event` what happened to it. */
export type Notice = {
  readonly type: string;
  readonly messageId: string;
  readonly id: string;
  readonly occurredAt: number | null;
  readonly detail: JsonObject;
  readonly event: JsonObject;
};
export type Reader = (notice: Notice) => Translation;

const one = (touchpoint: TouchpointInput): Translation => ({ ok: true, touchpoints: [touchpoint] });

/** Somebody is an id alone here, asserted in the namespace of this source; what they are called is with their own events. */
function personOf(userId: Json | undefined, { id }: Notice): { readonly person: PersonInput; readonly needs: Need } {
  const user = own('customer', userId, 'asserted');
  const list = identifiers(user);
  return {
    person: { key: personKey(list, `ticket:${id}`), identifiers: list },
    needs: user ? { resource: 'user', id: user.value } : { resource: 'ticket', id },
  };
}

const requesterOf = (notice: Notice) => personOf(notice.detail.requester_id, notice);

const channelOf = (detail: JsonObject): Channel => {
  const via = textOf(objectOf(detail.via).channel)?.toLowerCase() ?? '';
  if (via === 'email' || via === 'sms') return via;
  if (via === 'voice' || via === 'phone') return 'phone';
  return /chat|messag|whatsapp/.test(via) ? 'messenger' : 'web';
};

const ticketFacts = ({ detail, id }: Notice, more: { readonly [key: string]: Json } = {}) =>
  known({
    externalId: id,
    title: textOf(detail.subject, 300),
    status: textOf(detail.status)?.toLowerCase() ?? null,
    priority: textOf(detail.priority)?.toLowerCase() ?? null,
    ...more,
  });

export const ticketCreated: Reader = (notice) =>
  one({
    messageId: notice.messageId,
    kind: 'ticket_created',
    channel: channelOf(notice.detail),
    direction: 'in',
    initiator: 'customer',
    phase: 'service',
    occurredAt: firstOf(notice.occurredAt, timeOf(notice.detail.created_at)),
    subject: `ticket:${notice.id}`,
    text: textOf(notice.detail.description, TEXT_LIMIT),
    ...requesterOf(notice),
    data: ticketFacts(notice),
  });

/** Only the step to "solved". "Closed" follows by itself days later and is no second solution. */
export const statusChanged: Reader = (notice) => {
  const current = textOf(notice.event.current)?.toLowerCase() ?? 'unknown';
  if (current !== 'solved') return { ok: true, ignored: `ticket is ${current}` };
  return one({
    messageId: notice.messageId,
    kind: 'ticket_solved',
    channel: channelOf(notice.detail),
    direction: 'out',
    initiator: 'company',
    phase: 'service',
    occurredAt: notice.occurredAt,
    subject: `ticket:${notice.id}`,
    ...requesterOf(notice),
    data: ticketFacts(notice),
  });
};

/**
 * A message of a conversation. The actor tells whose it is: what an agent writes is sent; what the bot says belongs to the
 * conversation that was received, but goes out and is the company's, so that it never counts as a word of the customer.
 */
export const messageAdded: Reader = (notice) => {
  const actor = textOf(objectOf(notice.event.actor).type) ?? 'unknown';
  const message = objectOf(notice.event.message);
  const isCustomer = actor === 'end_user';
  return one({
    messageId: notice.messageId,
    kind: actor === 'agent' ? 'message_sent' : 'message_received',
    channel: 'messenger',
    direction: isCustomer ? 'in' : 'out',
    initiator: isCustomer ? 'customer' : 'company',
    ...(!isCustomer && actor !== 'agent' && { handler: 'automated' as const }),
    phase: 'service',
    occurredAt: notice.occurredAt,
    subject: `ticket:${notice.id}`,
    text: textOf(message.body, TEXT_LIMIT),
    ...requesterOf(notice),
    data: ticketFacts(notice, { actor, conversationId: idOf(notice.event.conversation_id) }),
  });
};

/** A comment of a ticket; those that are not public are for colleagues. */
export const commentAdded: Reader = (notice) => {
  const comment = objectOf(notice.event.comment);
  if (comment.is_public !== true) return { ok: true, ignored: 'comment that is not public' };
  const author = objectOf(comment.author);
  const isStaff = author.is_staff === true;
  const { detail } = notice;
  const channel = channelOf(detail);
  const noun = channel === 'email' || channel === 'sms' ? channel : 'message';
  return one({
    messageId: notice.messageId,
    kind: `${noun}_${isStaff ? 'sent' : 'received'}`,
    channel,
    direction: isStaff ? 'out' : 'in',
    initiator: isStaff ? 'company' : 'customer',
    phase: 'service',
    occurredAt: notice.occurredAt,
    subject: `ticket:${notice.id}`,
    text: textOf(comment.body, TEXT_LIMIT),
    // Not everybody who writes on a ticket has opened it.
    ...personOf(isStaff ? detail.requester_id : firstOf(idOf(author.id), idOf(detail.requester_id)), notice),
    data: ticketFacts(notice),
  });
};

/**
 * Users are customers unless they are staff. Whoever writes under any address becomes one, and events do not tell whether it was
 * confirmed: a claim, until the API says so.
 */
export const user =
  (kind: 'customer_created' | 'customer_updated' | 'customer_redacted'): Reader =>
  ({ type, messageId, id, occurredAt, detail, event }) => {
    const role = textOf(detail.role)?.toLowerCase() ?? 'end-user';
    if (role !== 'end-user') return { ok: true, ignored: `user is ${role}` };
    // The name is no part of the user in these events: only the one that is about it tells it.
    const newName = type === 'user.name_changed' ? textOf(event.current, NAME_LIMIT) : null;
    const list = identifiers(
      own('customer', id, 'asserted'),
      own('user_id', detail.external_id, 'asserted'),
      email(detail.email, detail.verified === true ? 'asserted' : 'claimed'),
    );
    return one({
      messageId,
      kind,
      channel: 'web',
      direction: 'in',
      initiator: 'customer',
      occurredAt,
      subject: `customer:${id}`,
      // Of somebody deleted there is nothing left to ask.
      ...(kind !== 'customer_redacted' && { needs: { resource: 'user', id } }),
      person: {
        key: personKey(list, `customer:${id}`),
        identifiers: list,
        profile: knownTexts({ name: firstOf(textOf(detail.name, NAME_LIMIT), newName) }),
      },
      data: known({ externalId: id, reason: kind === 'customer_redacted' ? 'deleted_at_source' : null }),
    });
  };
