import { isSharedMailbox } from '../../../schema/identifiers.ts';
import { mailboxKey } from '../identity/mailbox.ts';
import { fullName, nameForms } from '../identity/name-forms.ts';
import { nameKey, soundKey } from '../identity/names.ts';

/**
 * What a fragment is found alike by. Pure: keys are a function of what is known of the fragment, so that whoever shares one is
 * found by a look into an index, and never by comparing everybody with everybody.
 */
export const MATCH_KINDS = [
  'email',
  'phone',
  'user_id',
  'address',
  'name_city',
  'name_company',
  'name_postal',
] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];
/** Whoever has a postal address, whatever they are called. It tells how many do, and makes no pair of its own. */
export const POSTAL = 'postal';

export type MatchKey = {
  readonly kind: MatchKind | typeof POSTAL;
  readonly key: string;
  readonly isProven: boolean;
  /** The identifier it is made of, or SHORT; null for what is made of a name as it is written. */
  readonly value: string | null;
};
/** Beside a postal address: the name cut short. Two that are cut short are no pair, only one of them and one that is written so. */
export const SHORT = 'short';

export type Known = {
  readonly identifiers: readonly {
    readonly kind: string;
    readonly value: string;
    readonly scope: number;
    readonly isProven: boolean;
  }[];
  /** What sources call them, and staff. */
  readonly names: readonly { readonly value: string; readonly isProven: boolean }[];
  readonly cities: readonly string[];
  readonly companies: readonly string[];
  readonly addresses: readonly { readonly likeness: string; readonly isProven: boolean }[];
};

function identifierKeys(identifiers: Known['identifiers']): MatchKey[] {
  return identifiers.flatMap(({ kind, value, scope, isProven }): MatchKey[] => {
    if (kind === 'phone') return [{ kind, key: value, isProven, value }];
    if (kind === 'user_id') return [{ kind, key: `${scope}:${value}`, isProven, value }];
    if (kind !== 'email' || isSharedMailbox(value)) return [];
    const mailbox = mailboxKey(value);
    return [
      { kind, key: value, isProven, value },
      ...(mailbox === null ? [] : [{ kind: 'address', key: mailbox, isProven, value } as const]),
    ];
  });
}

/** Legal forms, which one writes and another leaves out. */
const FORMS =
  /\b(?:ltd|limited|llc|inc|corp|plc|gmbh|ag|kg|ug|sa|sarl|sas|srl|spa|bv|nv|ab|as|oy|aps|sp z o o|zoo|eood|ood|ad|ead|sl)\b/g;
const companyKey = (company: string): string => nameKey(nameKey(company).replace(FORMS, ''));

/** A name with each place it is known beside. */
function nameKeys({ names, cities, companies }: Known): MatchKey[] {
  const places = [
    ...cities.map((city) => ['name_city', soundKey(city)] as const),
    ...companies.map((company) => ['name_company', companyKey(company)] as const),
  ];
  return names.flatMap(({ value, isProven }) => {
    const name = fullName(value);
    return places.flatMap(([kind, place]): MatchKey[] =>
      name === null || place === '' ? [] : [{ kind, key: `${name}|${place}`.slice(0, 200), isProven, value: null }],
    );
  });
}

/** Each address, and with each name and what that may be cut short to. */
function postalKeys({ names, addresses }: Known): MatchKey[] {
  const forms = names.flatMap(({ value, isProven }) => {
    const found = nameForms(value);
    return found ? [{ ...found, isProven }] : [];
  });
  return addresses.flatMap(({ likeness, isProven }): MatchKey[] => {
    const beside = (form: string, isNameProven: boolean, value: string | null): MatchKey => ({
      kind: 'name_postal',
      key: `${likeness}|${form}`.slice(0, 200),
      isProven: isProven && isNameProven,
      value,
    });
    return [
      { kind: POSTAL, key: likeness, isProven, value: null },
      ...forms.flatMap((name) => [
        beside(name.whole, name.isProven, null),
        ...name.short.map((form) => beside(form, name.isProven, SHORT)),
      ]),
    ];
  });
}

/** True where one of two keys says more than the other: written so rather than cut short, then proven rather than claimed. */
const saysMore = (one: MatchKey, other: MatchKey): boolean =>
  (one.value === SHORT) === (other.value === SHORT) ? !other.isProven : other.value === SHORT;

/** All keys of a fragment, each once. */
export function keysOf(known: Known): MatchKey[] {
  const best = new Map<string, MatchKey>();
  for (const key of [...identifierKeys(known.identifiers), ...nameKeys(known), ...postalKeys(known)]) {
    const id = `${key.kind} ${key.key}`;
    const other = best.get(id);
    if (!other || saysMore(key, other)) best.set(id, key);
  }
  return [...best.values()];
}
