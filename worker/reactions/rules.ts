import { questionKinds } from '../../schema/questions.gen.ts';

/** What a rule sees of a touchpoint. */
export type Happening = {
  readonly kind: string;
  /** Why, where the source said so. */
  readonly reason: string | null;
  readonly answers: readonly { readonly kind: string; readonly score: number }[];
  /** It had happened long before we heard of it, as what a file of past years tells. */
  readonly isHistory: boolean;
};

/** When something happened, do something: a condition over one touchpoint and the action it calls for. */
export type Rule = {
  readonly id: string;
  /** What staff read beside the customer. */
  readonly title: string;
  readonly action: string;
  matches(happening: Happening): boolean;
};

export const rules: readonly Rule[] = [
  {
    id: 'unhappy_answer',
    title: 'Gave a low score',
    action: 'raise_attention',
    matches: ({ answers, isHistory }) =>
      !isHistory &&
      answers.some(({ kind, score }) => questionKinds.find((candidate) => candidate.kind === kind)?.isUnhappy(score)),
  },
  {
    id: 'payment_failed',
    title: 'A payment failed',
    action: 'raise_attention',
    matches: ({ kind, isHistory }) => kind === 'payment_failed' && !isHistory,
  },
  {
    id: 'erasure_requested',
    title: 'Asked to be erased',
    action: 'erase_person',
    // A customer that the shop has merely deleted asks for nothing.
    matches: ({ kind, reason }) => kind === 'customer_redacted' && reason === 'privacy_request',
  },
  {
    id: 'source_closed',
    title: 'A source asked to forget everybody it knows',
    action: 'erase_source',
    matches: ({ kind, reason }) => kind === 'customer_redacted' && reason === 'source_closed',
  },
  {
    id: 'data_requested',
    title: 'Asked for a copy of their data: download it here and send it to them',
    action: 'raise_attention',
    matches: ({ kind }) => kind === 'data_requested',
  },
  {
    id: 'asked_to_stop',
    title: 'Asked to get no more messages',
    action: 'raise_attention',
    matches: ({ kind }) => kind === 'sms_unsubscribed' || kind === 'message_unsubscribed',
  },
];

/** What asks for attention without a touchpoint that says so: see `endings.ts`. */
export const ENDED = 'relationship_ended';
const ENDED_TITLE = 'The relationship is ending: its stage says why';

/** What staff read for a rule; the id itself for one that is no longer there. */
export const ruleTitle = (id: string): string =>
  id === ENDED ? ENDED_TITLE : (rules.find((rule) => rule.id === id)?.title ?? id);
