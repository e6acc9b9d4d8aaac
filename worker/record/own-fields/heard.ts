import { type CustomField, plainName } from '../../../schema/custom-field.ts';
import { toldValue } from '../../../schema/told-value.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { parseStored } from '../../platform/json.ts';
import { TOLD } from './told.ts';

/** What sources have told of people lately, name by name: by it staff choose what a field is filled from, and see what did not fit. */
export type Heard = {
  /** As it was written last. */
  readonly name: string;
  readonly times: number;
  /** Values of it, the commonest first. */
  readonly examples: readonly string[];
  /** Keys of the fields that are filled from it. */
  readonly fields: readonly string[];
};
/** What was kept out of a field, and why the last was. */
export type KeptOut = { readonly times: number; readonly why: string };
export type HeardLately = {
  /** What a source vouches for first, then what most people are told of. */
  readonly names: readonly Heard[];
  /** By key of the field. */
  readonly keptOut: ReadonlyMap<string, KeptOut>;
};

/** Looked back so far, and no further than so many contacts: half of them such as a source vouches for, half what anybody may send. */
export const HEARD_DAYS = 30;
export const HEARD_CONTACTS = 1000;
const DAY_MS = 24 * 3600 * 1000;
/** Names that are told; those that fill a field are told beside them. */
const MOST_HEARD = 200;
const VOUCHED = 2;
const EXAMPLES = 3;
const LONGEST = 40;

const latest = (index: string, told: string): string =>
  `SELECT * FROM (SELECT seq, received_at, fragment_id, assurance, data FROM touchpoint INDEXED BY ${index}
    WHERE assurance ${told} ORDER BY seq DESC LIMIT ${HEARD_CONTACTS / 2})`;
/** However many words come by a public key, they push out none that a source vouches for. */
const LATEST = `SELECT t.fragment_id AS person, t.assurance, ${TOLD} AS told FROM (
    ${latest('touchpoint_vouched', '> 1')} UNION ${latest('touchpoint_telling', 'IS NOT NULL')}) t
  WHERE t.received_at >= ?1 ORDER BY t.seq DESC`;

type Row = { readonly person: number; readonly assurance: number; readonly told: string };
type Word = { readonly name: string; readonly value: Json; readonly person: number; readonly isVouched: boolean };

const wordsIn = ({ person, assurance, told }: Row): Word[] =>
  parseStored<Json[]>(told, []).flatMap((part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.entries(part).map(([name, value]) => ({ name, value, person, isVouched: assurance >= VOUCHED }))
      : [],
  );

const isPlain = ({ name, value }: Word): boolean =>
  plainName(name) !== '' && value !== '' && ['string', 'number', 'boolean'].includes(typeof value);

const short = (value: Json): string => {
  const text = String(value).trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text;
};

function examplesOf(words: readonly Word[]): string[] {
  // In whatever letters: “Green” and “green” are one.
  const counts = new Map<string, { readonly text: string; times: number }>();
  for (const { value } of words) {
    const text = short(value);
    const count = counts.get(text.toLowerCase());
    if (count) count.times++;
    else counts.set(text.toLowerCase(), { text, times: 1 });
  }
  return [...counts.values()]
    .sort((a, b) => b.times - a.times || (a.text < b.text ? -1 : 1))
    .slice(0, EXAMPLES)
    .map(({ text }) => text);
}

/** By how much a name counts: whose word it is, then of how many people, then how often it was said. */
const weightsOf = (words: readonly Word[]): readonly number[] => {
  const vouched = new Set(words.flatMap(({ person, isVouched }) => (isVouched ? [person] : [])));
  return [vouched.size, new Set(words.map(({ person }) => person)).size, words.length];
};

function byWeight(one: readonly Word[], other: readonly Word[]): number {
  const [a, b] = [weightsOf(one), weightsOf(other)];
  const at = a.findIndex((weight, index) => weight !== b[index]);
  if (at >= 0) return (b[at] ?? 0) - (a[at] ?? 0);
  return (one[0]?.name ?? '') < (other[0]?.name ?? '') ? -1 : 1;
}

const fillsFrom = (field: CustomField, plain: string): boolean =>
  !field.isArchived && field.filledFrom.some((name) => plainName(name) === plain);

function heardOf(words: readonly Word[], fields: readonly CustomField[]): Heard {
  const [first] = words;
  const filled = fields.filter((field) => fillsFrom(field, plainName(first?.name ?? '')));
  return {
    name: first?.name ?? '',
    times: words.length,
    examples: examplesOf(words),
    fields: filled.map(({ key }) => key),
  };
}

function keptOutOf(field: CustomField, words: readonly Word[]): KeptOut | null {
  const reasons = words.flatMap(({ value }) => {
    const checked = toldValue(field, value);
    return checked && !checked.ok ? [`“${short(value)}” ${checked.message}`] : [];
  });
  const [why] = reasons;
  return why === undefined ? null : { times: reasons.length, why };
}

/** Read off the latest thousand contacts that told something, of the last thirty days; `now` in epoch ms. */
export async function heardLately(db: D1Database, fields: readonly CustomField[], now: number): Promise<HeardLately> {
  const { results } = await db
    .prepare(LATEST)
    .bind(now - HEARD_DAYS * DAY_MS)
    .all<Row>();
  const byName = new Map<string, Word[]>();
  for (const word of results.flatMap(wordsIn).filter(isPlain)) {
    const plain = plainName(word.name);
    const words = byName.get(plain);
    if (words) words.push(word);
    else byName.set(plain, [word]);
  }
  const keptOut = fields.flatMap((field) => {
    const words = [...byName].flatMap(([plain, told]) => (fillsFrom(field, plain) ? told : []));
    const out = keptOutOf(field, words);
    return out ? [[field.key, out] as const] : [];
  });
  const isFilling = (words: readonly Word[]) =>
    fields.some((field) => fillsFrom(field, plainName(words[0]?.name ?? '')));
  const heard = [...byName.values()].sort(byWeight).filter((words, at) => at < MOST_HEARD || isFilling(words));
  return { names: heard.map((words) => heardOf(words, fields)), keptOut: new Map(keptOut) };
}
