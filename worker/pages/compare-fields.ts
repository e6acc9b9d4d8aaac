import { PROFILE_FIELDS } from '../../schema/customer.ts';
import type { CustomerRecord, Word } from '../record/customer.ts';
import type { ComparedLine } from './compare-words.ts';
import { humanise } from './format.ts';
import { codeName, dayWords, fieldName } from './who/words.ts';

/** Who somebody is, of two records and of the one they would be. */
type Shown = Pick<CustomerRecord, 'profile' | 'customFields' | 'said' | 'party' | 'groups'>;

type Entry = CustomerRecord['profile'][string];
const RANKS = ['claimed', 'asserted', 'verified', 'staff'];

/** The value that would stand, as on a record: the better assured, then the newer, then the first of the alphabet. */
function bestOf(a: Entry, b: Entry): Entry {
  if (!a || !b) return a ?? b;
  const [x, y] = [RANKS.indexOf(a.assurance), RANKS.indexOf(b.assurance)];
  if (x !== y) return x > y ? a : b;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return a.value <= b.value ? a : b;
}

const laterOf = (a: Word | undefined, b: Word | undefined): Word | undefined =>
  a && b ? (a.at >= b.at ? a : b) : (a ?? b);
const wordOn = ({ said }: Shown, field: string): Word | undefined => said.find((word) => word.field === field);

/** A claim is told as such. */
function entryWords(field: string, entry: Entry): string[] {
  if (!entry) return [];
  const value = codeName(field, entry.value) ?? entry.value;
  return [entry.assurance === 'claimed' ? `says: ${value}` : value];
}

function fieldLine(a: Shown, b: Shown, field: string): ComparedLine {
  const [mine, theirs] = [a.profile[field], b.profile[field]];
  const words = (entry: Entry) => entryWords(field, entry);
  return [fieldName(field, a.customFields), [words(mine), words(theirs), words(bestOf(mine, theirs))]];
}

function occasionLine(a: Shown, b: Shown, field: string): ComparedLine {
  const [mine, theirs] = [wordOn(a, field), wordOn(b, field)];
  const words = (word: Word | undefined) => (word ? [dayWords(word.value)] : []);
  return [fieldName(field, []), [words(mine), words(theirs), words(laterOf(mine, theirs))]];
}

/** What staff say they are; else a customer who is one on either record. */
function partyOf(a: Shown, b: Shown): string {
  const said = laterOf(wordOn(a, 'party'), wordOn(b, 'party'));
  return said?.value ?? (b.party === 'customer' ? b : a).party;
}

const organisationsOf = (...records: readonly Shown[]): string[] => [
  ...new Set(records.flatMap(({ groups }) => groups.organisations.map(({ id, name }) => name ?? id))),
];

/** Name, fields, the business's own too, occasions, party and organisations; lines that say nothing are left out. */
export function fieldLines(a: Shown, b: Shown): ComparedLine[] {
  const own = a.customFields.map(({ key }) => `x:${key}`);
  const occasions = new Set([a, b].flatMap(({ said }) => said.map(({ field }) => field)));
  const lines: ComparedLine[] = [
    ...[...PROFILE_FIELDS, ...own].map((field) => fieldLine(a, b, field)),
    ...[...occasions].filter((field) => field.startsWith('occasion:')).map((field) => occasionLine(a, b, field)),
    [fieldName('party', []), [[humanise(a.party)], [humanise(b.party)], [humanise(partyOf(a, b))]]],
    ['Organisations', [organisationsOf(a), organisationsOf(b), organisationsOf(a, b)]],
  ];
  return lines.filter(([, values]) => values.some((list) => list.length > 0));
}
