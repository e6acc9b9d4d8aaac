import type { HandKind } from '../../schema/hand-contact.ts';
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
import type { IconName } from './icons.tsx';

/** The words of contacts in people's words: what forms offer and pages tell. */

export type Option<T extends string = string> = { readonly value: T; readonly label: string; readonly icon?: IconName };

const optionsOf = <T extends string>(words: Readonly<Record<T, string>>): readonly Option<T>[] =>
  Object.entries<string>(words).map(([value, label]) => ({ value: value as T, label }));

export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  phone: 'Phone',
  meeting: 'Meeting',
  shop: 'Shop',
  event: 'Fair or event',
  web: 'Web',
  email: 'E-mail',
  sms: 'Text message',
  messenger: 'Messenger',
  letter: 'Letter',
  fax: 'Fax',
  advertisement: 'Advertisement',
  press: 'Press',
  social: 'Social media',
  tv: 'Television',
  partner: 'Partner',
  payment: 'Payment',
};
const HANDLER_WORDS: Readonly<Record<Handler, string>> = {
  staff: 'Our own staff',
  outsourced: 'An outside service',
  automated: 'Automatic',
};
const INITIATOR_WORDS: Readonly<Record<Initiator, string>> = {
  customer: 'The customer',
  company: 'Us',
  third_party: 'Somebody else',
};
const DIRECTION_WORDS: Readonly<Record<Direction, string>> = { in: 'They came to us', out: 'We went to them' };
const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  research: 'Looking around, before the sale',
  purchasing: 'Choosing and ordering',
  production: 'Making and preparing',
  sale: 'Sale and delivery',
  service: 'In use, after the sale',
};
const ARRANGEMENT_WORDS: Readonly<Record<Arrangement, string>> = {
  arranged: 'Arranged beforehand',
  spontaneous: 'Spontaneous',
};
const APPROACH_WORDS: Readonly<Record<Approach, string>> = {
  hard: 'Hard: about facts and terms',
  soft: 'Soft: about people and trust',
};
const ACTIVITY_WORDS: Readonly<Record<Activity, string>> = {
  active: 'Active: they took part',
  passive: 'Passive: they took it in',
};
const MEANS_WORDS: Readonly<Record<Means, string>> = {
  advertising: 'Advertising',
  pr: 'Public relations',
  people: 'People',
  meetings: 'Meetings',
  delegate: 'A delegate',
  medium: 'A medium',
  alliance: 'An alliance',
  chance: 'Chance',
};
const TRADE_WORDS: Readonly<Record<Trade, string>> = {
  direct: 'Direct',
  retail: 'Retail',
  online: 'Online',
  wholesale: 'Wholesale',
  combined: 'Combined',
};

export const CHANNEL_OPTIONS = optionsOf(CHANNEL_WORDS);
export const HANDLER_OPTIONS = optionsOf(HANDLER_WORDS).filter(({ value }) => value !== 'automated');
export const INITIATOR_OPTIONS = optionsOf(INITIATOR_WORDS);
export const DIRECTION_OPTIONS = optionsOf(DIRECTION_WORDS);
export const PHASE_OPTIONS = optionsOf(PHASE_WORDS);
export const ARRANGEMENT_OPTIONS = optionsOf(ARRANGEMENT_WORDS);
export const APPROACH_OPTIONS = optionsOf(APPROACH_WORDS);
export const ACTIVITY_OPTIONS = optionsOf(ACTIVITY_WORDS);
export const MEANS_OPTIONS = optionsOf(MEANS_WORDS);
export const TRADE_OPTIONS = optionsOf(TRADE_WORDS);

/** The kinds the form offers; the direction makes "sent" or "received" of those that have both. */
export const KIND_OPTIONS: readonly Option<HandKind>[] = [
  { value: 'note_added', label: 'Note', icon: 'note' },
  { value: 'call_logged', label: 'Call', icon: 'phone' },
  { value: 'email_sent', label: 'E-mail', icon: 'mail' },
  { value: 'meeting_held', label: 'Meeting', icon: 'meeting' },
  { value: 'letter_sent', label: 'Letter', icon: 'letter' },
  { value: 'sms_sent', label: 'Text message', icon: 'message' },
  { value: 'message_sent', label: 'Messenger', icon: 'message' },
  { value: 'visit_made', label: 'Visit', icon: 'person' },
  { value: 'event_attended', label: 'Fair or event', icon: 'people' },
  { value: 'fax_sent', label: 'Fax', icon: 'form' },
  { value: 'contact_logged', label: 'Other', icon: 'dot' },
];

const ALL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  channel: CHANNEL_WORDS,
  handler: HANDLER_WORDS,
  initiator: INITIATOR_WORDS,
  phase: PHASE_WORDS,
  arrangement: ARRANGEMENT_WORDS,
  approach: APPROACH_WORDS,
  activity: ACTIVITY_WORDS,
  means: MEANS_WORDS,
  trade: TRADE_WORDS,
};

/** A stored word as people read it; itself where it is not one of ours. Null for none. */
export function wordOf(field: string, value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  const words = ALL[field] ?? {};
  return (Object.hasOwn(words, value) ? words[value] : undefined) ?? value;
}

/** `12 min`, `1 h 30 min`. */
export function formatMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(' ');
}
