import type { Assurance } from '../../../schema/customer.ts';
import type { PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { Channel } from '../../../schema/vocabulary.ts';
import { mailTimeOf } from '../mail-event.ts';
import { optOutOf, verbOf } from '../opt-out.ts';
import { identifiers, personKey, phone } from '../person.ts';
import type { Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  misfit,
  NAME_LIMIT,
  numberOf,
  TEXT_LIMIT,
  textOf,
} from '../read.ts';

/** `+4477…` is a telephone; other networks have their name before it: `whatsapp:+4477…`, `messenger:123`. */
const NETWORK = /^([a-z]+):(.*)$/s;

type Party = { readonly address: string | null; readonly channel: 'sms' | 'messenger' };

function partyOf(value: JsonObject[string] | undefined): Party {
  const text = textOf(value);
  const match = NETWORK.exec(text ?? '');
  return match ? { address: textOf(match[2]), channel: 'messenger' } : { address: text, channel: 'sms' };
}

/**
 * The number is asserted: the network delivered from it, or we sent to it and Twilio says what happened. A caller's id can
 * be forged with effort, and an answer then still goes to the number's owner.
 */
function personOf(party: Party, fields: JsonObject, fallback: string, assurance: Assurance = 'asserted'): PersonInput {
  const list = identifiers(phone(party.address, null, assurance));
  const number = list[0]?.value ?? null;
  const named = party.address === null ? fallback : `address:${party.address}`;
  return {
    key: number === null ? personKey(list, named) : assurance === 'claimed' ? fallback : `phone:${number}`,
    identifiers: list,
    profile: knownTexts({ name: textOf(fields.ProfileName, NAME_LIMIT) }),
  };
}

/** What became of a message of ours. The rest are steps on the way (`queued`, `sending`) that say nothing yet. */
const STATES: ReadonlyMap<string, string> = new Map([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'opened'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
]);

const nounOf = (channel: Channel): string => (channel === 'sms' ? 'sms' : 'message');

/** The customer is who a status is about (`To`) and who a message is from (`From`). No time is told in either. */
export function readMessage(fields: JsonObject): Translation {
  const id = firstOf(idOf(fields.MessageSid), idOf(fields.SmsSid), idOf(fields.SmsMessageSid));
  if (id === null) return misfit('$.MessageSid', 'expected the id of the message');
  const status = firstOf(textOf(fields.MessageStatus), textOf(fields.SmsStatus))?.toLowerCase() ?? 'received';
  if (status === 'received' || status === 'receiving') return one(incoming(fields, id));
  const state = STATES.get(status);
  if (!state) return { ok: true, ignored: status };
  const customer = partyOf(fields.To);
  const isRead = state === 'opened';
  return one({
    messageId: `${id}:${status}`,
    kind: `${nounOf(customer.channel)}_${state}`,
    channel: customer.channel,
    direction: isRead ? 'in' : 'out',
    initiator: isRead ? 'customer' : 'company',
    occurredAt: null,
    subject: `message:${id}`,
    person: personOf(customer, {}, `message:${id}`),
    data: known({
      externalId: id,
      status,
      errorCode: idOf(fields.ErrorCode),
      error: textOf(fields.ErrorMessage, 300),
      from: textOf(fields.From),
    }),
  });
}

/** Pictures and the like: named by their type, and never fetched. */
function mediaOf(
  fields: JsonObject,
  count: number,
): readonly { readonly name: string; readonly type: string }[] | null {
  const types = Array.from({ length: Math.min(Math.max(0, Math.trunc(count)), 10) }, (_, index) =>
    textOf(fields[`MediaContentType${index}`]),
  );
  const media = types.flatMap((type) => (type === null ? [] : [{ name: type, type }]));
  return media.length > 0 ? media : null;
}

/** `OptOutType` is set when Twilio took the words STOP, START or HELP for what they are; STOP ends all further messages. */
function incoming(fields: JsonObject, id: string): TouchpointInput {
  const customer = partyOf(fields.From);
  const optOut = firstOf(textOf(fields.OptOutType)?.toUpperCase(), optOutOf(fields.Body));
  const media = numberOf(fields.NumMedia);
  return {
    messageId: `${id}:received`,
    kind: `${nounOf(customer.channel)}_${optOut === null ? 'received' : verbOf(optOut)}`,
    channel: customer.channel,
    direction: 'in',
    initiator: 'customer',
    occurredAt: null,
    subject: `message:${id}`,
    text: textOf(fields.Body, TEXT_LIMIT),
    person: personOf(customer, fields, `message:${id}`),
    data: known({
      externalId: id,
      to: textOf(fields.To),
      optOut,
      media: media === 0 ? null : media,
      attachments: mediaOf(fields, media ?? 0),
    }),
  };
}

/**
 * The networks say of a call that its number is not the caller's (https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir).
 */
const isForged = (fields: JsonObject): boolean => /^TN-Validation-Failed/.test(textOf(fields.StirVerstat) ?? '');

/** States in which a call is over. */
const ENDED: readonly string[] = ['completed', 'busy', 'no-answer', 'failed', 'canceled'];

/** Calls tell the time, as mails do: `Mon, 16 Nov 2026 10:00:00 +0000`. */
export function readCall(fields: JsonObject): Translation {
  const id = idOf(fields.CallSid);
  if (id === null) return misfit('$.CallSid', 'expected the id of the call');
  const status = textOf(fields.CallStatus)?.toLowerCase() ?? 'no call status';
  if (!ENDED.includes(status)) return { ok: true, ignored: status };
  const isIncoming = textOf(fields.Direction) === 'inbound';
  return one({
    messageId: `${id}:${status}`,
    kind: 'call_logged',
    channel: 'phone',
    direction: isIncoming ? 'in' : 'out',
    initiator: isIncoming ? 'customer' : 'company',
    occurredAt: mailTimeOf(fields.Timestamp),
    subject: `call:${id}`,
    person: personOf(
      partyOf(isIncoming ? fields.From : fields.To),
      {},
      `call:${id}`,
      isIncoming && isForged(fields) ? 'claimed' : 'asserted',
    ),
    data: known({ externalId: id, status, durationSeconds: numberOf(fields.CallDuration) }),
  });
}

const one = (touchpoint: TouchpointInput): Translation => ({ ok: true, touchpoints: [touchpoint] });
