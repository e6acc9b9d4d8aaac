import { CORE_KINDS } from '../../schema/vocabulary.ts';
import { humanise } from './format.ts';
import type { IconName } from './icons.tsx';

/**
 * Touchpoints in people's words. A kind is `noun_verb`; the noun decides the family and the icon, so that a kind nobody
 * has heard of yet still finds its place.
 */

export const FAMILIES = ['orders', 'payments', 'surveys', 'messages', 'notes', 'visits'] as const;
export type Family = (typeof FAMILIES)[number];

type Noun = { readonly family: Family | null; readonly icon: IconName };

const NOUNS: ReadonlyMap<string, Noun> = new Map<string, Noun>([
  ['order', { family: 'orders', icon: 'bag' }],
  ['checkout', { family: 'orders', icon: 'bag' }],
  ['subscription', { family: 'orders', icon: 'replay' }],
  ['payment', { family: 'payments', icon: 'card' }],
  ['survey', { family: 'surveys', icon: 'survey' }],
  ['review', { family: 'surveys', icon: 'survey' }],
  ['email', { family: 'messages', icon: 'mail' }],
  ['mailing', { family: 'messages', icon: 'mail' }],
  ['sms', { family: 'messages', icon: 'message' }],
  ['message', { family: 'messages', icon: 'message' }],
  ['form', { family: 'messages', icon: 'form' }],
  ['ticket', { family: 'messages', icon: 'ticket' }],
  ['call', { family: 'notes', icon: 'phone' }],
  ['meeting', { family: 'notes', icon: 'meeting' }],
  ['letter', { family: 'notes', icon: 'letter' }],
  ['visit', { family: 'notes', icon: 'person' }],
  ['event', { family: 'notes', icon: 'people' }],
  ['fax', { family: 'notes', icon: 'form' }],
  ['contact', { family: 'notes', icon: 'dot' }],
  ['note', { family: 'notes', icon: 'note' }],
  ['page', { family: 'visits', icon: 'eye' }],
  ['customer', { family: null, icon: 'person' }],
  ['account', { family: null, icon: 'person' }],
  ['complaint', { family: 'messages', icon: 'ticket' }],
  ['referral', { family: 'notes', icon: 'people' }],
]);

const nounOf = (kind: string): Noun => NOUNS.get(kind.split('_', 1)[0] ?? '') ?? { family: null, icon: 'dot' };

export const iconOf = (kind: string): IconName => nounOf(kind).icon;
export const familyOf = (kind: string): Family | null => nounOf(kind).family;

/** Known kinds of a family; null for a word that names no family. */
export const kindsOf = (family: string | undefined): readonly string[] | null => {
  const kinds = CORE_KINDS.filter((kind) => nounOf(kind).family === family);
  return family !== undefined && kinds.length > 0 ? kinds : null;
};

/** What happened, with the person as the subject: "Placed order". */
const SENTENCES: Readonly<Record<string, string>> = {
  order_placed: 'Placed order',
  order_paid: 'Paid order',
  order_fulfilled: 'Was sent order',
  order_updated: 'Order changed:',
  order_cancelled: 'Order cancelled:',
  order_refunded: 'Was refunded for order',
  order_deleted: 'Order deleted in the shop:',
  checkout_started: 'Started a checkout',
  checkout_abandoned: 'Left the checkout',
  payment_succeeded: 'Paid',
  payment_failed: 'Had a failed payment',
  payment_authorized: 'Authorised a payment',
  subscription_started: 'Started a subscription',
  subscription_renewed: 'Renewed a subscription',
  subscription_cancelled: 'Ended a subscription',
  customer_created: 'Became known as a customer',
  customer_updated: 'Customer details changed',
  customer_redacted: 'Asked for their data to be erased',
  account_closed: 'Closed the account',
  complaint_lost: 'A complaint ended without a solution',
  referral_made: 'Sent somebody to us',
  form_started: 'Began a form',
  form_submitted: 'Sent a form',
  survey_shown: 'Was shown the survey',
  survey_dismissed: 'Closed the survey',
  survey_answered: 'Answered the survey',
  survey_abandoned: 'Left the survey half done',
  review_posted: 'Wrote a review',
  email_sent: 'Was sent an e-mail',
  email_delivered: 'E-mail was delivered',
  email_opened: 'Opened an e-mail',
  email_clicked: 'Followed a link in an e-mail',
  email_bounced: 'E-mail came back',
  email_complained: 'Marked an e-mail as spam',
  email_unsubscribed: 'Unsubscribed from e-mail',
  preferences_changed: 'Changed what they may be written about',
  email_received: 'Wrote an e-mail',
  email_autoreplied: 'Answered automatically',
  mailing_received: 'Sent a mailing',
  sms_sent: 'Was sent a text message',
  sms_received: 'Sent a text message',
  sms_unsubscribed: 'Asked to get no more text messages',
  message_sent: 'Was sent a message',
  message_received: 'Sent a message',
  message_unsubscribed: 'Asked to get no more messages',
  sms_resubscribed: 'Asked to get text messages again',
  message_resubscribed: 'Asked to get messages again',
  meeting_booked: 'Booked a meeting',
  meeting_cancelled: 'Meeting was called off',
  letter_sent: 'We sent a letter',
  letter_received: 'Sent us a letter',
  fax_sent: 'We sent a fax',
  fax_received: 'Sent us a fax',
  note_added: 'Note',
  ticket_created: 'Asked for help',
  ticket_solved: 'Help request was solved',
  page_viewed: 'Viewed a page',
  email_confirmed: 'Confirmed their e-mail address',
};

/** Contacts that go either way, by direction. */
const EITHER_WAY: Readonly<Record<string, { readonly in: string; readonly out: string }>> = {
  call_logged: { in: 'Called us', out: 'We called' },
  meeting_held: { in: 'Came to a meeting', out: 'We met' },
  visit_made: { in: 'Came to see us', out: 'We went to see them' },
  event_attended: { in: 'Talked with us at an event', out: 'We talked with them at an event' },
  contact_logged: { in: 'Got in touch', out: 'We got in touch' },
  letter_sent: { in: 'Sent us a letter', out: 'We sent a letter' },
};

/** The words a touchpoint of this kind begins with. */
export function phraseOf(kind: string, direction: string): string {
  const either = Object.hasOwn(EITHER_WAY, kind) ? EITHER_WAY[kind] : undefined;
  if (either) return direction === 'in' ? either.in : either.out;
  return (Object.hasOwn(SENTENCES, kind) ? SENTENCES[kind] : undefined) ?? humanise(kind);
}

const QUESTIONS: Readonly<Record<string, string>> = { nps: 'recommending us', csat: 'satisfaction', ces: 'ease' };

/** What a question asks about, in a word. */
export const questionWords = (kind: string): string =>
  (Object.hasOwn(QUESTIONS, kind) ? QUESTIONS[kind] : undefined) ?? humanise(kind).toLowerCase();
