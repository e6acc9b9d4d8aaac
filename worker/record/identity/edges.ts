import { byName, compareText, type Evidence, type Fragment, groupBy } from './evidence.ts';

/** Among so many holders each pair is looked at; among more each with its neighbour only, which joins them just the same. */
const MAX_PAIRED = 25;

/**
 * `second_address`: for one of the two it is an address that came after another and that nobody has proven. `ambiguous`: one of the two is
 * one of several people of a source who hold the value, and nobody can say which of them the other is.
 */
export type Bar = 'second_address' | 'ambiguous';

/** Two fragments and one value that both hold. */
export type Edge = {
  readonly a: Fragment;
  readonly b: Fragment;
  readonly kind: string;
  readonly scope: number;
  readonly value: string;
  readonly assurance: number;
  readonly since: number;
  /** Why the value links these two in no case; null where it may. */
  readonly bar: Bar | null;
};

/** Where assurance is the same, an id of a source says more than an address, and that more than a telephone or a browser. */
const SAYS_LESS: readonly string[] = ['user_id', 'email', 'phone', 'anonymous_id'];

const byStrength = (x: Edge, y: Edge): number =>
  y.assurance - x.assurance ||
  SAYS_LESS.indexOf(x.kind) - SAYS_LESS.indexOf(y.kind) ||
  x.since - y.since ||
  compareText(x.kind, y.kind) ||
  compareText(x.value, y.value) ||
  x.scope - y.scope ||
  byName(x.a, y.a) ||
  byName(x.b, y.b);

type Holder = Evidence & { readonly fragment: Fragment; readonly bar: Bar | null };

/** The pairs to look at among the holders of one value, in canonical order. Who may link nobody does not stand between those who may. */
function pairsOf(holders: readonly Holder[]): (readonly [Holder, Holder])[] {
  if (holders.length <= MAX_PAIRED) return holders.flatMap((x, i) => holders.slice(i + 1).map((y) => [x, y] as const));
  const free = holders.filter(({ bar }) => bar === null);
  const row = free.length > 0 ? free : holders;
  const [first] = free;
  const barred = first ? holders.filter(({ bar }) => bar !== null) : [];
  return [
    ...row.flatMap((x, i) => row.slice(i + 1, i + 2).map((y) => [x, y] as const)),
    ...barred.flatMap((x) =>
      first ? [byName(x.fragment, first.fragment) < 0 ? ([x, first] as const) : ([first, x] as const)] : [],
    ),
  ];
}

/** What is asked of the evidence as a whole. */
export type Bars = {
  /** True for an address that its fragment has beside another, earlier one, and that nobody has proven. */
  isSecond(evidence: Evidence): boolean;
  /** Those of the fragments that are no single person with another of them. */
  rivalsAmong(ids: readonly number[]): ReadonlySet<number>;
};

/** Each pair of fragments that hold the same value, strongest and oldest first. */
export function edgesOf(
  fragments: ReadonlyMap<number, Fragment>,
  evidence: readonly Evidence[],
  { isSecond, rivalsAmong }: Bars,
): Edge[] {
  const edges: Edge[] = [];
  for (const held of groupBy(evidence, (e) => JSON.stringify([e.kind, e.scope, e.value]))) {
    // Who has it as a second address only would else take apart whom it was theirs first.
    const rivals = rivalsAmong(held.filter((e) => !isSecond(e)).map(({ fragmentId }) => fragmentId));
    const barOf = (e: Evidence): Bar | null =>
      isSecond(e) ? 'second_address' : rivals.has(e.fragmentId) ? 'ambiguous' : null;
    const holders = held
      .flatMap((e): Holder[] => {
        const fragment = fragments.get(e.fragmentId);
        return fragment ? [{ ...e, fragment, bar: barOf(e) }] : [];
      })
      .sort((x, y) => byName(x.fragment, y.fragment));
    for (const [x, y] of pairsOf(holders)) {
      const since = Math.max(x.firstAt, y.firstAt);
      const assurance = Math.min(x.assurance, y.assurance);
      const { kind, scope, value } = x;
      const bar = [x.bar, y.bar].includes('second_address') ? 'second_address' : (x.bar ?? y.bar);
      edges.push({ a: x.fragment, b: y.fragment, kind, scope, value, assurance, since, bar });
    }
  }
  return edges.sort(byStrength);
}
