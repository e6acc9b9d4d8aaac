import { contactCost } from '../../schema/contact-cost.ts';
import type { IdentifierInput } from '../../schema/customer.ts';
import { type HandKind, kindInDirection, usualChannel, usualDirection } from '../../schema/hand-contact.ts';
import type { Money } from '../../schema/money.ts';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import type {
  Activity,
  Approach,
  Arrangement,
  Channel,
  Direction,
  Handler,
  Initiator,
  Means,
  Phase,
  Trade,
} from '../../schema/vocabulary.ts';
import type { Runtime } from '../platform/env.ts';
import { append } from './append.ts';
import { listRates } from './contact-rates.ts';

/** Contacts that staff write down themselves (A6). They come in by a source of their own, made with the first of them. */
const STAFF_KIND = 'staff';

/** A contact as staff tell it. What is left out is not known, or as usual for its kind. */
export type HandLogged = {
  /** Made by the form, so that pressing "save" twice logs once. Means something on the record of this customer only. */
  readonly messageId: string;
  readonly kind: HandKind;
  readonly text: string;
  readonly handler: Handler;
  /** Epoch ms; null for now. */
  readonly occurredAt: number | null;
  readonly direction?: Direction | undefined;
  readonly channel?: Channel | undefined;
  readonly initiator?: Initiator | undefined;
  readonly phase?: Phase | undefined;
  readonly purpose?: string | undefined;
  /** The colleague or the outside service. */
  readonly handledBy?: string | undefined;
  readonly result?: string | undefined;
  readonly minutes?: number | undefined;
  /** What it cost; when absent it is worked out from the rates. */
  readonly cost?: Money | undefined;
  readonly arrangement?: Arrangement | undefined;
  readonly approach?: Approach | undefined;
  readonly activity?: Activity | undefined;
  readonly means?: Means | undefined;
  readonly trade?: Trade | undefined;
};

/** Somebody staff have met whom no source has spoken of: a name, and an address or a number. */
export type Stranger = { readonly name: string; readonly email: string | null; readonly phone: string | null };

async function staffSource({ db, clock }: Runtime): Promise<number> {
  // The key of this one source is its kind: no door answers to it, and a second one cannot be made.
  const row = await db
    .prepare(
      `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at) VALUES (?1, ?2, 'Staff', ?2, '[]', '{}', ?3)
       ON CONFLICT (key) DO UPDATE SET kind = excluded.kind RETURNING id`,
    )
    .bind(clock.uuid(), STAFF_KIND, clock.now())
    .first<{ id: number }>();
  if (!row) throw new Error('the staff source was inserted but not returned');
  return row.id;
}

/** What a contact cost by the rates of its time. A note is no contact, unless it took its minutes. */
async function computedCost({ db, clock }: Runtime, contact: HandLogged, channel: Channel): Promise<Money | null> {
  const { kind, handler, minutes = null, occurredAt } = contact;
  if (kind === 'note_added' && minutes === null) return null;
  return contactCost(await listRates(db), { channel, handler, minutes, at: occurredAt ?? clock.now() });
}

/** What has no column of its own: small flat words. */
function dataOf(contact: HandLogged, isComputed: boolean): Record<string, Json> {
  const { minutes, result, handledBy, arrangement, approach, activity, means, trade } = contact;
  const data = { minutes, result, handledBy, arrangement, approach, activity, means, trade };
  const said = Object.entries(data).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries<Json>([...said, ...(isComputed ? [['costFrom', 'rates'] as const] : [])]);
}

async function touchpointOf(
  runtime: Runtime,
  contact: HandLogged,
  messageId: string,
  person: TouchpointInput['person'],
): Promise<TouchpointInput> {
  const direction = contact.direction ?? usualDirection(contact.kind);
  const kind = kindInDirection(contact.kind, direction);
  const channel = contact.channel ?? usualChannel(kind) ?? 'web';
  const computed = contact.cost ? null : await computedCost(runtime, contact, channel);
  return {
    messageId,
    kind,
    channel,
    direction,
    initiator: contact.initiator ?? (direction === 'in' ? 'customer' : 'company'),
    handler: contact.handler,
    ...(contact.phase && { phase: contact.phase }),
    ...(contact.purpose && { purpose: contact.purpose }),
    occurredAt: contact.occurredAt,
    cost: contact.cost ?? computed,
    text: contact.text,
    data: dataOf(contact, computed !== null),
    person,
  };
}

/** Logs a contact on the record of a customer (internal id). */
export async function logByHand(runtime: Runtime, customer: number, contact: HandLogged): Promise<void> {
  const person = { key: '', identifiers: [] };
  await append(runtime.db, runtime.clock, {
    sourceId: await staffSource(runtime),
    fragmentId: customer,
    touchpoints: [await touchpointOf(runtime, contact, `${customer}:${contact.messageId}`, person)],
  });
}

/**
 * Logs a contact with somebody new, asserted by staff; who is known by that address already gets it on their record. Answers
 * the public id of the record. `email` and `phone` are in their normal form, at least one is given.
 */
export async function logOfStranger(runtime: Runtime, stranger: Stranger, contact: HandLogged): Promise<string> {
  const { name, email, phone } = stranger;
  const asserted = (kind: string, value: string | null): IdentifierInput[] =>
    value === null ? [] : [{ kind, value, assurance: 'asserted' }];
  const sourceId = await staffSource(runtime);
  const messageId = `new:${contact.messageId}`;
  const person = {
    key: `person:${contact.messageId}`,
    identifiers: [...asserted('email', email), ...asserted('phone', phone)],
    profile: { name },
  };
  const touchpoint = await touchpointOf(runtime, contact, messageId, person);
  await append(runtime.db, runtime.clock, { sourceId, touchpoints: [touchpoint] });
  const row = await runtime.db
    .prepare(
      `SELECT c.public_id AS id FROM touchpoint t JOIN fragment f ON f.id = t.fragment_id JOIN customer c ON c.id = f.customer_id
       WHERE t.source_id = ?1 AND t.message_id = ?2`,
    )
    .bind(sourceId, messageId)
    .first<{ id: string }>();
  if (!row) throw new Error('the contact was stored but is not there');
  return row.id;
}
