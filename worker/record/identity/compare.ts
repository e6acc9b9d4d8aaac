import type { ProfileField } from '../../../schema/customer.ts';
import type { Money } from '../../../schema/money.ts';
import type { CustomerRecord, Identifier } from '../customer.ts';
import { mailboxKey } from './mailbox.ts';
import { mayBeOneName, sharedWord } from './name-forms.ts';
import { nameKey, soundKey } from './names.ts';

/** What two records have in common, what speaks against one person behind them, and what they would be together. Pure. */
export type Argument =
  | { readonly says: 'same_value'; readonly kind: string; readonly value: string; readonly isProven: boolean }
  | { readonly says: 'same_name'; readonly value: string }
  | { readonly says: 'similar_name'; readonly values: readonly [string, string] }
  /** The same mailbox, should its host pass over dots and what follows a plus. */
  | { readonly says: 'same_mailbox'; readonly values: readonly [string, string] }
  | { readonly says: 'same_field'; readonly field: 'city' | 'company'; readonly value: string }
  /** One postal address, of which the town is known, of people whose names do not speak against it. */
  | { readonly says: 'same_address'; readonly place: string | null; readonly isProven: boolean }
  /** The same of people who are called otherwise; `name` is what of it they share, as a family does. */
  | { readonly says: 'same_home'; readonly place: string | null; readonly name: string | null }
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
  /** All that is known of a field, by staff and by every source, what stands first. */
  readonly known: Readonly<Partial<Record<ProfileField, readonly string[]>>>;
  /** Postal addresses that few enough have to say something. */
  readonly addresses: readonly Address[];
};
export type Address = { readonly likeness: string; readonly place: string | null; readonly isProven: boolean };
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

type Sides = { readonly pro: Argument[]; readonly contra: Argument[] };
const pairsOf = (a: Comparable, b: Comparable, field: ProfileField): (readonly [string, string])[] =>
  (a.known[field] ?? []).flatMap((one) => (b.known[field] ?? []).map((other) => [one, other] as const));

/** Somebody is called otherwise by one source than by the next: it is enough that one name of each may be one. */
function names(a: Comparable, b: Comparable): Sides {
  const pairs = pairsOf(a, b, 'name');
  const same = pairs.find(([one, other]) => one === other);
  if (same) return { pro: [{ says: 'same_name', value: same[0] }], contra: [] };
  const alike =
    pairs.find(([one, other]) => nameKey(one) === nameKey(other)) ?? pairs.find((pair) => mayBeOneName(...pair));
  if (alike) return { pro: [{ says: 'similar_name', values: alike }], contra: [] };
  const [first] = pairs;
  return { pro: [], contra: first ? [{ says: 'differing_field', field: 'name', values: first }] : [] };
}

/** Who shares an address may share a home: without a name alike it says that they are two rather than one. */
function sameAddress(a: Comparable, b: Comparable, named: Sides): Sides {
  const mine = a.addresses.find(({ likeness }) => b.addresses.some((other) => other.likeness === likeness));
  const theirs = b.addresses.find(({ likeness }) => likeness === mine?.likeness);
  if (!mine || !theirs) return { pro: [], contra: [] };
  const place = mine.place ?? theirs.place;
  if (named.contra.length === 0)
    return { pro: [{ says: 'same_address', place, isProven: mine.isProven && theirs.isProven }], contra: [] };
  const shared = pairsOf(a, b, 'name').flatMap((pair) => sharedWord(...pair) ?? []);
  return { pro: [], contra: [{ says: 'same_home', place, name: shared[0] ?? null }] };
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
    const same = pairsOf(a, b, field).find(([one, other]) => soundKey(one) !== '' && soundKey(one) === soundKey(other));
    return same ? [{ says: 'same_field', field, value: same[0] } as const] : [];
  });
}

function abroad(a: Comparable, b: Comparable): Argument[] {
  const pairs = pairsOf(a, b, 'country');
  const [first] = pairs;
  if (!first || pairs.some(([one, other]) => one === other)) return [];
  return [{ says: 'differing_field', field: 'country', values: first }];
}

/** The evidence for and against one person behind two records. */
export function compare(a: Comparable, b: Comparable): Comparison {
  const named = names(a, b);
  const home = sameAddress(a, b, named);
  return {
    pro: [
      ...sameValues(a, b),
      ...sameMailboxes(a, b),
      ...named.pro,
      ...home.pro,
      ...(named.pro.length > 0 ? sameFields(a, b) : []),
    ],
    contra: [...differingIds(a, b), ...named.contra, ...home.contra, ...abroad(a, b)],
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
