import { isBlockedValue, isSharedMailbox } from '../../../schema/identifiers.ts';
import { mailboxKey } from '../identity/mailbox.ts';
import { nameKey, soundKey } from '../identity/names.ts';

/**
 * What a fragment is found alike by. Pure: keys are a function of what is known of the fragment, so that whoever shares one is
 * found by a look into an index, and never by comparing everybody with everybody.
 */
export const MATCH_KINDS = ['email', 'phone', 'user_id', 'address', 'name_city', 'name_company'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

export type MatchKey = {
  readonly kind: MatchKind;
  readonly key: string;
  readonly isProven: boolean;
  /** The identifier it is made of; null for what is made of a name. */
  readonly value: string | null;
};

export type Known = {
  readonly identifiers: readonly {
    readonly kind: string;
    readonly value: string;
    readonly scope: number;
    readonly isProven: boolean;
  }[];
  readonly name: string | null;
  readonly city: string | null;
  readonly company: string | null;
  readonly isNameProven: boolean;
};

/** Scripts in which a whole name may be one word. */
const ONE_WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]{2}/u;

/** The name as it sounds, where it is enough of one to tell people of a town apart: a first name alone is not. */
function fullName(name: string): string | null {
  const key = soundKey(name);
  const isFull = key.includes(' ') ? key.length >= 5 : ONE_WORD.test(key);
  return isFull && !isBlockedValue(key) ? key : null;
}

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

/** All keys of a fragment, each once. */
export function keysOf(known: Known): MatchKey[] {
  const name = known.name === null ? null : fullName(known.name);
  const beside = (kind: 'name_city' | 'name_company', place: string | null): MatchKey[] => {
    const key = place === null ? '' : kind === 'name_city' ? soundKey(place) : companyKey(place);
    return name === null || key === ''
      ? []
      : [{ kind, key: `${name}|${key}`.slice(0, 200), isProven: known.isNameProven, value: null }];
  };
  const all = [
    ...identifierKeys(known.identifiers),
    ...beside('name_city', known.city),
    ...beside('name_company', known.company),
  ];
  const best = new Map<string, MatchKey>();
  for (const key of all) {
    const id = `${key.kind} ${key.key}`;
    if (!best.get(id)?.isProven) best.set(id, key);
  }
  return [...best.values()];
}
