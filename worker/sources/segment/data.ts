import type { Json } from '../../../schema/touchpoint.ts';
import { withoutQuery } from '../page-url.ts';
import { fieldOf, isObject, type JsonObject, known, NAME_LIMIT, objectOf, textOf } from '../read.ts';

/** Fields kept of what a sender may say at will; the delivery keeps the rest. */
const MAX_FIELDS = 30;
const SENSITIVE = /pass(?:word|wd|code)|secret|token|credit.?card|card.?number|cvv|cvc|iban|ssn/i;

/** The plain values of an object, cut; null when there are none. Addresses lose their query, which may hold a key. */
export function flat(value: Json | undefined, except: readonly string[] = []): JsonObject | null {
  const entries = Object.entries(objectOf(value))
    .filter(([name]) => !except.includes(name) && !SENSITIVE.test(name))
    .map(([name, inner]): [string | null, Json] => [textOf(name, 60), plain(inner)])
    .flatMap(([name, inner]) => (name === null || inner === null ? [] : [[name, inner] as const]))
    .slice(0, MAX_FIELDS);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

function plain(value: Json): Json {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  return /^https?:/i.test(value) ? withoutQuery(value, true) : textOf(value);
}

/** The page a browser was on: by the call itself, else by its context. */
export function pageOf(context: JsonObject, properties: JsonObject = {}): JsonObject | null {
  const page = { ...objectOf(fieldOf(context, 'page')), ...properties };
  const address = (name: string, keepsCampaign: boolean): string | null => {
    const text = fieldOf(page, name);
    return typeof text === 'string' ? withoutQuery(text, keepsCampaign) : null;
  };
  const found = known({
    url: address('url', true),
    title: textOf(fieldOf(page, 'title'), NAME_LIMIT),
    referrer: address('referrer', false),
  });
  return Object.keys(found).length > 0 ? found : null;
}

/** Words of the campaign that led here. */
export const campaignOf = (context: JsonObject): JsonObject | null => {
  const campaign = fieldOf(context, 'campaign');
  return isObject(campaign) ? flat(campaign) : null;
};
