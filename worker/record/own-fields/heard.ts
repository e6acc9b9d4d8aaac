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
  /** The commonest first. */
  readonly names: readonly Heard[];
  /** By key of the field. */
  readonly keptOut: ReadonlyMap<string, KeptOut>;
};

/** Looked back so far, and no further than so many contacts. */
export const HEARD_DAYS = 30;
export const HEARD_CONTACTS = 1000;
const DAY_MS = 24 * 3600 * 1000;
const EXAMPLES = 3;
const LONGEST = 40;

const LATEST = `SELECT ${TOLD} AS told FROM (
    SELECT seq, received_at, data FROM touchpoint INDEXED BY touchpoint_telling
    WHERE assurance IS NOT NULL ORDER BY seq DESC LIMIT ${HEARD_CONTACTS}) t WHERE t.received_at >= ?1`;

type Word = { readonly name: string; readonly value: Json };

const wordsIn = (told: string): Word[] =>
  parseStored<Json[]>(told, []).flatMap((part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.entries(part).map(([name, value]) => ({ name, value }))
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
    .all<{ told: string }>();
  const byName = new Map<string, Word[]>();
  for (const word of results.flatMap(({ told }) => wordsIn(told)).filter(isPlain)) {
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
  const names = [...byName.values()].map((words) => heardOf(words, fields));
  return {
    names: names.sort((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1)),
    keptOut: new Map(keptOut),
  };
}
