import type { Money } from '../../../schema/money.ts';
import type { CustomerRecord, Identifier } from '../customer.ts';
import { mailboxKey } from './mailbox.ts';
import { areSimilarNames, nameKey, soundKey } from './names.ts';

/** What two records have in common, what speaks against one person behind them, and what they would be together. Pure. */
export type Argument =
  | { readonly says: 'same_value'; readonly kind: string; readonly value: string; readonly isProven: boolean }
  | { readonly says: 'same_name'; readonly value: string }
  | { readonly says: 'similar_name'; readonly values: readonly [string, string] }
  /** The same mailbox, should its host pass over dots and what follows a plus. */
  | { readonly says: 'same_mailbox'; readonly values: readonly [string, string] }
  | { readonly says: 'same_field'; readonly field: 'city' | 'company'; readonly value: string }
  | {
      readonly says: 'differing_id';
      readonly kind: string;
      readonly sourceName: string;
      readonly values: readonly [string, string];
    }
  | { readonly says: 'differing_field'; readonly field: string; readonly values: readonly [string, string] };
/** What of a person is compared. */
export type Comparable = {
  readonly identifiers: readonly Identifier[];
  readonly profile: Readonly<Record<string, { readonly value: string } | undefined>>;
};
export type Comparison = { readonly pro: readonly Argument[]; readonly contra: readonly Argument[] };

/** Kinds of which a person has one in a source. */
const ONE_EACH = ['customer', 'user_id'];
/** Kinds that name a person wherever they stand. */
const NAMING = ['email', 'phone', 'user_id'];

function sameValues(a: Comparable, b: Comparable): Argument[] {
  const seen = new Set<string>();
  return a.identifiers.flatMap((mine) => {
    const theirs = b.identifiers.filter(({ kind, value }) => kind === mine.kind && value === mine.value);
    const name = `${mine.kind} ${mine.value}`;
    if (!NAMING.includes(mine.kind) || theirs.length === 0 || seen.has(name)) return [];
    seen.add(name);
    const all = [...theirs, ...a.identifiers.filter(({ kind, value }) => kind === mine.kind && value === mine.value)];
    const isProven = all.every(({ assurance }) => assurance !== 'claimed');
    return [{ says: 'same_value', kind: mine.kind, value: mine.value, isProven } as const];
  });
}

const proven = ({ assurance }: Identifier): boolean => assurance !== 'claimed';

function differingIds(a: Comparable, b: Comparable): Argument[] {
  const mine = a.identifiers.filter((i) => ONE_EACH.includes(i.kind) && proven(i));
  return mine.flatMap((one) => {
    const theirs = b.identifiers.filter((i) => i.kind === one.kind && i.sourceId === one.sourceId && proven(i));
    const other = theirs[0];
    if (!other || theirs.some(({ value }) => value === one.value)) return [];
    const { kind, sourceName } = one;
    return [{ says: 'differing_id', kind, sourceName, values: [one.value, other.value] } as const];
  });
}

function names(a: Comparable, b: Comparable): { pro: Argument[]; contra: Argument[] } {
  const [one, other] = [a.profile.name?.value, b.profile.name?.value];
  if (!one || !other) return { pro: [], contra: [] };
  if (nameKey(one) === nameKey(other))
    return {
      pro: [one === other ? { says: 'same_name', value: one } : { says: 'similar_name', values: [one, other] }],
      contra: [],
    };
  if (areSimilarNames(one, other) || soundKey(one) === soundKey(other))
    return { pro: [{ says: 'similar_name', values: [one, other] }], contra: [] };
  return { pro: [], contra: [{ says: 'differing_field', field: 'name', values: [one, other] }] };
}

/** Addresses that are spelt differently and may be one mailbox; those that both have are told already. */
function sameMailboxes(a: Comparable, b: Comparable): Argument[] {
  const addresses = ({ identifiers }: Comparable) => [
    ...new Set(identifiers.flatMap(({ kind, value }) => (kind === 'email' ? value : []))),
  ];
  return addresses(a).flatMap((one) => {
    const key = mailboxKey(one);
    const other = key === null ? undefined : addresses(b).find((value) => value !== one && mailboxKey(value) === key);
    return other === undefined ? [] : [{ says: 'same_mailbox', values: [one, other] } as const];
  });
}

/** A town or a company says something of people of one name. */
function sameFields(a: Comparable, b: Comparable): Argument[] {
  return (['city', 'company'] as const).flatMap((field) => {
    const [one, other] = [a.profile[field]?.value, b.profile[field]?.value];
    if (!one || !other || soundKey(one) === '' || soundKey(one) !== soundKey(other)) return [];
    return [{ says: 'same_field', field, value: one } as const];
  });
}

/** The evidence for and against one person behind two records. */
export function compare(a: Comparable, b: Comparable): Comparison {
  const named = names(a, b);
  const country = [a.profile.country?.value, b.profile.country?.value] as const;
  const abroad: Argument[] =
    country[0] && country[1] && country[0] !== country[1]
      ? [{ says: 'differing_field', field: 'country', values: [country[0], country[1]] }]
      : [];
  return {
    pro: [...sameValues(a, b), ...sameMailboxes(a, b), ...named.pro, ...(named.pro.length > 0 ? sameFields(a, b) : [])],
    contra: [...differingIds(a, b), ...named.contra, ...abroad],
  };
}

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
const latest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

/** Two lists of amounts, one entry a currency. */
function addMoney(a: readonly Money[], b: readonly Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amountMinor, currency } of [...a, ...b]) sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  return [...sums].sort(([x], [y]) => (x < y ? -1 : 1)).map(([currency, amountMinor]) => ({ amountMinor, currency }));
}

/** What the two would be as one. Exact: no touchpoint and no order belongs to both. */
export function together(a: CustomerRecord, b: CustomerRecord): CustomerRecord['stats'] {
  return {
    touchpoints: a.stats.touchpoints + b.stats.touchpoints,
    orders: a.stats.orders + b.stats.orders,
    revenue: addMoney(a.stats.revenue, b.stats.revenue),
    firstTouchpointAt: earliest(a.stats.firstTouchpointAt, b.stats.firstTouchpointAt),
    lastTouchpointAt: latest(a.stats.lastTouchpointAt, b.stats.lastTouchpointAt),
  };
}
