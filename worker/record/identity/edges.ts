import { byName, compareText, type Evidence, type Fragment, groupBy } from './evidence.ts';

/** Among so many holders each pair is looked at; among more each with its neighbour only, which joins them just the same. */
const MAX_PAIRED = 25;

/** Two fragments and one value that both hold. */
export type Edge = {
  readonly a: Fragment;
  readonly b: Fragment;
  readonly kind: string;
  readonly scope: number;
  readonly value: string;
  readonly assurance: number;
  readonly since: number;
  /** The value is held by several people of one source, so that it says of nobody else which of them it is. */
  readonly isAmbiguous: boolean;
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

/** The pairs to look at among the holders of one value, in canonical order. */
function pairsOf<T>(holders: readonly T[]): (readonly [T, T])[] {
  const reach = holders.length > MAX_PAIRED ? 1 : holders.length;
  return holders.flatMap((x, index) => holders.slice(index + 1, index + 1 + reach).map((y) => [x, y] as const));
}

/** Each pair of fragments that hold the same value, strongest and oldest first; `areSeveral` tells whether fragments are no single person. */
export function edgesOf(
  fragments: ReadonlyMap<number, Fragment>,
  evidence: readonly Evidence[],
  areSeveral: (ids: readonly number[]) => boolean,
): Edge[] {
  const edges: Edge[] = [];
  for (const held of groupBy(evidence, (e) => JSON.stringify([e.kind, e.scope, e.value]))) {
    const holders = held
      .flatMap((e) => {
        const fragment = fragments.get(e.fragmentId);
        return fragment ? [{ ...e, fragment }] : [];
      })
      .sort((x, y) => byName(x.fragment, y.fragment));
    const isAmbiguous = areSeveral(holders.map(({ fragmentId }) => fragmentId));
    for (const [x, y] of pairsOf(holders)) {
      const since = Math.max(x.firstAt, y.firstAt);
      const assurance = Math.min(x.assurance, y.assurance);
      const { kind, scope, value } = x;
      edges.push({ a: x.fragment, b: y.fragment, kind, scope, value, assurance, since, isAmbiguous });
    }
  }
  return edges.sort(byStrength);
}
