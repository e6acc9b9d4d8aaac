import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { CoreKind, Direction, Phase } from '../../../schema/vocabulary.ts';
import { segment } from '../ask.ts';
import { identifiers, own } from '../person.ts';
import type { Translation } from '../provider.ts';
import { idOf, type JsonObject, known, misfit, objectOf, textOf, timeOf } from '../read.ts';

/**
 * Thin events (https://docs.stripe.com/event-destinations#thin-events) name a resource and say nothing of it. They are called
 * as the ones with content are, with `v1.` before it, so that what is fetched goes to the same readers.
 */
type Thin = {
  readonly kind: CoreKind;
  readonly direction?: Direction;
  readonly phase?: Phase;
  /** What the record calls the resource; a payment or an invoice is an order there. */
  readonly noun: 'checkout' | 'charge' | 'order' | 'customer' | 'subscription';
  /** The collection it is kept in. */
  readonly path: string;
  /** What has to come along, since the resource only names it. */
  readonly expand?: readonly string[];
};

const checkout = (kind: CoreKind): Thin => ({
  kind,
  phase: kind === 'checkout_abandoned' ? 'purchasing' : 'sale',
  noun: 'checkout',
  path: 'checkout/sessions',
  expand: ['line_items'],
});
const payment = (kind: CoreKind): Thin => ({
  kind,
  phase: 'sale',
  noun: 'order',
  path: 'payment_intents',
  expand: ['customer', 'latest_charge'],
});
const invoice = (kind: CoreKind): Thin => ({ kind, phase: 'sale', noun: 'order', path: 'invoices' });
const customer = (kind: CoreKind): Thin => ({ kind, noun: 'customer', path: 'customers' });
const subscription = (kind: CoreKind, phase: Phase): Thin => ({
  kind,
  phase,
  noun: 'subscription',
  path: 'subscriptions',
  expand: ['customer'],
});

/** By the type of the event without its `v1.`. Whether a checkout was paid is not known before it is fetched. */
const THIN: ReadonlyMap<string, Thin> = new Map<string, Thin>([
  ['checkout.session.completed', checkout('order_placed')],
  ['checkout.session.async_payment_succeeded', checkout('order_paid')],
  ['checkout.session.async_payment_failed', checkout('payment_failed')],
  ['checkout.session.expired', checkout('checkout_abandoned')],
  [
    'charge.refunded',
    {
      kind: 'order_refunded',
      direction: 'out',
      phase: 'service',
      noun: 'charge',
      path: 'charges',
      expand: ['customer'],
    },
  ],
  ['payment_intent.succeeded', payment('payment_succeeded')],
  ['payment_intent.payment_failed', payment('payment_failed')],
  ['invoice.paid', invoice('payment_succeeded')],
  ['invoice.payment_failed', invoice('payment_failed')],
  ['customer.created', customer('customer_created')],
  ['customer.updated', customer('customer_updated')],
  ['customer.deleted', customer('customer_redacted')],
  ['customer.subscription.created', subscription('subscription_started', 'sale')],
  ['customer.subscription.deleted', subscription('subscription_cancelled', 'service')],
]);

/** The path (with what is expanded) that the resource of an event is fetched by; null for an event nobody reads. */
export function pathOf(type: string, id: string): string | null {
  const thin = THIN.get(type);
  if (!thin) return null;
  const query = (thin.expand ?? []).map((field) => `expand[]=${field}`).join('&');
  return `/v1/${thin.path}/${segment(id)}${query && `?${query}`}`;
}

/** Begins the message ids of thin events: the list of events tells the same facts under other ids. */
export const THIN_IDS = 'thin:';

/** A thin event becomes a contact with the id alone; its need carries the type, which says how what is fetched is read. */
export function readThin(payload: JsonObject): Translation {
  const name = textOf(payload.type) ?? '';
  const type = name.replace(/^v1\./, '');
  const thin = name.startsWith('v1.') ? THIN.get(type) : undefined;
  if (!thin) return { ok: true, ignored: `thin event ${name}`.trim() };
  const messageId = idOf(payload.id);
  const id = idOf(objectOf(payload.related_object).id);
  if (messageId === null) return misfit('$.id', 'expected the id of the event');
  if (id === null) return misfit('$.related_object.id', 'expected the id of what the event is about');
  const isDeleted = thin.kind === 'customer_redacted';
  const { kind, direction = 'in', phase, noun } = thin;
  const touchpoint: TouchpointInput = {
    messageId: THIN_IDS + messageId,
    kind,
    channel: 'payment',
    direction,
    initiator: direction === 'in' ? 'customer' : 'company',
    ...(phase && { phase }),
    occurredAt: timeOf(payload.created),
    subject: `${noun}:${id}`,
    // A charge belongs to an order that only the charge itself names.
    person: { key: `${noun}:${id}`, identifiers: identifiers(noun === 'charge' ? null : own(noun, id, 'asserted')) },
    ...(!isDeleted && { needs: { resource: type, id } }),
    data: facts(id, isDeleted, payload.livemode),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

const facts = (id: string, isDeleted: boolean, isLive: Json | undefined) =>
  known({
    externalId: id,
    reason: isDeleted ? 'deleted_at_source' : null,
    test: isLive === false ? true : null,
  });
