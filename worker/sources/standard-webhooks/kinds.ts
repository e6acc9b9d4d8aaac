import { CHANNELS, type Channel, CORE_KINDS, type CoreKind, type Direction } from '../../../schema/vocabulary.ts';

/**
 * Other people's event types in our words. Senders agree on "thing.happened" and on little else, so that things and
 * happenings are looked up apart; a type that is one of our own kinds passes as it is.
 */
const NOUNS: ReadonlyMap<string, string> = synonyms({
  customer: 'customer contact user person client member lead profile account subscriber',
  order: 'order purchase sale',
  refund: 'refund',
  checkout: 'checkout cart basket',
  payment: 'payment charge transaction invoice',
  subscription: 'subscription membership',
  review: 'review rating',
  ticket: 'ticket case issue request',
  form: 'form submission enquiry inquiry',
  survey: 'survey feedback nps csat response',
  meeting: 'meeting appointment booking visit',
  call: 'call',
  note: 'note',
  letter: 'letter',
  page: 'page',
});

const KINDS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'customer',
    synonyms({
      customer_created: 'created added new registered signup',
      customer_updated: 'updated changed modified edited',
      customer_redacted: 'deleted removed erased redacted',
    }),
  ],
  [
    'order',
    synonyms({
      order_placed: 'placed created new received submitted',
      order_paid: 'paid completed',
      order_fulfilled: 'fulfilled shipped dispatched delivered',
      order_updated: 'updated changed modified edited',
      order_cancelled: 'cancelled canceled voided',
      order_refunded: 'refunded returned',
      order_deleted: 'deleted removed',
    }),
  ],
  ['refund', synonyms({ order_refunded: 'created issued succeeded completed processed' })],
  [
    'checkout',
    synonyms({ checkout_started: 'started created initiated begun updated', checkout_abandoned: 'abandoned expired' }),
  ],
  [
    'payment',
    synonyms({
      payment_succeeded: 'succeeded success completed captured paid received',
      payment_failed: 'failed declined rejected',
      payment_authorized: 'authorized authorised',
    }),
  ],
  [
    'subscription',
    synonyms({
      subscription_started: 'started created activated new',
      subscription_renewed: 'renewed charged',
      subscription_cancelled: 'cancelled canceled deleted ended expired',
    }),
  ],
  ['review', synonyms({ review_posted: 'posted created submitted published new added' })],
  ['ticket', synonyms({ ticket_created: 'created opened new', ticket_solved: 'solved closed resolved' })],
  ['form', synonyms({ form_started: 'started', form_submitted: 'submitted completed created received new' })],
  ['survey', synonyms({ survey_answered: 'answered completed submitted responded created received new' })],
  [
    'meeting',
    synonyms({
      meeting_booked: 'booked created scheduled confirmed',
      meeting_held: 'held ended completed',
      meeting_cancelled: 'cancelled canceled',
    }),
  ],
  ['call', synonyms({ call_logged: 'logged completed ended finished' })],
  ['note', synonyms({ note_added: 'added created' })],
  ['letter', synonyms({ letter_sent: 'sent posted' })],
  ['page', synonyms({ page_viewed: 'viewed visited' })],
]);

/** Word by word to its meaning. */
function synonyms(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(table).flatMap(([meaning, words]) => words.split(' ').map((word) => [word, meaning])));
}

const coreKind = (word: string): CoreKind | null => CORE_KINDS.find((kind) => kind === word) ?? null;

/** Our kind for a type such as `contact.created`, `OrderPlaced` or `email_opened`; null when we have no use for it. */
export function kindOf(type: string): CoreKind | null {
  const words = type
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const asIs = coreKind(words.join('_'));
  if (asIs) return asIs;
  const happening = words.at(-1) ?? '';
  // `customer.subscription.created` is about the subscription: the thing next to what happened.
  const thing = words.slice(0, -1).findLast((word) => NOUNS.has(word));
  const kinds = KINDS.get(NOUNS.get(thing ?? '') ?? '');
  return coreKind(kinds?.get(happening) ?? '');
}

const CHANNEL_OF_NOUN: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  ['order', 'shop'],
  ['checkout', 'shop'],
  ['review', 'shop'],
  ['payment', 'payment'],
  ['subscription', 'payment'],
  ['email', 'email'],
  ['sms', 'sms'],
  ['message', 'messenger'],
  ['call', 'phone'],
  ['meeting', 'meeting'],
  ['letter', 'letter'],
]);

/** The channel the sender names, else the usual one of the kind. */
export function channelOf(kind: CoreKind, named: string | null): Channel {
  const [noun = ''] = kind.split('_');
  return CHANNELS.find((channel) => channel === named) ?? CHANNEL_OF_NOUN.get(noun) ?? 'web';
}

const OUTWARD = /_(?:sent|delivered|fulfilled|refunded|shown|bounced|solved)$/;

/** Which way it went: the sender's word, else what the kind says. */
export const directionOf = (kind: CoreKind, named: string | null): Direction =>
  named === 'in' || named === 'out' ? named : OUTWARD.test(kind) ? 'out' : 'in';

/** Entries that a business makes of its own; anybody becomes a lead, a subscriber or a user by typing an address. */
const OWN_ENTRY = /(?:^|[^a-z])(?:customer|contact|client|person)[^a-z]*[a-z]+$/;
const UNPAID = /pending|unpaid|trial|on.?hold|draft|await/i;

/**
 * Whether an event shows that somebody vouches for its addresses, so that a signature of the messenger proves something about them:
 * money came in, it is delivered against a bill, or the business itself wrote it down or wrote there. All else is a claim.
 * `amount` is in the smallest unit, null where the event tells none.
 */
export function isVouched(kind: CoreKind, type: string, amount: number | null, status: string | null): boolean {
  if (/^(?:order_paid|payment_succeeded|subscription_renewed)$/.test(kind)) return amount !== 0;
  if (/^(?:order_placed|order_fulfilled|order_refunded|subscription_started)$/.test(kind))
    return amount !== null && amount > 0 && !UNPAID.test(status ?? '');
  if (kind.startsWith('customer_')) return OWN_ENTRY.test(type.replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2').toLowerCase());
  return /^(?:email|sms|message|letter|note|call)_(?!received$)/.test(kind);
}
