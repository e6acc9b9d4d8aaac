import { type Money, moneyFromMajor, moneyFromMinor } from '../../../schema/money.ts';
import type { Json, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import { optOutOf, verbOf } from '../opt-out.ts';
import { identifiers, own, phone } from '../person.ts';
import {
  firstOf,
  idOf,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  NAME_LIMIT,
  numberOf,
  objectOf,
  TEXT_LIMIT,
  textOf,
  unixTimeOf,
} from '../read.ts';

/** One change of a delivery, which may bring up to a thousand messages and states. */
export type Change = { readonly value: JsonObject; readonly position: string };

const timeFrom = (value: Json | undefined): number | null => unixTimeOf(numberOf(value) ?? undefined);

/**
 * Meta checked the number by a code when the person signed up, and the signature vouches for it, so that it is asserted.
 * It comes as digits without the plus, and is going to be missing for people who chose a name: these have an id for this
 * business alone.
 */
function personOf(digits: string | null, contacts: readonly JsonObject[], fallback: string): PersonInput {
  const contact = contacts.find(({ wa_id }) => idOf(wa_id) === digits) ?? (contacts.length === 1 ? contacts[0] : null);
  const { wa_id, user_id, profile } = contact ?? {};
  const number = digits ?? idOf(wa_id);
  const userId = idOf(user_id);
  return {
    key: number !== null ? `whatsapp:${number}` : userId !== null ? `user:${userId}` : fallback,
    identifiers: identifiers(
      phone(number === null ? null : `+${number}`, null, 'asserted'),
      own('whatsapp', number, 'asserted'),
      own('whatsapp_user', userId, 'asserted'),
    ),
    profile: knownTexts({ name: textOf(objectOf(profile).name, NAME_LIMIT) }),
  };
}

/** The words of a message stand elsewhere for each of its types. */
function textOfMessage(message: JsonObject): string | null {
  const part = (name: string) => objectOf(message[name]);
  const interactive = part('interactive');
  const media = ['image', 'video', 'document'].map((name) => part(name).caption);
  return firstOf(
    ...[
      part('text').body,
      part('button').text,
      objectOf(interactive.button_reply).title,
      objectOf(interactive.list_reply).title,
      part('reaction').emoji,
      part('order').text,
      part('location').name,
      ...media,
    ].map((value) => textOf(value, TEXT_LIMIT)),
  );
}

const MEDIA: readonly string[] = ['image', 'video', 'audio', 'document', 'sticker', 'voice'];

/** The file of a message: named, and never fetched. */
function mediaOf(
  message: JsonObject,
  type: string,
): readonly { readonly name: string; readonly type: string }[] | null {
  if (!MEDIA.includes(type)) return null;
  const { filename, mime_type } = objectOf(message[type]);
  const mime = textOf(textOf(mime_type)?.split(';')[0]) ?? type;
  return [{ name: textOf(filename) ?? mime, type: mime }];
}

/** A cart somebody sends is an order in major units; null when one of its prices cannot be read, since the sum is then wrong. */
function cartOf(order: JsonObject): { readonly total: Money | null; readonly lines: TouchpointInputLines } {
  const lines = listOf(order.product_items).map((raw) => {
    const item = objectOf(raw);
    const quantity = numberOf(item.quantity) ?? 1;
    const price = moneyFromMajor(item.item_price, item.currency);
    const title = idOf(item.product_retailer_id) ?? 'item';
    const amount = price && moneyFromMinor(Math.round(price.amountMinor * quantity), price.currency);
    return { title, quantity, amount: amount?.amountMinor ?? null, currency: price?.currency };
  });
  const [first] = lines;
  const isWhole = lines.every(({ amount, currency }) => amount !== null && currency === first?.currency);
  const sum = lines.reduce((total, { amount }) => total + (amount ?? 0), 0);
  const currency = first?.currency;
  return {
    total: isWhole ? moneyFromMinor(sum, currency) : null,
    lines: lines.map(({ title, quantity, amount }) => ({
      title,
      sku: title,
      quantity,
      amountMinor: amount,
    })),
  };
}

type TouchpointInputLines = NonNullable<NonNullable<TouchpointInput['order']>['lines']>;

function orderParts(message: JsonObject, id: string, occurredAt: number | null) {
  const { total, lines } = cartOf(objectOf(message.order));
  return {
    kind: 'order_placed',
    phase: 'sale',
    subject: `order:${id}`,
    value: total,
    order: { id, asOf: occurredAt, total, lines, placedAt: occurredAt },
  } as const;
}

/** Types that are no words of a person: a change of number, and what this API cannot show. */
const NO_MESSAGE: readonly string[] = ['system', 'unsupported', 'unknown'];

export function readMessages({ value, position }: Change): readonly TouchpointInput[] {
  const contacts = listOf(value.contacts, 1000).map(objectOf);
  return listOf(value.messages, 1000).flatMap((raw, index): TouchpointInput[] => {
    const message = objectOf(raw);
    const type = textOf(message.type) ?? 'unknown';
    if (NO_MESSAGE.includes(type)) return [];
    const id = idOf(message.id) ?? `${position}:${index}`;
    const occurredAt = timeFrom(message.timestamp);
    const text = textOfMessage(message);
    const optOut = optOutOf(text);
    return [
      {
        messageId: id,
        kind: `message_${optOut === null ? 'received' : verbOf(optOut)}`,
        channel: 'messenger',
        direction: 'in',
        initiator: 'customer',
        occurredAt,
        subject: `message:${id}`,
        text,
        person: personOf(idOf(message.from), contacts, `message:${id}`),
        data: known({
          externalId: id,
          type,
          replyTo: idOf(objectOf(message.context).id),
          to: textOf(objectOf(value.metadata).display_phone_number),
          optOut,
          attachments: mediaOf(message, type),
        }),
        ...(type === 'order' && orderParts(message, id, occurredAt)),
      },
    ];
  });
}

const STATES: ReadonlyMap<string, string> = new Map([
  ['sent', 'message_sent'],
  ['delivered', 'message_delivered'],
  ['read', 'message_opened'],
  ['failed', 'message_failed'],
]);

/** A message keeps its id through all its states. */
export function readStatuses({ value, position }: Change): readonly TouchpointInput[] {
  const contacts = listOf(value.contacts, 1000).map(objectOf);
  return listOf(value.statuses, 1000).flatMap((raw, index): TouchpointInput[] => {
    const status = objectOf(raw);
    const state = textOf(status.status) ?? '';
    const kind = STATES.get(state);
    if (!kind) return [];
    const id = idOf(status.id) ?? `${position}:${index}`;
    const error = objectOf(listOf(status.errors)[0]);
    const isRead = kind === 'message_opened';
    return [
      {
        messageId: `${id}:${state}`,
        kind,
        channel: 'messenger',
        direction: isRead ? 'in' : 'out',
        initiator: isRead ? 'customer' : 'company',
        occurredAt: timeFrom(status.timestamp),
        subject: `message:${id}`,
        person: personOf(idOf(status.recipient_id), contacts, `message:${id}`),
        data: known({
          externalId: id,
          status: state,
          errorCode: numberOf(error.code),
          error: firstOf(textOf(error.title, 300), textOf(error.message, 300)),
          category: textOf(objectOf(status.pricing).category),
        }),
      },
    ];
  });
}
