import type { PostalAddress } from '../../../schema/touchpoint.ts';
import { latinLetters } from './names.ts';

/**
 * Postal addresses in the form they are compared in, so that one address written in two ways is seen as one, and the house next
 * door, another flat or another town is not. Pure. Loose about spelling, never about a number.
 */

/** Words that are written in full by one and cut short by another, each with what stands for all of them; '' is left out. */
const WORDS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['st', 'st str street strasse strase straat strat saint sankt sint'],
      ['rd', 'rd road'],
      ['av', 'av ave aven avenue avenida avda avd'],
      ['ln', 'ln lane'],
      ['dr', 'dr drive'],
      ['ct', 'ct court'],
      ['pl', 'pl place platz plac plaza plein ploshtad'],
      ['sq', 'sq square'],
      ['ter', 'ter terr terrace'],
      ['cres', 'cres crescent'],
      ['cl', 'cl close'],
      ['bl', 'bl blvd bvd bd bul boul boulevard bulevar bulevard'],
      ['hwy', 'hwy highway'],
      ['pkwy', 'pkwy parkway'],
      ['gdns', 'gdns gardens'],
      ['mt', 'mt mount'],
      ['n', 'n north'],
      ['s', 's south'],
      ['e', 'e east'],
      ['w', 'w west'],
      ['al', 'al aleja aleje allee alee alle'],
      ['os', 'os osiedle'],
      ['jk', 'jk zhk zk'],
      ['ch', 'ch chemin'],
      ['imp', 'imp impasse'],
      ['rte', 'rte route'],
      ['vle', 'vle viale'],
      ['pza', 'pza piazza'],
      ['cso', 'cso corso'],
      ['', 'ul ulica ulitsa ulitza rue rua calle cale via no nr num number numero numer nomer huisnummer hausnummer'],
    ] as const
  ).flatMap(([key, spellings]) => spellings.split(' ').map((word) => [word, key] as const)),
);

/** Words before the number of a flat, a floor or a way in. What they count is told apart by its place, after the house. */
const UNITS: ReadonlySet<string> = new Set(
  (
    'apt apartment apartament appartement apto app appt ap flat unit suite ste room rm wohnung whg top stiege stg lokal lok ' +
    'mieszkanie m kv kvartira vh vhod et etazh etage floor fl piso planta puerta pta bus bte boite int interno scala lejl'
  ).split(' '),
);

/** Suffixes of German and Dutch streets that are cut short. */
const STREET_SUFFIX = /(?<=\p{L}{2})(?:strase|strat|str)$/u;
const ORDINAL = /^\d+(?:st|nd|rd|th)$/;

/** Letters without marks, one for two, and `ae` as one writes it who has no `ä`. */
const wordOf = (word: string): string =>
  word
    .replace(/(\p{L})\1+/gu, '$1')
    .replace(/([ao])e/g, '$1')
    .replace(/ue/g, 'u');

/** Digits of any script as those of ASCII. */
const asciiDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code < 0x80) return digit;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
    return String((code - zero) % 10);
  });

const plain = (text: string): string => asciiDigits(latinLetters(text.slice(0, 300)));

const isLetters = (token: string | undefined): boolean => token !== undefined && /^\p{L}{2}/u.test(token);

/** True where a token is part of the number before it, as in `12 a` and `4 bis`, and not the East of a road or the mark of a flat. */
function isSuffix(token: string, next: string | undefined): boolean {
  if (/^(?:bis|ter|quater)$/.test(token)) return true;
  return /^[a-z]$/.test(token) && !UNITS.has(token) && !(/^[nsew]$/.test(token) && isLetters(next));
}

