import type { Json, PersonInput, PostalAddress } from '../../schema/touchpoint.ts';
import { fieldOf, firstOf, isObject, type JsonObject, listOf, textOf } from './read.ts';

/** What senders call the lines of a street, in the order they stand in an address. */
const LINES: readonly string[] = [
  ...['address1', 'address_1', 'address_line_1', 'line1', 'first_line', 'street_1', 'streetAddress', 'street'],
  ...['address2', 'address_2', 'address_line_2', 'line2', 'second_line', 'street_2', 'address_line_3'],
];
const POSTAL_CODES = ['postal_code', 'postalCode', 'postcode', 'zip', 'postalOrZipCode'] as const;
const CITIES = ['city', 'locality', 'admin_area_2'] as const;
const COUNTRIES = [
  ...['country_code', 'countryCode', 'countryCodeV2', 'country_iso2', 'country_id'],
  ...['country', 'countryName'],
] as const;

/** Lines of one address that are read. */
const MOST_LINES = 6;

/** A line, or several in one text or list. */
const linesIn = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? listOf(value, MOST_LINES) : [value]).flatMap((line) => textOf(line, 300) ?? []);

function addressOf(part: JsonObject): PostalAddress | null {
  const lines = LINES.flatMap((name) => linesIn(fieldOf(part, name))).slice(0, MOST_LINES);
  if (lines.length === 0) return null;
  const first = (names: readonly string[]) => firstOf(...names.map((name) => textOf(fieldOf(part, name))));
  return { lines, postalCode: first(POSTAL_CODES), city: first(CITIES), country: first(COUNTRIES) };
}

/** The postal addresses that stand in parts of a payload, whatever its sender calls street, code and town, for a person. */
export function postal(...parts: readonly (Json | undefined)[]): Pick<PersonInput, 'addresses'> {
  const addresses = parts.flatMap((part) => (isObject(part) ? (addressOf(part) ?? []) : []));
  return addresses.length > 0 ? { addresses } : {};
}
