import type { Money } from '../../../schema/money.ts';
import type { CustomerRecord, Identifier } from '../customer.ts';

/** What two records have in common, what speaks against one person behind them, and what they would be together. Pure. */
export type Argument =
  | { readonly says: 'same_value'; readonly kind: string; readonly value: string; readonly isProven: boolean }
  | { readonly says: 'same_name'; readonly value: string }
  | { readonly says: 'similar_name'; readonly values: readonly [string, string] }
  | {
      readonly says: 'differing_id';
      readonly kind: string;
      readonly sourceName: string;
      readonly values: readonly [string, string];
    }
  | { readonly says: 'differing_field'; readonly field: string; readonly values: readonly [string, string] };
export type Comparison = { readonly pro: readonly Argument[]; readonly contra: readonly Argument[] };

/** Kinds of which a person has one in a source. */
const ONE_EACH = ['customer', 'user_id'];
/** Kinds that name a person wherever they stand. */
const NAMING = ['email', 'phone', 'user_id'];

/** A name as it sounds in Latin letters, without marks and order: `Борис Ангелов` and `Angelov, Boris` are alike. */
export function nameKey(name: string): string {
  const latin = [...name.normalize('NFKD').toLowerCase()].map((letter) => LATIN.get(letter) ?? letter).join('');
  return latin
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .sort()
    .join(' ');
}

/** Cyrillic as Bulgaria and its neighbours write it in Latin (Bulgarian Transliteration Act of 2009; Ukrainian and Russian letters beside it). */
const LATIN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'e',
    ж: 'zh',
    з: 'z',
    и: 'i',
    й: 'y',
    к: 'k',
    л: 'l',
    м: 'm',
    н: 'n',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    у: 'u',
    ф: 'f',
    х: 'h',
    ц: 'ts',
    ч: 'ch',
    ш: 'sh',
    щ: 'sht',
    ъ: 'a',
    ы: 'y',
    ь: 'y',
    э: 'e',
    ю: 'yu',
    я: 'ya',
    і: 'i',
    ї: 'yi',
    є: 'ye',
    ґ: 'g',
    ł: 'l',
    ø: 'o',
    đ: 'd',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
  }),
);

/** Edits (one letter in, out or other) between two short texts: Levenshtein, the classic table. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** True for names that differ by a letter or two in eight, written in whatever script we can read. */
export function areSimilarNames(one: string, other: string): boolean {
  const [a, b] = [nameKey(one).slice(0, 80), nameKey(other).slice(0, 80)];
  if (a === '' || b === '') return false;
  return distance(a, b) <= Math.floor(Math.max(a.length, b.length) / 8);
}

function sameValues(a: CustomerRecord, b: CustomerRecord): Argument[] {
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

function differingIds(a: CustomerRecord, b: CustomerRecord): Argument[] {
  const mine = a.identifiers.filter((i) => ONE_EACH.includes(i.kind) && proven(i));
  return mine.flatMap((one) => {
    const theirs = b.identifiers.filter((i) => i.kind === one.kind && i.sourceId === one.sourceId && proven(i));
    const other = theirs[0];
    if (!other || theirs.some(({ value }) => value === one.value)) return [];
    const { kind, sourceName } = one;
    return [{ says: 'differing_id', kind, sourceName, values: [one.value, other.value] } as const];
  });
}

function names(a: CustomerRecord, b: CustomerRecord): { pro: Argument[]; contra: Argument[] } {
  const [one, other] = [a.profile.name?.value, b.profile.name?.value];
  if (!one || !other) return { pro: [], contra: [] };
  if (nameKey(one) === nameKey(other))
    return {
      pro: [one === other ? { says: 'same_name', value: one } : { says: 'similar_name', values: [one, other] }],
      contra: [],
    };
  if (areSimilarNames(one, other)) return { pro: [{ says: 'similar_name', values: [one, other] }], contra: [] };
  return { pro: [], contra: [{ says: 'differing_field', field: 'name', values: [one, other] }] };
}

/** The evidence for and against one person behind two records. */
export function compare(a: CustomerRecord, b: CustomerRecord): Comparison {
  const named = names(a, b);
  const country = [a.profile.country?.value, b.profile.country?.value] as const;
  const abroad: Argument[] =
    country[0] && country[1] && country[0] !== country[1]
      ? [{ says: 'differing_field', field: 'country', values: [country[0], country[1]] }]
      : [];
  return { pro: [...sameValues(a, b), ...named.pro], contra: [...differingIds(a, b), ...named.contra, ...abroad] };
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