/** The words and numbers of a street, in their order; a comma parts. */
function tokensOf(lines: readonly string[]): string[] {
  const text = plain(lines.join(' , '))
    .replace(/\bn°|\bc\/(?!o\b)/g, ' ')
    .replace(/(?<=\d)(?:丁目|番地|番|号)/gu, ' ')
    .replace(/['’`]/g, '');
  const found = (text.match(/\d+\p{L}*|[a-z]+\d+|\p{L}+|,/gu) ?? []).map((token) => token.replace(/^0+(?=\d)/, ''));
  const joined: string[] = [];
  for (const [index, token] of found.entries()) {
    const last = joined.at(-1) ?? '';
    if (/^\d+$/.test(last) && isSuffix(token, found[index + 1])) joined[joined.length - 1] = last + token;
    else joined.push(token);
  }
  return joined.filter((token) => token !== ',');
}

const NUMBER = /\d/;
const isNumber = (token: string): boolean => NUMBER.test(token) && !ORDINAL.test(token);

/** One spelling of a word of a street; '' for one that says nothing. */
function streetWord(token: string): string {
  const word = (WORDS.get(token) ?? wordOf(token)).replace(STREET_SUFFIX, 'st');
  return WORDS.get(word) ?? word;
}

type Street = { readonly words: string; readonly numbers: readonly string[] };

/** A street without what is written in many ways: its words as one, its house number, and what tells the flat after it. */
function streetOf(lines: readonly string[], postal: string): Street {
  const words: string[] = [];
  const numbers: string[] = [];
  const units: string[] = [];
  // Some write the postal code once more.
  const tokens = tokensOf(lines).filter((token) => token !== postal);
  for (let index = 0; index < tokens.length; index++) {
    const [token = '', next = ''] = [tokens[index], tokens[index + 1]];
    if (UNITS.has(token) && (isNumber(next) || next.length === 1)) {
      units.push(next);
      index++;
    } else if (isNumber(token)) numbers.push(token);
    else words.push(streetWord(token));
  }
  return { words: words.join(''), numbers: [...numbers, ...units] };
}

/** Names of countries in English, by what they are compared by; made when the first name comes. */
let names: ReadonlyMap<string, string> | null = null;

function countryNames(): ReadonlyMap<string, string> {
  if (names) return names;
  const inEnglish = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((one) => letters.map((other) => one + other));
  // Codes of countries that are no more stand for those they became part of.
  names = new Map(
    codes.map((code) => [plain(inEnglish.of(code) ?? ''), new Intl.Locale('und', { region: code }).region ?? code]),
  );
  return names;
}

/** ISO 3166 alpha-2 of a code or an English name; null for neither. */
function countryCode(country: string | null): string | null {
  const text = plain(country ?? '').trim();
  if (text === '') return null;
  if (/^[a-z]{2}$/.test(text)) return new Intl.Locale('und', { region: text }).region ?? null;
  return countryNames().get(text) ?? null;
}

/** A postal code without its spaces and the country before it: `NL-3511 AB` is `3511ab`. Of nine American digits five count. */
function postalCodeOf(code: string | null): string {
  const text = plain(code ?? '')
    .trim()
    .replace(/^[a-z]{1,2}[- ](?=\d{2})/, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
  return /^\d{9}$/.test(text) ? text.slice(0, 5) : text;
}

/** What is written where a country has no postal codes, or where one had to be: `00000`, `N/A`. Some towns have such a code; they have a name too. */
const isNoCode = (code: string): boolean => /^(\d)\1*$/.test(code) || !/\d/.test(code);

const cityOf = (city: string | null): string =>
  (plain(city ?? '').match(/\p{L}+/gu) ?? []).map((word) => WORDS.get(word) ?? wordOf(word)).join('');

/**
 * What two ways of writing one address have in common. Null where it is too little to tell a house: no number, no name of a
 * street, or neither a postal code nor a town. The town counts only where no postal code does: it has more names than that.
 */
export function postalKey({ lines, postalCode, city, country }: PostalAddress): string | null {
  const code = countryCode(country);
  const written = postalCodeOf(postalCode);
  const { words, numbers } = streetOf(lines, written);
  const postal = isNoCode(written) ? '' : written;
  const town = postal === '' ? cityOf(city) : '';
  if (words.length < 2 || numbers.length === 0 || (postal === '' && town === '')) return null;
  return [code ?? '', postal || `~${town}`, words, numbers.join('/')].join('|').slice(0, 300);
}

/** What is kept of an address in clear: `Utrecht, NL`. */
export function placeOf({ city, country }: PostalAddress): string | null {
  const parts = [city?.trim().normalize('NFC').slice(0, 100), countryCode(country)].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
}
