import * as v from 'valibot';
import { moneyFromMajor } from '../../schema/money.ts';
import type { Json, OrderLine } from '../../schema/touchpoint.ts';
import type { Misfit } from './provider.ts';

/**
 * Readers for other people's JSON. Each takes whatever stands there and gives the fact or null: an odd field must cost
 * that field and never the event. Only what a touchpoint cannot do without is a misfit.
 */
export type JsonObject = { readonly [key: string]: Json };

/** Longest text kept of a thing a person wrote, of a name, and of an id or other short word. */
export const TEXT_LIMIT = 5000;
export const NAME_LIMIT = 200;
export const WORD_LIMIT = 200;

const EMPTY: JsonObject = {};

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object that stands there, or an empty one. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : EMPTY);

/** The list that stands there, or an empty one, cut at `limit`. */
export const listOf = (value: Json | undefined, limit = 250): readonly Json[] =>
  Array.isArray(value) ? value.slice(0, limit) : [];

/** The field of an object, also when it is none and when the name is one that every object inherits. */
export const fieldOf = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Trimmed text of at most `limit` characters, without what a database chokes on; null when nothing is left. */
export function textOf(value: Json | undefined, limit = WORD_LIMIT): string | null {
  if (typeof value !== 'string') return null;
  const clean = value
    .slice(0, limit * 4)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out; SQLite ends a text at NUL.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
    .trim()
    .slice(0, limit)
    // Half of a surrogate pair, sent as such or cut above, is no valid UTF-8.
    .replace(/\p{Surrogate}/gu, '')
    .trim();
  return clean === '' ? null : clean;
}

/** An id: a text, or a whole number that a double holds exactly. Rounded ones are refused, since they name another thing. */
export function idOf(value: Json | undefined): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  return textOf(value);
}

/** A finite number, also one written as text. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(value) ? Number(value) : null;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,3})\d{0,9})?([Zz]|[+-]\d\d:?\d\d)$/;
const LAST_INSTANT = Date.UTC(9999, 11, 31);

/** Epoch ms of an RFC 3339 time; null without an offset, since a local time could mean any of 26 hours. */
export function timeOf(value: Json | undefined): number | null {
  const match = typeof value === 'string' ? RFC_3339.exec(value.trim()) : null;
  if (!match) return null;
  const [, year = '', month = '', day = '', clock = '', fraction = '', offset = ''] = match;
  // Date.parse turns 30 February into 1 March; such a date is a mistake, not a time.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return null;
  const zone = offset.toUpperCase() === 'Z' ? 'Z' : offset.replace(/(\d\d):?(\d\d)$/, '$1:$2');
  return plausible(Date.parse(`${year}-${month}-${day}T${clock}.${fraction.padEnd(3, '0')}${zone}`));
}

/** A time in epoch ms. */
export const epochTimeOf = (value: Json | undefined): number | null =>
  typeof value === 'number' ? plausible(Math.round(value)) : null;

/** Epoch ms of a time in unix seconds. */
export const unixTimeOf = (value: Json | undefined): number | null =>
  typeof value === 'number' ? epochTimeOf(value * 1000) : null;

const plausible = (time: number): number | null => (time > 0 && time < LAST_INSTANT ? time : null);

/** The first that is not null. */
export const firstOf = <T>(...values: readonly (T | null | undefined)[]): T | null =>
  values.find((value) => value !== null && value !== undefined) ?? null;

/** `first last`, or null when both are missing. */
export const fullName = (first: Json | undefined, last: Json | undefined): string | null =>
  textOf([textOf(first, NAME_LIMIT), textOf(last, NAME_LIMIT)].filter((part) => part !== null).join(' '), NAME_LIMIT);

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['ndash', '–'],
  ['mdash', '—'],
  ['hellip', '…'],
]);

/** Text of a fragment of HTML: tags out, the entities shops write replaced. For display as text, never as HTML. */
export function plainText(value: Json | undefined, limit = TEXT_LIMIT): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .slice(0, limit * 4)
    .replace(/<br\s*\/?>|<\/p>/gi, '\n')
    .replace(/<[^<>]{0,2000}>/g, '')
    .replace(/&(?:#(\d{1,7})|([a-z]{2,8}));/gi, (entity, code: string | undefined, name: string | undefined) =>
      code === undefined ? (ENTITIES.get(name ?? '') ?? entity) : characterOf(Number(code)),
    );
  return textOf(text, limit);
}

const characterOf = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Leaves out what is null, so that `data` says only what is known. */
export function known(fields: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** Like `known`, typed for records of optional texts such as a profile. */
export function knownTexts<Key extends string>(fields: Readonly<Record<Key, string | null>>): { [K in Key]?: string } {
  const result: { [K in Key]?: string } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== null) result[key] = value;
  }
  return result;
}

/** A line of an order whose amounts are decimals in major units; null without a title. */
export function orderLine(line: {
  readonly title: string | null;
  readonly sku: string | null;
  readonly quantity: number | null;
  readonly total: Json | undefined;
  readonly currency: string | null;
}): OrderLine | null {
  if (line.title === null) return null;
  const amount = moneyFromMajor(line.total, line.currency);
  return { title: line.title, sku: line.sku, quantity: line.quantity ?? 1, amountMinor: amount?.amountMinor ?? null };
}

/** Parses with a schema; what does not fit is named by JSON path. */
export function parseWith<Schema extends v.GenericSchema>(
  schema: Schema,
  raw: unknown,
):
  | { readonly ok: true; readonly value: v.InferOutput<Schema> }
  | { readonly ok: false; readonly misfits: readonly Misfit[] } {
  const result = v.safeParse(schema, raw);
  return result.success ? { ok: true, value: result.output } : { ok: false, misfits: result.issues.map(misfitOf) };
}

/** A `parseSettings` that is made of a strict valibot schema. Nothing given is the same as an empty object. */
export const settingsParser =
  <Schema extends v.GenericSchema<unknown, Record<string, Json>>>(schema: Schema) =>
  (
    raw: unknown,
  ):
    | { readonly ok: true; readonly settings: Record<string, Json> }
    | { readonly ok: false; readonly misfits: readonly Misfit[] } => {
    // To valibot a list is an object without fields.
    if (Array.isArray(raw)) return misfit('$', 'expected an object');
    const parsed = parseWith(schema, raw ?? {});
    return parsed.ok ? { ok: true, settings: parsed.value } : parsed;
  };

/** For providers without settings. */
export const noSettings = settingsParser(v.strictObject({}));

/** A body that cannot be read at all. */
export const misfit = (path: string, message: string): { readonly ok: false; readonly misfits: readonly Misfit[] } => ({
  ok: false,
  misfits: [{ path, message }],
});

const misfitOf = (issue: v.BaseIssue<unknown>): Misfit => ({
  path: `$${(issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')}`,
  message: issue.message,
});
