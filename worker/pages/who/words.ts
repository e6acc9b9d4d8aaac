import type { CustomField } from '../../../schema/custom-field.ts';
import { CHANNELS, PARTIES, RELATIONSHIPS, WISH_CHANNELS } from '../../../schema/vocabulary.ts';
import { NOT_A_MEMBER } from '../../record/groups/members.ts';
import { CHANNEL_WORDS, type Option } from '../contact-words.ts';
import { formatDay, humanise } from '../format.ts';

/** What is said of people, in people's words. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  name: 'Name',
  language: 'Language',
  country: 'Country',
  city: 'City',
  company: 'Company',
  party: 'Kind of party',
  relationship: 'Kind of relationship',
  owner: 'Looked after by',
  channel: 'Wishes to be reached by',
  stage: 'Stage',
};

const AFTER_COLON: Readonly<Record<string, string>> = {
  tag: 'Tag',
  occasion: 'Occasion',
  organisation: 'Organisation',
  household: 'Household',
};

/** What a field of edits is called: `x:size` by its label, `tag:vip` as “Tag: vip”. */
export function fieldName(field: string, fields: readonly CustomField[]): string {
  const [kind = '', ...rest] = field.split(':');
  const name = rest.join(':');
  if (kind === 'x') return fields.find(({ key }) => key === name)?.label ?? humanise(name);
  if (Object.hasOwn(AFTER_COLON, kind)) {
    // Groups are known by an id, which tells nobody anything.
    return kind === 'tag' || kind === 'occasion' ? `${AFTER_COLON[kind]}: ${name}` : (AFTER_COLON[kind] ?? kind);
  }
  return (Object.hasOwn(FIELD_WORDS, field) ? FIELD_WORDS[field] : undefined) ?? humanise(field);
}

const optionsOf = (words: readonly string[]): readonly Option[] =>
  words.map((value) => ({ value, label: humanise(value) }));
export const PARTY_OPTIONS = optionsOf(PARTIES);
export const RELATIONSHIP_OPTIONS = optionsOf(RELATIONSHIPS);
export const WISH_OPTIONS: readonly Option[] = WISH_CHANNELS.map((value) => ({ value, label: CHANNEL_WORDS[value] }));
export const YES_NO: readonly Option[] = optionsOf(['yes', 'no']);

const month = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** `14 March`, or `14 March 1980` where the year is known. */
export function dayWords(day: string): string {
  const ms = Date.parse(day.length > 5 ? `${day}T00:00:00Z` : `2000-${day}T00:00:00Z`);
  return day.length > 5 ? formatDay(ms) : month.format(ms);
}

/** `today`, `tomorrow`, `in 12 days`. */
export const inDaysWords = (days: number): string =>
  days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;

const CODES: Readonly<Record<string, Intl.DisplayNames>> = {
  language: new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }),
  country: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
};

/** What a code of a language or country stands for: `sv` is Swedish. Null for any other field or text. */
export function codeName(field: string, value: string): string | null {
  const names = Object.hasOwn(CODES, field) ? CODES[field] : undefined;
  try {
    return names?.of(value) ?? null;
  } catch {
    // Sources send what they like: "Sweden" is no code.
    return null;
  }
}

const WORDED = ['party', 'relationship', 'stage'];

/** A value of an edit as people read it. */
export function valueWords(field: string, value: string): string {
  if (WORDED.includes(field)) return humanise(value);
  if (field === 'channel')
    return CHANNELS.some((c) => c === value) ? (CHANNEL_WORDS[value as 'email'] ?? value) : value;
  if (/^(organisation|household):/.test(field))
    return value === NOT_A_MEMBER ? 'not a member' : value === '' ? 'member' : value;
  if (field.startsWith('tag:')) return 'put on';
  if (field.startsWith('occasion:')) return dayWords(value);
  return codeName(field, value) ?? value;
}

/** Whether a person said something of themselves. */
export const isOwn = ({ actor }: { readonly actor: string }): boolean => actor === 'preference_centre';

/** Who said something, for people: a name, or what else it was. */
export function actorWords({
  actor,
  actorName,
}: {
  readonly actor: string;
  readonly actorName: string | null;
}): string {
  if (actorName !== null) return actorName;
  if (isOwn({ actor })) return 'they themselves, in the preference centre';
  return actor === 'staff' ? 'a colleague' : actor === 'api' ? 'a program' : humanise(actor).toLowerCase();
}
