/** Countries and languages by the names people write: in English, in a few languages of our users, and as the place itself says. */

/** Regions that are no country anybody lives in: unknown, made up for tests, groups of countries. */
const NO_COUNTRY: readonly string[] = ['ZZ', 'XA', 'XB', 'QO', 'EU', 'EZ', 'UN'];
/** Languages that have no code of two letters, and ways of writing and speaking one that shops tell apart. */
const LONGER: readonly string[] = [
  ...['ckb', 'ceb', 'fil', 'gsw', 'haw', 'hmn', 'nds', 'yue', 'zh-Hans', 'zh-Hant'],
  ...['de-AT', 'de-CH', 'en-AU', 'en-CA', 'en-GB', 'en-US', 'es-ES', 'es-MX', 'fr-CA', 'fr-CH', 'pt-BR', 'pt-PT'],
];
/** In whose words a name may be written, beside its own. */
const READ_IN: readonly string[] = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'pt'];

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const PAIRS: readonly string[] = LETTERS.flatMap((one) => LETTERS.map((other) => one + other));

type Kind = 'region' | 'language';
const namer = (locale: string, type: Kind): Intl.DisplayNames =>
  new Intl.DisplayNames([locale], { type, fallback: 'none' });

/** Made when the first is asked for: a worker that never is starts no slower. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

export type NamedCode = { readonly code: string; readonly name: string };

const byName = (codes: readonly string[], type: Kind): readonly NamedCode[] => {
  const english = namer('en', type);
  return codes
    .flatMap((code) => ({ code, name: english.of(code) ?? [] }))
    .flatMap(({ code, name }) => (typeof name === 'string' ? [{ code, name }] : []))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .filter(({ name }, index, all) => all[index - 1]?.name !== name);
};

/** A code that was given up stands for the one it became: `DD` is none of its own. */
const isCurrent = (code: string): boolean => new Intl.Locale('und', { region: code }).region === code;
const isOwnTag = (tag: string): boolean => Intl.getCanonicalLocales(tag)[0] === tag;

/** All countries by their English names, in the order of those. */
export const countries = once(() =>
  byName(
    PAIRS.map((pair) => pair.toUpperCase()).filter((code) => !NO_COUNTRY.includes(code) && isCurrent(code)),
    'region',
  ),
);
/** Languages by their English names, in the order of those. */
export const languages = once(() => byName([...PAIRS, ...LONGER].filter(isOwnTag), 'language'));

/** What names are compared by: small letters without marks, and nothing between them. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Which code a name means, in the words of some locales and of those each code is at home in; the first of a name stands. */
function readable(
  codes: readonly NamedCode[],
  type: Kind,
  locales: readonly string[],
  homeOf?: (code: string) => string,
) {
  const known = locales.map((locale) => namer(locale, type));
  const found = new Map<string, string>();
  const add = (name: string | undefined, code: string): void => {
    const key = plain(name ?? '');
    if (key !== '' && !found.has(key)) found.set(key, code);
  };
  for (const { code } of codes) {
    for (const names of known) add(names.of(code), code);
    if (homeOf) add(namer(homeOf(code), type).of(code), code);
  }
  return found;
}

// English first and alone: all the other words take a while to be made, and most never are.
const inEnglish = {
  region: once(() => readable(countries(), 'region', ['en'])),
  language: once(() => readable(languages(), 'language', ['en'])),
};
const homeOfCountry = (code: string): string => new Intl.Locale(`und-${code}`).maximize().language;
const inAll = {
  region: once(() => readable(countries(), 'region', READ_IN, homeOfCountry)),
  language: once(() => readable(languages(), 'language', READ_IN, (tag) => tag)),
};
const codeOf = (type: Kind, key: string): string | null =>
  key === '' ? null : (inEnglish[type]().get(key) ?? inAll[type]().get(key) ?? null);

/** What people call them where their name is another. */
const CALLED: Readonly<Record<string, string>> = {
  usa: 'US',
  america: 'US',
  uk: 'GB',
  greatbritain: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  holland: 'NL',
  turkey: 'TR',
  czechrepublic: 'CZ',
};

/** ISO 3166-1 alpha-2 of a code or a name: `PL` of pl, Poland and Polska. Null for what is no country. */
export function countryCodeOf(text: string): string | null {
  const key = plain(text);
  if (Object.hasOwn(CALLED, key)) return CALLED[key] ?? null;
  if (/^[a-z]{2}$/i.test(text.trim())) {
    const code = new Intl.Locale(`und-${text.trim()}`).region ?? '';
    return countries().some((country) => country.code === code) ? code : null;
  }
  return codeOf('region', key);
}

/** A language tag (BCP 47) of a tag or a name: `pl` of pl, Polish and polski; `pt-BR` of pt_br. Null for what is no language. */
export function languageTagOf(text: string): string | null {
  try {
    const [tag = ''] = Intl.getCanonicalLocales(text.trim().replaceAll('_', '-'));
    if (namer('en', 'language').of(new Intl.Locale(tag).language) !== undefined) return tag;
  } catch {
    // No tag: a name, perhaps.
  }
  return codeOf('language', plain(text));
}
