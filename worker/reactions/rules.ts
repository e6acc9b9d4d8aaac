import { questionKinds } from '../../schema/questions.gen.ts';
import { enteredSegment } from './entered.ts';
import type { Happening } from './news.ts';

/** When something happened, do something: a condition over one touchpoint and the actions it calls for. */
export type Rule = {
  readonly id: string;
  /** What staff read beside the customer. */
  readonly title: string;
  readonly actions: readonly string[];
  /** Once for what the touchpoint is about (an order), however many touchpoints tell of it. */
  readonly isOncePerSubject?: true;
  matches(happening: Happening): boolean;
};

const ATTENTION = 'raise_attention';
/** Whoever looks after the customer is told. */
const OWNER = 'tell_owner';

const LONG_SILENCE_MS = 90 * 24 * 3600 * 1000;
/** So many times what they usually order for. */
const BIG = 2;
/** What happens on its own, or by the hand of a shop's staff, is no contact of the customer's. */
const NO_CONTACT = /^(page|screen)_viewed$|^(customer|payment)_|^email_(delivered|opened)$|^subscription_renewed$/;

export const rules: readonly Rule[] = [
  {
    id: 'unhappy_answer',
    title: 'Gave a low score',
    actions: [ATTENTION, OWNER],
    matches: ({ answers, isHistory }) =>
      !isHistory &&
      answers.some(({ kind, score }) => questionKinds.find((candidate) => candidate.kind === kind)?.isUnhappy(score)),
  },
  {
    id: 'payment_failed',
    title: 'A payment failed',
    actions: [ATTENTION, OWNER],
    matches: ({ kind, isHistory }) => kind === 'payment_failed' && !isHistory,
  },
  {
    id: 'erasure_requested',
    title: 'Asked to be erased',
    actions: ['erase_person'],
    // A customer that the shop has merely deleted asks for nothing.
    matches: ({ kind, reason }) => kind === 'customer_redacted' && reason === 'privacy_request',
  },
  {
    id: 'source_closed',
    title: 'A source asked to forget everybody it knows: see Privacy',
    actions: ['erase_source', ATTENTION],
    matches: ({ kind, reason }) => kind === 'customer_redacted' && reason === 'source_closed',
  },
  {
    id: 'data_requested',
    title: 'Asked for a copy of their data: download it here and send it to them',
    actions: [ATTENTION],
    matches: ({ kind }) => kind === 'data_requested',
  },
  {
    id: 'asked_to_stop',
    title: 'Asked to get no more messages',
    actions: [ATTENTION],
    matches: ({ kind }) => kind === 'sms_unsubscribed' || kind === 'message_unsubscribed',
  },
  {
    id: 'opted_out',
    title: 'Asked to get no more messages',
    actions: [OWNER],
    matches: ({ kind, isHistory }) => !isHistory && /^(email|sms|message)_(unsubscribed|complained)$/.test(kind),
  },
  {
    id: 'complaint',
    title: 'Complained or asked for help',
    actions: [OWNER],
    matches: ({ kind, purpose, isInward, isHistory }) =>
      !isHistory && (kind === 'ticket_created' || (isInward && /^complaint\b/i.test(purpose?.trim() ?? ''))),
  },
  {
    id: 'subscription_cancelled',
    title: 'Cancelled a subscription',
    actions: [OWNER],
    matches: ({ kind, isHistory }) => kind === 'subscription_cancelled' && !isHistory,
  },
  {
    id: 'big_order',
    title: 'Ordered for at least twice as much as they usually do',
    actions: [OWNER],
    isOncePerSubject: true,
    matches: ({ kind, amount, usual, isHistory }) =>
      !isHistory &&
      (kind === 'order_placed' || kind === 'order_paid') &&
      amount !== null &&
      usual !== null &&
      amount > 0 &&
      amount >= BIG * usual,
  },
  {
    id: 'back_after_silence',
    title: 'Got in touch after 90 days or more of silence',
    actions: [OWNER],
    matches: ({ kind, silence, isInward, isHistory }) =>
      !isHistory && isInward && !NO_CONTACT.test(kind) && silence !== null && silence >= LONG_SILENCE_MS,
  },
];

/** An ending that asks for attention: see `endings.ts`. */
export const ENDED = 'relationship_ended';

/** What follows from other things than a touchpoint. */
const OTHERS: Readonly<Record<string, string>> = {
  [ENDED]: 'The relationship is ending: its stage says why',
  joined: 'Their record was joined with another',
  erased: 'A customer you looked after was erased',
  stage_awareness: 'Moved to awareness',
  stage_exploration: 'Moved to exploration',
  stage_expansion: 'Moved to expansion',
  stage_commitment: 'Moved to commitment',
  stage_dissolution: 'Is leaving: moved to dissolution',
};

/** What staff read for a rule; the id itself for one that is no longer there. */
export function ruleTitle(id: string): string {
  const segment = enteredSegment(id);
  if (segment !== null) return `Entered the segment “${segment}”`;
  return rules.find((rule) => rule.id === id)?.title ?? (Object.hasOwn(OTHERS, id) ? OTHERS[id] : undefined) ?? id;
}
