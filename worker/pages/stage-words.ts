import type { Stage } from '../../schema/vocabulary.ts';
import type { ShownStretch } from '../record/stages/read.ts';
import { formatDay, formatMean, humanise, plural } from './format.ts';
import { scoreWords } from './score-words.ts';

/** Stages in people's words. */
export const STAGE_WORDS: Readonly<Record<Stage, { readonly title: string; readonly meaning: string }>> = {
  awareness: { title: 'Awareness', meaning: 'They know of us, we know of them; nobody has talked yet.' },
  exploration: { title: 'Exploration', meaning: 'First talks, first order: both are trying each other out.' },
  expansion: { title: 'Expansion', meaning: 'They come back, and come to rely on us for more.' },
  commitment: { title: 'Commitment', meaning: 'They stay on purpose: by contract, or loyal and speaking well of us.' },
  dissolution: { title: 'Dissolution', meaning: 'It is ending or has ended. Whoever buys again begins again.' },
};

export const stageTitle = (stage: Stage): string => STAGE_WORDS[stage].title;

type Because = ShownStretch['because'][number];

const counted =
  (one: string, none = `no ${one}s`) =>
  (n: number) =>
    n === 0 ? none : plural(n, one);
const day = (what: string) => (ms: number) => `${what} on ${formatDay(ms)}`;
const NUMBERS: Readonly<Record<string, (n: number) => string>> = {
  touchpoints: counted('touchpoint'),
  'two-way contacts': (n) => (n === 0 ? 'nobody has talked' : plural(n, 'two-way contact')),
  orders: counted('order'),
  subscriptions: (n) => (n === 0 ? 'no subscription' : plural(n, 'running subscription')),
  referrals: (n) => (n === 0 ? 'no referrals' : plural(n, 'referral')),
  overdue: (n) =>
    n < 1 ? 'the next order is not due yet' : `${formatMean(n)} × their usual time between two orders has passed`,
  nps: (n) => scoreWords('nps', n),
  csat: (n) => scoreWords('csat', n),
  ces: (n) => scoreWords('ces', n),
  'first touchpoint': day('first contact'),
  'last touchpoint': day('last contact'),
  'first order': day('first order'),
  'last order': day('last order'),
};
const FLAGS: Readonly<Record<string, string>> = {
  'account closed': 'the account was closed',
  unsubscribed: 'no more messages are wanted, on any way we write',
  'complaint lost': 'a complaint ended without a solution',
};

/** `4 orders`; null for what is not known or not so. */
function becauseWords({ field, argument, value }: Because): string | null {
  if (value === null || value === false) return null;
  if (field === 'happened') return `${humanise(argument ?? '')}: ${value === 0 ? 'never' : `${value} ×`}`;
  if (typeof value === 'number') return (Object.hasOwn(NUMBERS, field) ? NUMBERS[field]?.(value) : null) ?? null;
  return (Object.hasOwn(FLAGS, field) ? FLAGS[field] : null) ?? null;
}

/** What a stretch rests on, in one line; empty where that says nothing. */
export function reasonsOf({ because }: Pick<ShownStretch, 'because'>): string {
  const words = because.flatMap((one) => becauseWords(one) ?? []).join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Who brought the change about. */
export function initiatorWords({ stage, initiator, isByRules, actor }: ShownStretch): string {
  if (initiator === 'staff') return `Set by ${actor ?? 'staff'}`;
  if (isByRules) return 'By new rules';
  if (stage === 'dissolution')
    return { customer: 'They ended it', company: 'We ended it', neither: 'Nobody ended it: it went silent' }[initiator];
  return { customer: 'By what they did', company: 'By what we did', neither: 'By time alone' }[initiator];
}
